"""What may happen to a hidden hazard, and what may not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, get_args

import pytest

from dualprev_rules import DualprevError
from dualprev_rules.control import (
    ApplyForReview,
    AuditRecord,
    Confirm,
    Defer,
    Escalation,
    Evaluate,
    Event,
    Extend,
    ExtendListing,
    LiftListing,
    OpenListing,
    Plan,
    Refute,
    Regrade,
    Report,
    Resume,
    State,
    Treatment,
    apply,
    due,
    register,
    replay,
    verify,
)
from dualprev_rules.control.events import LevelName
from dualprev_rules.risk import ControlLevel
from dualprev_rules.risk.deadlines import Deadlines
from tests.control.build import PAPER, PLAN, START, assign, at, close, find, rectify, review, run, whole_way

MAJOR = find(grade="major")
SUSPECTED = find(grade="major", suspected=True)
EMPTY = replace(PAPER, authority=" ", number="\u200b")
AHEAD = replace(PAPER, dated=date(2026, 11, 22))
EVALUATED = Evaluate(at=at(3), by="评价机构", passed=True)


def defer(**changed: Any) -> Defer:
    """Return a deferral for the reason that a spare part is wanting."""
    whole = Defer(at=at(1), by="王", expires=date(2027, 1, 1), reason="待备件", approver="总经理")
    return replace(whole, **changed)


def extend(**changed: Any) -> Extend:
    """Return an extension without a document."""
    return replace(
        Extend(at=at(2), by="王", to=date(2027, 1, 1), reason="待备件", approver="陈总", role="总经理"),
        **changed,
    )


def regrade(**changed: Any) -> Regrade:
    """Return a regrading to general without a document."""
    return replace(Regrade(at=at(1), by="王", to="general", reason="误判"), **changed)


def list_(**changed: Any) -> OpenListing:
    """Return the opening of a supervised listing."""
    return replace(OpenListing(at=at(1), by="局", document=PAPER, until=date(2027, 1, 1)), **changed)


def refused(*events: Event) -> set[str]:
    """Return the codes for which the last event is refused."""
    *before, last = events
    hazard = run(*before)
    with pytest.raises(DualprevError) as caught:
        apply(hazard, last)
    return {each.code for each in caught.value.problems}


def test_on_the_spot() -> None:
    hazard = run(find(), rectify(), review(), close())
    assert (hazard.state, hazard.treatment) == (State.CLOSED_OFF, Treatment.ON_THE_SPOT)
    assert (hazard.state.term.exchange, hazard.treatment.term.exchange) == ("9", "0")


def test_planned() -> None:
    states = [run(find(), assign(), rectify(), review(), close()).state]
    assert states == [State.CLOSED_OFF]
    assert run(find(), assign()).state.term.exchange == "0"
    assert run(find(), assign(), rectify()).state.term.exchange == "1"
    assert run(find(), assign(), rectify(), review()).state.term.exchange == "9"


def test_a_review_that_is_not_passed_returns_it() -> None:
    back = run(find(), assign(), rectify(), review(passed=False))
    assert (back.state, back.rectified) == (State.RECTIFYING, None)
    assert run(find(), rectify(), review(passed=False)).state is State.REGISTERED
    assert refused(find(), assign(), rectify(), review(passed=False), close()) == {"control.not-now"}


def test_a_major_one_goes_the_whole_way() -> None:
    assert run(*whole_way()).state is State.CLOSED_OFF


@pytest.mark.parametrize("left_out", range(1, 9))
def test_no_step_of_a_major_one_can_be_left_out(left_out: int) -> None:
    events = whole_way()
    del events[left_out]
    with pytest.raises(DualprevError):
        run(*events)


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ((MAJOR, rectify()), "control.major-unplanned"),
        ((MAJOR, assign(plan=None)), "control.no-plan"),
        ((MAJOR, assign(interim=" ")), "control.no-interim"),
        ((MAJOR, assign(plan=replace(PLAN, means=""))), "control.blank"),
        ((find(), assign(funds="")), "control.blank"),
        ((find(), assign(deadline=date(2026, 11, 20))), "control.deadline-past"),
        ((find(), assign(), assign(at=at(2), deadline=date(2026, 12, 2))), "control.deadline-moved"),
        ((find(evidence=()), rectify()), "control.no-evidence-before"),
        ((find(), rectify(evidence=())), "control.no-evidence"),
        ((find(), rectify(), review(by="李四")), "control.same-person"),
        ((find(), assign(responsible="赵六"), rectify(), review(by=" 赵六")), "control.same-person"),
        ((find(), rectify(), review(at=at(1))), "control.out-of-order"),
        ((find(), rectify(at=datetime(2026, 11, 21, 9))), "control.no-time-zone"),  # noqa: DTZ001
        ((find(), rectify(by="")), "control.blank"),
        ((find(), defer(expires=START.date())), "control.deadline-past"),
        ((MAJOR, defer()), "control.no-deferral"),
        (
            (find(prohibited=True), defer()),
            "control.no-deferral",
        ),
        ((MAJOR, assign(), extend()), "control.extension-undocumented"),
        ((find(), assign(), extend(to=date(2026, 12, 1))), "control.no-extension"),
        ((MAJOR, Regrade(at=at(1), by="王", to="general", reason="误判")), "control.regrade-undocumented"),
        ((MAJOR, Regrade(at=at(1), by="王", to="major", reason="误判")), "control.same-grade"),
        ((find(), Report(at=at(1), by="王", to="regulator")), "control.major-only"),
        ((find(), list_()), "control.major-only"),
        ((MAJOR, LiftListing(at=at(1), by="局", document=PAPER)), "control.not-listed"),
        ((MAJOR, assign(), rectify(), ApplyForReview(at=at(3), by="王")), "control.not-evaluated"),
        ((MAJOR, assign(), rectify(), Evaluate(at=at(3), by="李四", passed=True)), "control.same-person"),
        ((MAJOR, assign(), rectify(), EVALUATED, review()), "control.not-applied"),
        ((find(), rectify(), review(), Resume(at=at(6), by="王", document=PAPER)), "control.not-stopped"),
        ((find(), Confirm(at=at(1), by="王", reason="属实")), "control.not-now"),
        ((find(suspected=True), assign()), "control.not-now"),
        ((find(suspected=True), Refute(at=at(1), by="王", reason="")), "control.blank"),
        ((find(suspected=True), Refute(at=at(1), by="王", reason="误报"), assign()), "control.not-now"),
        ((MAJOR, regrade(document=EMPTY)), "control.blank"),
        ((MAJOR, regrade(document=AHEAD)), "control.document-ahead"),
        ((MAJOR, assign(), extend(document=EMPTY)), "control.blank"),
        ((MAJOR, assign(), extend(document=AHEAD)), "control.document-ahead"),
        ((MAJOR, list_(document=AHEAD)), "control.document-ahead"),
        ((MAJOR, replace(whole_way()[2], document=EMPTY)), "control.blank"),
        ((find(), rectify(evidence=("", "\u200b"))), "control.no-evidence"),
        ((find(evidence=("",)), rectify(before=(" ",))), "control.no-evidence-before"),
        ((find(), rectify(by="\u200b")), "control.blank"),
        ((find(), rectify(), review(by="李 四")), "control.same-person"),
        ((find(), rectify(), review(by="李\u200b四")), "control.same-person"),
        ((find(), rectify(by="Li Si"), review(by="ｌｉ　ＳＩ")), "control.same-person"),
        ((find(), rectify(), review(by="李四（班长）")), "control.same-person"),
        ((SUSPECTED, Refute(at=at(1), by="张 三", reason="误报")), "control.own-finding"),
    ],
)
def test_what_is_refused(events: tuple[Event, ...], code: str) -> None:
    assert code in refused(*events)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    empty = Plan(aims="", methods="", means="", people="", timing="", precautions="")
    hazard = run(MAJOR)
    with pytest.raises(DualprevError) as caught:
        apply(hazard, assign(funds="", plan=empty, interim=""))
    paths = [each.path for each in caught.value.problems if each.code == "control.blank"]
    items = ("aims", "methods", "means", "people", "timing", "precautions")
    assert paths == ["assign.funds", *(f"plan.{item}" for item in items)]
    assert "control.no-interim" in {each.code for each in caught.value.problems}
    assert "没有治理方案" not in caught.value.show("zh")


def test_a_suspected_one_is_confirmed_or_refuted_and_stays() -> None:
    suspected = find(suspected=True)
    assert run(suspected, Confirm(at=at(1), by="王", reason="现场核实")).state is State.REGISTERED
    assert run(suspected, Refute(at=at(1), by="王", reason="仪表校验")).state is State.REFUTED


def test_another_person_refutes_and_namesakes_review() -> None:
    assert run(SUSPECTED, Refute(at=at(1), by="王", reason="仪表校验")).state is State.REFUTED
    own = Refute(at=at(1), by="张三", reason="误报")
    assert run(find(suspected=True), own).state is State.REFUTED
    namesake = run(find(), rectify(by="李四（设备部）"), review(by="李四(安全部)"))
    assert namesake.state is State.ACCEPTED


def test_a_grade_that_is_none_is_refused() -> None:
    with pytest.raises(DualprevError) as caught:
        register(find(grade="严重"))
    assert [(each.code, each.path) for each in caught.value.problems] == [
        ("control.field-not-one-of", "find.grade")
    ]
    assert "control.field-not-one-of" in refused(find(), regrade(to="严重"))


def test_a_document_of_the_day_and_one_of_two_pieces_of_evidence_are_enough() -> None:
    assert not run(MAJOR, regrade(document=PAPER)).major
    assert run(find(), rectify(evidence=("", "后.jpg"))).state is State.AWAITING_REVIEW


def test_a_general_one_that_becomes_major_is_planned_anew() -> None:
    worse: dict[str, Any] = {"by": "王", "to": "major", "reason": "扩大"}
    for before in ([find(), rectify()], [find(), assign()], [find(), assign(), rectify(), review()]):
        hazard = run(*before, Regrade(at=at(6), **worse))
        assert (hazard.state, hazard.assignment, hazard.rectified) == (State.REGISTERED, None, None)


def test_a_deferral_does_not_end_it_and_a_listing_holds_it_open() -> None:
    deferred = run(find(), defer())
    assert deferred.state is State.REGISTERED
    listed = list_(at=at(0.5))
    first, *rest = whole_way()
    assert refused(first, listed, *rest) == {"control.listed"}
    longer = ExtendListing(at=at(7), by="局", document=PAPER, until=date(2027, 1, 20))
    lifted = LiftListing(at=at(8), by="局", document=PAPER)
    hazard = run(first, listed, *rest[:-1], longer, lifted, rest[-1])
    assert hazard.state is State.CLOSED_OFF
    assert hazard.listing is not None
    assert hazard.listing.until == date(2027, 1, 20)


def test_a_listing_is_proposed_never_opened_by_the_library() -> None:
    hazard = run(MAJOR)
    assert (hazard.listing_proposed, hazard.listed) == (True, False)
    assert hazard.to_report_to == ("regulator", "workers_congress")
    assert not run(find()).listing_proposed
    assert not run(*whole_way()).listing_proposed


def test_a_listing_is_opened_by_an_authority_and_says_who_is_slack() -> None:
    nameless = list_(document=replace(PAPER, authority=" "))
    assert refused(MAJOR, nameless) == {"control.blank"}
    hazard = run(MAJOR, assign(), list_(at=at(2)))
    assert (hazard.listed, hazard.listing_proposed) == (True, False)
    assert hazard.listing is not None
    assert hazard.listing.opened == PAPER
    # Past its day it goes up to the highest level, with the person who answers for it.
    ladder = (Escalation(1, ControlLevel.WORKSHOP), Escalation(30, ControlLevel.COMPANY))
    late = due(hazard, hazard.listing.until + timedelta(days=30), ladder)
    assert ("listing_overdue", 30, ControlLevel.COMPANY) in [(e.what, e.days, e.level) for e in late]
    assert hazard.assignment is not None
    assert hazard.assignment.responsible == "李四"


def test_a_listing_runs_to_a_day_that_is_to_come_and_only_moves_on() -> None:
    assert refused(MAJOR, list_(at=at(1), until=date(2020, 1, 1))) == {"control.deadline-past"}
    listed = list_(at=at(1))
    sooner = ExtendListing(at=at(7), by="局", document=PAPER, until=listed.until - timedelta(days=1))
    assert refused(MAJOR, listed, sooner) == {"control.no-extension"}
    past = replace(sooner, until=date(2019, 1, 1))
    assert refused(MAJOR, listed, past) == {"control.deadline-past", "control.no-extension"}


def test_a_detour_over_the_major_grade_moves_no_deadline() -> None:
    up = Regrade(at=at(2), by="王", to="major", reason="升级")
    down = Regrade(at=at(3), by="王", to="general", reason="专家评估", document=PAPER)
    detour = (find(), assign(), up, down)
    assert run(*detour).deadline == assign().deadline
    later = assign(at=at(4), deadline=date(2028, 1, 1))
    assert refused(*detour, later) == {"control.deadline-moved"}
    # Nor does the plan of a major one: an authority's document does, and that holds when it is graded back.
    assert refused(find(), assign(), up, later) == {"control.deadline-moved"}
    longer = extend(at=at(2.5), to=date(2028, 1, 1))
    assert refused(find(), assign(), up, longer) == {"control.extension-undocumented"}
    allowed = (find(), assign(), up, replace(longer, document=PAPER), assign(at=at(2.7), deadline=longer.to))
    assert run(*allowed, down).deadline == date(2028, 1, 1)
    # What was never more than planned as a major one keeps the deadline of its plan.
    assert run(MAJOR, assign(), down).deadline == assign().deadline
    assert run(*detour, extend(at=at(4))).deadline == date(2027, 1, 1)
    assert refused(find(), extend()) == {"control.no-deadline"}


def test_an_extension_moves_the_deadline() -> None:
    longer = extend(document=PAPER)
    hazard = run(MAJOR, assign(), longer, replace(longer, to=date(2027, 2, 1)))
    assert hazard.deadline == date(2027, 2, 1)
    assert hazard.extended_from == assign().deadline
    assert [each.to for each in hazard.extensions] == [date(2027, 1, 1), date(2027, 2, 1)]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"approver": " "}, "control.blank"),
        ({"role": "。"}, "control.blank"),
        ({"reason": ""}, "control.blank"),
        # 李四 answers for the treatment.
        ({"approver": "班长李四"}, "control.own-approval"),
        ({"by": "总经理陈总"}, "control.own-extension"),
    ],
)
def test_an_extension_has_an_approver_above_who_answers_for_it(changed: dict[str, str], code: str) -> None:
    assert refused(find(), assign(), extend(**changed)) == {code}
    assert run(find(), assign(), extend()).deadline == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("answers", "approves", "code"),
    [
        ("team", "workshop", None),
        ("post", "company", None),
        ("team", "team", "control.approver-not-above"),
        ("workshop", "post", "control.approver-not-above"),
        ("company", "company", "control.approver-not-above"),
    ],
)
def test_the_approver_of_an_extension_stands_above_who_answers(
    answers: Any, approves: Any, code: str | None
) -> None:
    assigned, longer = assign(level=answers), extend(level=approves)
    if code is None:
        hazard = run(find(), assigned, longer)
        assert not [each for each in due(hazard, START.date()) if each.what == "approver"]
    else:
        assert refused(find(), assigned, longer) == {code}
        # An authority is above everybody in the enterprise.
        assert run(find(), assigned, replace(longer, document=PAPER)).deadline == longer.to


@pytest.mark.parametrize(("answers", "approves"), [(None, None), ("team", None), (None, "company")])
def test_an_approver_who_may_not_be_above_is_told_of(answers: Any, approves: Any) -> None:
    hazard = run(find(), assign(level=answers), extend(level=approves))
    told = [each for each in due(hazard, START.date() + timedelta(days=3)) if each.what == "approver"]
    assert [(each.since, each.waited) for each in told] == [(None, 3)]


def test_the_names_of_levels_are_those_of_the_levels_of_control() -> None:
    assert get_args(LevelName) == tuple(level.member for level in ControlLevel)


BOUND = Deadlines({("general", "rectify"): 10, ("major", "rectify"): 30})


def test_no_deadline_is_set_past_the_days_of_the_profile() -> None:
    hazard = run(find())
    last = START.date() + timedelta(days=10)
    kept, _ = apply(hazard, assign(deadline=last), BOUND)
    with pytest.raises(DualprevError) as caught:
        apply(hazard, assign(deadline=last + timedelta(days=1)), BOUND)
    assert caught.value.code == "control.deadline-beyond"
    assert "deadline_beyond" not in [each.what for each in due(kept, START.date(), deadlines=BOUND)]
    # What was recorded without the profile is told of, and assigning anew later gains nothing.
    far = run(find(), assign(deadline=date(2099, 12, 31)))
    again = run(find(), assign(deadline=date(2099, 12, 31)), assign(at=at(900), deadline=date(2099, 12, 31)))
    for each in (far, again):
        told = [
            found for found in due(each, START.date(), deadlines=BOUND) if found.what == "deadline_beyond"
        ]
        assert [(found.since, found.days) for found in told] == [(last, 0)]
        assert "deadline_beyond" not in [found.what for found in due(each, START.date())]


def test_an_approved_extension_goes_past_the_days_that_an_assignment_may_not() -> None:
    hazard = run(find(), assign(), extend(level="company"))
    assert "deadline_beyond" not in [each.what for each in due(hazard, START.date(), deadlines=BOUND)]


def test_no_deadline_is_set_past_a_supervised_listing() -> None:
    listed = list_(at=at(0.5), until=date(2026, 11, 30))
    assert refused(MAJOR, listed, assign(deadline=date(2026, 12, 1))) == {"control.deadline-beyond"}
    assert run(MAJOR, listed, assign(deadline=listed.until)).deadline == listed.until
    before = run(MAJOR, assign(), replace(listed, at=at(2)))
    assert "deadline_beyond" in [each.what for each in due(before, START.date())]


def test_a_trail_goes_on_from_the_hash_that_it_was_stored_with() -> None:
    hazard, first = register(find())
    assigned, second = apply(hazard, assign())
    older = {name: value for name, value in second.event.items() if name != "level"}
    content = json.dumps(
        ["YH-1", 2, older, first.hash], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    stored = AuditRecord("YH-1", 2, older, first.hash, sha256(content.encode()).hexdigest())
    held = replay([first, stored])
    assert replace(held, head=assigned.head) == assigned
    _, third = apply(held, rectify())
    assert verify([first, stored, third]) == ()


@pytest.mark.parametrize("approver", ["张三", "班长张三", "王记录"])
def test_neither_the_finder_nor_who_asks_for_it_approves_a_deferral(approver: str) -> None:
    assert refused(find(), defer(by="王记录", approver=approver)) == {"control.own-deferral"}


def test_who_answers_for_the_treatment_defers_it_not() -> None:
    assert refused(find(), assign(), defer(at=at(2), approver="李四")) == {"control.own-approval"}


def test_a_deferral_goes_no_further_than_a_deadline_may() -> None:
    last = START.date() + timedelta(days=10)
    apply(run(find()), defer(expires=last), BOUND)
    with pytest.raises(DualprevError) as caught:
        apply(run(find()), defer(expires=last + timedelta(days=1)), BOUND)
    assert caught.value.code == "control.deadline-beyond"
    # What was recorded without the profile is told of.
    parked = run(find(), defer(expires=date(2099, 1, 1)))
    told = [each for each in due(parked, START.date(), deadlines=BOUND) if each.what == "deadline_beyond"]
    assert [each.since for each in told] == [last]


@pytest.mark.parametrize("nothing", ["。", "无", "—", "\u3164", "n/a"])
def test_evidence_that_shows_nothing_is_none(nothing: str) -> None:
    assert refused(find(), rectify(evidence=(nothing,))) == {"control.no-evidence"}
    assert refused(find(evidence=(nothing,)), rectify()) == {"control.no-evidence-before"}


def test_a_refused_event_changes_nothing() -> None:
    hazard, _ = register(find())
    with pytest.raises(DualprevError):
        apply(hazard, close())
    assert (hazard.state, hazard.steps) == (State.REGISTERED, 1)
    assert apply(hazard, rectify(at=at(2) + timedelta(days=3)))[0].state is State.AWAITING_REVIEW
