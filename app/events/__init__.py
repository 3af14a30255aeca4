"""What happens on a board, for those who follow it: as pages, and live."""
