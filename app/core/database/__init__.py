"""One way to a database, whichever it is.

Why it is built like this
-------------------------
Requests are served by ``async def`` functions in one event loop. What the database needs differs:

* **SQLite** is in the process: a query of a page takes 0.1-0.3 ms, less than the hop to a thread
  and back costs under load (50 µs a hop and triple the p99; aiosqlite hops for each statement and
  lost two thirds of the throughput). So statements run right in the loop, on the standard library's
  driver. Only what waits for the disk leaves it: commits, with their fsync, run in a thread, and
  the writes that arrive meanwhile are committed together by one fsync (see ``sqlite.py``).
* **PostgreSQL** is across a socket, so statements are awaited (psycopg 3, see ``postgresql.py``).

Both stand behind :class:`Session`, a handful of awaitable verbs over SQLAlchemy statements. Above
this package nothing knows which database it talks to: queries are written once, in SQLAlchemy Core
over SQLModel tables, and rows go from there to JSON without a model object for each (entities and
a second validation took 86 % of a page's time). What is asked most, and must take less than Core's
0.1 to 0.2 ms a statement, is compiled once and goes to the driver as text (``prepared.py``).
"""

from app.core.database.base import Database, LastWords, Session
from app.core.database.bell import Bell
from app.core.database.opening import check_free_to_serve, open_database
from app.core.database.prepared import Prepared, instant, parameter, prepared_rows
from app.core.database.sqlite_files import AlreadyServedError

__all__ = [
    "AlreadyServedError",
    "Bell",
    "Database",
    "LastWords",
    "Prepared",
    "Session",
    "check_free_to_serve",
    "instant",
    "open_database",
    "parameter",
    "prepared_rows",
]
