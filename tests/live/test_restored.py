"""A checkpoint on another day, with other packs or another site: what fits is carried over, the rest told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dualprev_rules import Engine
from dualprev_rules.control.monitor import Monitor
from tests.live.worlds import SECOND, moment, pack

pytestmark = pytest.mark.needs("durable_rules_engine")

TITLE = {"zh": "试", "en": "trial"}


def rule(name: str, **rest: Any) -> dict[str, Any]:
    cite = {"instrument": "i", "clause": "1"}
    form = {"when": {"held": "0 s"}, "alarm": "a >= 2"}
    return {"warning": name, "title": TITLE, "for": "spot", "sensor": "a", "cite": cite, **form, **rest}


LONG = rule("long", when={"held": "30 s"}, alarm="a >= 2")
HERE = rule("here", place="b == 1")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pack(tmp_path_factory.mktemp("restored") / "pack", [rule("over"), LONG, HERE])


@pytest.fixture(scope="module")
def engine(folder: Path) -> Engine:
    return Engine.load(folder, as_of="2026-11-21")


def site(*ids: str, **rest: Any) -> dict[str, Any]:
    return {"enterprise": {"id": "E", "spots": [{"id": each, **rest} for each in ids]}}


def feed(monitor: Monitor, value: float, second: int, record: str = "spot[P3]") -> list[str]:
    given = {"sensor": "x", "record": record, "fact": "a", "value": value, "at": moment(second * SECOND)}
    heard = monitor.feed(given)
    told = [f"{w.event} {w.id}" for w in heard.warnings]
    return told + [p.code.removeprefix("control.") for p in heard.problems]


def kept(engine: Engine, facts: Any) -> dict[str, Any]:
    with Monitor(engine, facts) as monitor:
        feed(monitor, 3, 0)
        return json.loads(json.dumps(monitor.snapshot()))


def test_on_another_day(folder: Path, engine: Engine) -> None:
    before = kept(engine, site("P3"))
    assert before["basis"][0] == "2026-11-21"
    with Monitor(Engine.load(folder, as_of="2026-11-22"), site("P3")) as monitor:
        monitor.restore(before)
        assert feed(monitor, 3, 30) == ["opened long|spot[P3]|1", "snapshot-basis"]
        assert feed(monitor, 0, 31) == [f"closed {name}|spot[P3]|1" for name in ("over", "long", "here")]


def test_with_other_warnings(engine: Engine, tmp_path: Path) -> None:
    other = [{**LONG, "when": {"held": "40 s"}}, HERE]
    with Monitor(Engine.load(pack(tmp_path / "pack", other), as_of="2026-11-21"), site("P3")) as monitor:
        monitor.restore(kept(engine, site("P3")))
        # “over” is gone while open; a stretch of another length begins anew.
        assert feed(monitor, 3, 30) == ["snapshot-basis", "snapshot-dropped"]
        assert feed(monitor, 3, 69) == []
        assert feed(monitor, 3, 70) == ["opened long|spot[P3]|1"]


def test_of_a_fact_that_is_gone(engine: Engine) -> None:
    before = kept(engine, site("P3"))
    (sensor,) = before["sensors"]
    for gone in ({"fact": "z"}, {"entity": "nothing"}, {"value": True}):
        with Monitor(engine, site("P3")) as monitor:
            monitor.restore({**before, "sensors": [{**sensor, **gone}]})
            dropped = ["snapshot-dropped"] * 3  # the sensor, “over” and “here”
            assert feed(monitor, 0, 1) == dropped


def test_with_a_place_that_the_site_names_now(engine: Engine) -> None:
    with Monitor(engine, site("P1", "P3")) as monitor:
        monitor.restore(kept(engine, site("P1")))
        assert feed(monitor, 3, 1) == []
        assert feed(monitor, 0, 2) == [f"closed {name}|spot[P3]|1" for name in ("over", "here")]


def test_with_a_place_that_the_site_names_no_more(engine: Engine) -> None:
    with Monitor(engine, site("P1")) as monitor:
        monitor.restore(kept(engine, site("P1", "P3")))
        assert feed(monitor, 3, 1) == ["reading-record"]
        assert feed(monitor, 0, 2) == [f"closed {name}|spot[P3]|1" for name in ("over", "here")]


def test_with_a_place_of_another_kind(engine: Engine) -> None:
    with Monitor(engine, site("P3", b=2)) as monitor:
        monitor.restore(kept(engine, site("P3", b=1)))
        assert feed(monitor, 3, 1) == ["snapshot-dropped"]
        assert feed(monitor, 0, 2) == ["closed over|spot[P3]|1"]
