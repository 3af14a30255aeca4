"""Requests that may be sent again without being done again: ``Idempotency-Key``.

Why it is built like this
-------------------------
Whoever posted and got no answer can't know whether the post is there. With a key of their own they
send the same once more, and get what the first request was answered, as it is by now.

* The **record** of a request is written in its own transaction: first of all, so that a second one
  with the same key meets it, and once more with what was answered, right before the commit
  (``core/sessions.py``). So there is a record exactly where there is something that was made: what
  was refused or broke off has left none, and is done anew.
* A second request is **never answered from what is not committed**. On PostgreSQL it waits at the
  index for the first. On SQLite the first may be in the same group of writes, which may yet fail;
  the second looks again once that is decided (``replaying.py``).
* The answer is **read anew**, by the GET that ``Location`` names. Of the first answer only what
  that GET would not tell is kept: the edit token, notices. What is hidden or deleted by now is not
  told by a record, and an edit is.
* The record is **sealed** under a key that is made of the Idempotency-Key and of the service's
  secret, and is found by a keyed hash of both and of who sent it (``keys.py``). Whoever has the
  database, be it with the secret, opens none of them without guessing its key, and so learns no
  token from them, and nothing of who posted what.
"""

from app.core.replays.keys import HEADER, keyed_of
from app.core.replays.marks import found_again, never_replayed, takes_key, tells_who_asks
from app.core.replays.reading import first_answer, is_receipt
from app.core.replays.records import claim, forget_old_replays, record
from app.core.replays.replaying import Replays

__all__ = [
    "HEADER",
    "Replays",
    "claim",
    "first_answer",
    "forget_old_replays",
    "found_again",
    "is_receipt",
    "keyed_of",
    "never_replayed",
    "record",
    "takes_key",
    "tells_who_asks",
]
