"""Saved filters: what somebody with a name wants to be warned about, or never to be shown."""
