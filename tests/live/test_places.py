"""Places with one key, places without end, and rules that come to be violated."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from dualprev_rules import Engine
from dualprev_rules.control import Confirm, Heard, Refute, State, apply, register
from dualprev_rules.control.monitor import Monitor
from dualprev_rules.control.monitor_site import MOST_UNNAMED
from dualprev_rules.evaluate.events.memory import DurableMemory
from dualprev_rules.evaluate.events.rulesets import Pair
from dualprev_rules.problems import DualprevError
from tests.live.worlds import SECOND, moment
from tests.packs.parts import ROOT

pytestmark = pytest.mark.needs("durable_rules_engine")


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load([ROOT / "packs" / "mining" / "dualprev_pack_mining"], as_of="2026-11-21")


def site(*mines: str, **place: Any) -> dict[str, Any]:
    face = {"id": "3201", "kind": "coal_face", **place}
    return {"enterprise": {"coal_mines": [{"id": k, "kind": "underground", "places": [face]} for k in mines]}}


@pytest.fixture
def monitor(engine: Engine) -> Iterator[Monitor]:
    with Monitor(engine, site("K1")) as made:
        yield made


def feed(monitor: Monitor, fact: str, value: Any, second: int, **rest: Any) -> Heard:
    given = {"sensor": f"S-{fact}", "record": "coal_place[3201]", "fact": fact, "value": value}
    return monitor.feed({**given, "at": moment(second * SECOND), **rest})


def codes(heard: Heard) -> list[str]:
    return [problem.code for problem in heard.problems]


def told(heard: Heard) -> list[tuple[str, str | None]]:
    assert heard.problems == ()
    return [(warning.event, warning.outcome) for warning in heard.warnings]


def test_two_places_with_one_key_are_told_apart_by_their_paths(engine: Engine) -> None:
    paths = [f"enterprise.coal_mines[{mine}].places[3201]" for mine in ("K1", "K2")]
    with Monitor(engine, site("K1", "K2", powered_work=True)) as monitor:
        for path in paths:
            (opened,) = feed(monitor, "methane", "1.2", 0, record=path).warnings
            assert (opened.path, opened.outcome) == (path, "violated")
        assert len({warning.id for warning in monitor.state().open}) == 2
        kept = json.loads(json.dumps(monitor.snapshot()))
        (unclear,) = feed(monitor, "methane", "0.2", 1).problems
        assert unclear.code == "control.reading-record"
        assert all(path in unclear.text("en") or path in (unclear.nearest or "") for path in paths)
    with Monitor(engine, site("K1", "K2", powered_work=True)) as monitor:
        monitor.restore(kept)
        assert told(feed(monitor, "methane", "0.2", 1, record=paths[1])) == [("closed", None)]


def test_a_rule_that_comes_to_be_violated_while_the_warning_is_open(engine: Engine, monitor: Monitor) -> None:
    """Article 5 (2): the reaction comes after the reading."""
    assert told(feed(monitor, "methane", "1.2", 0)) == [("opened", "undetermined")]
    kept = json.loads(json.dumps(monitor.snapshot()))
    heard = feed(monitor, "powered_work", True, 1)
    assert [w.suspect(id="Y", by="张三").grade for w in heard.warnings] == ["major"]
    assert [(w.event, w.outcome) for w in heard.warnings] == [("violated", "violated")]
    # Once is enough.
    assert told(feed(monitor, "methane", "1.3", 2)) == []
    assert told(feed(monitor, "powered_work", False, 3)) == told(feed(monitor, "powered_work", True, 4)) == []
    assert told(feed(monitor, "methane", "0.3", 5)) == [("closed", None)]
    assert told(feed(monitor, "methane", "1.2", 6)) == [("opened", "violated")]
    with Monitor(engine, site("K1")) as other:
        other.restore(kept)
        assert [w.event for w in feed(other, "powered_work", True, 1).warnings] == ["violated"]


def test_work_that_begins_after_the_opening(monitor: Monitor) -> None:
    feed(monitor, "powered_work", False, 0)
    assert told(feed(monitor, "methane", "1.2", 1)) == [("opened", "compliant")]
    assert told(feed(monitor, "powered_work", True, 2)) == [("violated", "violated")]


def test_a_marked_reading_alone_proves_no_violation(engine: Engine) -> None:
    with Monitor(engine, site("K1", powered_work=True)) as monitor:
        assert told(feed(monitor, "methane", "0.2", 0)) == []
        assert told(feed(monitor, "methane", "1.2", 1, mark="test")) == [("opened", "undetermined")]
        assert told(feed(monitor, "methane", "1.2", 2)) == [("violated", "violated")]


def test_a_suspicion_is_confirmed_or_refuted_by_a_named_person_with_reason(monitor: Monitor) -> None:
    (opened,) = feed(monitor, "methane", "1.2", 0).warnings
    hazard, _ = register(opened.suspect(id="Y", by="张三"))
    assert hazard.state is State.SUSPECTED
    at = datetime.fromisoformat(moment(3600 * SECOND))
    confirmed, _ = apply(hazard, Confirm(at=at, by="李四", reason="现场核实"))
    refuted, _ = apply(hazard, Refute(at=at, by="李四", reason="仪表校验"))
    assert (confirmed.state, refuted.state) == (State.REGISTERED, State.REFUTED)
    for nobody in (Confirm(at=at, by=" ", reason="现场核实"), Refute(at=at, by="李四", reason=" ")):
        with pytest.raises(DualprevError) as refused:
            apply(hazard, nobody)
        assert refused.value.code == "control.blank"


@pytest.mark.parametrize("blank", [{"id": "", "by": "张三"}, {"id": "Y", "by": " "}, {"id": "", "by": ""}])
def test_a_suspicion_has_an_id_and_a_name(monitor: Monitor, blank: dict[str, str]) -> None:
    (opened,) = feed(monitor, "methane", "1.2", 0).warnings
    with pytest.raises(DualprevError) as refused:
        opened.suspect(**blank)
    assert refused.value.code == "control.blank"


def test_places_without_end_are_refused(monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_UNNAMED <= 1_000
    monkeypatch.setattr("dualprev_rules.control.monitor_site.MOST_UNNAMED", 3)
    found = [codes(feed(monitor, "methane", "0.2", 0, record=f"coal_place[X{n}]")) for n in range(5)]
    assert found == [["control.reading-record"]] * 3 + [["control.reading-places"]] * 2
    assert codes(feed(monitor, "methane", "0.2", 0)) == []


def test_a_place_that_holds_nothing_gives_back_its_rule_set() -> None:
    memory, pair = DurableMemory(), Pair(30)
    for number in range(50):
        place = str(number)
        memory.remember(pair, place, 1, 100)
        assert not memory.match(pair, place, 129)
        memory.forget(pair, place, 1, 100)
        assert not memory.match(pair, place, 130)
    assert memory.places == 1
    memory.close()
