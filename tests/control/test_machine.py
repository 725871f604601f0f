"""No sequence of events, however wrong, loses a record or reaches the end without a review."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dualprev_rules import DualprevError
from dualprev_rules.control import (
    ApplyForReview,
    AuditRecord,
    CloseOff,
    Confirm,
    Defer,
    Evaluate,
    Event,
    Extend,
    ExtendListing,
    Find,
    HazardRecord,
    LiftListing,
    OpenListing,
    Refute,
    Regrade,
    Report,
    Resume,
    Review,
    State,
    apply,
    register,
    replay,
    verify,
)
from tests.cases import cases
from tests.control.build import PAPER, PLAN, START, assign, find, rectify

PEOPLE = st.sampled_from(["张三", "李四", "赵六", ""])
DAYS = st.integers(0, 40).map(lambda days: START.date() + timedelta(days=days))
PAPERS = st.sampled_from([PAPER, None])
GRADES = st.sampled_from(["general", "major"])


class Ledger(RuleBasedStateMachine):
    """Tries any event at any time and keeps an own count of what was accepted."""

    @initialize(grade=GRADES, suspected=st.booleans(), prohibited=st.booleans())
    def begin(self, grade: Any, suspected: bool, prohibited: bool) -> None:
        first = find(grade=grade, suspected=suspected, prohibited=prohibited)
        self.hazard, made = register(first)
        self.trail: list[AuditRecord] = [made]
        self.accepted: list[Event] = [first]
        self.now = START

    def attempt(self, event: Event) -> None:
        before = self.hazard
        try:
            self.hazard, made = apply(self.hazard, event)
        except DualprevError:
            assert self.hazard is before
            return
        self.trail.append(made)
        self.accepted.append(event)
        self.now = event.at

    @rule(by=PEOPLE, hours=st.integers(-2, 30), data=st.data())
    def something(self, by: str, hours: int, data: st.DataObject) -> None:
        who: dict[str, Any] = {"at": self.now + timedelta(hours=hours), "by": by}
        day, paper = data.draw(DAYS), data.draw(PAPERS)
        flag = data.draw(st.booleans())
        choices = [
            Confirm(**who, reason="r"),
            Refute(**who, reason="r"),
            Regrade(**who, to=data.draw(GRADES), reason="r", document=paper),
            assign(**who, deadline=day, stopped=flag, plan=PLAN if paper else None),
            Extend(**who, to=day, reason="r", approver=data.draw(PEOPLE), role="厂长", document=paper),
            Defer(**who, expires=day, reason="r", approver="总经理"),
            rectify(**who, evidence=("后",) if flag else ()),
            Evaluate(**who, passed=flag),
            ApplyForReview(**who),
            Review(**who, passed=flag),
            Report(**who, to=data.draw(st.sampled_from(["regulator", "workers_congress"]))),
            OpenListing(**who, document=PAPER, until=day),
            ExtendListing(**who, document=PAPER, until=day),
            LiftListing(**who, document=PAPER),
            Resume(**who, document=PAPER),
            CloseOff(**who),
        ]
        self.attempt(data.draw(st.sampled_from(choices)))

    @rule(by=PEOPLE)
    def next_step(self, by: str) -> None:
        """Go on as one should, so that the end is reached often."""
        who: dict[str, Any] = {"at": self.now + timedelta(hours=1), "by": by}
        major = self.hazard.major
        match self.hazard.state:
            case State.SUSPECTED:
                self.attempt(Confirm(**who, reason="r"))
            case State.REGISTERED:
                deadline = (self.now + timedelta(days=9)).date()
                self.attempt(assign(**who, deadline=deadline) if major else rectify(**who))
            case State.RECTIFYING:
                self.attempt(rectify(**who))
            case State.AWAITING_REVIEW:
                if major and self.hazard.evaluation is None:
                    self.attempt(Evaluate(**who, passed=True))
                elif major and self.hazard.application is None:
                    self.attempt(ApplyForReview(**who))
                else:
                    self.attempt(Review(**who, passed=True))
            case _:
                for to in self.hazard.to_report_to:
                    self.attempt(Report(**who, to=to))
                self.attempt(LiftListing(**who, document=PAPER))
                self.attempt(Resume(**who, document=PAPER))
                self.attempt(CloseOff(**who))

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "hazard"):
            return
        assert (self.hazard.id, self.hazard.title) == ("YH-1", "切断阀失效")
        assert self.hazard.steps == len(self.trail) == len(self.accepted)

    @invariant()
    def the_end_is_reached_by_a_review_alone(self) -> None:
        if not hasattr(self, "hazard") or self.hazard.state is not State.CLOSED_OFF:
            return
        done = [i for i, event in enumerate(self.accepted) if type(event).__name__ == "Rectify"][-1]
        passed = [e for e in self.accepted[done:] if isinstance(e, Review) and e.passed]
        assert passed
        assert passed[-1].by != self.accepted[done].by
        if self.hazard.major:
            kinds = {type(event) for event in self.accepted[done:]}
            assert {Evaluate, ApplyForReview} <= kinds
            assert {e.to for e in self.accepted if isinstance(e, Report)} == {"regulator", "workers_congress"}
            assert any(type(event).__name__ == "Assign" for event in self.accepted[:done])

    def teardown(self) -> None:
        if hasattr(self, "hazard"):
            assert verify(self.trail, self.hazard.head) == ()
            again: HazardRecord = replay(self.trail)
            assert again == self.hazard
            assert isinstance(self.accepted[0], Find)


TestLedger = Ledger.TestCase
TestLedger.settings = settings(max_examples=cases(10_000), stateful_step_count=30, deadline=None)
