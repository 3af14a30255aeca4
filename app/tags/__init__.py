"""Tags: the vocabulary that all boards share, and which works are filed under which of its tags."""
