"""The ledger (隐患台账): every hidden hazard of an enterprise with its trail, read from stored records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dualprev_rules.control.audit import AuditRecord
from dualprev_rules.control.chain import LINK, doubts, links, verify_links
from dualprev_rules.control.events import Find
from dualprev_rules.control.hazard import HazardRecord
from dualprev_rules.control.lifecycle import apply, register, replay
from dualprev_rules.control.reading import read_event
from dualprev_rules.problems import DualprevError, Problem, nearest, problem
from dualprev_rules.risk.deadlines import NONE_SET, Deadlines


@dataclass(frozen=True, slots=True)
class Ledger:
    """Hidden hazards by id, in the order of their finding, and every audit record, in its order.

    Immutable: an event gives another ledger. Stored it is its records, as ``to_json`` gives them.
    """

    hazards: Mapping[str, HazardRecord] = field(default_factory=dict[str, HazardRecord])
    records: tuple[AuditRecord, ...] = ()
    doubts: tuple[Problem, ...] = field(default=(), compare=False)
    """Why it cannot be shown that no hidden hazard was taken away from what was read."""

    @property
    def unfinished(self) -> tuple[HazardRecord, ...]:
        """The hidden hazards that are neither closed off nor refuted."""
        return tuple(hazard for hazard in self.hazards.values() if not hazard.state.final)

    @property
    def head(self) -> str:
        """The link of the last record: kept elsewhere it shows later whether any record is gone."""
        return (links(self.records) or ("",))[-1]

    def as_of(self, day: date) -> Ledger:
        """Return the ledger as it was at the end of a day: what happened later does not count.

        Days are those of the time zone that each step's time is written in.
        """
        records = tuple(each for each in self.records if _day(each) <= day)
        return self if len(records) == len(self.records) else Ledger(_replayed(records), records, self.doubts)

    def to_json(self) -> list[dict[str, Any]]:
        """Return the records as JSON values, to store in this order, each linked to the one before."""
        made = zip(self.records, links(self.records), strict=True)
        return [record.to_json() | {LINK: link} for record, link in made]

    def record(self, written: Mapping[str, Any], deadlines: Deadlines = NONE_SET) -> Ledger:
        """Return the ledger after an event as JSON values; all but ``find`` name their ``hazard``.

        ``deadlines`` are those of a profile, past which none may be set. Raises DualprevError with every
        reason where the event cannot happen.
        """
        rest = {name: value for name, value in written.items() if name != "hazard"}
        event = read_event(rest)
        if isinstance(event, Find):
            if event.id in self.hazards:
                raise DualprevError(problem("control.found-already", path=event.id, given=event.id))
            hazard, made = register(event)
        else:
            name = str(written.get("hazard", ""))
            held = self.hazards.get(name)
            if held is None:
                near = nearest(name, self.hazards)
                raise DualprevError(problem("control.no-hazard", given=name, nearest=near))
            hazard, made = apply(held, event, deadlines)
        return Ledger({**self.hazards, hazard.id: hazard}, (*self.records, made), self.doubts)


def read_ledger(stored: Iterable[Mapping[str, Any]], head: str | None = None) -> Ledger:
    """Return the ledger that records make, each hazard's trail verified and replayed.

    ``head`` is a ``Ledger.head`` kept elsewhere: with it a removed end shows too. Raises DualprevError
    with everything that is missing, altered or out of place; what nobody can tell without links or a head
    stands in ``Ledger.doubts``.
    """
    lines = list(stored)
    records = tuple(AuditRecord.from_json(each) for each in lines)
    trails: dict[str, list[AuditRecord]] = {}
    for each in records:
        trails.setdefault(each.hazard, []).append(each)
    hazards: dict[str, HazardRecord] = {}
    faults: list[Problem] = []
    for name, trail in trails.items():
        try:
            hazards[name] = replay(trail)
        except DualprevError as refused:
            faults += refused.problems
    faults += verify_links(lines, records, head)
    if faults:
        raise DualprevError(faults)
    return Ledger(hazards, records, doubts(lines, head))


def _day(record: AuditRecord) -> date:
    return datetime.fromisoformat(str(record.event["at"])).date()


def _replayed(records: Iterable[AuditRecord]) -> dict[str, HazardRecord]:
    trails: dict[str, list[AuditRecord]] = {}
    for each in records:
        trails.setdefault(each.hazard, []).append(each)
    return {name: replay(trail) for name, trail in trails.items()}
