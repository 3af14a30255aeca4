"""What a request's Idempotency-Key stands for: the names of its record, and what seals it."""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from fastapi import Request, Response

from app.core.errors import Invalid, invalid
from app.core.site import site_of
from app.core.solving import NO_BODY
from app.kit.clock import now

HEADER = "Idempotency-Key"
#: Quotes around a key are optional, and not part of it.
_WRITTEN = re.compile(r'("?)([ !#-~]{16,255})\1')
#: A record is at most a day old, so it stands under the key of today or of the day before.
_DAYS = 2
#: For so long after midnight a request of the day before may still be running.
_AROUND_MIDNIGHT = timedelta(minutes=2)


@dataclass
class Keyed:
    """A request with an Idempotency-Key. Its record stands under one of ``names``, and is made
    under ``claimed``; ``sent`` stands for its body, and ``answer`` is there once the route has
    returned.
    """

    names: list[bytes]
    claimed: list[bytes]
    sent: str
    _cipher: AESSIV = field(repr=False)
    answer: Response | None = None

    @classmethod
    def of(cls, request: Request, body: Any) -> "Keyed":
        """Read the key of a request that has one; ``body`` is its parsed body, if it has one.

        :raises Invalid: the key is too short or too long, or holds what no key holds.
        """
        secret = site_of(request).replay_key
        key = _key_of(request).encode()
        query = request.scope["query_string"].decode("latin-1")
        place = [request.method, request.scope["path"], query]
        callers = _callers(request)
        names = [_digest(secret, key, json.dumps([*place, each]).encode()) for each in callers]
        is_near = now() - _AROUND_MIDNIGHT < now().replace(hour=0, minute=0, second=0)
        return cls(
            names=names,
            claimed=names if is_near else names[:1],
            sent=_digest(secret, b"body", _canonical(body)).hex(),
            # Without the key nobody opens it, be it with the secret.
            _cipher=AESSIV(hmac.digest(secret, b"seal/" + key, "sha512")),
        )

    def seal(self, content: dict[str, Any]) -> bytes:
        """Seal what is kept of the answer."""
        return self._cipher.encrypt(orjson.dumps(content), None)

    def open(self, sealed: bytes) -> dict[str, Any]:
        """Open what :meth:`seal` has sealed."""
        content: dict[str, Any] = orjson.loads(self._cipher.decrypt(sealed, None))
        return content


def keyed_of(request: Request) -> Keyed | None:
    """What a request's key stands for; ``None`` where it has none, or its route takes none."""
    keyed = getattr(request.state, "keyed", None)
    assert keyed is None or isinstance(keyed, Keyed)
    return keyed


def _key_of(request: Request) -> str:
    written = request.headers.getlist(HEADER)
    if len(written) > 1:
        raise _unusable("repeated", "This header may stand once.")
    found = _WRITTEN.fullmatch(written[0])
    if found is None:
        message = "A key has 16 to 255 printable characters of ASCII, without quotes among them."
        raise _unusable("idempotency_key", message)
    return found[2]


def _unusable(code: str, message: str) -> Invalid:
    return invalid("header", f"/{HEADER}", code, message)


def _callers(request: Request) -> list[str]:
    """Who may have sent a request before that is sent now: whoever has the token, or without one
    those of the same network, under the keys of the days that count.
    """
    shown = request.headers.get("authorization")
    if shown is not None:
        scheme, _, token = shown.partition(" ")
        return [f"{scheme.lower()} {hashlib.sha256(token.strip().encode()).hexdigest()}"]
    source = site_of(request).sources.of(request)
    return [each.hex() for each in source.hashes("replays")[:_DAYS]]


def _canonical(body: Any) -> bytes:
    """The body, however it is spaced and ordered. No body and an empty object say the same."""
    content = {} if body is NO_BODY else body
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def _digest(secret: bytes, key: bytes, content: bytes) -> bytes:
    # Both are hashed first, so that no two pairs of them are one text.
    parts = hashlib.sha256(key).digest() + hashlib.sha256(content).digest()
    return hmac.digest(secret, b"name/" + parts, "sha256")
