"""Works: what prompts and fills have in common, so that both are filed, found and listed alike."""
