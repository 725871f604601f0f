"""Columns keep their promise on the specification's cases: they allow what the reference allows, and say
where they may allow more."""

from __future__ import annotations

from math import inf
from typing import Any

import polars as pl
import pytest

from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.columns.lower import Lowering
from dualprev_rules.evaluate.columns.nest import tables_of
from dualprev_rules.evaluate.columns.shape import shape_of
from dualprev_rules.evaluate.columns.tables import Table
from dualprev_rules.evaluate.columns.things import CannotLower, Mask, Num, Thing, Truth, Word, expression
from dualprev_rules.evaluate.values import present, truth
from dualprev_rules.facts import read_facts
from dualprev_rules.facts.plan import Plans
from dualprev_rules.facts.possible import EVERY_TEXT, Value
from dualprev_rules.lang import Inline, compile_condition
from dualprev_rules.pack.model import Expression
from tests.cases import FULL
from tests.columns.compare import compared, judged, placed, plain
from tests.spec import pack
from tests.spec.spec import AS_OF, Case, cases, ruleset

ALL = list(cases())[:: 1 if FULL else 8]


def _frame(case: Case) -> pl.DataFrame:
    document = plain(case.spec.get("facts") or {})
    frame = pl.DataFrame([{"id": "E1", **document}], strict=False)
    # What cannot be a column, a number given as true say, is no case for columns.
    plans, faults = Plans(ruleset(case.file, case.spec.get("as_of", AS_OF)).schema), []
    shape = shape_of(dict(frame.schema), plans["enterprise"], plans, "", faults)
    wrong = {fault.path for fault in faults}
    kept = [column for column in frame.columns if not any(path.split(".")[0] == column for path in wrong)]
    assert shape is not None
    # A frame has a column at least, of which nothing is known.
    known = next(iter(plans["enterprise"].slots))
    return frame.with_columns(pl.lit(None).alias(known)).select(known) if not kept else frame.select(kept)


@pytest.mark.parametrize("case", [c for c in ALL if "rule" in c.spec], ids=lambda case: case.id)
def test_rules(case: Case) -> None:
    rules = ruleset(case.file, case.spec.get("as_of", AS_OF))
    frame, lists = _frame(case), case.spec.get("lists", "assumed")
    codes = judged(frame, rules, lists=lists)
    for cell in compared(frame, frame.to_dicts(), rules, codes, lists=lists):
        assert cell.found == cell.wanted, cell


@pytest.mark.parametrize("case", [c for c in ALL if "ask" in c.spec], ids=lambda case: case.id)
def test_conditions_and_values(case: Case) -> None:
    rules = ruleset(case.file, case.spec.get("as_of", AS_OF))
    frame, lists = _frame(case), case.spec.get("lists", "assumed")
    (document,) = frame.to_dicts()
    facts = read_facts({"enterprise": document}, rules.schema, as_of=rules.as_of, lists=lists)
    wanted_path = f"enterprise.{case.spec['of']}" if case.spec.get("of") else "enterprise"
    found = [(place, record) for place, record in placed(facts)]
    if wanted_path not in {record.path for _, record in found}:
        return  # the record is not one that a column can hold
    place, record = next(each for each in found if each[1].path == wanted_path)
    number = [each for each in found if each[0] == place].index((place, record))
    scope = pack.scope(rules, record.entity.name, data_check=case.spec.get("data_check", False))
    node, _ = compile_condition(Inline(case.spec["ask"]), scope)
    if node is None:
        return  # no condition at all: that is the checker's case
    faults: list[Any] = []
    plans = Plans(rules.schema)
    shape = shape_of(dict(frame.schema), plans["enterprise"], plans, "", faults)
    stated = lists == "stated"
    tables = {table.place: table for table in tables_of(frame, shape, stated=stated)}
    value = Reference(rules).run(Expression(case.spec["ask"], node), {"self": Value((record,))})
    try:
        thing = Lowering(rules, stated).thing(node, {"self": tables[place]}, tables[place])
    except CannotLower:
        return  # the exact evaluator decides
    _agrees(thing, tables[place], number, value)


def _agrees(thing: Thing, table: Table, row: int, value: Value) -> None:
    def at(of: Any) -> Any:
        return table.values({"x": of})["x"][row] if isinstance(of, pl.Expr) else of

    loose = bool(at(thing.loose)) if thing.loose is not None else False
    gone = getattr(thing, "gone", None)
    if not isinstance(thing, Truth):
        assert loose or (at(gone) or 0) == value.absent
    match thing:
        case Truth():
            found = at(expression(thing))
            possible = truth(value)
            assert possible == {found} if found is not None else loose or possible == {True, False}
        case Num():
            lo, hi = at(thing.lo), at(thing.hi)
            of = present(value)
            low, high = -inf if of.low is None else float(of.low), inf if of.high is None else float(of.high)
            within = (
                lo <= low or abs(lo - low) <= 1e-9 * abs(low),
                hi >= high or abs(hi - high) <= 1e-9 * abs(high),
            )
            assert all(within), (lo, hi, of)
            if not loose:
                assert (lo, hi) == pytest.approx((low, high))
        case Mask(members=members):
            bits, of = at(thing.bits), present(value)
            found = {member for index, member in enumerate(members) if bits >> index & 1}
            if of is EVERY_TEXT:
                assert bits >> len(members) & 1
            else:
                assert found >= of if loose else found == of
        case Word():
            found, of = at(thing.text), present(value)
            assert of == {found} if found is not None else loose or of is EVERY_TEXT
        case _:
            pass
