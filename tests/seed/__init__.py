"""Tests of filling a board for benchmarks."""
