"""Tests that need what pip alone does not bring: a browser, Node, generators of clients."""
