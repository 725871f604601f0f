"""Literals of a condition, read as the other side wants them: figures, members, days, quantities, texts."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from dualprev_rules.facts.kinds import normal
from dualprev_rules.facts.quantity import MOST_DIGITS, parse_number, parse_quantity, too_long
from dualprev_rules.facts.types import Bool, Date, Enum, Number, SetOf, Text, Type
from dualprev_rules.facts.units import NUMBER
from dualprev_rules.lang import names
from dualprev_rules.lang.day import day_meant, read_date
from dualprev_rules.lang.tree import Const, Node

if TYPE_CHECKING:
    from dualprev_rules.lang.check import Checker


def constant(checker: Checker, node: ast.Constant, expected: Type | None) -> Node | None:
    """Return what a figure, a quoted text or ``True`` means beside what is expected."""
    span = checker.span(node)
    match node.value:
        case bool(value):
            return Const(type=Bool(), span=span, value=value)
        case int() | float():
            return _figure(checker, node, expected)
        case str(text):
            return _literal(checker, node, text, expected)
        case _:
            return checker.fail("lang.construct", node, given=checker.parsed.written(node)[:40])


def _figure(checker: Checker, node: ast.Constant, expected: Type | None) -> Node | None:
    written = checker.parsed.written(node)
    if isinstance(expected, Enum | Bool):
        return _literal(checker, node, written, expected)
    value = parse_number(written)
    if isinstance(expected, Date):
        return checker.fail("lang.date", node, given=written[:40], nearest=day_meant(written))
    if value is None:
        return _no_figure(checker, node, written)
    kind = Number(NUMBER, whole=value.denominator == 1)
    return Const(type=kind, span=checker.span(node), value=value)


def _no_figure(checker: Checker, node: ast.expr, text: str) -> None:
    if too_long(text):
        return checker.fail("lang.too-many-digits", node, given=text[:60], limit=MOST_DIGITS)
    return checker.fail("lang.figure", node, given=text[:40])


def _literal(checker: Checker, node: ast.expr, text: str, expected: Type | None) -> Node | None:
    """Read a quoted text as what is expected of it: member, day, quantity or text."""
    span = checker.span(node)
    match expected:
        case Enum(members=members):
            text = text if text in members else normal(text)
            if text in members:
                return Const(type=expected, span=span, value=text)
            also = names.member_labels(checker.scope, expected)
            called = [one for one in members if text in map(normal, also.get(one, ()))]
            if len(called) > 1:
                return checker.fail("lang.ambiguous", node, given=text)
            if not called:
                near = names.nearest_or_all(text, members, also)
                listed = "、".join(members[:12])
                return checker.fail("lang.unknown-member", node, given=text, nearest=near, members=listed)
            return Const(type=expected, span=span, value=called[0])
        case Bool() if names.truth_meant(text) is not None:
            return checker.fail("lang.truth", node, given=text, nearest=names.truth_meant(text))
        case SetOf(of=of):
            return _literal(checker, node, text, of)
        case Date():
            day = read_date(text)
            if day is None:
                return checker.fail("lang.date", node, given=text, nearest=day_meant(text))
            return Const(type=Date(), span=span, value=day)
        case Number():
            quantity = parse_quantity(text)
            if not text.strip():
                return checker.fail("lang.null", node, given="''")
            if quantity is None:
                return _no_figure(checker, node, text)
            value, unit = quantity
            whole = value.denominator == 1
            return Const(type=Number(unit or NUMBER, whole), span=span, value=value)
        case _:
            return Const(type=Text(), span=span, value=normal(text))
