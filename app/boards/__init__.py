"""Boards: kink memes, each a community with rules, rounds, settings and moderators."""
