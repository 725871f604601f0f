"""Events for tests: whole ones, to be changed in the one point that a test is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from dualprev_rules.control import (
    ApplyForReview,
    Assign,
    CloseOff,
    Document,
    Evaluate,
    Event,
    Find,
    HazardRecord,
    Plan,
    Rectify,
    Report,
    Resume,
    Review,
    apply,
    register,
)

START = datetime(2026, 11, 21, 8, tzinfo=UTC)
PAPER = Document(authority="市应急管理局", number="应急督〔2026〕8号", dated=date(2026, 11, 21))
PLAN = Plan(
    aims="消除", methods="更换切断阀", means="12万元", people="设备部", timing="20日", precautions="降液位"
)


def at(hours: float) -> datetime:
    """Return a time some hours after the start."""
    return START + timedelta(hours=hours)


def find(**changed: Any) -> Find:
    """Return a finding of a general hidden hazard with evidence."""
    whole = Find(
        at=START,
        by="张三",
        id="YH-1",
        title="切断阀失效",
        grade="general",
        found_in="daily",
        unit="U1",
        rule="x.1",
        evidence=("前.jpg",),
    )
    return replace(whole, **changed)


def assign(**changed: Any) -> Assign:
    """Return an assignment with the five particulars, and a plan."""
    whole = Assign(
        at=at(1),
        by="王经理",
        measures="更换",
        funds="12万元",
        deadline=date(2026, 12, 1),
        responsible="李四",
        contingency="停用该罐",
        plan=PLAN,
        interim="降低液位，专人看守",
    )
    return replace(whole, **changed)


def rectify(**changed: Any) -> Rectify:
    """Return a treatment with its evidence."""
    return replace(Rectify(at=at(2), by="李四", what="已更换", evidence=("后.jpg",)), **changed)


def review(**changed: Any) -> Review:
    """Return a review that is passed, by another person."""
    return replace(Review(at=at(5), by="赵六", passed=True), **changed)


def close(**changed: Any) -> CloseOff:
    """Return the closing off."""
    return replace(CloseOff(at=at(9), by="安全科"), **changed)


def whole_way() -> list[Event]:
    """Return the events of a major hidden hazard from finding to closing off, with a stop."""
    return [
        find(grade="major"),
        assign(stopped=True),
        Report(at=at(1.5), by="安全科", to="regulator"),
        Report(at=at(1.6), by="安全科", to="workers_congress"),
        rectify(),
        Evaluate(at=at(3), by="评价机构", passed=True),
        ApplyForReview(at=at(4), by="安全科"),
        review(),
        Resume(at=at(6), by="安全科", document=PAPER),
        close(),
    ]


def run(*events: Event) -> HazardRecord:
    """Return the record that events lead to, the first of which is its finding."""
    first, *later = events
    assert isinstance(first, Find)
    hazard, _ = register(first)
    for event in later:
        hazard, _ = apply(hazard, event)
    return hazard
