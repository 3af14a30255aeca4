"""Fillboard: a kink-meme prompt-and-fill board as a REST API."""

__version__ = "0.1.0"
