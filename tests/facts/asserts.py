"""Short ways to read one attribute, and to say what was read."""

from __future__ import annotations

from datetime import date
from typing import Any

from dualprev_rules.facts import Fact, Facts, Record, read_facts
from dualprev_rules.facts.possible import EVERY_TEXT, Finite, Interval, Members, Value
from dualprev_rules.facts.shown import figure, span
from dualprev_rules.facts.types import Date
from tests.facts.schema import SCHEMA, TODAY


def read(source: Any, **options: Any) -> Facts:
    return read_facts(source, SCHEMA, **{"as_of": TODAY, **options})


def unit_with(**given: Any) -> dict[str, Any]:
    return {"enterprise": {"units": [{"id": "U1", **given}]}}


def at(facts: Facts, path: str) -> Record:
    """Return the record at a full path."""
    return next(record for record in facts.records() if record.path == path)


def fact(facts: Facts, path: str) -> Fact:
    """Return the fact at a full path."""
    holder, _, name = path.rpartition(".")
    return at(facts, holder).fact(name)


def codes(facts: Facts) -> list[str]:
    return [problem.code for problem in facts.problems]


def notes(facts: Facts) -> list[str]:
    return [note.code for note in facts.notes]


def said(value: Value, days: bool = False) -> Any:
    """Return what is possible in the words of ``values.yaml``."""
    one = _days if days else figure
    match value.possible:
        case Finite(values):
            return [one(v) for v in values]
        case Interval() as numbers:
            return span(numbers, days)
        case Members(sure, may):
            return sorted(sure), sorted(may) if isinstance(may, frozenset) else "any"
        case frozenset() as members:
            return sorted(str(m).lower() if isinstance(m, bool) else m for m in members)
        case other if other is EVERY_TEXT:
            return "any"
        case other:
            return other


def is_date(of: Fact | Record, name: str) -> bool:
    return isinstance(of, Record) and isinstance(of.entity.attributes[name].type, Date)


def _days(value: Any) -> str:
    return date.fromordinal(int(value)).isoformat()
