"""The solver itself: z3, which comes with an extra."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from importlib import import_module
from typing import Any

from dualprev_rules.problems import DualprevError, problem

Bit = Any
"""A truth value: a z3 expression of sort Bool."""
Real = Any
"""A number, or the number of a member, text or day: a z3 expression of sort Real or Int."""


@cache
def z3() -> Any:
    """Return the library; raises DualprevError where it is not installed."""
    try:
        return import_module("z3")
    except ImportError as error:
        raise DualprevError(problem("standards.missing-extra", given="z3-solver")) from error


def exact(value: Fraction) -> Real:
    """Return a number."""
    return z3().Q(value.numerator, value.denominator)


def all_of(*parts: Bit) -> Bit:
    """Return ``and``; True for none."""
    left = [part for part in parts if part is not True]
    if any(part is False for part in left):
        return False
    return z3().And(*left) if len(left) > 1 else left[0] if left else True


def any_of(*parts: Bit) -> Bit:
    """Return ``or``; False for none."""
    left = [part for part in parts if part is not False]
    if any(part is True for part in left):
        return True
    return z3().Or(*left) if len(left) > 1 else left[0] if left else False


def no(part: Bit) -> Bit:
    """Return ``not``."""
    if isinstance(part, bool):
        return not part
    return z3().Not(part)


def either(condition: Bit, then: Any, otherwise: Any) -> Any:
    """Return ``then if condition else otherwise``."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    return z3().If(condition, then, otherwise)
