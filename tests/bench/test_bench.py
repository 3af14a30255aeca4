"""The bench runs on both databases, and compares like with like."""

from pathlib import Path

import pytest

from tests.bench.__main__ import measure
from tests.bench.boards import Size
from tests.bench.table import Effort

pytestmark = pytest.mark.thorough

SIZES = (Size(30, 120, 110), Size(30, 160, 150), Size(30, 200, 190, copies=3))


def test_the_floors_and_the_service_answer_alike_and_bear_their_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What everybody has who checks the project out, whether or not wrk is there as well.
    monkeypatch.setattr("shutil.which", lambda _name: None)
    effort = Effort(rounds=1, warm_ups=0, seconds=0.05, connections=3, starts=1, requests=100)
    benches = measure(tmp_path, None, SIZES, effort)
    assert [len(bench.lines) for bench in benches] == [47, 6]
    for bench in benches:
        for line in bench.lines:
            (borne,) = line.borne
            assert borne.requests > 0
            assert borne.errors == 0
