"""The solver itself: z3, which comes with an extra."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import cache, lru_cache
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


@lru_cache(10_000)
def exact(value: Fraction) -> Real:
    """Return a number."""
    return z3().Q(value.numerator, value.denominator)


@lru_cache(10_000)
def _whole(value: int) -> Real:
    return z3().IntVal(value)


def is_one(value: Real, number: int) -> Bit:
    """Return whether a member or text is the one of a number."""
    if isinstance(value, int):
        return value == number
    context = z3().main_ctx()
    return z3().BoolRef(z3().Z3_mk_eq(context.ref(), value.ast, _whole(number).ast), context)


def is_from(value: Real, low: int, high: int) -> Bit:
    """Return whether a member or text has a number from ``low`` on, below ``high``."""
    if isinstance(value, int):
        return low <= value < high
    if high == low + 1:
        return is_one(value, low)
    context = z3().main_ctx()
    above = z3().BoolRef(z3().Z3_mk_ge(context.ref(), value.ast, _whole(low).ast), context)
    below = z3().BoolRef(z3().Z3_mk_lt(context.ref(), value.ast, _whole(high).ast), context)
    return all_of(above, below)


def _joined(make: Callable[[Any, int, Any], Any], parts: Sequence[Bit]) -> Bit:
    """Return truth values as one, without the library's search for what their sort may be: it takes long."""
    context = z3().main_ctx()
    array = (z3().Ast * len(parts))(*(part.ast for part in parts))
    return z3().BoolRef(make(context.ref(), len(parts), array), context)


def all_of(*parts: Bit) -> Bit:
    """Return ``and``; True for none."""
    left = [part for part in parts if part is not True]
    if any(part is False for part in left):
        return False
    return _joined(z3().Z3_mk_and, left) if len(left) > 1 else left[0] if left else True


def any_of(*parts: Bit) -> Bit:
    """Return ``or``; False for none."""
    left = [part for part in parts if part is not False]
    if any(part is True for part in left):
        return True
    return _joined(z3().Z3_mk_or, left) if len(left) > 1 else left[0] if left else False


def no(part: Bit) -> Bit:
    """Return ``not``."""
    if isinstance(part, bool):
        return not part
    return z3().Not(part)


def symbols(parts: Iterable[Any]) -> list[Any]:
    """Return the symbols in expressions, each once."""
    found: dict[int, Any] = {}
    seen: set[int] = set()
    waiting = [part for part in parts if z3().is_expr(part)]
    while waiting:
        part = waiting.pop()
        if part.get_id() in seen:
            continue
        seen.add(part.get_id())
        if z3().is_const(part) and part.decl().kind() == z3().Z3_OP_UNINTERPRETED:
            found[part.get_id()] = part
        waiting += part.children()
    return list(found.values())


def either(condition: Bit, then: Any, otherwise: Any) -> Any:
    """Return ``then if condition else otherwise``."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    return z3().If(condition, then, otherwise)


def extreme(kind: str, a: Real, b: Real) -> Real:
    """Return the ``min`` or ``max`` of two numbers."""
    return either(a <= b, a, b) if kind == "min" else either(a >= b, a, b)
