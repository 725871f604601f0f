"""The audit trail tells what was done to it, and leads back to the record."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from dualprev_rules import DualprevError
from dualprev_rules.control import AuditRecord, Find, apply, read_event, register, replay, verify, write_event
from tests.control.build import whole_way


def trail() -> list[AuditRecord]:
    """Return the trail of a major hidden hazard, as it comes back from storage."""
    first, *later = whole_way()
    assert isinstance(first, Find)
    hazard, made = register(first)
    found = [made]
    for event in later:
        hazard, made = apply(hazard, event)
        found.append(made)
    assert hazard.head == found[-1].hash
    return [AuditRecord.from_json(json.loads(json.dumps(each.to_json()))) for each in found]


def codes(records: list[AuditRecord], head: str | None = None) -> set[str]:
    """Return what is wrong with a trail."""
    return {each.code for each in verify(records, head)}


def test_a_whole_trail_is_accepted_and_leads_to_the_record() -> None:
    records = trail()
    assert codes(records, records[-1].hash) == set()
    again = replay(records)
    assert (again.state, again.head, again.steps) == ("closed_off", records[-1].hash, 10)


@pytest.mark.parametrize("at", range(10))
def test_one_altered_record_shows(at: int) -> None:
    records = trail()
    records[at] = replace(records[at], event={**records[at].event, "by": "另一人"})
    assert codes(records) == {"control.altered"}
    with pytest.raises(DualprevError):
        replay(records)


@pytest.mark.parametrize("at", range(9))
def test_a_removed_record_shows(at: int) -> None:
    records = trail()
    del records[at]
    assert "control.broken-chain" in codes(records)


def test_a_removed_end_shows_where_the_head_is_kept() -> None:
    records = trail()
    head = records[-1].hash
    assert codes(records[:-1]) == set()
    assert codes(records[:-1], head) == {"control.cut-off"}


def test_records_that_change_places_show() -> None:
    records = trail()
    records[2], records[3] = records[3], records[2]
    assert codes(records) == {"control.broken-chain"}


def test_events_come_back_as_they_were() -> None:
    for event in whole_way():
        assert read_event(json.loads(json.dumps(write_event(event)))) == event


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"event": "asign"}, "control.unknown-event"),
        ({"deadline": 20261201}, "control.field-wrong"),
        ({"stopped": "yes"}, "control.field-wrong"),
        ({"deadlin": "2026-12-01"}, "control.field-unknown"),
        ({"plan": {"aims": "x"}}, "control.field-missing"),
        ({"at": "昨天"}, "control.field-wrong"),
    ],
)
def test_a_wrong_event_is_said_by_its_field(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(DualprevError) as caught:
        read_event({**write_event(whole_way()[1]), **changed})
    assert code in {each.code for each in caught.value.problems}


def test_no_trail_is_no_record() -> None:
    for records in ([], trail()[1:]):
        with pytest.raises(DualprevError):
            replay(records)
