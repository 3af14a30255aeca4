"""Where somebody without a token comes from: a keyed hash of their network address.

It tells strangers apart for some days and names nobody: each day has a key of its own, and what was
hashed under a key can't be found again once the key is gone.
"""

import hmac
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from ipaddress import IPv6Address, ip_address
from typing import Annotated

from fastapi import Depends, Request

from app.core.site import site_of
from app.kit.clock import now
from app.kit.keys import derive_key

#: Days for which somebody is known again, today included.
DAYS_KEPT = 7


@dataclass(frozen=True)
class Source:
    """A network source: its hash under today's key, and under each key that is still kept."""

    current: bytes
    all: tuple[bytes, ...]


async def find_source(request: Request) -> Source:
    """The network source of a request. What its headers claim has no say in it."""
    address = _network(request.client.host if request.client else "")
    key = _key(site_of(request).face_key.hex())
    today = now().date()
    days = [today - timedelta(days=ago) for ago in range(DAYS_KEPT)]
    hashes = tuple(_hash(key, day, address) for day in days)
    return Source(hashes[0], hashes)


TheSource = Annotated[Source, Depends(find_source)]


def _network(address: str) -> str:
    """One subscriber's network: an IPv4 address, or the first 64 bits of an IPv6 address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else parsed.packed[:8].hex()
    return str(parsed)


@cache
def _key(secret: str) -> bytes:
    return derive_key(secret, "sources")


def _hash(key: bytes, day: date, address: str) -> bytes:
    days_key = hmac.digest(key, day.isoformat().encode(), "sha256")
    return hmac.digest(days_key, address.encode(), "sha256")
