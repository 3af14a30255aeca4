"""Threads: the counters below which comments hang, whatever is being talked about.

A prompt, a fill and a discussion each have one thread. It is made with them, and comments stand on
it without knowing what kind of thing is above.
"""
