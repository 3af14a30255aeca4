"""Tests of revealing and orphaning."""
