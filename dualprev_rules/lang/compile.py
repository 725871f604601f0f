"""From the text of one condition to its checked tree."""

from __future__ import annotations

from dualprev_rules.facts.types import Number, Row, Type
from dualprev_rules.lang.check import Checker, alike
from dualprev_rules.lang.describe import describe
from dualprev_rules.lang.numbers import adopt, bare, rescale, unit_of
from dualprev_rules.lang.parse import parse
from dualprev_rules.lang.scope import Scope
from dualprev_rules.lang.slips import HOLE
from dualprev_rules.lang.text import Located
from dualprev_rules.lang.tree import Node
from dualprev_rules.problems import Problem, problem


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
    problems += checker.problems
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
