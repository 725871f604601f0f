"""Silence of a watched sensor is an event of its own, where the pack has no warning of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dualprev_rules import Engine
from dualprev_rules.control import Monitor, with_silences
from dualprev_rules.pack.live import Silence
from tests.live.worlds import SECOND, START, moment, pack

pytestmark = pytest.mark.needs("durable_rules_engine")

BEGIN = (START - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
WORDS = {"zh": "试", "en": "trial"}
CITE = {"instrument": "i", "clause": "1"}


def rule(name: str, fact: str, **form: Any) -> dict[str, Any]:
    return {"warning": name, "title": WORDS, "for": "spot", "sensor": fact, "cite": CITE, **form}


def test_a_silent_sensor_is_told_once_and_closes_when_it_is_heard(tmp_path: Path) -> None:
    rules = [
        rule("over", "a", when={"held": "0 s"}, alarm="a >= 2"),
        rule("quiet", "b", when={"silence": "5 s"}),
    ]
    engine = with_silences(
        Engine.load(pack(tmp_path / "pack", rules), as_of="2026-11-21"), timedelta(seconds=30)
    )
    silences = {r.id: r.form.time for r in engine.ruleset.live.values() if isinstance(r.form, Silence)}
    assert silences == {"quiet": 5 * SECOND, "silence.spot.a": 30 * SECOND}

    def reading(fact: str, second: int) -> dict[str, Any]:
        at = moment(second * SECOND)
        return {"sensor": f"S{fact}", "record": "spot[1]", "fact": fact, "value": "1", "at": at}

    told: list[tuple[str, str, str | None]] = []
    with Monitor(engine, silent_after=timedelta(seconds=30)) as monitor:
        for given in (reading("a", 0), reading("b", 1), reading("a", 4), reading("a", 8)):
            told += [(w.event, w.warning, w.sensor) for w in monitor.feed(given).warnings]
        assert told == [("opened", "quiet", "Sb")]
        told += [(w.event, w.warning, w.sensor) for w in monitor.tick(moment(60 * SECOND)).warnings]
        told += [(w.event, w.warning, w.sensor) for w in monitor.feed(reading("a", 61)).warnings]
    assert told[1:] == [("opened", "silence.spot.a", "Sa"), ("closed", "silence.spot.a", "Sa")]


@pytest.mark.parametrize(
    ("values", "opens"),
    [
        ("3 3 3 3 3", 20),
        ("3 x 3 x x", 20),
        ("3 x x x x", 20),
        ("3 x 1 3 3", None),
        ("x x 3 3 3", None),
    ],
)
def test_what_cannot_be_read_puts_no_stretch_off(tmp_path: Path, values: str, opens: int | None) -> None:
    """It tells no more than no reading: the last readable value counts until the sensor is silent."""
    engine = Engine.load(
        pack(tmp_path / "pack", [rule("long", "a", when={"held": "20 s"}, alarm="a >= 2")]),
        as_of="2026-11-21",
    )
    told: list[tuple[str, int]] = []
    with Monitor(engine, silent_after=timedelta(seconds=25)) as monitor:
        for number, value in enumerate(values.split()):
            at = moment(6 * number * SECOND)
            heard = monitor.feed({"sensor": "S", "record": "spot[1]", "fact": "a", "value": value, "at": at})
            told += [(w.event, (w.at - BEGIN) // SECOND) for w in heard.warnings]
    assert told == ([("opened", opens)] if opens is not None else [])


def test_a_stretch_ends_where_nothing_can_be_read_for_the_time_of_silence(tmp_path: Path) -> None:
    engine = Engine.load(
        pack(tmp_path / "pack", [rule("long", "a", when={"held": "20 s"}, alarm="a >= 2")]),
        as_of="2026-11-21",
    )
    with Monitor(engine, silent_after=timedelta(seconds=15)) as monitor:
        for second, value in ((0, "3"), (6, "x"), (12, "x"), (18, "x"), (24, "3"), (30, "x"), (36, "3")):
            at = moment(second * SECOND)
            heard = monitor.feed({"sensor": "S", "record": "spot[1]", "fact": "a", "value": value, "at": at})
            assert heard.warnings == ()
        assert [w.event for w in monitor.tick(moment(44 * SECOND)).warnings] == ["opened"]
