"""The one way out: requests to addresses that somebody else has chosen.

Whoever names an address must not make the service reach what they can't reach themselves: this
machine, its neighbours, the metadata of a cloud. No other module makes an HTTP client (a test of
the house sees to it). What is checked is not a name but each address that it stands for, however it
was spelt, and the connection goes to exactly an address that was checked: a name that means
something else a moment later gains nothing. Redirects are not followed, proxies of the environment
are not used, nothing is remembered from one request to the next, and all of it is over in time.
"""

import asyncio
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Literal

import httpx

#: Seconds that a request may take in all, a connection may take to be made, and reading on may take
#: once the answer has begun.
TOTAL, _CONNECT, _READING_ON = 15.0, 5.0, 2.0
#: Bytes of an answer's body that are read, and thrown away, so that whoever sends it sees it taken.
BODY_LIMIT = 16 * 1024
#: Characters of an address.
MAX_LENGTH = 2048
#: Ports that a secure service of one's own listens on, and from which on everybody may have one.
_PORTS, _FREE_PORTS = (443, 8443), range(1024, 65536)
_LOCAL_PORTS = range(1, 65536)
#: Seconds that looking up a name may take, and threads that do so. The system's resolver can't be
#: told to stop: one that hangs keeps its thread for half a minute after it was given up. So there
#: are more threads than are waited for at once, and one name never has two.
_RESOLVING, _RESOLVERS = 5.0, 64
#: Addresses of one name that are tried.
_TRIES = 3

#: Why a request was not answered. ``not-allowed``: it would have gone where nothing may go.
Reason = Literal["not-allowed", "unresolved", "refused", "timeout", "tls", "broken"]

# Spaces, backslashes, control characters and letters beyond ASCII are what programs read in
# different ways, so none is taken: then there is one way to read what is left.
_URL = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])"
    r"(?P<port>:[0-9]{1,5})?"
    r"(?P<target>(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?"
    r"(?:\?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?)",
    re.ASCII,
)
#: What is not for everybody to reach, whatever ``is_global`` of a version of Python makes of it.
_CLOSED = [
    ip_network(each)
    for each in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        # Teredo and other protocol assignments, documentation, 6to4, what was the 6bone.
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "3ffe::/16"),
        # Whatever is nearest answers there: AS112, which takes questions that should not have left
        # a network, and AMT relays. Many networks have one of their own inside.
        *("192.31.196.0/24", "192.52.193.0/24", "192.175.48.0/24", "2620:4f:8000::/48"),
    )
]
#: All that is given out for everybody to reach; whatever else there is means something else.
_GIVEN_OUT = IPv6Network("2000::/3")
#: Where a machine that speaks IPv6 alone finds what speaks IPv4 alone (RFC 6052).
_TRANSLATED = IPv6Network("64:ff9b::/96")
#: Top levels of names that mean another machine for each who asks (RFC 6761, 6762, 8375, 9476).
_NOWHERE = frozenset(("localhost", "local", "internal", "invalid", "arpa", "lan", "home", "alt"))


class UnsentError(Exception):
    """There is no answer. ``reason`` says why, and nothing about who was asked."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


class BadDestinationError(ValueError):
    """An address that nothing is sent to. The message says why, in words for whoever chose it."""


@dataclass(frozen=True)
class Answer:
    """What of an answer is looked at."""

    status: int
    retry_after: str | None


@dataclass(frozen=True)
class Destination:
    """An address that may be sent to, as far as it can be told without looking up its name."""

    scheme: str
    host: str
    port: int
    target: str
    is_local: bool

    @classmethod
    def of(cls, url: str, *, allow_local: bool = False) -> "Destination":
        """Read an address. ``allow_local`` lets one name this machine, and be ``http`` then.

        :raises BadDestinationError: nothing may be sent there.
        """
        read = _URL.fullmatch(url) if len(url) <= MAX_LENGTH else None
        if read is None:
            raise BadDestinationError(
                "must be an https:// address in ASCII, without a user name or a fragment"
            )
        scheme, host = read["scheme"], read["host"].lower()
        is_local = allow_local and _is_loopback_name(host)
        if scheme != "https" and not is_local:
            raise BadDestinationError("must begin with https://")
        port = int(read["port"][1:]) if read["port"] else {"https": 443, "http": 80}[scheme]
        if port not in (_LOCAL_PORTS if is_local else _PORTS) and port not in _FREE_PORTS:
            raise BadDestinationError("must have port 443, 8443, or one from 1024 to 65535")
        if not is_local and not _may_be_public(host):
            raise BadDestinationError("must name a host that everybody can reach")
        target = read["target"] or "/"
        return cls(scheme, host, port, target if target[0] == "/" else f"/{target}", is_local)

    @property
    def authority(self) -> str:
        """The value of ``Host``."""
        usual = {"https": 443, "http": 80}[self.scheme]
        return self.host if self.port == usual else f"{self.host}:{self.port}"

    def admits(self, address: str) -> bool:
        """Whether one of the addresses that its name stands for may be connected to."""
        return is_public(address) or (self.is_local and _is_loopback(address))

    def at(self, address: str) -> str:
        """The same place at an address that was checked."""
        host = f"[{address}]" if ":" in address else address
        return f"{self.scheme}://{host}:{self.port}{self.target}"


def is_public(address: str) -> bool:
    """Whether an address, in digits, is one that everybody can reach. One that contains another, or
    that is only good on one link, counts as none; but for those by which a machine that speaks IPv6
    alone finds the others.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found in _TRANSLATED and found.scope_id is None:
        found = IPv4Address(found.packed[-4:])
    if isinstance(found, IPv6Address) and (found not in _GIVEN_OUT or found.scope_id is not None):
        return False
    if any(found.version == each.version and found in each for each in _CLOSED):
        return False
    return found.is_global and not found.is_multicast


