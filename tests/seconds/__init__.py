"""Tests of seconds."""
