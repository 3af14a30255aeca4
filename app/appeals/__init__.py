"""Appeals: an author asks another moderator to look at a decision once more."""
