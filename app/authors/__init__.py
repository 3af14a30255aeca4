"""Under whose name a post stands: revealing who wrote it, hiding that again, cutting the tie."""
