"""Silence of a watched sensor is an event of its own, where the pack has no warning of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dualprev_rules import Engine
from dualprev_rules.control import Monitor, with_silences
from dualprev_rules.pack.live import Silence
from tests.live.worlds import SECOND, moment, pack

pytestmark = pytest.mark.needs("durable_rules_engine")

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
