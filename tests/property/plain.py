"""Plain Python for facts that are all known: what an expression means without any of our evaluators.

A result is a value, NONE (no value) or OPEN (rests on something that has no value, and is not judged).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from tests.property.knowledge import Knowledge

NONE, OPEN = "<none>", "<open>"
Env = Mapping[str, Any]
Fn = Callable[[Env], Any]


@dataclass(eq=False)
class Thing:
    """A record, all of its facts known."""

    entity: str
    id: str
    parent: Thing | None = None
    facts: dict[str, Any] = field(default_factory=dict[str, Any])


def things(of: Knowledge, parent: Thing | None = None) -> Thing:
    """Return the record that settled knowledge describes; a fact that is not settled is OPEN."""
    thing = Thing(of.entity, of.id, parent)
    for name, known in of.facts.items():
        if known.attr.kind == "list":
            thing.facts[name] = [things(record, thing) for record in known.items]
        elif known.attr.kind in ("set", "words"):
            thing.facts[name] = frozenset(known.items)
        else:
            thing.facts[name] = known.possible[0] if known.form == "value" and known.possible else OPEN
    return thing


def walk(thing: Thing) -> Iterable[Thing]:
    """Yield a record and all under it."""
    yield thing
    for value in thing.facts.values():
        if isinstance(value, list):
            for child in value:
                yield from walk(child)


def strict(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function of known values OPEN where an argument has no value."""

    def made(*args: Any) -> Any:
        return OPEN if any(a is NONE or a is OPEN for a in args) else function(*args)

    return made


def divide(a: Any, b: Any) -> Any:
    """Divide; by 0 there is no value."""
    if b == 0 and b is not OPEN:
        return NONE
    return strict(lambda x, y: x / y)(a, b)


def negate(a: Any) -> Any:
    """``not``."""
    return OPEN if a is NONE or a is OPEN else not a


def every(values: Iterable[Any]) -> Any:
    """``and``: false as soon as one is."""
    given = list(values)
    if any(v is False for v in given):
        return False
    return OPEN if any(v is not True for v in given) else True


def some(values: Iterable[Any]) -> Any:
    """``or``: true as soon as one is."""
    return negate(every(negate(v) for v in values))


def choose(condition: Any, then: Any, otherwise: Any) -> Any:
    """``then if condition else otherwise``."""
    if condition is True:
        return then
    if condition is False:
        return otherwise
    return then if then == otherwise and then is not NONE else OPEN


def coalesce(*values: Any) -> Any:
    """Take the first that has a value."""
    for value in values:
        if value is not NONE:
            return value
    return NONE


def total(values: Iterable[Any]) -> Any:
    """``sum``."""
    return strict(lambda *terms: sum(terms, Fraction(0)))(*values)


def counted(values: Iterable[Any]) -> Any:
    """Count what is true."""
    return strict(lambda *flags: Fraction(sum(flags)))(*values)


def add_months(day: Fraction, count: Fraction, months: int) -> Fraction:
    """Add months; the last day of a month that is shorter, the end of the calendar beyond it."""
    start = date.fromordinal(int(day))
    index = start.year * 12 + start.month - 1 + int(count) * months
    year, month = index // 12, index % 12 + 1
    if year < 1:
        return Fraction(date.min.toordinal())
    if year > 9999:
        return Fraction(date.max.toordinal())
    return Fraction(date(year, month, min(start.day, monthrange(year, month)[1])).toordinal())
