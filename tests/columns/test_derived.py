"""Derived values by columns allow what the reference allows, and are the same where they are sharp."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dualprev_rules import DualprevError
from dualprev_rules.supervision.population import population, settings
from tests.engines import loaded

NAMES = ("unit.s_value", "unit.is_major_hazard_installation", "unit.hazard_level", "substance.toxic_gas")


def possible(value: Any) -> set[Any] | None:
    """Return the members that a rendered value may be; None: any."""
    if isinstance(value, dict):
        return set(value["values"]) if value.get("values") else None
    return {value}


@pytest.mark.slow
def test_they_are_those_of_the_reference(tmp_path: Path) -> None:
    engine = loaded("chemicals")
    file = tmp_path / "chemicals.parquet"
    list(population(engine.ruleset, settings().only(("chemicals",), 0.1), file, enterprises=25, seed=7))
    frame = engine.assess_frame(pl.read_parquet(file))
    (judged,) = frame.slices()
    found = {name: judged.derived(name) for name in NAMES}
    wanted: dict[tuple[int, str, str], Any] = {}
    for row in range(25):
        for fact in frame.explain(row).derived.values():
            if fact.definition.id in NAMES:
                wanted[row, fact.record.path, fact.definition.id] = fact.value
    tried = sharp = 0
    for name, values in found.items():
        for each in values.iter_rows(named=True):
            value = wanted[each["row"], each["path"], name]
            tried, sharp = tried + 1, sharp + each["sharp"]
            none = 2 if value is None else int(isinstance(value, dict) and value.get("or_none", False))
            assert none == each["absent"] or (not each["sharp"] and each["absent"] == 1), (name, each, value)
            if none == 2:
                continue
            if "low" in each:
                assert_ends(value, each)
            elif "holds" in each:
                allowed = possible(value)
                assert {each["holds"]} == allowed or (
                    each["holds"] is None and (allowed is None or not each["sharp"] or len(allowed) == 2)
                )
            elif "possible" in each:
                allowed, own = possible(value) or set(), set(each["possible"] or ())
                assert own == allowed if each["sharp"] else own >= allowed or not own
            else:
                assert each["text"] is None or {each["text"]} == possible(value)
    assert tried > 200
    assert sharp > 0.8 * tried


def assert_ends(value: Any, each: dict[str, Any]) -> None:
    if not isinstance(value, dict):
        low = high = float(Fraction(value))
    elif "values" in value:
        figures = sorted(float(Fraction(each)) for each in value["values"])
        low, high = figures[0], figures[-1]
    else:
        low, high = (None if value[end] is None else float(Fraction(value[end])) for end in ("low", "high"))
    for own, end, sign in ((each["low"], low, 1), (each["high"], high, -1)):
        near = (own is None and end is None) or (None not in (own, end) and own == pytest.approx(end))
        assert near or (not each["sharp"] and (own is None or sign * own < sign * end)), (value, each)


def test_a_name_that_there_is_none_of_is_refused() -> None:
    engine = loaded("gas")
    frame = engine.assess_frame(pl.DataFrame({"id": ["A"]}))
    with pytest.raises(DualprevError) as raised:
        frame.derived("enterprise.nothing")
    assert raised.value.problems[0].code == "evaluate.no-derived"
