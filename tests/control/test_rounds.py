"""Rounds: at which records, by whom, on which days; what is done, due and missed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dualprev_rules.control import Answer
from dualprev_rules.control.rounds import Duty, Round, current, rounds, unwatched
from dualprev_rules.control.who import find_inspector
from dualprev_rules.problems import DualprevError
from dualprev_rules.report.inspection import duties_of
from dualprev_rules.risk.level import ControlLevel
from tests.control.depot_site import DAY, ENGINE, NORTH, SOUTH, answer, at, site


def duties(facts: dict[str, Any] | None = None) -> list[Duty]:
    return duties_of(ENGINE.assess(facts or site()))


def duty(checklist: str, record: str, facts: dict[str, Any] | None = None) -> Duty:
    return next(d for d in duties(facts) if (d.checklist.id, d.record.path) == (checklist, record))


def looked(record: str, fact: str | None, item: str, time: str) -> Answer:
    return answer(record, fact, item=item, at=at(time))


def planned(of: Duty, *answers: Answer, days: int = 3, today: date = DAY, first: date = DAY) -> list[Round]:
    return rounds([of], answers, first=first, until=first + timedelta(days=days), today=today)


def test_a_checklist_is_for_every_record_of_its_object() -> None:
    found = [(d.checklist.id, d.record.path) for d in duties()]
    assert found == [
        ("depot.daily", f"{SOUTH}.tanks[T1]"),
        ("depot.daily", f"{SOUTH}.tanks[T2]"),
        ("depot.weekly", SOUTH),
        ("depot.work", SOUTH),
        ("depot.work", NORTH),
    ]


def test_a_duty_has_its_post_owner_grade_and_what_it_looks_at() -> None:
    daily, weekly = duty("depot.daily", f"{SOUTH}.tanks[T1]"), duty("depot.weekly", SOUTH)
    assert (daily.posts, daily.owner, daily.level) == (("罐区巡检",), "乙", ControlLevel.POST)
    assert weekly.posts == ()
    assert weekly.grade is not None
    assert (weekly.grade.level, weekly.required) == (1, True)  # D = 10*10*15: all levels act on red
    assert weekly.targets == {
        "depot.weekly.1": ((SOUTH, "has_alarm"),),
        "depot.weekly.2": ((f"{SOUTH}.tanks[T1]", "seal"), (f"{SOUTH}.tanks[T2]", "seal")),
    }
    assert duty("depot.work", NORTH).grade is None  # no risk point was assessed in the north


def test_what_no_rule_asks_of_a_record_is_not_looked_at() -> None:
    # Three drums in the north: the rule that the alarm feeds does not apply, and no tank is there.
    assert [d.record.path for d in duties() if d.checklist.id == "depot.weekly"] == [SOUTH]
    facts = site()
    facts["enterprise"]["areas"][1]["units"][0]["drums"] = None
    assert list(duty("depot.weekly", NORTH, facts).targets) == ["depot.weekly.1"]


@pytest.mark.parametrize(("drums", "hours"), [(101, 7 * 24), (100, 30 * 24), (None, 7 * 24)])
def test_a_frequency_with_a_condition_is_the_shorter_one_while_it_is_open(
    drums: int | None, hours: int
) -> None:
    facts = site()
    facts["enterprise"]["areas"][0]["units"][0]["drums"] = drums
    interval = duty("depot.weekly", SOUTH, facts).interval
    assert interval is not None
    assert interval.hours == hours


def test_each_time_has_no_days() -> None:
    assert duty("depot.work", SOUTH).interval is None
    assert planned(duty("depot.work", SOUTH)) == []


def test_a_round_is_done_missed_due_or_planned() -> None:
    tank = f"{SOUTH}.tanks[T1]"
    daily = duty("depot.daily", tank)
    done = looked(tank, "seal", "depot.daily.1", "2026-11-20T23:59:00")
    found = planned(daily, done, days=4, first=date(2026, 11, 19))
    assert [(r.begins.day, r.status) for r in found] == [
        (19, "missed"),
        (20, "done"),
        (21, "due"),
        (22, "planned"),
    ]


def test_what_was_not_checked_or_has_no_time_does_no_round() -> None:
    tank = f"{SOUTH}.tanks[T1]"
    daily = duty("depot.daily", tank)
    for other in ({"looked": "not_checked"}, {"at": None}, {"item": "depot.weekly.2"}):
        said = answer(tank, "seal", **({"item": "depot.daily.1"} | other))
        assert planned(daily, said, days=1)[0].status == "due"


def test_a_round_is_done_when_all_of_it_was_looked_at() -> None:
    weekly = duty("depot.weekly", SOUTH)
    said = [
        looked(SOUTH, "has_alarm", "depot.weekly.1", "2026-11-21T09:00:00"),
        looked(f"{SOUTH}.tanks[T1]", "seal", "depot.weekly.2", "2026-11-22T09:00:00"),
    ]
    part = planned(weekly, *said, days=7)[0]
    assert (part.status, part.answered, part.of) == ("due", 1, 2)
    last = looked(f"{SOUTH}.tanks[T2]", "seal", "depot.weekly.2", "2026-11-27T09:00:00")
    assert planned(weekly, *said, last, days=7)[0].status == "done"


def test_days_are_counted_from_the_first_and_no_more_than_a_year() -> None:
    weekly = duty("depot.weekly", SOUTH)
    assert [r.begins.day for r in planned(weekly, days=15)] == [21, 28, 5]
    for days in (0, -1, 367):
        with pytest.raises(DualprevError, match=r"control\.window"):
            planned(weekly, days=days)


@pytest.mark.parametrize(
    ("last", "status"), [(None, "due"), ("2026-11-14", "due"), ("2026-11-15", None), ("2026-11-06", "missed")]
)
def test_today_is_due_what_was_last_done_an_interval_ago_or_never(
    last: str | None, status: str | None
) -> None:
    weekly = duty("depot.weekly", SOUTH)
    said = [
        looked(record, fact, item, f"{last}T09:00:00")
        for item, targets in weekly.targets.items()
        for record, fact in targets
        if last is not None
    ]
    assert [r.status for r in current([weekly], said, DAY)] == ([] if status is None else [status])
    # One look that is missing, and it was never done as a whole.
    assert [r.status for r in current([weekly], said[1:], DAY)] == ["due"]


def test_a_grade_asks_for_levels_that_have_no_checklist() -> None:
    result = ENGINE.assess(site())
    found = unwatched(duties_of(result), result.place, result.profile)
    acting = result.profile.acting(found[0][1])
    assert ControlLevel.COMPANY in acting
    assert {(place.short, level) for place, _, level in found} == {
        ("unit[U2]", level) for level in acting if level not in (ControlLevel.POST, ControlLevel.WORKSHOP)
    }


@pytest.mark.parametrize("name", ["岗位", "岗位级", "post", "Post"])
def test_a_level_is_known_by_its_names(name: str) -> None:
    found = find_inspector(name, ENGINE.read(site()))
    assert (found.level, found.within) == (ControlLevel.POST, None)


@pytest.mark.parametrize("name", ["P1", "罐区巡检", "post[P1]", f"{SOUTH}.posts[P1]"])
def test_a_post_looks_after_what_lists_it(name: str) -> None:
    facts = ENGINE.read(site())
    found = find_inspector(name, facts)
    seen = {r.path for r in facts.records() if found.sees(r) and not r.phantom}
    assert found.level is ControlLevel.POST
    assert f"{SOUTH}.tanks[T1]" in seen
    assert SOUTH in seen
    assert NORTH not in seen


def test_a_post_that_there_is_not_or_twice_is_refused() -> None:
    facts = site()
    with pytest.raises(DualprevError, match="罐区巡检"):
        find_inspector("灌区巡检", ENGINE.read(facts))
    facts["enterprise"]["areas"][1]["units"][0]["posts"] = [{"id": "P9", "name": "罐区巡检"}]
    with pytest.raises(DualprevError, match=r"control\.unknown-post"):
        find_inspector("罐区巡检", ENGINE.read(facts))
