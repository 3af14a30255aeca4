"""``python -m app`` is ``fillboard``."""

import gc

# What is imported stays. To look through it for what can be thrown away, again and again while it
# grows, takes a tenth of the time of a start; and whatever looks later need not see it at all.
gc.disable()
from app.cli import main  # noqa: E402 - it is what takes the time

gc.freeze()
gc.enable()

if __name__ == "__main__":
    main()
