"""Telling apart those who have no token by the network they come from, without knowing it.

A network address is never stored or logged. What is stored is a hash of its network (of IPv4 the
whole address, of IPv6 the /64 that one household has) under the key of the day: whoever has the
database but not the key can't try all addresses, and after seven days nobody has the key.
"""

import hmac
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Annotated

from fastapi import Depends, Request

from app.core.day_keys import DayKeys

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: Bytes of an IPv6 address that tell networks apart.
_IPV6_BYTES = 8


@dataclass(frozen=True)
class Source:
    """Where a request comes from. It can be compared by its hashes, and says nothing else: what it
    did at one place has nothing in common with what it did at another.
    """

    _network: bytes = field(repr=False)
    _keys: DayKeys = field(repr=False)

    def hashes(self, place: str) -> list[bytes]:
        """The source as it is known at a place (a prompt that is seconded, a board that counts),
        under each key that is kept, today's first: the first is what is stored, and any of them may
        be what was stored in the last days.
        """
        known = self._network + b"@" + place.encode()
        return [hmac.digest(key, known, "sha256") for key in self._keys.newest_first()]


class Sources:
    """Finds out where requests come from.

    Whoever connects is the source, unless it is a proxy that the operator trusts. Then it is who
    the proxy says (``X-Forwarded-For``): the last address there that is no such proxy itself, for
    what stands before it was sent by the caller, who may have made it up. ``Forwarded`` is not
    read: most proxies pass it on as the caller wrote it.
    """

    def __init__(self, keys: DayKeys, trusted: tuple[Network, ...]) -> None:
        self.keys = keys
        self._trusted = trusted

    def of(self, request: Request) -> Source:
        """The source of a request. Those who connect without an address count as one."""
        address = _address(request.client.host) if request.client else None
        if address is not None:
            address = self._behind(address, request.headers.getlist("x-forwarded-for"))
        return Source(_network(address), self.keys)

    def _behind(self, address: Address, forwarded: list[str]) -> Address:
        hops = ",".join(forwarded).split(",")
        while hops and self._is_trusted(address):
            hop = _address(hops.pop())
            if hop is None:
                # What can't be read is no address; the nearest that is known has to stand for it.
                break
            address = hop
        return address

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


async def _the_source(request: Request) -> Source:
    sources: Sources = request.app.state.site.sources
    return sources.of(request)


TheSource = Annotated[Source, Depends(_the_source)]


def _address(text: str) -> Address | None:
    """An address as servers and proxies write it, some with a port; ``None`` for anything else. An
    IPv4 address that is mapped into IPv6 (RFC 4291, 2.5.5.2) is that IPv4 address.
    """
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _network(address: Address | None) -> bytes:
    """The part of an address that is hashed. An IPv4 address has four bytes, so it is never taken
    for a network of IPv6.
    """
    if address is None:
        return b""
    return address.packed[:_IPV6_BYTES]
