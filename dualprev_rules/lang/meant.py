"""What is plainly meant by conditions that are written as one speaks, and how the language has them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from dualprev_rules.facts.shown import figure as shown
from dualprev_rules.facts.types import Date, Enum, Number
from dualprev_rules.lang import numbers
from dualprev_rules.lang.describe import describe
from dualprev_rules.lang.names import leans, member_labels
from dualprev_rules.lang.spoken import GIVEN, NOTHING
from dualprev_rules.lang.tree import Const, Node
from dualprev_rules.problems import nearest, problem

if TYPE_CHECKING:
    from dualprev_rules.lang.check import Checker

_NUMBERED = re.compile(r"[0-9]+(?:[.-][0-9]+)*")
_ADDED = {"年": "add_years", "月": "add_months"}


def listed(checker: Checker, node: ast.BoolOp) -> list[ast.expr]:
    """Note ``colour == red or blue``, which is ``colour in {red, blue}``; return what is only listed."""
    found: list[ast.expr] = []
    compared: ast.Compare | None = None
    behind: list[ast.expr] = []
    for operand in (*node.values, None):
        if compared is not None and operand is not None and _is_option(checker, operand, compared.left):
            behind.append(operand)
            continue
        if compared is not None and behind:
            _note(checker, compared, behind)
            found += behind
            checker.met.update(dict.fromkeys(behind))
        compared, behind = _equality(operand) if operand is not None else None, []
    return found


def _equality(node: ast.expr) -> ast.Compare | None:
    """Return the comparison that a condition is or ends with, if it asks whether two are equal."""
    if isinstance(node, ast.BoolOp):
        return _equality(node.values[-1])
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return _equality(node.operand)
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq) and len(node.ops) == 1:
        return node
    return None


def _is_option(checker: Checker, node: ast.expr, of: ast.expr) -> bool:
    """Tell whether a part can only be what something is compared with: a literal, or a member alone."""
    match node:
        case ast.Constant(value=bool()):
            return False
        case ast.Constant(value=value):
            return isinstance(value, str | int | float)
        case ast.Name(id=name) if leans(checker, node):
            kind = getattr(checker.check(of), "type", None)
            members = member_labels(checker.scope, kind) if isinstance(kind, Enum) else {}
            return isinstance(kind, Enum) and nearest(name, kind.members, members) is not None
        case _:
            return False


def lone_option(checker: Checker, node: ast.Compare, item: ast.expr, of: ast.expr) -> bool:
    """Note ``colour in red``, where one option stands without braces."""
    if not _is_option(checker, of, item):
        return False
    sign = "in" if isinstance(node.ops[0], ast.In) else "not in"
    written = checker.parsed.written
    near = f"{written(item)} {sign} {{{written(of)}}}"
    kind = getattr(checker.check(of, getattr(checker.check(item), "type", None)), "type", None)
    if kind is None:
        return False
    checker.fail("lang.not-a-set", of, given=written(of), nearest=near, type=describe(kind))
    return True


def parted_by_commas(checker: Checker, parts: list[ast.expr]) -> str | None:
    """Return ``colour in {red, blue}``, where commas stand without braces."""
    if not parts:
        return None
    first, *rest = parts
    if not isinstance(first, ast.Compare) or len(first.ops) > 1:
        return None
    if not all(_is_option(checker, part, first.left) for part in rest):
        return None
    known = isinstance(first.ops[0], ast.Eq | ast.NotEq | ast.In | ast.NotIn)
    return _among(checker, first, rest) if known else None


def _among(checker: Checker, compared: ast.Compare, behind: list[ast.expr]) -> str:
    written = checker.parsed.written
    options = ", ".join(written(option) for option in (compared.comparators[0], *behind))
    sign = "in" if isinstance(compared.ops[0], ast.Eq | ast.In) else "not in"
    return f"{written(compared.left)} {sign} {{{options}}}"


def in_a_set(op: str, item: str, group: str) -> str | None:
    """Return ``wet in kinds`` for ``kinds == wet``, where a set is compared with what may be in it."""
    sign = {"==": "in", "!=": "not in"}.get(op)
    return f"{item} {sign} {group}" if sign is not None else None


def numbered(written: str) -> str | None:
    """Return a clause or number of a document in quotes: ``'5.10'`` is no figure beside a text."""
    return f"'{written}'" if _NUMBERED.fullmatch(written) else None


def whether_given(checker: Checker, of: ast.expr, said: ast.expr, *, denied: bool) -> str | None:
    """Return ``not known(x)`` for ``x is missing``, unless the word is a member of what it is said of."""
    word = said.id.casefold() if isinstance(said, ast.Name) else None
    if isinstance(said, ast.Constant) and said.value is None:
        word = "none"
    kind = getattr(checker.check(of), "type", None)
    if word not in NOTHING | GIVEN or (isinstance(kind, Enum) and word in kind.members):
        return None
    known = f"known({checker.parsed.written(of)})"
    return known if (word in GIVEN) != denied else f"not {known}"


def _note(checker: Checker, compared: ast.Compare, behind: list[ast.expr]) -> None:
    near = _among(checker, compared, behind)
    place = checker.parsed.source.place(checker.parsed.span(compared)[0], checker.parsed.span(behind[-1])[1])
    given = checker.parsed.written(behind[0])
    checker.problems.append(problem("lang.listed", place=place, given=given, nearest=near))


def from_to(checker: Checker, at: ast.expr, left: ast.expr, right: ast.expr) -> bool:
    """Note a range that is written as a difference of two figures: ``people == 50-99``.

    A figure in brackets of its own is meant as arithmetic: ``people == (50) - (99)``.
    """
    match right:
        case ast.BinOp(op=ast.Sub(), left=ast.Constant(value=low), right=ast.Constant(value=high)) if (
            isinstance(low, int | float) and isinstance(high, int | float) and low < high
        ):
            given = checker.parsed.written(right)
            if "(" in given:
                return False
            near = f"{low} <= {checker.parsed.written(left)} <= {high}"
            checker.fail("lang.between", at, given=given, nearest=near)
            return True
        case _:
            return False


def of_days(checker: Checker, node: ast.BinOp, left: Node | None, right: Node | None) -> bool:
    """Note sums and differences of days, for which there are functions."""
    if not any(side is not None and isinstance(side.type, Date) for side in (left, right)):
        return False
    near = next(_functions(checker, node, left, right), None) if left and right else None
    checker.fail("lang.days", node, given=checker.parsed.written(node)[:40], nearest=near)
    return True


def _functions(checker: Checker, node: ast.BinOp, left: Node, right: Node) -> Iterator[str]:
    a, b = checker.parsed.written(node.left), checker.parsed.written(node.right)
    if isinstance(left.type, Date) and isinstance(right.type, Date) and isinstance(node.op, ast.Sub):
        yield f"days_between({b}, {a})"
    if isinstance(right, Const) and isinstance(right.type, Number) and isinstance(right.value, Fraction):
        function = _ADDED.get(right.type.unit.symbol)
        if function is not None and isinstance(node.op, ast.Add | ast.Sub):
            yield f"{function}({a}, {right.value if isinstance(node.op, ast.Add) else -right.value})"


def percentage(a: Node, b: Node) -> str | None:
    """Return a percentage in the kind of percent that the other side declares: ``'19.5 %vol'``."""
    for figure, other in ((a, b), (b, a)):
        symbol = numbers.number(other).unit.symbol
        if not symbol.startswith("%") or numbers.number(figure).unit.symbol != "%":
            continue
        if isinstance(figure, Const) and isinstance(figure.value, Fraction):
            return f"'{shown(figure.value)} {symbol}'"
    return None


def calendar(checker: Checker, node: ast.expr, a: Node, b: Node) -> bool:
    """Note days compared with months or years, which have no fixed number of days."""
    symbols = {numbers.number(side).unit.symbol for side in (a, b)}
    if len(symbols & {"d", "月", "年"}) < 2:
        return False
    left, right = describe(a.type), describe(b.type)
    checker.fail("lang.calendar", node, left=left, right=right)
    return True
