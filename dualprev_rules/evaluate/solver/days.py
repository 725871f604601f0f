"""Days shifted by months: what a comparison with a day that stands says of the day before the shift."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

from dualprev_rules.evaluate.calendar import shift
from dualprev_rules.evaluate.solver.backend import Bit, Real, all_of, exact, no
from dualprev_rules.lang.tree import AsOf, Call, Const, Node, Param

OPERATORS: dict[str, Callable[[Any, Any], Bit]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
MOST_TIMES = 60
"""A day is shifted exactly by so many months or years that a fact says; by more, within bounds."""


def standing(node: Node, as_of: date) -> Fraction | None:
    """Return a day that no fact changes."""
    match node:
        case AsOf():
            return Fraction(as_of.toordinal())
        case Const(value=Fraction() as value) | Param(value=Fraction() as value):
            return value
        case _:
            return None


def shifts(node: Node) -> bool:
    """Tell whether a node shifts a day by months or years."""
    return isinstance(node, Call) and node.function in ("add_months", "add_years")


def lies(op: str, start: Real, months: int, end: Fraction) -> Bit:
    """Return how a day so many months after ``start`` lies to ``end``."""
    reached = start >= exact(_first(lambda day: shift(day, months) >= end))
    passed = start >= exact(_first(lambda day: shift(day, months) > end))
    return {
        ">=": reached,
        ">": passed,
        "<": no(reached),
        "<=": no(passed),
        "==": all_of(reached, no(passed)),
        "!=": no(all_of(reached, no(passed))),
    }[op]


def months_of(node: Node) -> int | None:
    """Return by how many months a call shifts a day, where no fact changes it."""
    match node:
        case Call(function="add_months" | "add_years" as name, args=(_, Const(value=n) | Param(value=n))):
            return int(Fraction(n)) * (12 if name == "add_years" else 1)
        case _:
            return None


def _first(holds: Callable[[Fraction], bool]) -> Fraction:
    """Return the first day for which a condition holds that holds for every later day, too."""
    low, high = 1, date.max.toordinal() + 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(Fraction(middle)) else (middle + 1, high)
    return Fraction(low)
