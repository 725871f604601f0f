"""The compiled evaluator meets the specification's cases: of rules, conditions and values."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from dualprev_rules.evaluate.compiled import Program, code_of, outcomes
from dualprev_rules.evaluate.compiled.code import CannotCompile, Frame
from dualprev_rules.evaluate.compiled.exact import lift
from dualprev_rules.evaluate.compiled.layout import GONE, RECORD
from dualprev_rules.evaluate.compiled.quote import stmts
from dualprev_rules.evaluate.compiled.runtime import Case as Running
from dualprev_rules.evaluate.compiled.things import thing
from dualprev_rules.evaluate.values import FALSE, TRUE, truth
from dualprev_rules.facts.possible import Absent, Finite, Members, Value
from dualprev_rules.facts.types import Bool, ListOf, Rec
from dualprev_rules.lang import Inline, compile_condition
from dualprev_rules.lang.tree import Node
from tests.spec import pack
from tests.spec.spec import AS_OF, Case, cases, read, ruleset, run

ALL = list(cases())


@pytest.mark.parametrize("case", [c for c in ALL if "rule" in c.spec], ids=lambda case: case.id)
def test_rules(case: Case) -> None:
    rules = ruleset(case.file, case.spec.get("as_of", AS_OF))
    wanted = run(case).outcome
    assert wanted is not None
    program = Program(rules, {})
    judged = program.judge(*program.rows(read(case, rules)))
    found = {
        (rule.id, row[RECORD].path): code
        for row, rule, code in outcomes(judged, [*judged, *judged.open])
        if row[RECORD] is not None
    }
    assert found[wanted.rule.id, wanted.record.path] == code_of(wanted)


@pytest.mark.parametrize("case", [c for c in ALL if "ask" in c.spec], ids=lambda case: case.id)
def test_conditions_and_values(case: Case) -> None:
    rules = ruleset(case.file, case.spec.get("as_of", AS_OF))
    program = Program(rules, {})
    rows, odd = program.rows(read(case, rules))
    path = f"enterprise.{case.spec['of']}" if case.spec.get("of") else "enterprise"
    row = next(row for row in walked(rows) if row[RECORD].path == path)
    scope = pack.scope(rules, row[0], data_check=case.spec.get("data_check", False))
    node, _ = compile_condition(Inline(case.spec["ask"]), scope)
    wanted = run(case).value
    if node is None or wanted is None or odd:
        return  # no condition, or about facts that rows do not hold: the reference judges these
    running = program.judge([])
    exactly = program.exact.of(node)(running, {"self": row})
    if not isinstance(node.type, ListOf | Rec):
        assert (lift(exactly).possible, lift(exactly).absent) == (wanted.possible, wanted.absent)
    if isinstance(node.type, Bool):
        found = program.condition(row[0], node)(row, running)
        known = truth(wanted)
        assert found is (True if known == TRUE else False if known == FALSE else None)
    else:
        agrees(value(program, row, node, running), wanted)


def value(program: Program, row: Any, node: Node, running: Running) -> Any:
    """Return what a compiled value is; None where it is open or has no compiled form."""
    try:
        made = thing(Frame(program, row[0], {"self": "row"}), node)
    except CannotCompile:
        return None
    return program.made("value", ["row", "case"], stmts("return CODE", CODE=made.code))(row, running)


def agrees(found: Any, wanted: Value) -> None:
    if found is GONE:
        assert wanted.absent is Absent.SURELY
    elif found is not None:
        assert wanted.known, found
        match wanted.possible:
            case Finite((figure,)):
                assert abs(Fraction(found) - figure) <= abs(figure) / 10**9
            case Members(sure, _):
                assert found == sure
            case possible:
                assert {found} == possible


def walked(rows: list[Any]) -> list[Any]:
    found: list[Any] = []
    for row in rows:
        found.append(row)
        for part in row[5:]:
            # A list holds rows, or is the row that a reference names: that one is walked where it stands.
            holds_rows = part.__class__ is list and part and part[0].__class__ is list
            found += walked(part if holds_rows else getattr(part, "rows", []))
    return found
