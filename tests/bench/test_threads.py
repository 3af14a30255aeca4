"""The bench of threads runs, and compares like with like."""

from pathlib import Path

import pytest

from tests.bench.threads import Size, measure

pytestmark = pytest.mark.thorough

SIZES = (Size(3, 120, 110), Size(3, 160, 150), Size(3, 200, 190, copies=3))


def test_the_floors_and_the_service_answer_alike_and_bear_their_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What everybody has who checks the project out, whether or not wrk is there as well.
    monkeypatch.setattr("shutil.which", lambda _name: None)
    (bench,) = measure(tmp_path, None, SIZES, rounds=1, seconds=0.2, connections=3)
    assert len(bench.lines) == 10
    for line in bench.lines:
        (borne,) = line.borne
        assert borne.requests > 0
        assert borne.errors == 0
