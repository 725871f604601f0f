"""The table of units: every spelling means one unit, every factor is exact, dimensions stay apart."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pint
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dualprev_rules.facts.unit_table import TABLE
from dualprev_rules.facts.units import NUMBER, Unit, coherent, conversion, find_unit, nearest_unit, spellings
from tests.facts.schema import unit

PARAGRAPHS = [paragraph.split("\n") for paragraph in TABLE.strip().split("\n\n")]
ROWS = [[part.strip() for part in line.split("|")] for _, *lines in PARAGRAPHS for line in lines]


def test_every_spelling_is_declared_once() -> None:
    found: dict[str, str] = {}
    for symbol, _, *more in ROWS:
        for spelling in (symbol, *(more[0].split() if more else ())):
            assert spelling not in found, f"{spelling}: {found.get(spelling)} and {symbol}"
            found[spelling] = symbol
    assert {spelling: found[spelling] for spelling in found} == {
        spelling: u.symbol for spelling in found if (u := find_unit(spelling)) is not None
    }


@pytest.mark.parametrize(
    ("spelling", "symbol"),
    [
        ("吨", "t"),
        ("公斤", "kg"),
        ("千克", "kg"),
        ("m3", "m³"),
        ("m^3", "m³"),
        ("立方米", "m³"),
        ("㎡", "m²"),
        ("㎏", "kg"),
        ("兆帕", "MPa"),
        ("MPaG", "MPa(G)"),
        ("MPa（表压）", "MPa(G)"),
        ("℃", "°C"),
        ("摄氏度", "°C"),
        ("％", "%"),
        ("万元", "万元"),
        ("10k_CNY", "万元"),
        ("人", "人"),
        ("mg/m³", "mg/m³"),
        ("%VOL", "%vol"),
        ("kN/m2", "kN/m²"),
        ("m3/min", "m³/min"),
        ("m³/(min·kW)", "m³/(min·kW)"),
        ("m3/(min.kW)", "m³/(min·kW)"),
        ("N.m", "N·m"),
        ("", ""),
        ("年", "年"),
        ("days", "d"),
        ("Ω", "Ω"),
        ("\u2126", "Ω"),
        ("µm", "μm"),
        ("dB(A)", "dB(A)"),
    ],
)
def test_spellings(spelling: str, symbol: str) -> None:
    assert unit(spelling).symbol == symbol


@pytest.mark.parametrize("spelling", ["约", "mpa", "kgs", "甲", "000 kg", "-200", "²", "/", "m4"])
def test_no_unit(spelling: str) -> None:
    assert find_unit(spelling) is None


# Definitions of the SI, of the bar, of the calorie (4.184 J) and of the technical atmosphere.
@pytest.mark.parametrize(
    ("value", "of", "to", "result"),
    [
        ("1", "t", "kg", "1000"),
        ("1", "g", "t", "1/1000000"),
        ("1", "mg", "kg", "1/1000000"),
        ("1", "km", "m", "1000"),
        ("1", "mm", "m", "1/1000"),
        ("1", "L", "m³", "1/1000"),
        ("36", "km/h", "m/s", "10"),
        ("1", "bar", "MPa", "1/10"),
        ("1", "kgf/cm²", "Pa", "98066.5"),
        ("1", "atm", "kPa", "101.325"),
        ("1", "kN/m²", "kPa", "1"),
        ("10", "bar(G)", "MPa(G)", "1"),
        ("0", "°C", "K", "273.15"),
        ("300", "K", "°C", "26.85"),
        ("-196", "℃", "K", "77.15"),
        ("1", "kWh", "MJ", "3.6"),
        ("1", "kcal", "J", "4184"),
        ("60", "m³/h", "m³/min", "1"),
        ("1", "L/s", "m³/h", "3.6"),
        ("1", "年", "月", "12"),
        ("1", "周", "d", "7"),
        ("1", "亿元", "万元", "10000"),
        ("25", "%", "", "1/4"),
        ("1", "倍", "%", "100"),
        ("2", "万", "", "20000"),
        ("5", "g/m³", "mg/m³", "5000"),
        ("1", "mg/L", "g/m³", "1"),
        ("12", "t/a", "kg/月", "1000"),
        ("1", "Mt/a", "万t/a", "100"),
        ("15", "亩", "ha", "1"),
        ("1", "MJ/m²", "N/m", "1000000"),
        ("1", "mm/min", "L/(min·m2)", "1"),
    ],
)
def test_conversion(value: str, of: str, to: str, result: str) -> None:
    factor, offset = conversion(unit(of), unit(to))
    assert Fraction(value) * factor + offset == Fraction(result)


APART = [
    ["%", "%vol", "%LEL", "%mass", "%OEL", "ppm"],
    ["MPa", "MPa(G)"],
    ["月", "d", "工作日"],
    ["K", "ΔK"],
    ["dB", "dB(A)"],
    ["kW", "kVA"],
]


@pytest.mark.parametrize(
    ("one", "other"), [(a, b) for group in APART for a in group for b in group if a != b]
)
def test_what_looks_alike_is_apart(one: str, other: str) -> None:
    assert unit(one).dimension != unit(other).dimension
    with pytest.raises(ValueError, match="dimensions"):
        conversion(unit(one), unit(other))


def test_the_coherent_unit_is_the_one_with_factor_one() -> None:
    for symbol, *_ in ROWS:
        of = unit(symbol)
        assert coherent(of).dimension == of.dimension
        assert coherent(coherent(of)) == coherent(of)
    assert [coherent(unit(u)).symbol for u in ("t", "km", "d", "°C", "MPa", "万元", "人", "MPa(G)")] == [
        "kg",
        "m",
        "s",
        "K",
        "Pa",
        "元",
        "",
        "Pa(G)",
    ]


def test_a_dimension_without_a_declared_unit_has_a_coherent_one_too() -> None:
    odd = Unit("?", (("length", 7), ("mass", -2)))
    assert coherent(odd) == Unit("length^7·mass^-2", odd.dimension)


_BASES = {
    "[mass]": "mass",
    "[length]": "length",
    "[time]": "time",
    "[temperature]": "temperature",
    "[current]": "current",
}


def test_dimensions_and_scales_are_those_of_an_independent_unit_library() -> None:
    registry: Any = pint.UnitRegistry(non_int_type=Fraction)
    names = yaml.safe_load((Path(__file__).parent / "pint_names.yaml").read_text("utf-8"))
    for symbol, name in names.items():
        one, zero = (registry.Quantity(Fraction(n), name) for n in (1, 0))
        powers = sorted((_BASES[base], power) for base, power in one.dimensionality.items())
        assert list(unit(symbol).dimension) == [(base, int(power)) for base, power in powers]
        offset = zero.to_base_units().magnitude
        scale = one.to_base_units().magnitude - offset
        assert conversion(unit(symbol), coherent(unit(symbol))) == (scale, offset)
    assert len(names) > 80


@given(st.sampled_from(ROWS), st.sampled_from(ROWS), st.fractions())
def test_there_and_back_is_exact(one: list[str], other: list[str], value: Fraction) -> None:
    of, to = unit(one[0]), unit(other[0])
    if of.dimension == to.dimension:
        there, there_offset = conversion(of, to)
        back, back_offset = conversion(to, of)
        assert (value * there + there_offset) * back + back_offset == value


def test_spellings_are_sorted_and_found() -> None:
    assert list(spellings()) == sorted(spellings())
    assert all(find_unit(spelling) is not None for spelling in spellings())
    assert find_unit("") == NUMBER


@pytest.mark.parametrize(
    ("spelt", "meant"),
    [
        *(("metre", "m"), ("Meters", "m"), ("KGS", "kg"), ("tonnez", "tonne"), ("兆帕斯卡", "MPa")),
        *(("lb", None), ("psi", None), ("磅", None)),
    ],
)
def test_the_unit_that_is_meant_by_another_spelling(spelt: str, meant: str | None) -> None:
    assert nearest_unit(spelt) == meant
