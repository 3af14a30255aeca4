"""Claims: "I am writing this". Never exclusive, and they run out by themselves."""
