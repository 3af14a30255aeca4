"""Keeping order: what moderators do to posts, and the public log of it."""
