"""Whoever names an address does not make the service reach what they can't reach themselves."""

import asyncio
import socket
import ssl
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fastapi import FastAPI

from app.core import outgoing
from app.core.outgoing import BadDestinationError, Destination, Outgoing, UnsentError, is_public
from app.webhooks.worker import Worker
from tests.conftest import new_app, new_client, settings_for
from tests.people import Person, Town, faults_of
from tests.webhooks.conftest import Hooks
from tests.webhooks.receivers import Receiver, receiving, work

pytestmark = pytest.mark.anyio

#: Spellings of this machine and its neighbours, each at a port {port} where a trap may be.
SPELLINGS = [
    *("127.0.0.1", "127.1", "127.0.1", "127.0.0.1.", "127.255.255.254", "2130706433", "0x7f000001"),
    *("0x7f.1", "0x7f.0x0.0x0.0x1", "0177.0.0.1", "017700000001", "0177.0x0.0.1", "0", "0.0.0.0"),
    *("0x0", "00.00.00.00", "127.0.0.01", "127.00.0.1", "[::1]", "[0:0:0:0:0:0:0:1]", "[::]"),
    *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[::ffff:0:127.0.0.1]"),
    *("[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]"),
    *("[2002:7f00:1::1]", "[2001:0:7f00:1::]", "[2001:0:4136:e378:8000:63bf:80ff:fffe]"),
    *("localhost", "LOCALHOST", "localhost.", "a.localhost", "localhost.localdomain.local"),
    *("10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254", "100.64.0.1"),
    *("[fe80::1]", "[fec0::1]", "[fc00::1]", "[fd12:3456::1]", "[ff02::1]", "[2001:db8::1]"),
    *("224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1", "192.0.0.1", "192.88.99.1"),
    *("192.0.2.1", "203.0.113.9", "[::ffff:10.0.0.1]", "[64:ff9b::10.0.0.1]", "[3fff::1]"),
    *("[fe80::1%25lo]", "[::1%25lo]", "127.0.0.1%00", "127。0。0。1", "①②⑦.⓪.⓪.①", "ⓛocalhost"),
    *("printer", "printer.lan", "metadata.google.internal", "1.0.0.127.in-addr.arpa", ".", "a..b"),
    *("user@127.0.0.1", "bot.example@127.0.0.1", "127.0.0.1\\@bot.example", "bot.example:1@[::1]"),
]


def test_there_are_more_than_forty_spellings() -> None:
    assert len(SPELLINGS) == len(set(SPELLINGS)) > 40


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_spelling_of_what_is_inside_is_no_destination(spelling: str) -> None:
    for scheme in ("https", "http"):
        with pytest.raises(BadDestinationError):
            Destination.of(f"{scheme}://{spelling}:8443/hook")


