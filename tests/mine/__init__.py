"""Tests of one's own things."""
