"""Reports: anybody says that something is wrong, and learns what came of it."""
