"""What stands for a value: itself while it is known, a ``Value`` where it is open or declared to be more.

The algebra is the reference's own (``evaluate.values``); only causes are not gathered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate import values
from dualprev_rules.evaluate.values import EITHER, FALSE, TRUE
from dualprev_rules.facts.possible import Absent, Finite, Members, Value

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.runtime import Case

Env = Mapping[str, Any]
"""Variable → row, or member of a set."""
Held = Any
"""A thing that stands for itself, None for an open truth value, or a Value."""
Exact = Callable[["Case", Env], Held]

OPEN = Value(EITHER)


def lift(held: Held) -> Value:
    """Return the value of what stands for itself."""
    kind = held.__class__
    if kind is Value:
        return held
    if kind is Fraction:
        return Value(Finite((held,)))
    if held is None:
        return OPEN
    if kind is list:
        return Value((held,))  # the row of a record
    return Value(Members(held, held) if kind is frozenset else frozenset((held,)))


def lower(value: Value) -> Held:
    """Return what a value is, where that is known and nothing is declared of it."""
    if value.absent is Absent.NEVER and value.within is None:
        possible = value.possible
        kind = possible.__class__
        if kind is Finite:
            if len(possible.values) == 1:
                return possible.values[0]
        elif kind is frozenset:
            if len(possible) == 1:
                (thing,) = possible
                return thing
            if possible == EITHER:
                return None
        elif kind is Members and possible.sure == possible.possible:
            return possible.sure
    return value


def told(held: Held) -> bool | None:
    """Return a truth value; *no value* may count as either."""
    if held.__class__ is not Value:
        return held
    possible = values.truth(held)
    return True if possible == TRUE else False if possible == FALSE else None


def figure(held: Held) -> Held:
    """Return the figure that is known, whatever is declared of it; anything else as it is."""
    if held.__class__ is Value and held.absent is Absent.NEVER and held.possible.__class__ is Finite:
        known = held.possible.values
        if len(known) == 1:
            return known[0]
    return held


def once(find: Callable[[Value], Held]) -> Callable[[Held], Held]:
    """Return the same, the last answer being kept: a fact that is missing is one value each time."""
    both = once_of_two(lambda a, _: find(a))
    return lambda held: both(held, None)


def once_of_two(find: Callable[[Value, Value], Held]) -> Callable[[Held, Held], Held]:
    """Do the same of two values."""
    last: tuple[Any, Any, Held] = (find, find, None)

    def run(a: Held, b: Held) -> Held:
        nonlocal last
        x, y, found = last
        if x is not a or y is not b:
            found = find(lift(a), lift(b))
            last = a, b, found
        return found

    return run
