"""The thread on which pages are tried at their largest."""

from tests.comments.large import large_thread

__all__ = ["large_thread"]
