"""Prompts: requests for a fan work."""
