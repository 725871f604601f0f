"""The ledger: events as JSON in, records out, and nothing altered goes unnoticed."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from dualprev_rules.control import Ledger, read_ledger
from dualprev_rules.problems import DualprevError

FIND: dict[str, Any] = {
    "event": "find",
    "at": "2026-11-21T08:00:00+08:00",
    "by": "张三",
    "id": "YH-1",
    "title": "密封破损",
    "grade": "general",
    "evidence": ["前.jpg"],
}


def happened(hazard: str, event: str, hour: int, **rest: Any) -> dict[str, Any]:
    return {"hazard": hazard, "event": event, "at": f"2026-11-21T{hour:02}:00:00+08:00"} | rest


def ledger() -> Ledger:
    held = Ledger().record(FIND).record(FIND | {"id": "YH-2", "title": "标志不清"})
    held = held.record(happened("YH-1", "rectify", 9, by="李四", what="换密封", evidence=["后.jpg"]))
    held = held.record(happened("YH-1", "review", 10, by="王五", passed=True))
    return held.record(happened("YH-1", "close_off", 11, by="安全科"))


def stored(held: Ledger) -> list[dict[str, Any]]:
    return [json.loads(json.dumps(record.to_json(), ensure_ascii=False)) for record in held.records]


def test_a_ledger_is_its_records() -> None:
    held = ledger()
    assert [h.id for h in held.unfinished] == ["YH-2"]
    assert read_ledger(stored(held)) == held


def test_an_event_of_no_hazard_or_a_number_used_before_is_refused() -> None:
    for event, code in (
        (FIND, "control.found-already"),
        (happened("YH-3", "confirm", 12, by="甲", reason="看过"), "control.no-hazard"),
        ({**FIND, "id": "YH-9", "colour": "red"}, "control.field-unknown"),
        ({**FIND, "id": "YH-9", "found_in": "班前检查"}, "control.field-not-one-of"),
        (happened("YH-1", "rectify", 12, by="甲", what="再来", evidence=["x"]), "control.not-now"),
    ):
        with pytest.raises(DualprevError) as refused:
            ledger().record(event)
        assert refused.value.code == code


@pytest.mark.parametrize("gone", [0, 2, 3])
def test_a_record_that_is_gone_shows(gone: int) -> None:
    records = stored(ledger())
    del records[gone]
    with pytest.raises(DualprevError, match=r"control\.broken-chain"):
        read_ledger(records)


@pytest.mark.parametrize("gone", [{"YH-1"}, {"YH-2"}])
def test_a_whole_hazard_that_is_gone_shows(gone: set[str]) -> None:
    held = ledger().record(FIND | {"id": "YH-3"})
    assert read_ledger(held.to_json(), held.head) == held
    left = [each for each in held.to_json() if each["hazard"] not in gone]
    with pytest.raises(DualprevError, match=r"control\.ledger-broken"):
        read_ledger(left)
    with pytest.raises(DualprevError, match=r"control\.ledger-cut"):
        read_ledger([{k: v for k, v in each.items() if k != "link"} for each in left], held.head)


def test_a_ledger_that_cannot_be_shown_to_be_whole_says_so() -> None:
    held = ledger()
    whole = read_ledger(held.to_json(), held.head)
    assert (whole.doubts, Ledger().doubts, read_ledger([]).doubts) == ((), (), ())
    bare = [{name: part for name, part in each.items() if name != "link"} for each in held.to_json()]
    for records, head, codes in (
        (held.to_json(), None, ["control.ledger-headless"]),
        (bare, held.head, ["control.ledger-unlinked"]),
        (bare, None, ["control.ledger-unlinked", "control.ledger-headless"]),
    ):
        doubtful = read_ledger(records, head)
        assert [doubt.code for doubt in doubtful.doubts] == codes
        # It stays doubtful, whatever happens next and on whatever day one looks.
        later = doubtful.record(FIND | {"id": "YH-9"}).as_of(date(2026, 11, 30))
        assert later.doubts == doubtful.doubts


@pytest.mark.parametrize("kept", [0, 1, 4])
def test_an_end_that_is_gone_shows_by_the_head(kept: int) -> None:
    held = ledger()
    with pytest.raises(DualprevError, match=r"control\.ledger-cut"):
        read_ledger(held.to_json()[:kept], held.head)


def test_what_came_after_a_head_is_no_fault() -> None:
    held = ledger()
    later = held.record(FIND | {"id": "YH-3"})
    assert read_ledger(later.to_json(), held.head) == later
    assert Ledger().head == ""


def test_a_link_that_is_left_out_or_moved_shows() -> None:
    lines = ledger().to_json()
    for broken in ([{**lines[0], "link": ""}, *lines[1:]], [lines[1], lines[0], *lines[2:]]):
        with pytest.raises(DualprevError, match=r"control\.ledger-broken"):
            read_ledger(broken)


def test_one_altered_character_shows() -> None:
    records = stored(ledger())
    records[0]["event"]["title"] = "密封完好"
    with pytest.raises(DualprevError, match=r"control\.altered"):
        read_ledger(records)


def test_a_value_that_is_none_of_the_known_ones_is_answered_with_them() -> None:
    with pytest.raises(DualprevError) as caught:
        Ledger().record({**FIND, "cause": "天气"})
    assert [fault.nearest for fault in caught.value.problems] == ["person, thing, management"]
