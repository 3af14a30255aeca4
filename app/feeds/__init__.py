"""Feeds: what is new on a board, in a fill, in a thread, and for oneself, as Atom."""
