"""One reading of a sensor, from a mapping or a line of JSON: all of it is checked, nothing can raise."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from dualprev_rules.evaluate.events import Known
from dualprev_rules.evaluate.events.conditions import known_value
from dualprev_rules.facts.kinds import Kind, Refused, kind_of
from dualprev_rules.facts.possible import Value
from dualprev_rules.facts.schema import Attribute, Schema
from dualprev_rules.facts.types import Bool, Enum, Number
from dualprev_rules.problems import Problem, problem

MARKS = ("calibration", "test", "maintenance")
MOST_CHARACTERS = 65_536
_KEYS = ("sensor", "record", "fact", "at")
_MOST_NAMED = 200
_MICROSECOND = timedelta(microseconds=1)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_YEARS = range(1900, 9000)
"""Far enough from the ends of the calendar that whatever is waited for has a date."""
_RECORD = re.compile(r"(?:.*\.)?(\w+)(?:\[.*\])?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading: whose it is, when, and what it says; ``value`` is None where it cannot be read."""

    sensor: str
    record: str
    """As given: a short or a full path."""
    entity: str
    fact: str
    at: int
    """Microseconds since 1970."""
    value: Known | None
    shown: str
    """The value as given."""
    unit: str | None = None
    mark: str | None = None
    fault: Problem | None = None
    """Why the value cannot be read."""


class ReadingReader:
    """Reads readings of one schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._kinds: dict[tuple[str, str], tuple[Attribute, Kind] | None] = {}

    def read(self, given: Mapping[str, Any] | str | bytes) -> Reading | Problem:
        """Return the reading, or why it is none."""
        if isinstance(given, str | bytes):
            if len(given) > MOST_CHARACTERS:
                return problem(
                    "control.reading-too-long", given=f"{len(given):,}", most=f"{MOST_CHARACTERS:,}"
                )
            try:
                # A figure stays the text that it is, so that nothing of it is lost or grows huge.
                given = json.loads(given, parse_float=str, parse_int=str)
            except (ValueError, RecursionError):
                return problem("control.not-a-reading", given=_short(given))
        if not isinstance(given, Mapping):
            return problem("control.not-a-reading", given=_short(given))
        return self._reading(given)

    def _reading(self, given: Mapping[str, Any]) -> Reading | Problem:
        named: dict[str, str] = {}
        for key in _KEYS:
            text = given.get(key)
            if not isinstance(text, str) or not text.strip() or len(text) > _MOST_NAMED:
                return problem("control.reading-key", given=key, shown=_short(given))
            named[key] = text.strip()
        record, fact = named["record"], named["fact"]
        path = f"{record}.{fact}"
        match = _RECORD.fullmatch(record)
        entity = match[1] if match is not None else ""
        known = self._kind(entity, fact)
        if known is None:
            return problem("control.reading-fact", path=path, given=fact, record=record)
        at = moment(named["at"])
        if at is None:
            return problem("control.reading-time", path=path, given=named["at"])
        mark = given.get("mark")
        if mark is not None and mark not in MARKS:
            return problem("control.reading-mark", path=path, given=_short(mark), nearest=" / ".join(MARKS))
        unit = given.get("unit")
        raw = given.get("value")
        value, fault = self._value(known[1], raw, unit, path)
        return Reading(
            sensor=named["sensor"],
            record=record,
            entity=entity,
            fact=fact,
            at=at,
            value=value,
            shown=_short(raw),
            unit=unit if isinstance(unit, str) else None,
            mark=cast("str | None", mark),
            fault=fault,
        )

    def _kind(self, entity: str, fact: str) -> tuple[Attribute, Kind] | None:
        key = (entity, fact)
        if key in self._kinds:
            return self._kinds[key]
        declared = self._schema.entities.get(entity)
        attribute = declared.attributes.get(fact) if declared is not None else None
        if attribute is None or not isinstance(attribute.type, Bool | Enum | Number):
            return None
        kind = kind_of(attribute)
        assert kind is not None
        self._kinds[key] = (attribute, kind)
        return self._kinds[key]

    def _value(self, kind: Kind, raw: Any, unit: Any, path: str) -> tuple[Known | None, Problem | None]:
        found = None
        if isinstance(raw, bool | int | float | Decimal | Fraction | str) and isinstance(unit, str | None):
            with suppress(Refused):
                found = known_value(Value(kind.read(raw, unit).possible))
        fault = problem("control.reading-value", path=path, given=_short(raw)) if found is None else None
        return found, fault


def moment(text: str) -> int | None:
    """Return a time with its zone in microseconds since 1970, or None."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if at.tzinfo is None or at.year not in _YEARS:
        return None
    return (at - _BEGINNING) // _MICROSECOND


def at_of(time: int) -> datetime:
    """Return the time of so many microseconds since 1970."""
    return _BEGINNING + timedelta(microseconds=time)


def _short(given: object) -> str:
    """Return the beginning of what was given; a long text is never written out first."""
    if isinstance(given, bytes):
        given = given[:60].decode("utf-8", "replace")
    text = given[:60] if isinstance(given, str) else repr(given)
    return text if len(text) <= 60 else f"{text[:57]}…"
