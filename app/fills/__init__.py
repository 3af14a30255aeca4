"""Fills: works that answer a prompt, and the parts they come in."""
