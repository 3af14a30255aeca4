"""Accounts: people who want a name. Nobody needs one to post."""
