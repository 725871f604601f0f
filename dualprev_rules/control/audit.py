"""The audit trail: one record an event, each carrying the hash of the one before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from dualprev_rules.control.events import NAMES, Event
from dualprev_rules.problems import Problem, problem


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One step of one hidden hazard, chained to the step before by ``previous``."""

    hazard: str
    number: int
    """From 1 within the hazard."""
    event: Mapping[str, Any]
    """The event as JSON values."""
    previous: str
    hash: str

    def to_json(self) -> dict[str, Any]:
        """Return the record as JSON values, to store."""
        return {
            "hazard": self.hazard,
            "number": self.number,
            "event": dict(self.event),
            "previous": self.previous,
            "hash": self.hash,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> AuditRecord:
        """Return a stored record as it is, right or wrong: ``verify`` says which."""
        return cls(
            hazard=str(stored.get("hazard", "")),
            number=int(stored.get("number", 0)),
            event=MappingProxyType(dict(stored.get("event", {}))),
            previous=str(stored.get("previous", "")),
            hash=str(stored.get("hash", "")),
        )


def write_event(event: Event) -> dict[str, Any]:
    """Return an event as JSON values; ``read_event`` reads them back."""
    return {"event": NAMES[type(event)], **_plain(asdict(event))}


def record(hazard: str, number: int, event: Event, previous: str) -> AuditRecord:
    """Return the audit record of an event that follows the one with the hash ``previous``."""
    written = write_event(event)
    return AuditRecord(
        hazard, number, MappingProxyType(written), previous, _digest(hazard, number, written, previous)
    )


def verify(trail: Iterable[AuditRecord], head: str | None = None) -> tuple[Problem, ...]:
    """Return every record of one hazard's trail that is missing, out of place or altered.

    ``head`` is the hash of the last record as stored elsewhere: with it a removed end shows too.
    """
    found: list[Problem] = []
    previous, number, hazard = "", 0, None
    for each in trail:
        number += 1
        hazard = each.hazard if hazard is None else hazard
        where = f"{each.hazard}#{each.number}"
        if each.hash != _digest(each.hazard, each.number, each.event, each.previous):
            found.append(problem("control.altered", path=where, given=each.hash[:12]))
        if each.previous != previous or each.number != number or each.hazard != hazard:
            found.append(problem("control.broken-chain", path=where, given=str(each.number), wanted=number))
        previous, number = each.hash, each.number
    if head is not None and previous != head:
        found.append(problem("control.cut-off", path=hazard or "", given=previous[:12], wanted=head[:12]))
    return tuple(found)


def _digest(hazard: str, number: int, event: Mapping[str, Any], previous: str) -> str:
    content = [hazard, number, dict(event), previous]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode("utf-8")).hexdigest()


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {name: _plain(each) for name, each in value.items()}  # pyright: ignore[reportUnknownVariableType]
        case list() | tuple():
            return [_plain(each) for each in value]  # pyright: ignore[reportUnknownVariableType]
        case date():
            return value.isoformat()
        case _:
            return value
