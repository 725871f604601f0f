"""What is due on a day, and who must know."""

from __future__ import annotations

from datetime import date, timedelta

from dualprev_rules.control import Defer, Escalation, RecurrencePolicy, due, recurring
from dualprev_rules.risk import ControlLevel
from tests.control.build import START, assign, at, close, find, rectify, review, run, whole_way

LADDER = (Escalation(1, ControlLevel.WORKSHOP), Escalation(7, ControlLevel.COMPANY))
DEADLINE = date(2026, 12, 1)


def test_the_last_day_is_in_time() -> None:
    hazard = run(find(), assign())
    assert [each.what for each in due(hazard, DEADLINE, LADDER)] == ["rectify"]
    late, _ = due(hazard, DEADLINE + timedelta(days=1), LADDER)
    assert (late.what, late.days, late.level) == ("overdue", 1, ControlLevel.WORKSHOP)


def test_it_escalates_to_the_highest_level_reached() -> None:
    hazard = run(find(), assign())
    levels = [due(hazard, DEADLINE + timedelta(days=days), LADDER)[0].level for days in (6, 7, 70)]
    assert levels == [ControlLevel.WORKSHOP, ControlLevel.COMPANY, ControlLevel.COMPANY]


def test_a_review_that_nobody_makes_is_late_after_the_deadline() -> None:
    hazard = run(find(), assign(), rectify())
    assert [each.what for each in due(hazard, DEADLINE)] == ["review"]
    late, _ = due(hazard, DEADLINE + timedelta(days=7), LADDER)
    assert (late.what, late.days, late.level) == ("review_overdue", 7, ControlLevel.COMPANY)
    on_the_spot = run(find(evidence=("前.jpg",)), rectify())
    assert [each.what for each in due(on_the_spot, START.date())] == ["review"]
    assert due(on_the_spot, START.date() + timedelta(days=3))[0].what == "review_overdue"


def test_what_is_closed_off_waits_for_nothing() -> None:
    assert due(run(find(), rectify(), review(), close()), date(2027, 1, 1)) == ()


def test_an_expired_deferral_is_late_from_the_next_day() -> None:
    hazard = run(find(), Defer(at=at(1), by="王", expires=DEADLINE, reason="检修", approver="总经理"))
    assert [each.what for each in due(hazard, DEADLINE)] == ["assign"]
    assert due(hazard, DEADLINE + timedelta(days=1))[0].what == "deferral_expired"


def test_a_major_one_is_to_be_reported_twice() -> None:
    hazard = run(*whole_way()[:1])
    assert [each.what for each in due(hazard, START.date())] == ["report", "report", "assign"]
    assert due(run(*whole_way()), START.date()) == ()


def test_what_recurs() -> None:
    policy = RecurrencePolicy(repeated=3, systemic=2, days=90)
    history = [
        run(find(id=f"{unit}-{day}", unit=unit, at=START - timedelta(days=day)))
        for unit, day in (("U1", 0), ("U1", 10), ("U1", 89), ("U1", 90), ("U2", 5))
    ]
    systemic, repeated = recurring(history, START.date(), policy)
    assert (systemic.kind, systemic.units) == ("systemic", ("U1", "U2"))
    assert (repeated.kind, repeated.hazards) == ("repeated", ("U1-89", "U1-10", "U1-0"))
    # The ninetieth day back is the last of the window; without the third one nothing is repeated.
    assert [each.kind for each in recurring(history[:2] + history[3:], START.date(), policy)] == ["systemic"]


def test_other_causes_other_rules_and_refuted_ones_are_not_the_same() -> None:
    policy = RecurrencePolicy(repeated=2, systemic=2, days=90)
    mixed = [
        run(find(id="a", cause="person")),
        run(find(id="b", cause="thing")),
        run(find(id="c", rule="y.1")),
    ]
    assert recurring(mixed, START.date(), policy) == ()
    others = [run(find(id="a", rule=None)), run(find(id="b", rule=None, title="护栏松动"))]
    assert recurring(others, START.date(), policy) == ()


def test_what_a_person_found_comes_back_by_its_title_and_a_blank_cause_hides_nothing() -> None:
    policy = RecurrencePolicy(repeated=2, systemic=2, days=90)
    by_hand = [run(find(id="a", rule=None)), run(find(id="b", rule=None, title="切断阀 失效"))]
    (repeated,) = recurring(by_hand, START.date(), policy)
    assert (repeated.kind, repeated.rule, repeated.hazards) == ("repeated", "切断阀失效", ("a", "b"))
    blank = [run(find(id="a", cause="thing")), run(find(id="b"))]
    assert [each.hazards for each in recurring(blank, START.date(), policy)] == [("a", "b")]
