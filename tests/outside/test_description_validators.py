"""The description has nothing that the validators of others complain about.

What they are told not to look for stands in ``redocly.yaml`` and ``spectral.yaml``, with reasons.
"""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.outside.tools import DESCRIPTION, HERE, from_npm, run


def test_redocly_finds_no_error_and_no_warning(tmp_path: Path) -> None:
    printed = run(
        from_npm("redocly"),
        "lint",
        f"--config={HERE / 'redocly.yaml'}",
        "--format=json",
        "--max-problems=1000",
        DESCRIPTION,
        cwd=tmp_path,
        status=None,
        more={"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"},
    )
    found = json.loads(printed)["problems"]
    assert not found, _told(
        (each["ruleId"], each["location"][0]["pointer"], each["message"]) for each in found
    )


def test_spectral_finds_nothing_down_to_its_hints(tmp_path: Path) -> None:
    printed = run(
        from_npm("spectral"),
        "lint",
        f"--ruleset={HERE / 'spectral.yaml'}",
        "--fail-severity=hint",
        "--format=json",
        "--quiet",
        DESCRIPTION,
        cwd=tmp_path,
        status=None,
    )
    found = json.loads(printed)
    assert not found, _told(
        (each["code"], "/".join(map(str, each["path"])), each["message"]) for each in found
    )


def _told(problems: Iterable[tuple[str, str, str]]) -> str:
    """How often each rule was broken, then every place."""
    listed = list(problems)
    counts = Counter(rule for rule, _, _ in listed)
    return "\n".join(
        [*(f"{rule}: {count}" for rule, count in counts.items())]
        + [f"{rule} {place}: {message}" for rule, place, message in listed]
    )