def _is_loopback(address: str) -> bool:
    with suppress(ValueError):
        return ip_address(address).is_loopback
    return False


def _is_loopback_name(host: str) -> bool:
    """Whether a host is this machine and says so plainly."""
    return host == "localhost" or host.endswith(".localhost") or _is_loopback(host.strip("[]"))


def _may_be_public(host: str) -> bool:
    """Whether a host is an address that everybody can reach, or a name that may stand for one."""
    if host.startswith("["):
        return is_public(host[1:-1])
    labels = host.removesuffix(".").split(".")
    if re.fullmatch(r"[0-9]+|0x[0-9a-f]*", labels[-1]):
        # What ends in a number is an address (WHATWG URL, 5.1), and there is one way to write it.
        return is_public(host)
    return len(labels) > 1 and all(labels) and labels[-1] not in _NOWHERE


class Outgoing:
    """Sends requests to addresses that somebody else has chosen."""

    def __init__(
        self,
        *,
        allow_local: bool = False,
        tls: ssl.SSLContext | None = None,
        transport: Callable[[ssl.SSLContext], httpx.AsyncBaseTransport] | None = None,
    ) -> None:
        """Tests hand in ``tls``, whom to trust, and ``transport``, what makes connections."""
        self._allow_local = allow_local
        self._tls = tls or httpx.create_ssl_context(trust_env=False)
        self._transport = transport or _one_connection
        self._resolvers = ThreadPoolExecutor(_RESOLVERS, thread_name_prefix="resolver")
        self._looked_up: dict[str, Future[list[str]]] = {}

    def stop(self) -> None:
        """Let go of what is waited for. Nobody waits for it any more."""
        self._resolvers.shutdown(wait=False, cancel_futures=True)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send a body; return what was answered, whatever that is.

        :raises UnsentError: nothing was answered in time, or nothing may be sent there.
        """
        try:
            destination = Destination.of(url, allow_local=self._allow_local)
        except BadDestinationError as error:
            raise UnsentError("not-allowed") from error
        try:
            async with asyncio.timeout(TOTAL):
                addresses = await self._addresses(destination)
                return await self._try_each(destination, addresses, body, headers)
        except TimeoutError as error:
            raise UnsentError("timeout") from error

    async def _addresses(self, destination: Destination) -> list[str]:
        """The addresses that a destination's name stands for now, each of which is allowed. A name
        that stands for one that isn't is not trusted with the others either.
        """
        try:
            async with asyncio.timeout(_RESOLVING):
                found = await self._look_up(destination)
        except TimeoutError as error:
            raise UnsentError("unresolved") from error
        if not found:
            raise UnsentError("unresolved")
        if not all(map(destination.admits, found)):
            raise UnsentError("not-allowed")
        return found[:_TRIES]

    async def _look_up(self, destination: Destination) -> list[str]:
        """The addresses of a destination's name. Whoever asks for a name that is being looked up
        waits for that; what is given up goes on, and nothing of it is remembered once it is over.
        """
        host = destination.host.strip("[]")
        asked = self._looked_up.get(host)
        if asked is None:
            asked = self._resolvers.submit(_look_up, host, destination.port)
            self._looked_up[host] = asked
            asked.add_done_callback(lambda _: self._looked_up.pop(host, None))
        return await asyncio.shield(asyncio.wrap_future(asked))

    async def _try_each(
        self, to: Destination, addresses: list[str], body: bytes, headers: Mapping[str, str]
    ) -> Answer:
        """Send to the first of some addresses at which anybody is."""
        last: Exception | None = None
        for address in addresses:
            try:
                return await self._send(to, address, body, headers)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                last = error
            except httpx.TimeoutException as error:
                raise UnsentError("timeout") from error
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise UnsentError("broken") from error
        raise UnsentError(_why_unconnected(last)) from last

    async def _send(
        self, to: Destination, address: str, body: bytes, headers: Mapping[str, str]
    ) -> Answer:
        client = httpx.AsyncClient(
            transport=self._transport(self._tls),
            timeout=httpx.Timeout(TOTAL, connect=_CONNECT),
            trust_env=False,
            follow_redirects=False,
        )
        async with client:
            sent = client.build_request(
                "POST",
                to.at(address),
                content=body,
                headers={**headers, "Host": to.authority, "Connection": "close"},
                # The certificate must be that of the name, not of the address.
                extensions={"sni_hostname": to.host.strip("[]").removesuffix(".")},
            )
            answer = await client.send(sent, stream=True)
            try:
                await _read_on(answer)
            finally:
                await answer.aclose()
        return Answer(answer.status_code, answer.headers.get("retry-after"))


def _one_connection(tls: ssl.SSLContext) -> httpx.AsyncBaseTransport:
    limits = httpx.Limits(max_connections=1, max_keepalive_connections=0)
    return httpx.AsyncHTTPTransport(verify=tls, trust_env=False, limits=limits, retries=0)


async def _read_on(answer: httpx.Response) -> None:
    """Read some of a body, as it comes, without unpacking it: what was answered is known already,
    so that nothing that happens here matters.
    """
    read = 0
    with suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(_READING_ON):
            async for chunk in answer.aiter_raw():
                read += len(chunk)
                if read >= BODY_LIMIT:
                    return


def _look_up(host: str, port: int) -> list[str]:
    """The addresses of a host, in the order in which they should be tried, each once; none if there
    is no such host, or nobody who could tell.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def _why_unconnected(error: Exception | None) -> Reason:
    if isinstance(error, httpx.ConnectTimeout):
        return "timeout"
    is_about_tls = any(isinstance(each, ssl.SSLError) for each in _causes(error))
    return "tls" if is_about_tls else "refused"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
