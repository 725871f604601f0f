"""The algebra of values that may be unknown or absent: exact sets and intervals, strong Kleene logic.

``docs/language.md`` states what each operation means; this module is that page in Python. Numbers are
``fractions.Fraction`` throughout. A value is *decided* when one thing is possible and it is surely
there; causes are the facts that left it open, and a decided value has none.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, cast

from dualprev_rules.facts.possible import (
    EVERY_NUMBER,
    EVERY_TEXT,
    MOST_MEMBERS,
    Absent,
    Cause,
    Finite,
    Interval,
    Members,
    Numbers,
    Value,
    finite,
    holds,
    hull,
    interval,
    is_whole,
    meet,
    single,
)

TRUE, FALSE = frozenset((True,)), frozenset((False,))
EITHER = frozenset((True, False))
NO_CAUSES: frozenset[Cause] = frozenset()


def decided(thing: Any) -> Value:
    """Return the value that is surely ``thing``: a bool, Fraction or text."""
    return Value(Finite((thing,)) if isinstance(thing, Fraction) else frozenset((thing,)))


def make(possible: Any, causes: frozenset[Cause], absent: Absent = Absent.NEVER, within: Any = None) -> Value:
    """Return a value; one that is decided has no causes."""
    if absent is Absent.NEVER and single(possible):
        causes = NO_CAUSES
    return Value(possible, absent, causes, within)


def no_value(cause: Cause, within: Any) -> Value:
    """Return the value that is surely absent."""
    return Value(None, Absent.SURELY, frozenset((cause,)), within)


def present(value: Value) -> Any:
    """Return what is possible where *no value* counts as anything in the declared range.

    The same holds before and after it is learned that there is none, which keeps the law of refinement.
    """
    if value.absent is Absent.NEVER:
        return value.possible
    return value.within if value.absent is Absent.SURELY else union_of([value.possible, value.within])


# --- what several alternatives may be ------------------------------------------------------------


def union_of(parts: Iterable[Any]) -> Any:
    """Return all that any of the parts allows; the parts are of one type."""
    given = [part for part in parts if part is not None]
    first = given[0]
    if isinstance(first, Finite | Interval):
        return hull(given)
    if isinstance(first, Members):
        groups = cast("list[Members]", given)
        every = any(group.possible is EVERY_TEXT for group in groups)
        possible = (group.possible for group in groups if isinstance(group.possible, frozenset))
        return Members(
            groups[0].sure.intersection(*(group.sure for group in groups)),
            EVERY_TEXT if every else frozenset[str]().union(*possible),
        )
    if isinstance(first, tuple):
        # Records or rows; none named is any of them.
        return tuple(dict.fromkeys(thing for part in given for thing in part)) if all(given) else ()
    if any(part is EVERY_TEXT for part in given):
        return EVERY_TEXT
    return frozenset[Any]().union(*given)


def union(values: Iterable[Value], causes: frozenset[Cause] = NO_CAUSES) -> Value:
    """Return the value that is one of several, it being open which; ``causes`` left that open."""
    given = list(values)
    if all(value.absent is Absent.SURELY for value in given):
        absent = Absent.SURELY
    else:
        absent = Absent(int(any(value.absent for value in given)))
    parts = [value.possible for value in given if value.absent is not Absent.SURELY]
    ranges = [value.within for value in given if value.within is not None]
    return make(
        union_of(parts) if parts else None,
        causes.union(*(value.causes for value in given)),
        absent,
        union_of(ranges) if ranges else None,
    )


# --- logic ---------------------------------------------------------------------------------------


def truth(value: Value) -> frozenset[bool]:
    """Return which of true and false are possible; *no value* may count as either."""
    return EITHER if value.absent else value.possible


def negate(value: Value) -> Value:
    """``not``."""
    return make(frozenset(not t for t in truth(value)), value.causes)


def conjunction(values: Iterable[Value]) -> Value:
    """``and``: false as soon as one operand is, whatever the others are."""
    given = [(truth(value), value.causes) for value in values]
    if any(possible == FALSE for possible, _ in given):
        return Value(FALSE)
    still_open = [causes for possible, causes in given if possible == EITHER]
    return Value(EITHER, causes=NO_CAUSES.union(*still_open)) if still_open else Value(TRUE)


def disjunction(values: Iterable[Value]) -> Value:
    """``or``: true as soon as one operand is."""
    return negate(conjunction(negate(value) for value in values))


def count_true(conditions: Iterable[Value]) -> Value:
    """Return how many conditions hold, from those that surely do to those that may."""
    given = [(truth(value), value.causes) for value in conditions]
    sure = sum(possible == TRUE for possible, _ in given)
    may = sum(True in possible for possible, _ in given)
    causes = NO_CAUSES.union(*(causes for possible, causes in given if possible == EITHER))
    return make(_whole(sure, may), causes)


# --- comparison ----------------------------------------------------------------------------------


def compare(op: str, a: Value, b: Value, order: tuple[str, ...] = ()) -> Value:
    """Compare: true when every pair of possible values says so, false when none does.

    ``order`` holds the members of an ordered enum, by which ``<`` and the like go.
    """
    x, y = present(a), present(b)
    if EVERY_TEXT in (x, y):
        return make(EITHER, a.causes | b.causes)
    if order and op not in ("==", "!="):
        x, y = (finite(Fraction(order.index(m)) for m in p) for p in (x, y))
    if op == "!=":
        return negate(compare("==", a, b, order))
    if op == "==":
        possible = _equal(x, y)
    elif op in (">", ">="):
        possible = _less(y, x, strict=op == ">")
    else:
        possible = _less(x, y, strict=op == "<")
    return make(possible, a.causes | b.causes)


def _equal(x: Any, y: Any) -> frozenset[bool]:
    if isinstance(x, Finite | Interval):
        apart = meet(x, y) is None
    else:
        apart = set(x).isdisjoint(y) and bool(x) and bool(y)
    if apart:
        return FALSE
    return TRUE if single(x) and single(y) else EITHER


def _less(x: Numbers, y: Numbers, *, strict: bool) -> frozenset[bool]:
    """Return whether every, some or no pair has ``x < y`` (``x <= y`` unless ``strict``)."""
    surely = _below(_high(x), _low(y), strict)
    never = _below(_high(y), _low(x), not strict)
    return TRUE if surely else FALSE if never else EITHER


def _below(high: tuple[Fraction | None, bool], low: tuple[Fraction | None, bool], strict: bool) -> bool:
    """Tell whether all that lies under the upper end lies below all that lies over the lower end."""
    (h, h_open), (lo, lo_open) = high, low
    if h is None or lo is None:
        return False
    return h < lo or (h == lo and (not strict or h_open or lo_open))


def is_in(item: Value, options: list[Value]) -> Value:
    """``item in {…}``: true when all possible values are among the options."""
    causes = item.causes.union(*(option.causes for option in options))
    possible = present(item)
    equals = [compare("==", item, option) for option in options]
    if any(truth(e) == TRUE for e in equals):
        return Value(TRUE)
    if all(truth(e) == FALSE for e in equals):
        return Value(FALSE)
    if all(option.known for option in options):
        if isinstance(possible, Finite):
            allowed = [option.possible for option in options]
            if all(any(holds(each, v) for each in allowed) for v in possible.values):
                return Value(TRUE)
        elif isinstance(possible, frozenset) and possible <= union_of(o.possible for o in options):
            return Value(TRUE)
    return make(EITHER, causes)


def has(item: Value, group: Value) -> Value:
    """``item in set``: true when every possible item is surely a member."""
    causes = item.causes | group.causes
    members: Members = present(group)
    things = present(item)
    if things is EVERY_TEXT:
        return make(FALSE if members.possible == frozenset() else EITHER, causes)
    if things <= members.sure:
        return Value(TRUE)
    if not any(thing in members.possible for thing in things):
        return Value(FALSE)
    return make(EITHER, causes)


# --- arithmetic ----------------------------------------------------------------------------------


def arithmetic(op: str, a: Value, b: Value) -> Value:
    """``+ - * /``; by 0 there is no value, and any number may stand in its place."""
    x, y = present(a), present(b)
    causes = a.causes | b.causes
    if op == "/":
        divisors = _without_zero(y)
        if not divisors:
            return Value(None, Absent.SURELY, causes, EVERY_NUMBER)
        quotients = [_divide(x, part) for part in divisors]
        possible = quotients[0] if len(quotients) == 1 else hull(quotients)
        absent = Absent.POSSIBLY if holds(y, Fraction(0)) else Absent.NEVER
        return make(possible, causes, absent, EVERY_NUMBER)
    combine = {"+": add, "-": _subtract, "*": _multiply}[op]
    return make(combine(x, y), causes)


def scale(value: Value, factor: Fraction, offset: Fraction) -> Value:
    """Return the value in another unit; the factor is positive."""
    f, o = Finite((factor,)), Finite((offset,))
    possible, within = (
        None if part is None else add(_multiply(part, f), o) for part in (value.possible, value.within)
    )
    return Value(possible, value.absent, value.causes, within)


def add(x: Numbers, y: Numbers) -> Numbers:
    """Return all sums."""
    exact = _pairwise(operator.add, x, y)
    if exact is not None:
        return exact
    (a, a_open), (b, b_open), (c, c_open), (d, d_open) = _low(x), _low(y), _high(x), _high(y)
    low = a + b if a is not None and b is not None else None
    high = c + d if c is not None and d is not None else None
    return _interval(low, high, a_open or b_open, c_open or d_open, is_whole(x) and is_whole(y))


def _subtract(x: Numbers, y: Numbers) -> Numbers:
    return add(x, _multiply(y, Finite((Fraction(-1),))))


def _multiply(x: Numbers, y: Numbers) -> Numbers:
    exact = _pairwise(operator.mul, x, y)
    if exact is not None:
        return exact
    if (factor := _only(x)) is not None:
        return _times(y, factor)
    if (factor := _only(y)) is not None:
        return _times(x, factor)
    pairs = [(_low(x, -1), _low(y, -1)), (_high(x, 1), _high(y, 1))]
    if not _is_positive(x) or not _is_positive(y):
        pairs += [(_low(x, -1), _high(y, 1)), (_high(x, 1), _low(y, -1))]
    corners = [_corner(a, b) for a, b in pairs]
    low, low_open = min(corners, key=lambda c: (c[0], c[1]))
    high, high_open = max(corners, key=lambda c: (c[0], not c[1]))
    return _interval(
        None if low == -_INFINITY else Fraction(low),
        None if high == _INFINITY else Fraction(high),
        low_open,
        high_open,
        is_whole(x) and is_whole(y),
    )


def _times(x: Numbers, factor: Fraction) -> Numbers:
    """Return all products with one factor."""
    if not factor:
        return Finite((factor,))
    ends = [(None if end is None else end * factor, is_open) for end, is_open in (_low(x), _high(x))]
    (low, low_open), (high, high_open) = ends if factor > 0 else reversed(ends)
    return _interval(low, high, low_open, high_open, is_whole(x) and factor.denominator == 1)


def _is_positive(x: Numbers) -> bool:
    return x.low is not None and x.low >= 0


def _divide(x: Numbers, y: Numbers) -> Numbers:
    """Return all quotients; the divisors are never 0, and all of one sign where they are an interval."""
    return _pairwise(lambda a, b: a / b, x, y) or _multiply(x, _reciprocal(y))


_INFINITY = float("inf")


def _corner(a: tuple[Fraction | None, bool, int], b: tuple[Fraction | None, bool, int]) -> tuple[Any, bool]:
    """Return the product of two ends and whether it is only approached; 0 times an unbounded end is 0."""
    (x, x_open, x_sign), (y, y_open, y_sign) = a, b
    zero_reached = (x == 0 and not x_open) or (y == 0 and not y_open)
    if x == 0 or y == 0:
        return Fraction(0), not zero_reached
    if x is None or y is None:
        sign = (x_sign if x is None else (1 if x > 0 else -1)) * (
            y_sign if y is None else (1 if y > 0 else -1)
        )
        return sign * _INFINITY, True
    return x * y, x_open or y_open


def _without_zero(numbers: Numbers) -> list[Numbers]:
    """Return the parts of a divisor below and above 0."""
    if isinstance(numbers, Finite):
        rest = tuple(v for v in numbers.values if v)
        return [Finite(rest)] if rest else []
    sides = (Interval(None, Fraction(0)), Interval(Fraction(0), None))
    return [part for side in sides if (part := meet(numbers, side)) is not None]


def _reciprocal(part: Numbers) -> Numbers:
    """Return 1/x of numbers that are all of one sign and never 0."""
    if isinstance(part, Finite):
        return finite(1 / v for v in part.values)
    (low, low_open), (high, high_open) = _low(part), _high(part)
    # An unbounded end goes to 0, an end at 0 goes out of bounds; both are open.
    new_low = Fraction(0) if high is None else (None if high == 0 else 1 / high)
    new_high = Fraction(0) if low is None else (None if low == 0 else 1 / low)
    return _interval(new_low, new_high, high is None or high_open, low is None or low_open, False)


def absolute(value: Value) -> Value:
    """``abs``."""
    numbers = present(value)
    negative = _multiply(numbers, Finite((Fraction(-1),)))
    if isinstance(numbers, Finite):
        return make(finite(abs(v) for v in numbers.values), value.causes)
    positive = Interval(Fraction(0), None, low_open=False)
    parts = [part for n in (numbers, negative) if (part := meet(n, positive)) is not None]
    return make(hull(parts), value.causes)


def extreme(kind: str, a: Value, b: Value) -> Value:
    """``min(a, b)`` or ``max(a, b)``."""
    x, y = present(a), present(b)
    exact = _pairwise(min if kind == "min" else max, x, y)
    if exact is None:
        exact = (_least if kind == "min" else _greatest)(x, y)
    return make(exact, a.causes | b.causes)


def _least(x: Numbers, y: Numbers) -> Numbers:
    low, low_open = min(_low(x), _low(y), key=lambda e: (e[0] is not None, e[0] or 0, e[1]))
    high, high_open = min(_high(x), _high(y), key=lambda e: (e[0] is None, e[0] or 0, not e[1]))
    return _interval(low, high, low_open, high_open, is_whole(x) and is_whole(y))


def _greatest(x: Numbers, y: Numbers) -> Numbers:
    low, low_open = max(_low(x), _low(y), key=lambda e: (e[0] is not None, e[0] or 0, e[1]))
    high, high_open = max(_high(x), _high(y), key=lambda e: (e[0] is None, e[0] or 0, not e[1]))
    return _interval(low, high, low_open, high_open, is_whole(x) and is_whole(y))


def monotone(function: Callable[[Fraction], Fraction], numbers: Numbers) -> Numbers:
    """Return the image of whole numbers under a function that never falls (calendar arithmetic)."""
    if isinstance(numbers, Finite):
        return finite(function(v) for v in numbers.values)
    low = None if numbers.low is None else function(numbers.low)
    high = None if numbers.high is None else function(numbers.high)
    return _interval(low, high, False, False, True)


def _pairwise(function: Callable[[Fraction, Fraction], Fraction], x: Numbers, y: Numbers) -> Numbers | None:
    """Apply to every pair of two finite sets; None where one is an interval or the result too large."""
    if not isinstance(x, Finite) or not isinstance(y, Finite):
        return None
    if len(x.values) == len(y.values) == 1:
        return Finite((function(x.values[0], y.values[0]),))
    found: set[Fraction] = set()
    for a in x.values:
        found.update(function(a, b) for b in y.values)
        if len(found) > MOST_MEMBERS:
            return None
    return finite(found)


def _only(numbers: Numbers) -> Fraction | None:
    return numbers.low if isinstance(numbers, Finite) and len(numbers.values) == 1 else None


def _low(numbers: Numbers, *sign: int) -> Any:
    return (numbers.low, isinstance(numbers, Interval) and numbers.low_open, *sign)


def _high(numbers: Numbers, *sign: int) -> Any:
    return (numbers.high, isinstance(numbers, Interval) and numbers.high_open, *sign)


def _interval(
    low: Fraction | None, high: Fraction | None, low_open: bool, high_open: bool, whole: bool
) -> Numbers:
    result = interval(low, high, low_open, high_open, whole)
    assert result is not None, (low, high)
    return result


def _whole(low: int, high: int | None) -> Numbers:
    return _interval(Fraction(low), None if high is None else Fraction(high), False, False, True)


COUNT_UP = _whole(0, None)
"""How many more there may be: 0, 1, 2 …"""
