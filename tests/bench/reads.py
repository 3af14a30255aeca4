"""What is read, beside bare applications that run the same statements and write the same bytes.

Each read has three lines: its floor; *anew*, where every request is answered as if it were the
first; and *kept*, where the service keeps what it has answered until something is written, as it
does by itself.
"""

from collections.abc import Sequence

import httpx

from tests.bench.boards import Hot, Size
from tests.bench.loads import Load
from tests.bench.table import Bench, Server

#: The least share of the floor's rate that each read is to have on SQLite, and on PostgreSQL.
WANTED = {
    "page": 0.7,
    "prompts": 0.6,
    "prompt": 0.6,
    "fill": 0.6,
    "parts": 0.6,
    "part": 0.6,
    "search": 0.6,
    "feed": 0.5,
    "events": 0.6,
}
_ON_POSTGRESQL = 0.6
#: What each is called in the table.
_TITLES = {
    "page": "page of a thread",
    "prompts": "list of prompts",
    "prompt": "prompt",
    "fill": "fill",
    "parts": "parts of a fill",
    "part": "part of 20 kB",
    "search": "search",
    "feed": "feed (Atom)",
    "events": "events",
}
#: What a page of an unchanged board costs beside FastAPI's own share of fixed bytes.
_UNCHANGED = 0.8
#: What costs a fifth more has five sixths of the rate.
_ALIKE = 1 / 1.2


def add_reads(bench: Bench, urls: Sequence[str], sizes: Sequence[Size], hot: Sequence[Hot]) -> None:
    """Add the lines of all reads, on the board in the middle, and on the smallest and largest."""
    middle = len(sizes) // 2
    url, read = urls[middle], hot[middle]
    paths = [getattr(read, name) for name in Hot.NAMES]
    floor = bench.floor("reading", bench.copy(url, "floor"), paths)
    fixed = bench.floor("fixed", bench.copy(url, "fixed"), [read.page])
    anew = bench.service(bench.copy(url, "anew"))
    keeping = bench.service(bench.copy(url, "keeping"), kept_mb=64)
    for name, path in zip(Hot.NAMES, paths, strict=True):
        same_bytes(path, floor, anew, keeping)
        title, load = _TITLES[name], Load([path])
        wanted = WANTED[name] if bench.is_sqlite else _ON_POSTGRESQL
        many = floor.statements[path]
        beside = bench.line(f"{title}: floor", floor, load, statements=many)
        bench.line(f"{title}: anew", anew, load, beside, wanted, statements=many)
        bench.line(f"{title}: kept", keeping, load, beside, wanted)
    tag = httpx.get(keeping.url + read.page).headers["etag"]
    unchanged = Load([read.page], headers={"If-None-Match": tag})
    assert httpx.get(keeping.url + read.page, headers=unchanged.headers).status_code == 304
    beside = bench.line("FastAPI: fixed bytes", fixed, Load([read.page]))
    bench.line("unchanged page: 304", keeping, unchanged, beside, _UNCHANGED)
    _of_each_size(bench, urls, sizes, hot)


def _of_each_size(
    bench: Bench, urls: Sequence[str], sizes: Sequence[Size], hot: Sequence[Hot]
) -> None:
    """What a page costs wherever it is, and however large the board."""
    ends = [0, len(sizes) - 1]
    few, many = (bench.service(bench.copy(urls[end], f"size-{end}")) for end in ends)
    small, large = (hot[end] for end in ends)
    of_few, of_many = (f"of {sizes[end].comments:,}" for end in ends)
    first = bench.line(f"first page, {of_many}", many, Load([large.first]))
    bench.line(f"last page, {of_many}", many, Load([large.last]), first, _ALIKE)
    for name in ("page", "prompts", "prompt", "fill", "parts", "part", "feed", "events"):
        title = _TITLES[name]
        beside = bench.line(f"{title}, {of_few}", few, Load([getattr(small, name)]))
        load = Load([getattr(large, name)])
        bench.line(f"{title}, {of_many}", many, load, beside, _ALIKE)


def same_bytes(path: str, floor: Server, *others: Server) -> None:
    """Check that a floor and the service answer alike, so that their figures can be compared."""
    theirs = httpx.get(floor.url + path)
    for each in others:
        ours = httpx.get(each.url + path)
        assert theirs.status_code == ours.status_code == 200, ours.text
        if theirs.content != ours.content:
            raise AssertionError(f"not the same:\n{theirs.text[:2000]}\n{ours.text[:2000]}")
