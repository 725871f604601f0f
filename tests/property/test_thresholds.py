"""Sums of shares of thresholds, as GB 18218 adds them: exact, and never wrong at the boundary."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.render import number
from dualprev_rules.facts import Record, read_facts
from dualprev_rules.facts.possible import Finite, Value
from tests.cases import cases
from tests.property.build import Built, build

THRESHOLDS = ("1", "3", "5", "7", "9", "10", "20", "21", "50", "0.3", "2/3", "200", "5000")
UNITS = {"t": 1, "kg": 1_000, "g": 1_000_000, "mg": 1_000_000_000, "吨": 1, "公斤": 1_000}
LABEL = {"label": {"zh": "x", "en": "x"}}


@cache
def _built() -> Built:
    return build(
        {
            "facts": {
                "enterprise": {"attributes": {"goods": {"type": "list", "of": "substance", **LABEL}}},
                "substance": {
                    "attributes": {
                        "name": {"type": "text", **LABEL},
                        "q": {"type": "number", "unit": "t", "min": 0, **LABEL},
                    }
                },
            },
            "tables": [
                {
                    "table": "thresholds",
                    "key": {"name": "name"},
                    "columns": {"q": {"type": "number", "unit": "t", "above": 0}},
                    "rows": [{"name": [text], "q": text} for text in THRESHOLDS],
                }
            ],
            "definitions": [
                {"define": "substance.share", "is": "q / lookup('thresholds', name).q"},
                {"define": "enterprise.s", "is": "sum(x.share for x in goods)"},
                {"define": "enterprise.is_installation", "is": "s >= 1"},
            ],
            "rules": [],
        }
    )


@st.composite
def _goods(draw: Any) -> list[tuple[str, Fraction]]:
    """Draw substances whose shares add up to 1, or miss it by very little."""
    parts = draw(st.lists(st.integers(1, 12), min_size=1, max_size=12))
    of = sum(parts)
    goods = [(draw(st.sampled_from(THRESHOLDS)), Fraction(part, of)) for part in parts]
    by = draw(st.sampled_from((0, 0, 1, -1, Fraction(1, 3), Fraction(-1, 7)))) * Fraction(
        1, 10 ** draw(st.integers(3, 11))
    )
    name, share = goods[-1]
    goods[-1] = (name, max(share + by, Fraction(0)))
    return [(name, share * Fraction(name)) for name, share in goods]


def _given(draw: Any, tonnes: Fraction) -> Any:
    """Write a quantity in some unit, exactly."""
    unit = draw(st.sampled_from(sorted(UNITS)))
    text = number(tonnes * UNITS[unit])
    if len(text.replace("/", "").replace(".", "")) > 40:
        return number(tonnes)
    match draw(st.integers(0, 2)):
        case 0:
            return f"{text} {unit}"
        case 1:
            return {"value": text, "unit": unit}
        case _:
            return f"{text}{unit}"


def _evaluate(goods: list[dict[str, Any]]) -> tuple[Value, Value]:
    made = _built()
    ruleset = made.ruleset(date(2026, 11, 21))
    facts = read_facts({"enterprise": {"goods": goods}}, made.schema, as_of=ruleset.as_of)
    assert facts.problems == ()
    reference, (site,) = Reference(ruleset), facts.roots
    return _value(reference, site, "s"), _value(reference, site, "is_installation")


def _value(reference: Reference, record: Record, name: str) -> Value:
    return reference.define(reference.ruleset.definitions["enterprise", name], record)


@settings(max_examples=cases(10_000))
@given(st.data(), _goods())
def test_never_wrong_at_the_boundary(data: st.DataObject, goods: list[tuple[str, Fraction]]) -> None:
    wanted = sum((q / Fraction(name) for name, q in goods), Fraction(0))
    s, is_installation = _evaluate([{"name": name, "q": _given(data.draw, q)} for name, q in goods])
    assert s.possible == Finite((wanted,))
    assert is_installation.possible == {wanted >= 1}


@settings(max_examples=cases(2_000))
@given(st.data(), _goods(), st.integers(0, 2))
def test_unknown_quantities_only_add(
    data: st.DataObject, goods: list[tuple[str, Fraction]], unknown: int
) -> None:
    """What is known decides an installation alone; with anything unknown it is never ruled out."""
    known = sum((q / Fraction(name) for name, q in goods), Fraction(0))
    listed: list[dict[str, Any]] = [{"name": name, "q": _given(data.draw, q)} for name, q in goods]
    listed += data.draw(
        st.lists(
            st.sampled_from([{}, {"name": "5"}, {"name": "nowhere"}, {"q": 3}]),
            min_size=unknown,
            max_size=unknown,
        )
    )
    _, is_installation = _evaluate(listed)
    assert is_installation.possible == ({True} if known >= 1 else {False} if not unknown else {True, False})


def test_floats_are_their_shortest_decimal() -> None:
    """Ten substances at a tenth each, given as floats: in floats the sum would be 0.9999999999999999."""
    s, is_installation = _evaluate([{"name": "1", "q": 0.1}] * 10)
    assert s.possible == Finite((Fraction(1),))
    assert is_installation.possible == {True}
    assert sum([0.1] * 10) < 1
