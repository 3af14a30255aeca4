"""Discussions: threads of a board that belong to no prompt.

To ask a moderator, to announce, to find friends, or just to talk. They stand in no round, so no
round counts what is said in them and none closes them; and they carry no labels: nothing in them is
rated, and nothing is kept from anybody as adult.
"""
