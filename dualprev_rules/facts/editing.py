"""Put facts into a source: the same tree with some facts given anew, to be written as JSON."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, cast

from dualprev_rules.facts.document import Figure, Reported, Twice, Unreadable
from dualprev_rules.facts.reading import Opened
from dualprev_rules.facts.record import Record
from dualprev_rules.facts.shown import shown

_AS_THEY_ARE = (str, bool, int, type(None))


def put(opened: Opened, record: Record, attribute: str, given: Any) -> None:
    """Give a fact of a record, in place of whatever stands there under any of its names."""
    mapping = opened.mappings[record.path]
    names = opened.plans[record.entity.name].names
    for key in list(mapping):
        slot = names.get(key)
        if slot is not None and slot.name == attribute:
            del mapping[key]
    mapping[attribute] = given


def to_json(opened: Opened) -> dict[str, Any]:
    """Return the tree as JSON values that read as the source does.

    What could not be read, or was given twice, stands in a form that no reader takes for a fact.
    """
    return cast("dict[str, Any]", _plain(opened.tree))


def in_doubt(*given: Any) -> list[list[Any]]:
    """Return what was given in a form that no kind of fact has: it is a data problem, and not known.

    A list of a list is neither a value nor a set of values nor a record, whatever stands in it.
    """
    return [list(given)]


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(part) for key, part in cast("dict[str, Any]", value).items()}
        case list():
            return [_plain(part) for part in cast("list[Any]", value)]
        case Twice(values):
            return in_doubt(*(_plain(part) for part in values))
        case Reported(given) | Unreadable(given=given):
            return in_doubt(given)
        case Figure():
            return _figure(value)
        case float():
            return value
        case date():
            return value.isoformat()
        case _:
            return value if isinstance(value, _AS_THEY_ARE) else shown(value)


def _figure(text: Figure) -> Any:
    """Return a figure as a number where JSON gives it back to the digit, else as text."""
    plain = str(text)
    number: Any = float(plain) if any(mark in plain for mark in ".eE") else int(plain)
    same = Decimal(repr(number)) == Decimal(plain) and len(plain) <= 16
    return number if same else plain
