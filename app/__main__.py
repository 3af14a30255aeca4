"""``python -m app`` is ``fillboard``."""

from app.cli import main

main()
