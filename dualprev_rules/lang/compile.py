"""From the text of one condition to its checked tree."""

from __future__ import annotations

from dataclasses import replace

from dualprev_rules.facts.types import Number, Row, Type
from dualprev_rules.lang.check import Checker, alike
from dualprev_rules.lang.describe import describe
from dualprev_rules.lang.numbers import adopt, bare, rescale, unit_of
from dualprev_rules.lang.parse import parse
from dualprev_rules.lang.scope import Scope
from dualprev_rules.lang.slips import HOLE
from dualprev_rules.lang.text import Located
from dualprev_rules.lang.tree import Node
from dualprev_rules.problems import Place, Problem, problem


def compile_condition(
    text: Located, scope: Scope, expected: Type | None = None
) -> tuple[Node | None, list[Problem]]:
    """Parse and check ``text``; with ``expected`` the result must be of that type (a unit is converted).

    Returns the tree and no problems, or None and every fault found.
    """
    parsed, problems = parse(text)
    if parsed is None:
        return None, problems
    checker = Checker(parsed, scope, unknown={HOLE} if problems else set())
    node = checker.check(parsed.expression, expected)
    problems = [*_fitting(problems, checker.problems), *checker.problems]
    if problems or node is None:
        return None, problems
    if isinstance(node.type, Row):
        place = text.place(0, len(text.text))
        columns = " / ".join(scope.tables[node.type.table].columns) or None
        return None, [problem("lang.column-wanted", place=place, given=node.type.table, nearest=columns)]
    if expected is None:
        return node, []
    if isinstance(expected, Number) and isinstance(node.type, Number):
        adopted = adopt(node, expected.unit) if bare(node) else node
        if unit_of(adopted).dimension == expected.unit.dimension:
            return rescale(adopted, expected.unit), []
    elif node.type == expected or alike(node.type, expected):
        return node, []
    place = text.place(0, len(text.text))
    return None, [
        problem("lang.wrong-type", place=place, type=describe(node.type), wanted=describe(expected))
    ]


def _fitting(slips: list[Problem], faults: list[Problem]) -> list[Problem]:
    """Return the slips; a quantity whose unit does not fit is not proposed in quotes."""
    unfit = [fault.place for fault in faults if fault.code == "lang.units"]
    return [
        replace(slip, nearest=None)
        if slip.code == "lang.quantity" and any(_holds(place, slip.place) for place in unfit)
        else slip
        for slip in slips
    ]


def _holds(outer: Place | None, inner: Place | None) -> bool:
    if outer is None or inner is None or outer.line != inner.line:
        return False
    first, start = outer.column or 0, inner.column or 0
    return first <= start and start + (inner.width or 0) <= first + (outer.width or 0)
