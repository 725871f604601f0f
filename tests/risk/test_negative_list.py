"""The negative list, and what has changed in it between two days."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from dualprev_rules import Engine
from dualprev_rules.risk.negative_list import negative_list, negative_list_changes
from tests.cli.run import run

PACK = str(Path(__file__).parent / "bans")


def changes(since: str, day: str) -> dict[str, tuple[str | None, str | None]]:
    """Return the change of each entry, and in whose place it stands."""
    before, after = (Engine.load(packs=[PACK], as_of=each).ruleset for each in (since, day))
    return {e.rule.id: (e.change, e.before) for e in negative_list_changes(before, after)}


def test_the_list_of_a_day() -> None:
    found = negative_list(Engine.load(packs=[PACK], as_of="2025-12-31").ruleset)
    assert [entry.rule.id for entry in found] == ["bans.2020.01", "bans.2020.02", "bans.law.9"]
    assert (found[0].start, found[0].end) == (date(2020, 1, 1), date(2026, 1, 1))
    assert (found[0].condition, found[0].applies) == ("type == open_pot and age > 10", None)


def test_a_new_catalogue_adds_lifts_and_changes_and_grace_runs_out() -> None:
    assert changes("2025-12-31", "2026-01-01") == {
        "bans.2026.01": ("changed", "bans.2020.01"),
        "bans.2026.03": ("added", None),
        "bans.law.9": ("changed", None),
        "bans.2020.02": ("lifted", None),
    }


@pytest.mark.parametrize(
    ("since", "day"),
    [("2025-06-01", "2025-12-31"), ("2026-01-01", "2026-11-21"), ("2026-01-01", "2026-01-01")],
)
def test_nothing_changes_between_catalogues(since: str, day: str) -> None:
    assert changes(since, day) == {}


def test_the_command_says_what_and_why() -> None:
    day = ("--pack", PACK, "--as-of", "2026-01-01", "--changed-since", "2025-12-31", "--lang", "en")
    lines = run("negative-list", *day).stdout.splitlines()
    at = lines.index("Added Prohibition Dry saw (bans.2026.03)")
    assert [line.strip() for line in lines[at + 1 : at + 6]] == [
        "Condition: type == dry_saw",
        "Plants: new",
        "From: 2026-01-01",
        "Replacement: wet saw",
        "Clause: 测试〔2026〕3号 3",
    ]
    assert lines[-1] == "4 changes since 2025-12-31, up to 2026-01-01"


def test_the_command_prints_json() -> None:
    day = ("--pack", PACK, "--as-of", "2026-01-01", "--changed-since", "2025-12-31", "--json")
    found = {entry["rule"]: entry for entry in json.loads(run("negative-list", *day).stdout)}
    assert found["bans.law.9"]["grace_until"] == "2025-12-31"
    assert found["bans.2026.01"]["before"] == "bans.2020.01"
    assert found["bans.2020.02"]["replaced_on"] == "2026-01-01"
    assert found["bans.2026.03"]["citations"] == [
        {"instrument": "bans-2026", "number": "测试〔2026〕3号", "clause": "3", "status": "transcription"}
    ]
