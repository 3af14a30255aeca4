"""Seconds: "+1, I want this too"."""
