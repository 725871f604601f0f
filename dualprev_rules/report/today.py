"""What a day asks for: checks, hidden hazards, red and orange points, what has run out, the commitment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from dualprev_rules.control.answers import Answer
from dualprev_rules.control.due import Due, Escalation, due, undated
from dualprev_rules.control.hazard import HazardRecord
from dualprev_rules.control.ledger import Ledger
from dualprev_rules.control.rounds import Round, current
from dualprev_rules.facts.possible import Finite
from dualprev_rules.facts.record import Record
from dualprev_rules.facts.types import Date
from dualprev_rules.problems import Problem, Words
from dualprev_rules.report.carriers import HazardFields
from dualprev_rules.report.due_words import undated_words
from dualprev_rules.report.inspection.plan import duties_of
from dualprev_rules.report.inspection.sheet import subject_of
from dualprev_rules.report.measures import measure_words
from dualprev_rules.report.phrases import joined, phrase, words
from dualprev_rules.risk.grades import RiskGrade
from dualprev_rules.risk.point import ControlMeasure, RiskPoint
from dualprev_rules.risk.reading import text

if TYPE_CHECKING:
    from dualprev_rules.result import Result

PRESSING = 2
"""Points are shown whose grade is, or may be, orange or worse."""


@dataclass(frozen=True, slots=True)
class Expired:
    """Something whose last day is over: a certificate, a licence, a test that was due."""

    record: Record
    label: Words
    day: date


@dataclass(frozen=True, slots=True)
class Commitment:
    """The draft of the daily safety commitment (安全承诺公告), for the principal to check, fill and sign."""

    who: Words
    states: tuple[Words, ...]
    promise: Words
    signed: Words
    draft: Words
    """Why it is no commitment yet."""

    @property
    def lines(self) -> tuple[Words, ...]:
        """All of it, line by line."""
        return (self.who, *self.states, self.promise, self.signed, self.draft)


@dataclass(frozen=True, slots=True)
class Today:
    """What a day asks for. ``ledger`` is None where none was given: then it is not known what is open."""

    day: date
    enterprise: str
    checks: tuple[Round, ...]
    ledger: tuple[HazardRecord, ...] | None
    due: tuple[Due, ...]
    points: tuple[tuple[RiskPoint, RiskGrade], ...]
    not_graded: int
    stale: tuple[Problem, ...]
    expired: tuple[Expired, ...]
    refusals: tuple[Words, ...]
    """Why no commitment is drafted; empty where one is."""
    commitment: Commitment | None

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "day": self.day.isoformat(),
            "enterprise": self.enterprise,
            "checks": [_check(each) for each in self.checks],
            "hazards": None if self.ledger is None else [_hazard(each) for each in self.ledger],
            "due": [
                {
                    "hazard": each.hazard,
                    "what": each.what,
                    "since": each.since.isoformat() if each.since is not None else None,
                    "days": each.days,
                    "level": each.level.member if each.level is not None else None,
                    "waited": each.waited,
                }
                for each in self.due
            ],
            "undated": [
                {"hazard": each.hazard, "what": each.what, "waited": each.waited}
                for each in undated(self.due)
            ],
            "points": [
                {
                    "path": point.path,
                    "name": point.name,
                    "level": grade.level,
                    "at_worst": grade.at_worst,
                    "owner": point.owner,
                    "department": point.department,
                }
                for point, grade in self.points
            ],
            "not_graded": self.not_graded,
            "stale": [fault.to_json() for fault in self.stale],
            "expired": [
                {"path": each.record.path, "label": each.label.to_json(), "day": each.day.isoformat()}
                for each in self.expired
            ],
            "refusals": [said.to_json() for said in self.refusals],
            "commitment": [said.to_json() for said in self.commitment.lines] if self.commitment else None,
        }


def today(
    result: Result,
    ledger: Ledger | None = None,
    answers: Iterable[Answer] = (),
    escalation: Sequence[Escalation] = (),
) -> Today:
    """Return what the day of a result asks for.

    ``answers`` are those of past rounds; ``escalation`` says who must know of what is late. The
    commitment is drafted only where no clause on major hidden hazards is broken or undecided, no fact is of
    a later day, and a ledger is given that is whole and holds no major one that is not closed off.
    """
    day = result.ruleset.as_of
    checks = sorted(current(duties_of(result), answers, day), key=lambda c: (c.status != "missed", c.ends))
    unfinished = ledger.as_of(day).unfinished if ledger is not None else None
    deadlines = result.profile.hazard_deadlines
    waiting = tuple(each for hazard in unfinished or () for each in due(hazard, day, escalation, deadlines))
    graded, not_graded = _points(result)
    doubts = ledger.doubts if ledger is not None else ()
    refusals = (*_refusals(result, unfinished), *(Words(d.text("zh"), d.text("en")) for d in doubts))
    names = [text(record, "name") for record in result.facts.roots if record.entity.name == "enterprise"]
    name = (names[0] if names else None) or ""
    commitment = None
    if not refusals:
        commitment = Commitment(
            who=phrase("commitment_who", name=name, day=day.isoformat()),
            states=tuple(_states(result, graded, not_graded, unfinished or (), waiting, len(checks))),
            promise=phrase("commitment_promise"),
            signed=phrase("commitment_signed"),
            draft=phrase("commitment_draft"),
        )
    return Today(
        day=day,
        enterprise=name,
        checks=tuple(checks),
        ledger=unfinished,
        due=waiting,
        points=graded,
        not_graded=not_graded,
        stale=tuple(note for note in result.notes if note.code == "facts.stale"),
        expired=tuple(_expired(result, day)),
        refusals=refusals,
        commitment=commitment,
    )


def _points(result: Result) -> tuple[tuple[tuple[RiskPoint, RiskGrade], ...], int]:
    place, basis = result.place, result.profile.basis
    every = tuple(place.all_points()) if place is not None else ()
    graded = [(point, point.grade(basis)) for point in every if point.assessed(basis)]
    pressing = [(point, grade) for point, grade in graded if grade.at_worst <= PRESSING]
    pressing.sort(key=lambda pair: pair[1].at_worst)
    return tuple(pressing), len(every) - len(graded)


def _expired(result: Result, day: date) -> Iterator[Expired]:
    """Yield the dates that are over by their names: the last valid day, or the day on which it was due."""
    for record in result.facts.records():
        for attribute in () if record.phantom else record.entity.attributes.values():
            ends = attribute.name.endswith(("valid_until", "_due_on"))
            if not ends or not isinstance(attribute.type, Date):
                continue
            value = record.value(attribute.name)
            if value.known and isinstance(value.possible, Finite):
                last = date.fromordinal(int(next(iter(value.possible.values))))
                if last < day:
                    yield Expired(record, attribute.label, last)


def _refusals(result: Result, unfinished: Sequence[HazardRecord] | None) -> Iterator[Words]:
    """Yield why no commitment can be drafted; without a ledger nobody knows whether a major one is open."""
    for finding in result.findings:
        if finding.rule.kind != "major_hidden_hazard":
            continue
        what, where = words(result.message(finding)), subject_of(finding.outcome.record)
        if finding.code == "violated":
            yield phrase("refused_violated", what=what, where=where)
        elif finding.code == "undetermined" and not finding.outcome.harmless:
            yield phrase("refused_undetermined", what=what, where=where)
    for path, rules in _left_open(result).items():
        yield phrase("refused_not_assessed", n=len(rules), what=path)
    for note in result.notes:
        if note.code == "facts.after-the-day":
            yield phrase("refused_ahead", what=note.path, day=note.args["at"])
    if unfinished is None:
        yield phrase("refused_no_ledger")
    for hazard in unfinished or ():
        if hazard.major:
            yield phrase("refused_ledger", what=f"{hazard.id} {hazard.title}")


def _left_open(result: Result) -> dict[str, set[str]]:
    """Return the lists that were not given as a whole, and the clauses on major ones that they leave open."""
    found: dict[str, set[str]] = {}
    for outcome in result.outcomes:
        cause = outcome.record.cause
        if cause is not None and outcome.rule.kind == "major_hidden_hazard" and not outcome.harmless:
            found.setdefault(cause.path, set()).add(outcome.rule.id)
    return dict(sorted(found.items()))


def _states(
    result: Result,
    points: Sequence[tuple[RiskPoint, RiskGrade]],
    not_graded: int,
    unfinished: Sequence[HazardRecord],
    waiting: Sequence[Due],
    checks: int,
) -> Iterator[Words]:
    """Say the state of the day, as far as the facts have it; the rest is left blank."""
    records = [record for record in result.facts.records() if not record.phantom]
    yield phrase("commitment_units", n=sum(record.entity.name == "unit" for record in records))
    yield _work(result, [record for record in records if record.entity.name == "work_permit"])
    owned = phrase("yes" if all(point.owner for point, _ in points) else "no")
    red = sum(grade.at_worst == 1 for _, grade in points)
    yield phrase("commitment_points", red=red, orange=len(points) - red, owned=owned)
    failing = [said for each in _every_measure(result) if each.fails and (said := measure_words(each))]
    if failing:
        yield phrase("commitment_failing", n=len(failing), measures=joined(failing))
    if not_graded:
        yield phrase("commitment_not_graded", n=not_graded)
    late = len({each.hazard for each in waiting if each.days})
    yield phrase("commitment_hazards", n=len(unfinished), late=late)
    without = undated_words(waiting, "commitment_undated")
    if without is not None:
        yield without
    found = sum(row.recorded is None for row in HazardFields(result, unfinished).rows())
    if found:
        yield phrase("commitment_found", n=found)
    yield phrase("commitment_checks", n=checks)


def _every_measure(result: Result) -> Iterator[ControlMeasure]:
    for point in result.place.all_points() if result.place is not None else ():
        yield from point.measures
        for event in point.events:
            yield from event.measures


def _work(result: Result, permits: Sequence[Record]) -> Words:
    """Say how many permits of each kind were issued on the day."""
    day = result.ruleset.as_of.toordinal()
    kinds: Counter[str] = Counter()
    for permit in permits:
        issued = permit.value("issued_on")
        if issued.known and isinstance(issued.possible, Finite) and day in issued.possible.values:
            kinds[text(permit, "kind") or "other_work"] += 1
    if not kinds:
        return phrase("commitment_no_work")
    labels = result.facts.schema.entities["work_permit"].attributes["kind"].member_labels
    said = [
        joined([labels.get(kind) or Words(kind), Words(str(count))], "space")
        for kind, count in sorted(kinds.items())
    ]
    return phrase("commitment_work", kinds=joined(said))


def _check(each: Round) -> dict[str, Any]:
    duty = each.duty
    return {
        "checklist": duty.checklist.id,
        "title": duty.checklist.title.to_json(),
        "record": duty.record.path,
        "what": subject_of(duty.record).to_json(),
        "status": each.status,
        "begins": each.begins.isoformat(),
        "ends": each.ends.isoformat(),
        "level": duty.level.member if duty.level is not None else None,
        "posts": list(duty.posts),
        "owner": duty.owner,
    }


def _hazard(hazard: HazardRecord) -> dict[str, Any]:
    return {
        "id": hazard.id,
        "title": hazard.title,
        "grade": hazard.grade,
        "state": hazard.state.value,
        "exchange": hazard.state.term.exchange,
        "deadline": hazard.deadline.isoformat() if hazard.deadline is not None else None,
    }


def not_graded_words(of: Today) -> Words | None:
    """Return how many risk points are not graded, any of which may be red; None where there are none."""
    return phrase("commitment_not_graded", n=of.not_graded) if of.not_graded else None
