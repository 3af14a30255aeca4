"""How much one client may ask for in a time.

``policies.py`` says what is counted, ``counting.py`` counts, in this process or for several in
Redis, ``limits.py`` knows who is asking, and ``guessing.py`` slows down whoever tries passwords.
``core/rate_limits.py`` stands in front of the application with all this.
"""

from app.core.limits.counting import Counters
from app.core.limits.guessing import Guesses
from app.core.limits.limits import Count, Limits
from app.core.limits.policies import Policies

__all__ = ["Count", "Counters", "Guesses", "Limits", "Policies"]
