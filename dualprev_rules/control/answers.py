"""What inspectors answered: immutable answers, and what follows from them for the facts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from dualprev_rules.control.reading import field_fault
from dualprev_rules.control.who import called
from dualprev_rules.facts.kinds import Refused, kind_of
from dualprev_rules.facts.record import Facts, Record
from dualprev_rules.facts.types import ListOf, SetOf
from dualprev_rules.problems import DualprevError, Problem, nearest, problem
from dualprev_rules.risk.persons import blank

VERSION = 1
"""Of the form in which answers are stored as JSON."""
Looked = Literal["value", "not_applicable", "not_checked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of one inspector. What was not checked (未查) says nothing, whatever else is written."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 - read by pydantic, never changed

    record: str
    """The path of the record that was looked at."""
    called: str = ""
    """What the record was called when it was looked at; where that has changed it may be another one."""
    fact: str | None = None
    """The attribute that the answer settles; None for an item that settles none."""
    item: str | None = None
    """The item of a checklist by which it was asked."""
    looked: Looked = "not_checked"
    value: bool | str | tuple[str, ...] | None = None
    reason: str = ""
    """Why it does not apply; a remark otherwise."""
    place: str = ""
    photo: str = ""
    by: str = ""
    at: datetime | None = None

    @property
    def path(self) -> str:
        """The path of the fact, or of the item where it settles none."""
        return f"{self.record}.{self.fact or self.item or ''}"

    @property
    def moment(self) -> datetime | None:
        """The time on the clock of the site: what it is called there, without a zone."""
        return self.at.replace(tzinfo=None) if self.at is not None else None


@dataclass(frozen=True, slots=True)
class Settled:
    """What answers come to. No fact is both given and doubtful."""

    given: tuple[Answer, ...]
    """The answers by which facts are given, one a fact."""
    doubtful: Mapping[str, tuple[Answer, ...]]
    """Path of a fact → the answers that leave it unknown: they differ, or one cannot be used."""
    not_applicable: tuple[Answer, ...]
    """Answers that it does not apply, with their reasons: the fact stays as it was."""
    not_checked: int
    problems: tuple[Problem, ...]


def read_answers(written: Any, source: str) -> tuple[Answer, ...]:
    """Return the answers that a sheet saved as JSON; raises DualprevError with every fault of them."""
    from pydantic import TypeAdapter, ValidationError

    if not isinstance(written, dict) or written.get("inspection") != VERSION:  # pyright: ignore[reportUnknownMemberType]
        raise DualprevError(problem("control.no-sheet", given=source))
    try:
        adapter = TypeAdapter(tuple[Answer, ...])
        return adapter.validate_json(json.dumps(written.get("answers")), strict=True)  # pyright: ignore[reportUnknownMemberType]
    except ValidationError as refused:
        raise DualprevError([field_fault(f"{source}: answers", e) for e in refused.errors()]) from None


def settle(answers: Iterable[Answer], facts: Facts) -> Settled:
    """Return what answers, read together, say of facts.

    Of one person the later answer stands. Where two persons differ the fact is unknown, and a data
    problem says so: neither the last nor the first one wins. It is the same where the facts have it of
    another inspector, of the same day or a later one, and differ; any other fact there is replaced.
    An answer that cannot be used leaves its fact unknown too.
    """
    records = {record.path: record for record in facts.records() if not record.phantom}
    by_path: dict[str, list[Answer]] = {}
    not_checked = 0
    for answer in answers:
        if answer.looked == "not_checked":
            not_checked += 1
        else:
            by_path.setdefault(answer.path, []).append(answer)
    given: list[Answer] = []
    beside: list[Answer] = []
    doubtful: dict[str, tuple[Answer, ...]] = {}
    problems: list[Problem] = []
    for path, several in by_path.items():
        faults = [fault for answer in several for fault in _faults(answer, records)]
        record = records.get(several[0].record)
        latest = _latest(several)
        if faults:
            problems += faults
        elif record is not None and (others := _others(record, latest)):
            said = "；".join((*(_said(answer) for answer in latest), *filter(None, others)))
            faults = [problem("control.answers-differ", path=path, given=said, effect="unknown")]
            problems += faults
        if several[0].fact is None:
            continue
        if faults:
            if _settles(several[0], record):
                doubtful[path] = tuple(several)
        else:
            (given if latest[0].looked == "value" else beside).append(latest[0])
    return Settled(tuple(given), doubtful, tuple(beside), not_checked, tuple(problems))


def fact_of(answer: Answer, record: Record) -> dict[str, Any]:
    """Return the long form of the fact that an answer gives: its value, person, time and evidence."""
    evidence = "; ".join(part for part in (answer.photo, answer.place, answer.reason) if part.strip())
    of = record.entity.attributes[answer.fact or ""].type
    value: Any = list(answer.value) if isinstance(answer.value, tuple) else answer.value
    held: dict[str, Any] = {"items": value, "complete": True} if isinstance(of, SetOf) else {"value": value}
    origin: dict[str, Any] = {
        "at": answer.at.isoformat() if answer.at is not None else None,
        "by": answer.by,
        "source": "inspector",
        "evidence": evidence,
    }
    return held | {name: part for name, part in origin.items() if part}


def _faults(answer: Answer, records: Mapping[str, Record]) -> Iterator[Problem]:
    record = records.get(answer.record)
    if record is None:
        near = nearest(answer.record, records)
        yield problem("control.answer-elsewhere", path=answer.path, given=answer.record, nearest=near)
    elif answer.fact is not None and not _settles(answer, record):
        near = nearest(answer.fact, record.entity.attributes)
        yield problem("control.answer-elsewhere", path=answer.path, given=answer.fact, nearest=near)
    if record is not None and answer.called.strip() not in ("", called(record)):
        now = called(record) or record.short
        yield problem("control.answer-renamed", path=answer.path, given=answer.called, wanted=now)
    if blank(answer.by):
        yield problem("control.answer-unsigned", path=answer.path)
    if answer.at is None:
        yield problem("control.answer-untimed", path=answer.path)
    if answer.looked == "not_applicable" and blank(answer.reason):
        yield problem("control.no-reason", path=answer.path)
    if answer.looked == "value" and answer.fact is not None and answer.value in (None, ""):
        yield problem("control.no-answer", path=answer.path)
    elif record is not None and answer.looked == "value" and _settles(answer, record):
        looked, value = _content(record, answer)
        if looked == "unread":
            yield problem("control.answer-unread", path=answer.path, given=value, effect="unknown")


def _settles(answer: Answer, record: Record | None) -> bool:
    """Tell whether the answer names an attribute that one look can settle: none that holds records."""
    attribute = record.entity.attributes.get(answer.fact or "") if record is not None else None
    return attribute is not None and not isinstance(attribute.type, ListOf)


def _latest(answers: list[Answer]) -> list[Answer]:
    """Return the last answers of each person, the latest person first; equal times leave several.

    Times are compared as instants where every one of them has its zone, else by the clock of the site.
    """
    zoned = all(answer.at is not None and answer.at.tzinfo is not None for answer in answers)

    def time(answer: Answer) -> datetime:
        moment = answer.at if zoned else answer.moment
        return moment or datetime.min  # noqa: DTZ901 - never met by an answer that can be used

    last: dict[str, list[Answer]] = {}
    for answer in answers:
        held = last.setdefault(answer.by.strip(), [])
        if not held or time(answer) > time(held[0]):
            held[:] = [answer]
        elif time(answer) == time(held[0]):
            held.append(answer)
    every = [answer for held in last.values() for answer in held]
    return sorted(every, key=time, reverse=True)


def _others(record: Record, answers: list[Answer]) -> list[str]:
    """Return what contradicts the answers, themselves aside; the empty text where they differ already."""
    contents = {_content(record, answer) for answer in answers}
    if len(contents) > 1:
        return [""]
    answer = answers[0]
    if answer.fact is None or answer.looked != "value":
        return []
    fact = record.facts.get(answer.fact)
    origin = fact.provenance if fact is not None else None
    if fact is None or origin is None or origin.source != "inspector" or origin.by in (None, answer.by):
        return []
    moment = answer.moment
    if origin.at is None or moment is None or origin.at < moment.date():
        return []
    same = contents == {("value", fact.value.possible)}
    return [] if same else [f"{fact.given}（{origin.by} {origin.at.isoformat()}）"]


def _content(record: Record, answer: Answer) -> tuple[str, Any]:
    """Return what is said, so that equal sayings are equal however they are written."""
    if answer.looked == "not_applicable" or answer.fact is None:
        return answer.looked, None if answer.fact is not None else answer.value
    value: Any = list(answer.value) if isinstance(answer.value, tuple) else answer.value
    kind = kind_of(record.entity.attributes[answer.fact])
    try:
        return "value", kind.read(value, None).possible if kind is not None else str(value)
    except Refused:
        return "unread", str(value)


def _said(answer: Answer) -> str:
    said = answer.value if answer.looked == "value" else answer.looked
    moment = answer.moment
    when = moment.isoformat(" ", "minutes") if moment is not None else ""
    return f"{said}（{answer.by} {when}）"
