"""Values as JSON: exact numbers as text, open ones by what is possible."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualprev_rules.evaluate.render import number, render, unit_name
from dualprev_rules.facts.possible import (
    EVERY_NUMBER,
    EVERY_TEXT,
    Absent,
    Finite,
    Items,
    Members,
    Value,
    interval,
)
from dualprev_rules.facts.quantity import parse_number
from dualprev_rules.facts.types import Bool, Date, Enum, Number, SetOf, Text, Type
from dualprev_rules.facts.units import Unit

KIND = Enum(("a", "b", "c"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("10", "10"),
        ("-1/8", "-0.125"),
        ("1/3", "1/3"),
        ("-22/7", "-22/7"),
        ("1/1000000", "0.000001"),
        ("12345678901234567890/10", "1234567890123456789"),
        ("-3/10", "-0.3"),
    ],
)
def test_number(value: str, text: str) -> None:
    assert number(Fraction(value)) == text


@given(st.fractions(max_denominator=10**9, min_value=-(10**9), max_value=10**9))
def test_a_number_reads_back_the_same(value: Fraction) -> None:
    assert parse_number(number(value)) == value


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (Value(Finite((Fraction(1, 8),))), Number(), "0.125"),
        (Value(Finite((Fraction(1), Fraction(2)))), Number(), {"values": ["1", "2"]}),
        (
            Value(interval(Fraction(1), None)),
            Number(),
            {"low": "1", "high": None, "low_open": False, "high_open": True},
        ),
        (Value(EVERY_NUMBER), Number(), {"low": None, "high": None, "low_open": True, "high_open": True}),
        (Value(Finite((Fraction(737425),))), Date(), "2020-01-01"),
        (Value(frozenset((True,))), Bool(), True),
        (Value(frozenset((True, False))), Bool(), {"values": [False, True]}),
        (Value(frozenset(("b", "a"))), KIND, {"values": ["a", "b"]}),
        (Value(EVERY_TEXT), Text(), {"values": None}),
        (Value(Members(frozenset("a"), frozenset("a"))), SetOf(KIND), ["a"]),
        (
            Value(Members(frozenset("a"), frozenset("ab"))),
            SetOf(KIND),
            {"sure": ["a"], "possible": ["a", "b"]},
        ),
        (Value(Members(frozenset("a"), EVERY_TEXT)), SetOf(Text()), {"sure": ["a"], "possible": None}),
        (Value(Items(())), Text(), 0),
        (Value(None, Absent.SURELY), Number(), None),
        (Value(Finite((Fraction(5),)), Absent.POSSIBLY), Number(), {"values": ["5"], "or_none": True}),
        (Value(frozenset((True,)), Absent.POSSIBLY), Bool(), {"values": [True], "or_none": True}),
    ],
)
def test_render(value: Value, kind: Type, shown: Any) -> None:
    assert render(value, kind) == shown


@pytest.mark.parametrize(
    ("dimension", "name"),
    [
        ((("mass", 1),), "kg"),
        ((("length", -3), ("mass", 1)), "kg/m³"),
        ((("mass", 2),), "mass^2"),
    ],
)
def test_a_product_is_named_by_the_unit_that_it_is_formed_in(
    dimension: tuple[tuple[str, int], ...], name: str
) -> None:
    assert unit_name(Number(Unit("=", dimension))) == name
