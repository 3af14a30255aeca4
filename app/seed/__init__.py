"""Filling a board for benchmarks.

Works are general-audience, and spread as communities have them: some tags on many and most on few,
over two years. The same seed posts the same. Only ids are random, as they are anywhere.
"""

from app.seed.filling import BoardIsFilledError, Plan, fill_board

__all__ = ["BoardIsFilledError", "Plan", "fill_board"]
