"""The same facts in other units of the same dimension give the same outcome."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.render import number
from dualprev_rules.facts import read_facts
from dualprev_rules.facts.possible import Value
from tests.cases import cases
from tests.property.build import Built, build

OTHERS: dict[str, dict[str, tuple[int, Fraction]]] = {
    "mass": {"t": (1, Fraction(0)), "kg": (1_000, Fraction(0)), "g": (1_000_000, Fraction(0))},
    "volume": {"m³": (1, Fraction(0)), "L": (1_000, Fraction(0)), "mL": (1_000_000, Fraction(0))},
    "pressure": {"MPa": (1, Fraction(0)), "kPa": (1_000, Fraction(0)), "Pa": (1_000_000, Fraction(0))},
    "temp": {"°C": (1, Fraction(0)), "K": (1, Fraction("273.15"))},
    "age": {"d": (1, Fraction(0)), "h": (24, Fraction(0)), "s": (86_400, Fraction(0))},
}
"""Attribute → unit → factor and offset from the declared unit, which stands first."""
FIGURES = tuple(Fraction(text) for text in ("0", "0.5", "1", "1.6", "3", "20", "200", "1/3"))
CONDITIONS = (
    "mass > '500 kg'",
    "mass / volume >= '1000 kg/m³'",
    "mass * 3 > '1 t'",
    "pressure * volume > '1.6 MJ' if pressure > 0 else mass < 3",
    "'293.15 K' <= temp < 200",
    "abs(mass - '1 t') <= '500 kg'",
    "max(mass, '1000 kg') == 1",
    "age > 20 or age in {'12 h', 3}",
    "density == '1 t/m³'",
    "at_least(2, mass >= 1, volume >= '1000 L', temp >= 20, age <= '12 h')",
)


@cache
def _built() -> Built:
    attributes = {
        name: {"type": "number", "unit": next(iter(units)), "label": {"zh": name, "en": name}}
        for name, units in OTHERS.items()
    }
    rules = [
        {"rule": f"r{index}", "kind": "check", "for": "enterprise", "violated": text}
        for index, text in enumerate(CONDITIONS)
    ]
    definitions = [{"define": "enterprise.density", "type": "number", "unit": "t/m³", "is": "mass / volume"}]
    return build(
        {"facts": {"enterprise": {"attributes": attributes}}, "definitions": definitions, "rules": rules}
    )


def _given(
    draw: Any, name: str, how: str, figures: list[Fraction], units: dict[str, tuple[int, Fraction]]
) -> Any:
    unit = draw(st.sampled_from(list(units)))
    factor, offset = units[unit]
    texts = [number(v * factor + offset) for v in figures]
    match how:
        case "value":
            return {"value": texts[0], "unit": unit} if draw(st.booleans()) else f"{texts[0]} {unit}"
        case "between":
            return {"between": [f"{text} {unit}" for text in texts]}
        case "one_of":
            return {"value": {"one_of": texts}, "unit": unit}
        case "below":
            return f"<{texts[0]} {unit}"
        case _:
            return {"at_least": texts[0], "unit": unit}


@settings(max_examples=cases(3_000))
@given(st.data())
def test_other_units_give_the_same_outcome(data: st.DataObject) -> None:
    one: dict[str, Any] = {}
    other: dict[str, Any] = {}
    for name, units in OTHERS.items():
        how = data.draw(
            st.sampled_from(("missing", "value", "value", "between", "one_of", "below", "at_least"))
        )
        figures = sorted(data.draw(st.lists(st.sampled_from(FIGURES), min_size=2, max_size=2)))
        if how != "missing":
            declared = dict(list(units.items())[:1])
            one[name] = _given(data.draw, name, how, figures, declared)
            other[name] = _given(data.draw, name, how, figures, units)
    assert _seen(one) == _seen(other)


def _seen(given_facts: dict[str, Any]) -> list[Any]:
    made = _built()
    ruleset = made.ruleset(date(2026, 11, 21))
    facts = read_facts({"enterprise": given_facts}, made.schema, as_of=ruleset.as_of)
    assert facts.problems == ()
    reference, (record,) = Reference(ruleset), facts.roots
    outcomes = [reference.outcome(rule, record) for rule in ruleset.rules.values()]
    derived: list[Value] = [reference.define(each, record) for each in ruleset.definitions.values()]
    return [(o.possible, o.presumed, o.causes) for o in outcomes] + [
        (v.possible, v.absent, v.causes) for v in derived
    ]
