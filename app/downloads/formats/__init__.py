"""The forms that a work's file can have."""
