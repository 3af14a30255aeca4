"""Tests of lists of works on large boards."""
