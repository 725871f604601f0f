"""Figures are read exactly, or not at all."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualprev_rules.facts.quantity import parse_number, parse_quantity, undeclared_unit
from tests.facts.schema import unit


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", "1/10"),
        ("200", "200"),
        ("２００", "200"),
        ("-5", "-5"),
        ("+5", "5"),
        ("−5", "-5"),
        ("－５", "-5"),
        (" 7 ", "7"),
        ("\u30007", "7"),
        (".5", "1/2"),
        ("007", "7"),
        ("1,000", "1000"),
        ("1，000", "1000"),
        ("12,345,678.25", "12345678.25"),
        ("2/3", "2/3"),
        ("２／３", "2/3"),
        ("-1/7", "-1/7"),
        ("6/3", "2"),
        ("1e5", "100000"),
        ("2E-05", "1/50000"),
        ("1.5e+03", "1500"),
        ("0.0999999", "0.0999999"),
        ("9" * 40, "9" * 40),
        ("0." + "1" * 39, "0." + "1" * 39),
        ("1e99", str(10**99)),
    ],
)
def test_read(text: str, value: str) -> None:
    assert parse_number(text) == Fraction(value)
    assert parse_quantity(text) == (Fraction(value), None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "约200",
        "100-200",
        "1 000",
        "1 000 kg",
        "true",
        "nan",
        "NaN",
        "inf",
        "-Infinity",
        "1.",
        "1..2",
        "1.2.3",
        "1,00",
        "1,0000",
        "0,123",
        "1000,000",
        "12,34",
        "1/0",
        "1/2/3",
        "1/2.5",
        "1.5/2",
        "--1",
        "+-1",
        "- 1",
        "1e",
        "e5",
        "1e100",
        "1e-100",
        "1e1.5",
        "1_000",
        "0x10",
        "１２３４５６７８９０" * 4 + "1",
        "9" * 41,
        "1" * 5000,
        "10²",
        "½",
        "٣",
        "三",
        "200左右",
        "1e5e5",
        "1,000e5,000",
        "5 5 t",
        "1 2",
        "\x00",
        "1\x00",
    ],
)
def test_refused(text: str) -> None:
    assert parse_number(text) is None
    assert parse_quantity(text) is None


@pytest.mark.parametrize(
    ("text", "value", "symbol"),
    [
        ("500 kg", "500", "kg"),
        ("500kg", "500", "kg"),
        ("1.6MPa", "8/5", "MPa"),
        ("1.6 MPa（表压）", "8/5", "MPa(G)"),
        ("６ 吨", "6", "t"),
        ("-196℃", "-196", "°C"),
        ("25％", "25", "%"),
        ("2/3 t", "2/3", "t"),
        ("1e3 kg", "1000", "kg"),
        ("10㎡", "10", "m²"),
        ("3 m³/min", "3", "m³/min"),
        ("5 1/a", "5", "次/年"),
        ("1,000 元", "1000", "元"),
    ],
)
def test_read_with_a_unit(text: str, value: str, symbol: str) -> None:
    assert parse_quantity(text) == (Fraction(value), unit(symbol))
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("5 furlong", "furlong"),
        ("200左右", "左右"),
        ("5 kg", None),
        ("1 000 kg", None),
        ("100-200", None),
        ("约5", None),
    ],
)
def test_undeclared_unit(text: str, left: str | None) -> None:
    assert undeclared_unit(text) == left


_DIGITS = st.text("0123456789", min_size=1, max_size=12)


@st.composite
def _figures(draw: st.DrawFn) -> tuple[str, Fraction]:
    """Return a text of the grammar, and its value by way of ``fractions``."""
    sign = draw(st.sampled_from(["", "-", "+"]))
    if draw(st.booleans()):
        p, q = draw(_DIGITS), str(draw(st.integers(1, 10**9)))
        text = f"{sign}{p}/{q}"
    else:
        whole = draw(st.one_of(_DIGITS, st.integers(1, 10**15).map(lambda n: f"{n:,}")))
        decimals = draw(st.one_of(st.just(""), _DIGITS.map(lambda d: f".{d}")))
        exponent = draw(st.one_of(st.just(""), st.integers(-99, 99).map(lambda e: f"e{e}")))
        text = f"{sign}{whole}{decimals}{exponent}"
    value = Fraction(text.replace(",", ""))
    wide = "".join(chr(ord(c) + 0xFEE0) for c in text)
    return draw(st.sampled_from([text, wide, f" {text} "])), value


@given(_figures())
def test_the_grammar_against_fractions(figure: tuple[str, Fraction]) -> None:
    text, value = figure
    assert parse_number(text) == value


@given(_figures(), st.sampled_from(["t", "公斤", " m³", "MPa（表压）", "%vol", " 万元"]))
def test_quantities_against_fractions(figure: tuple[str, Fraction], spelling: str) -> None:
    text, value = figure
    assert parse_quantity(text + spelling) == (value, unit(spelling.strip()))


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    value = parse_number(text)
    quantity = parse_quantity(text)
    if value is not None:
        assert quantity == (value, None)
    undeclared_unit(text)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e90, max_value=1e90))
def test_a_float_is_its_shortest_decimal(number: float) -> None:
    value = parse_number(repr(number))
    if abs(number) > 1e-90 or number == 0:
        assert value == Fraction(repr(number))
        assert float(value) == number