async def test_no_spelling_is_taken_and_none_is_sent_to(
    hooks: Hooks, town: Town, service: FastAPI, database_url: str
) -> None:
    app = new_app(settings_for(database_url))
    app.state.site = replace(service.state.site, allows_local_webhooks=False)
    keeper = Person(new_client(app), town.administrator.token)
    async with receiving("127.0.0.1") as trap, receiving("::1") as other:
        strict = Outgoing()
        for spelling in SPELLINGS:
            for port in (trap.port, other.port):
                for scheme in ("https", "http"):
                    url = f"{scheme}://{spelling}:{port}/"
                    answer = await keeper.post(hooks.path, {"url": url})
                    assert faults_of(answer) <= {
                        ("/url", "not_reachable"),
                        ("/url", "text_unacceptable"),
                    }
                    with pytest.raises(UnsentError, match="not-allowed"):
                        await strict.post(url, b"{}", {})
        assert trap.hits == other.hits == []


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_what_a_name_stands_for_is_checked_however_the_resolver_says_it(
    spelling: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Had the spelling got so far, what the resolver makes of it would still be refused."""
    try:
        found = socket.getaddrinfo(spelling.strip("[]"), 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    sent = Sent()
    with pytest.raises(UnsentError, match="not-allowed"):
        await Outgoing(transport=sent.transport).post("https://bot.example/", b"", {})
    assert sent.requests == []


PUBLIC = [
    *("93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101"),
    *("192.31.195.1", "192.31.197.1", "192.52.192.1", "192.175.49.1", "2620:4f:8001::1"),
]
PRIVATE = [
    *(
        "127.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.8",
        "::",
        "::1",
    ),
    *("192.88.99.1", "224.0.0.251", "239.1.1.1", "255.255.255.255", "::ffff:1.1.1.1", "::1.1.1.1"),
    *("64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::101:101", "2002:101:101::1", "2001::1"),
    *("fec0::1", "fe80::1", "fe80::1%lo", "64:ff9b::101:101%lo", "2606:4700::1%lo", "fc00::1"),
    *("ff0e::1", "2001:db8::1", "2001:10::1", "3fff::1", "100::1", "5f00::1", "", "bot.example"),
    # Registered with IANA for something special, though Python counts them among the others.
    *("192.31.196.1", "192.52.193.1", "192.175.48.1", "2620:4f:8000::1", "3ffe::1", "3ffe:ffff::1"),
    *("64:ff9b::192.31.196.1", "64:ff9b::192.175.48.255"),
]


def test_which_addresses_everybody_can_reach() -> None:
    assert [each for each in PUBLIC if not is_public(each)] == []
    assert [each for each in PRIVATE if is_public(each)] == []


@pytest.mark.parametrize(
    "url",
    [
        *("https://bot.example", "https://bot.example/", "https://BOT.example:8443/a/b?c=d&e=%20"),
        *("https://bot.example:1024", "https://bot.example:65535", "https://xn--bcher-kva.example"),
        *("https://1.1.1.1/", "https://[2606:4700:4700::1111]/hook", "https://a_b.example/~x;y=z"),
    ],
)
def test_a_plain_address_is_a_destination(url: str) -> None:
    assert Destination.of(url).port >= 443


@pytest.mark.parametrize(
    "url",
    [
        *("", "bot.example", "//bot.example", "ftp://bot.example/", "http://bot.example/"),
        *("https://", "https:///hook", "https://bot.example:80/", "https://bot.example:22/"),
        *("https://bot.example:1023/", "https://bot.example:65536/", "https://bot.example:/"),
        *("https://me@bot.example/", "https://me:pass@bot.example/", "https://bot.example/#x"),
        *("https://bot.example/ x", "https://bot.example/\tx", "https://bot.example/\\x"),
        *("https://bot.example\n/", "https://bücher.example/", "https://bot.example/%zz"),
        *("https://bot.example/" + "x" * 2048, "https://-", "https://bot..example/", "https:bot"),
    ],
)
def test_what_programs_read_in_different_ways_is_no_destination(url: str) -> None:
    with pytest.raises(BadDestinationError):
        Destination.of(url)


def test_only_this_machine_may_be_named_where_development_allows_it() -> None:
    for url in ("http://localhost:9000/", "http://127.0.0.1:80/", "https://[::1]:5000/"):
        assert Destination.of(url, allow_local=True).is_local
    for url in ("http://10.0.0.1/", "https://10.0.0.1/", "http://bot.example/", "http://127.1/"):
        with pytest.raises(BadDestinationError):
            Destination.of(url, allow_local=True)


class Sent:
    """Takes requests in the place of the network."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.tls: list[ssl.SSLContext] = []

    def transport(self, tls: ssl.SSLContext) -> httpx.AsyncBaseTransport:
        self.tls.append(tls)
        return httpx.MockTransport(self._take)

    def _take(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(204, stream=httpx.ByteStream(b""))


def resolves_to(monkeypatch: pytest.MonkeyPatch, *turns: list[str]) -> list[str]:
    """Have names stand for some addresses, at each turn for others; return who was asked for."""
    asked: list[str] = []

    def look_up(host: str, port: int, **_more: Any) -> list[Any]:
        turn = turns[min(len(asked), len(turns) - 1)]
        asked.append(host)
        return [
            (socket.AF_INET6 if ":" in each else socket.AF_INET, 1, 6, "", (each, port))
            for each in turn
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


async def test_a_connection_goes_to_the_address_that_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = resolves_to(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    sent = Sent()
    out = Outgoing(transport=sent.transport)
    answer = await out.post("https://bot.example:8443/hook?of=me", b"{}", {"A": "b"})
    assert answer.status == 204
    (request,) = sent.requests
    assert asked == ["bot.example"]
    assert str(request.url) == "https://93.184.216.34:8443/hook?of=me"
    assert request.headers["host"] == "bot.example:8443"
    assert request.extensions["sni_hostname"] == "bot.example"
    assert sent.tls[0].check_hostname
    assert sent.tls[0].verify_mode == ssl.CERT_REQUIRED


async def test_a_name_that_means_something_else_a_moment_later_gains_nothing(
    hooks: Hooks,
    town: Town,
    service: FastAPI,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with receiving() as trap:
        sent = Sent()
        worker = Worker(service.state.site, Outgoing(allow_local=True, transport=sent.transport))
        url = f"https://rebound.example:{trap.port}/"
        webhook = await town.administrator.make(hooks.path, {"url": url})
        asked = resolves_to(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
        await town.prompt()
        await work(worker)
        assert [request.url.host for request in sent.requests] == ["93.184.216.34"]
        real = Worker(service.state.site)
        await town.prompt()
        await work(real)
        assert asked.count("rebound.example") == 2
        assert trap.hits == []
    _first, second = await hooks.deliveries(webhook)
    assert [each["error"] for each in second["attempts"]] == ["not-allowed"]


async def test_a_name_is_only_trusted_if_all_that_it_stands_for_can_be_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for turn in (["93.184.216.34", "10.0.0.1"], ["::1", "93.184.216.34"], ["fe80::1%lo"]):
        with monkeypatch.context() as patch:
            resolves_to(patch, turn)
            sent = Sent()
            with pytest.raises(UnsentError, match="not-allowed"):
                await Outgoing(transport=sent.transport).post("https://bot.example", b"", {})
            assert sent.requests == []


async def test_a_name_that_stands_for_nothing_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    resolves_to(monkeypatch, [])
    with pytest.raises(UnsentError, match="unresolved"):
        await Outgoing().post("https://bot.example", b"", {})

    def fail(*_: Any, **__: Any) -> Any:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(UnsentError, match="unresolved"):
        await Outgoing().post("https://bot.example", b"", {})


async def test_a_resolver_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    over = asyncio.Event()
    loop = asyncio.get_running_loop()

    def hang(*_: Any, **__: Any) -> Any:
        asyncio.run_coroutine_threadsafe(over.wait(), loop).result()
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    monkeypatch.setattr(outgoing, "TOTAL", 0.2)
    with pytest.raises(UnsentError, match="timeout"):
        await Outgoing().post("https://bot.example", b"", {})
    over.set()


@asynccontextmanager
async def hanging(monkeypatch: pytest.MonkeyPatch, prefix: str) -> AsyncIterator[list[str]]:
    """A resolver that says nothing of some names as long as this lasts; whom it was asked for. All
    others stand for an address that everybody can reach.
    """
    over, asked = threading.Event(), list[str]()

    def look_up(host: str, port: int, **_more: Any) -> list[Any]:
        asked.append(host)
        if host.startswith(prefix):
            over.wait()
            raise socket.gaierror
        return [(socket.AF_INET, 1, 6, "", ("93.184.216.34", port))]

    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", look_up)
        try:
            yield asked
        finally:
            over.set()


async def test_resolving_has_a_time_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "_RESOLVING", 0.1)
    async with hanging(monkeypatch, "slow"):
        with pytest.raises(UnsentError, match="unresolved"):
            await Outgoing().post("https://slow.example", b"", {})


async def test_a_name_that_hangs_does_not_keep_others_from_being_looked_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However often it is sent to, before or after it was given up, it is looked up once."""
    monkeypatch.setattr(outgoing, "_RESOLVING", 0.2)
    sent = Sent()
    out = Outgoing(transport=sent.transport)
    async with hanging(monkeypatch, "slow") as asked:
        for _ in range(3):
            tried = (out.post("https://slow.example", b"", {}) for _ in range(32))
            failed = await asyncio.gather(*tried, return_exceptions=True)
            assert {str(each) for each in failed} == {"unresolved"}
        monkeypatch.setattr(outgoing, "_RESOLVING", 5.0)
        assert (await out.post("https://quick.example", b"", {})).status == 204
    assert asked == ["slow.example", "quick.example"]


async def test_a_name_is_looked_up_anew_with_the_next_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = Outgoing(transport=Sent().transport)
    async with hanging(monkeypatch, "slow") as asked:
        for _ in range(2):
            await out.post("https://quick.example", b"", {})
    assert asked == ["quick.example"] * 2


async def test_many_names_that_hang_leave_threads_for_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each of what may be sent at once has a name of its own, and all of them hang."""
    monkeypatch.setattr(outgoing, "_RESOLVING", 0.5)
    out = Outgoing(transport=Sent().transport)
    async with hanging(monkeypatch, "slow"):
        tried = (out.post(f"https://slow-{number}.example", b"", {}) for number in range(32))
        await asyncio.gather(*tried, return_exceptions=True)
        monkeypatch.setattr(outgoing, "_RESOLVING", 5.0)
        assert (await out.post("https://quick.example", b"", {})).status == 204


async def test_proxies_of_the_environment_are_not_used(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with receiving() as trap:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{trap.port}")
        assert (await Outgoing(allow_local=True).post(receiver.url, b"{}", {})).status == 204
        assert trap.hits == []
    (hit,) = receiver.hits
    assert hit.headers["connection"] == "close"


async def test_no_cookie_is_sent_back(receiver: Receiver) -> None:
    receiver.answers = [(204, "Set-Cookie: a=b\r\n")]
    out = Outgoing(allow_local=True)
    for _ in range(2):
        await out.post(receiver.url, b"{}", {})
    assert "cookie" not in receiver.hits[1].headers


@asynccontextmanager
async def secured(name: str, folder: Path) -> AsyncIterator[tuple[Receiver, ssl.SSLContext]]:
    """A receiver on this machine with a certificate for a name, and whom to trust to believe it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A town")])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, private)
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=context)
    receiver.port = server.sockets[0].getsockname()[1]
    yield receiver, ssl.create_default_context(cafile=str(certificate))
    server.close()


async def test_a_certificate_must_be_good_and_for_the_name_that_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolves_to(monkeypatch, ["127.0.0.1"])
    async with secured("good.localhost", tmp_path) as (receiver, trusting):
        url = f"https://{{}}:{receiver.port}/"
        out = Outgoing(allow_local=True, tls=trusting)
        assert (await out.post(url.format("good.localhost"), b"{}", {})).status == 204
        assert receiver.hits[0].headers["host"] == f"good.localhost:{receiver.port}"
        for host, by in (("other.localhost", out), ("good.localhost", Outgoing(allow_local=True))):
            with pytest.raises(UnsentError, match="tls"):
                await by.post(url.format(host), b"{}", {})
        assert len(receiver.hits) == 1
