"""The OpenAPI description: what FastAPI makes of the routes, mended and completed.

FastAPI describes bodies and parameters. Added here, in one place for all operations: the problems
that any of them can answer (``refusals.py``), conditions and headers (``operations.py``), what
goes away (``deprecations.py``), examples taken from the schemas (``examples.py``), and links from
what is made or listed to what can be done with it (``links.py``).
"""

from app.core.description.operations import describe
from app.core.description.refusals import example_of, refusals, waiting

__all__ = ["describe", "example_of", "refusals", "waiting"]
