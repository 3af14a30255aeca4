"""Tests of whole works as files."""
