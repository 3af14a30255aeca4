"""One's own things: all that a token owns, what others answered, a copy, and the end of it."""
