"""Intervals as packs write them, and the rounds that follow from a beginning."""

from __future__ import annotations

from datetime import datetime

import pytest

from dualprev_rules import Engine
from dualprev_rules.pack.interval import Interval, read_interval

START = datetime.fromisoformat("2026-01-31")


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("4 h", Interval(hours=4)),
        ("1 d", Interval(hours=24)),
        ("2周", Interval(hours=336)),
        ("12 月", Interval(months=12)),
        ("1 年", Interval(months=12)),
        ("1 a", Interval(months=12)),
        ("每次", None),
        ("0 d", None),
        ("1 m", None),
        ("d", None),
        ("", None),
    ],
)
def test_an_interval_is_read_as_it_is_written(text: str, interval: Interval | None) -> None:
    assert read_interval(text) == interval


@pytest.mark.slow
def test_every_interval_of_the_packs_is_read_or_is_each_time() -> None:
    for pack in ("chemicals", "fire", "mining", "construction", "gas"):
        for checklist in Engine.load(packs=[pack], as_of="2026-11-21").ruleset.checklists.values():
            written = checklist.every["interval"]
            assert (read_interval(written) is None) == (written == "每次"), (checklist.id, written)


def test_months_end_on_their_last_day_and_come_back_to_the_first_one() -> None:
    days = [Interval(months=1).after(START, n).date().isoformat() for n in range(4)]
    assert days == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]
