"""What is due on a day, and who must know."""

from __future__ import annotations

from datetime import date, timedelta

from dualprev_rules.control import Confirm, Defer, Escalation, RecurrencePolicy, due, recurring, undated
from dualprev_rules.report.due_words import deadline_words
from dualprev_rules.risk import ControlLevel
from dualprev_rules.risk.deadlines import Deadlines
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
    late = due(hazard, DEADLINE + timedelta(days=1))
    assert [(each.what, each.days) for each in late] == [("deferral_expired", 1), ("assign", 1)]


def test_a_major_one_is_to_be_reported_twice() -> None:
    hazard = run(*whole_way()[:1])
    assert [each.what for each in due(hazard, START.date())] == ["report", "report", "assign"]
    assert due(run(*whole_way()), START.date()) == ()


DAYS = Deadlines(
    {
        ("general", "assign"): 3,
        ("general", "close_off"): 2,
        ("general", "review"): 5,
        ("major", "assign"): 7,
        ("major", "confirm"): 1,
        ("major", "report"): 0,
    }
)


def test_whoever_leaves_it_lying_is_late_by_the_days_of_the_profile() -> None:
    day = START.date()
    suspected = run(find(grade="major", suspected=True))
    registered = run(find(grade="major", suspected=True), Confirm(at=at(48), by="李四", reason="属实"))
    accepted = run(find(), rectify(), review())
    for hazard, what, last in (
        (suspected, ["confirm"], day + timedelta(days=1)),
        # What was confirmed on the 23rd is to be reported that day, and assigned seven days later.
        (registered, ["report", "report"], day + timedelta(days=2)),
        (run(find()), ["assign"], day + timedelta(days=3)),
        (accepted, ["close_off"], day + timedelta(days=2)),
    ):
        assert [each for each in due(hazard, last, LADDER, DAYS) if each.days] == []
        late = [each for each in due(hazard, last + timedelta(days=1), LADDER, DAYS) if each.days]
        assert [each.what for each in late] == what
        assert {(each.days, each.level) for each in late} == {(1, ControlLevel.WORKSHOP)}
    assert [each.what for each in due(registered, day + timedelta(days=10), LADDER, DAYS)] == [
        "report",
        "report",
        "assign",
    ]
    assert all(each.days for each in due(registered, day + timedelta(days=10), LADDER, DAYS))


def test_a_stated_time_for_the_review_counts_from_the_treatment() -> None:
    hazard = run(find(evidence=("前.jpg",)), rectify())
    assert [each.what for each in due(hazard, START.date() + timedelta(days=5), (), DAYS)] == ["review"]
    assert due(hazard, START.date() + timedelta(days=6), (), DAYS)[0].what == "review_overdue"


def test_a_review_that_is_not_passed_leaves_it_waiting_and_not_forgotten() -> None:
    back = run(find(evidence=("前.jpg",)), rectify(), review(passed=False))
    assert [(e.what, e.days) for e in due(back, START.date() + timedelta(days=9), (), DAYS)] == [
        ("assign", 6)
    ]


def test_what_waits_without_a_deadline_is_pointed_at_the_oldest_first() -> None:
    day = START.date() + timedelta(days=30)
    held = [
        run(find(id="new", at=START + timedelta(days=20))),
        run(find(id="old", grade="major", suspected=True)),
        run(find(id="dated"), assign()),
        run(find(id="done"), rectify(), review(at=at(240))),
    ]
    waiting = undated(each for hazard in held for each in due(hazard, day))
    assert [(each.hazard, each.what, each.waited) for each in waiting] == [
        ("old", "confirm", 30),
        ("done", "close_off", 20),
        ("new", "assign", 10),
    ]
    assert [each.days for each in waiting] == [0, 0, 0]
    assert undated(each for hazard in held for each in due(hazard, day, (), DAYS)) == ()


def test_a_deferral_is_a_date() -> None:
    hazard = run(find(), Defer(at=at(1), by="王", expires=DEADLINE, reason="检修", approver="总经理"))
    assert undated(due(hazard, DEADLINE)) == ()


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


def test_a_deferral_is_shown_with_its_approver() -> None:
    hazard = run(find(), Defer(at=at(1), by="王", expires=DEADLINE, reason="检修", approver="总经理"))
    assert deadline_words(hazard).zh == "暂缓至 2026-12-01（批准：总经理）"


def test_treating_in_vain_gains_no_time() -> None:
    days = Deadlines({("general", "assign"): 3, ("general", "review"): 2})
    hazard = run(
        find(), rectify(), review(passed=False), rectify(at=at(100)), review(at=at(101), passed=False)
    )
    late = due(hazard, START.date() + timedelta(days=18), deadlines=days)
    assert [(each.what, each.since, each.days, each.waited) for each in late] == [
        ("assign", START.date() + timedelta(days=3), 15, 18)
    ]
    # A review has its own days each time: it waits for what has just been done again.
    again = run(find(), rectify(), review(passed=False), rectify(at=at(100)))
    done = at(100).date()
    assert [each.since for each in due(again, done, deadlines=days)] == [done + timedelta(days=2)]


def test_what_was_assigned_and_sent_back_waits_since_it_was_assigned() -> None:
    hazard = run(find(), assign(), rectify(at=at(50)), review(at=at(60), passed=False))
    assert [each.waited for each in due(hazard, START.date() + timedelta(days=5))] == [5]
