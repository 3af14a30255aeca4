"""The queue: what waits for a moderator of a board, the most urgent first."""
