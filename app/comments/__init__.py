"""Comments: threaded talk on prompts and on fills."""
