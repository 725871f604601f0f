"""The algebra of intervals and sets against points: nothing possible is lost, ends are as near as can be."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualprev_rules.evaluate import values
from dualprev_rules.evaluate.values import EITHER, FALSE, TRUE, absolute, arithmetic, compare, extreme, is_in
from dualprev_rules.facts.possible import (
    EVERY_NUMBER,
    MOST_MEMBERS,
    Absent,
    Finite,
    Interval,
    Numbers,
    Value,
    finite,
    holds,
    hull,
    interval,
    is_whole,
    meet,
)
from tests.cases import cases

NEAR = Fraction(1, 10**6)
FAR = Fraction(10**6)
ends = st.sampled_from([None, *(Fraction(n, 2) for n in range(-6, 9))])


@st.composite
def numbers(draw: Any) -> Numbers:
    """Draw a finite set or an interval, of whole numbers or not."""
    if draw(st.booleans()):
        return finite(draw(st.lists(st.fractions(-4, 4, max_denominator=4), min_size=1, max_size=4)))
    low, high = draw(ends), draw(ends)
    if low is not None and high is not None and low > high:
        low, high = high, low
    found = interval(low, high, draw(st.booleans()), draw(st.booleans()), draw(st.booleans()))
    return found if found is not None else EVERY_NUMBER


def points(of: Numbers) -> list[Fraction]:
    """Return points of what is possible: at its ends, near them, far out, in the middle, and 0."""
    if isinstance(of, Finite):
        return list(of.values)
    step = Fraction(1) if of.whole else NEAR
    low = of.low if of.low is not None else -FAR
    high = of.high if of.high is not None else FAR
    tried = {
        low,
        low + step,
        high,
        high - step,
        Fraction(0),
        Fraction(1),
        Fraction(-1),
        NEAR,
        -NEAR,
        (low + high) / 2,
    }
    return sorted(v for v in tried if holds(of, v))


def _sound(result: Numbers, reached: list[Fraction]) -> None:
    assert all(holds(result, v) for v in reached), (result, [v for v in reached if not holds(result, v)])


def _tight(result: Numbers, reached: list[Fraction]) -> None:
    """Check that each end is reached, or approached as far as the points allow."""
    least, most = min(reached), max(reached)
    if isinstance(result, Finite):
        assert (result.low, result.high) == (least, most)
        return
    slack = Fraction(1, 100) + 10 * NEAR * max(abs(least), abs(most))
    assert (
        (least < -1000)
        if result.low is None
        else (least == result.low or (result.low_open and least - result.low < slack))
    )
    assert (
        (most > 1000)
        if result.high is None
        else (most == result.high or (result.high_open and result.high - most < slack))
    )


@pytest.mark.parametrize("op", ["+", "-", "*"])
@settings(max_examples=cases(4_000))
@given(x=numbers(), y=numbers())
def test_arithmetic(op: str, x: Numbers, y: Numbers) -> None:
    function: Callable[[Fraction, Fraction], Fraction] = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
    }[op]
    result = arithmetic(op, Value(x), Value(y))
    reached = [function(a, b) for a in points(x) for b in points(y)]
    assert result.absent is Absent.NEVER
    _sound(result.possible, reached)
    _tight(result.possible, reached)
    assert is_whole(result.possible) or not (is_whole(x) and is_whole(y))


@settings(max_examples=cases(4_000))
@given(x=numbers(), y=numbers())
def test_division(x: Numbers, y: Numbers) -> None:
    result = arithmetic("/", Value(x), Value(y))
    divisors = [b for b in points(y) if b]
    zero = holds(y, Fraction(0))
    only_zero = zero and isinstance(y, Finite) and len(y.values) == 1
    assert result.absent is (Absent.SURELY if only_zero else Absent.POSSIBLY if zero else Absent.NEVER)
    if not only_zero:
        _sound(result.possible, [a / b for a in points(x) for b in divisors])


@pytest.mark.parametrize("kind", ["min", "max"])
@settings(max_examples=cases(2_000))
@given(x=numbers(), y=numbers())
def test_extremes(kind: str, x: Numbers, y: Numbers) -> None:
    function = min if kind == "min" else max
    result = extreme(kind, Value(x), Value(y)).possible
    reached = [function(a, b) for a in points(x) for b in points(y)]
    _sound(result, reached)
    _tight(result, reached)


@settings(max_examples=cases(2_000))
@given(x=numbers())
def test_absolute(x: Numbers) -> None:
    result = absolute(Value(x)).possible
    reached = [abs(a) for a in points(x)]
    _sound(result, reached)
    _tight(result, reached)


@pytest.mark.parametrize("op", ["<", "<=", ">", ">=", "==", "!="])
@settings(max_examples=cases(2_000))
@given(x=numbers(), y=numbers())
def test_comparison(op: str, x: Numbers, y: Numbers) -> None:
    function: Callable[[Fraction, Fraction], bool] = {
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
        "==": lambda a, b: a == b,
        "!=": lambda a, b: a != b,
    }[op]
    found = compare(op, Value(x), Value(y)).possible
    seen = {function(a, b) for a in points(x) for b in points(y)}
    assert seen <= found
    if op in ("<", "<=", ">", ">="):
        # Points at and near all ends show both answers wherever both are possible.
        assert found == seen


@settings(max_examples=cases(2_000))
@given(x=numbers(), options=st.lists(st.fractions(-4, 4, max_denominator=4), min_size=1, max_size=4))
def test_membership(x: Numbers, options: list[Fraction]) -> None:
    found = is_in(Value(x), [values.decided(option) for option in options]).possible
    seen = {a in options for a in points(x)}
    assert seen <= found
    if isinstance(x, Finite):
        assert found == seen


@settings(max_examples=cases(4_000))
@given(x=numbers(), y=numbers(), z=st.fractions(-5, 5, max_denominator=6))
def test_meet_and_hull(x: Numbers, y: Numbers, z: Fraction) -> None:
    both = meet(x, y)
    assert (both is not None and holds(both, z)) == (holds(x, z) and holds(y, z))
    around = hull([x, y])
    assert holds(around, z) or not (holds(x, z) or holds(y, z))
    assert hull([x]) == x
    assert meet(x, x) == x


@given(
    low=ends,
    high=ends,
    low_open=st.booleans(),
    high_open=st.booleans(),
    whole=st.booleans(),
    z=st.integers(-8, 16),
)
def test_interval_has_one_normal_form(
    low: Fraction | None, high: Fraction | None, low_open: bool, high_open: bool, whole: bool, z: int
) -> None:
    found = interval(low, high, low_open, high_open, whole)
    value = Fraction(z, 2)
    inside = (
        (low is None or low < value or (low == value and not low_open))
        and (high is None or value < high or (high == value and not high_open))
        and (not whole or value.denominator == 1)
    )
    assert (found is not None and holds(found, value)) == inside
    if isinstance(found, Interval):
        assert interval(found.low, found.high, found.low_open, found.high_open, found.whole) == found
        assert found.low is not None or found.low_open
        assert found.high is not None or found.high_open


@pytest.mark.parametrize(("count", "kind"), [(MOST_MEMBERS, Finite), (MOST_MEMBERS + 1, Interval)])
def test_a_set_has_at_most_64_members(count: int, kind: type) -> None:
    assert isinstance(finite(Fraction(n) for n in range(count)), kind)
    assert isinstance(interval(Fraction(0), Fraction(count - 1), whole=True), kind)


@pytest.mark.parametrize(
    ("given_values", "conjunction", "disjunction"),
    [
        ([TRUE, TRUE], TRUE, TRUE),
        ([TRUE, FALSE], FALSE, TRUE),
        ([TRUE, EITHER], EITHER, TRUE),
        ([FALSE, EITHER], FALSE, EITHER),
        ([EITHER, EITHER], EITHER, EITHER),
        ([], TRUE, FALSE),
    ],
)
def test_logic(given_values: list[frozenset[bool]], conjunction: object, disjunction: object) -> None:
    operands = [Value(possible) for possible in given_values]
    assert values.conjunction(operands).possible == conjunction
    assert values.disjunction(operands).possible == disjunction
