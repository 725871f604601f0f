"""From Python's ``ast`` to the typed tree: names are resolved, types and units checked, all faults found."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from dualprev_rules.facts.types import Bool, Date, Enum, ListOf, Number, Rec, Row, SetOf, Text, Type
from dualprev_rules.facts.units import NUMBER, Unit
from dualprev_rules.lang import literals, meant, names, numbers
from dualprev_rules.lang.constructs import power
from dualprev_rules.lang.describe import describe, example
from dualprev_rules.lang.parse import Parsed, Placed
from dualprev_rules.lang.rest import check_rest
from dualprev_rules.lang.scope import Scope
from dualprev_rules.lang.tree import (
    Arith,
    Choose,
    Compare,
    Const,
    Has,
    IsIn,
    Logic,
    Node,
    Not,
    Span,
)
from dualprev_rules.problems import Problem, problem

_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_ARITH: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


def alike(a: Type, b: Type) -> bool:
    """Tell whether values of two types can be equal; numbers are matched by their units instead."""
    match a, b:
        case (Enum(members=m), Enum(members=n)):
            return m == n
        case (Bool(), Bool()) | (Text(), Text()) | (Date(), Date()):
            return True
        case (Rec(entity=one), Rec(entity=other)):
            return one == other
        case _:
            return False


@dataclass(slots=True)
class Checker:
    """Checks one expression; ``problems`` holds every fault, and a part at fault yields None."""

    parsed: Parsed
    scope: Scope
    problems: list[Problem] = field(default_factory=list[Problem])
    variables: dict[str, Type] = field(default_factory=dict[str, Type])
    unknown: set[str] = field(default_factory=set[str])
    """Variables whose type is at fault elsewhere: nothing is said of what is done with them."""
    met: dict[ast.expr, Node | None] = field(default_factory=dict[ast.expr, "Node | None"])
    """What has been checked, and what came of it."""

    def check(self, node: ast.expr, expected: Type | None = None) -> Node | None:
        """Return the typed node. ``expected`` is the type of the other side, by which members are read."""
        found = self.met[node] = self._check(node, expected)
        if found is None:
            check_rest(self, node)
        return found

    def _check(self, node: ast.expr, expected: Type | None) -> Node | None:
        match node:
            case ast.BoolOp():
                return self._logic(node)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                of = self.truth(operand)
                return of and Not(type=Bool(), span=self.span(node), of=of)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._negate(node, operand, expected)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.check(operand, expected)
            case ast.Compare():
                return self._compare(node)
            case ast.BinOp():
                return self._arith(node)
            case ast.IfExp():
                return self._choose(node, expected)
            case ast.Constant():
                return literals.constant(self, node, expected)
            case ast.Name():
                return names.name(self, node, expected)
            case ast.Attribute():
                return names.attribute(self, node)
            case ast.Call():
                from dualprev_rules.lang.calls import check_call

                return check_call(self, node, expected)
            case ast.Tuple():
                return self._commas(node)
            case _:
                return self.fail("lang.construct", node, given=self.parsed.written(node)[:40])

    def _commas(self, node: ast.Tuple) -> None:
        """Refuse commas outside of brackets, between what *and* joins."""
        return self.fail("lang.comma", node, nearest=meant.parted_by_commas(self, node.elts))

    def span(self, node: Placed) -> Span:
        """Return the node's span in the text as written."""
        return Span(*self.parsed.span(node))

    def fail(self, code: str, node: Placed, **args: Any) -> None:
        """Note a fault at ``node``; one of a name after a dot stands at that name."""
        if isinstance(node, ast.Attribute) and code in ("lang.unknown-name", "lang.unknown-column"):
            span = self.parsed.name_after_dot(node)
        else:
            span = self.parsed.span(node)
        fault = problem(code, place=self.parsed.source.place(*span), **args)
        if fault not in self.problems:
            self.problems.append(fault)

    def truth(self, node: ast.expr) -> Node | None:
        """Check a node that must be true or false."""
        checked = self.check(node, Bool())
        if checked is not None and not isinstance(checked.type, Bool):
            return self.fail(
                "lang.not-a-condition",
                node,
                given=self.parsed.written(node)[:40],
                type=describe(checked.type),
                example=example(checked.type, self.parsed.written(node)[:40]),
            )
        return checked

    def number(self, node: ast.expr) -> Node | None:
        """Check a node that must be a number."""
        return self._number(node, self.check(node, Number()))

    def _number(self, node: ast.expr, checked: Node | None) -> Node | None:
        if checked is not None and not isinstance(checked.type, Number):
            return self.fail(
                "lang.not-a-number", node, given=self.parsed.written(node)[:40], type=describe(checked.type)
            )
        return checked

    def _logic(self, node: ast.BoolOp) -> Node | None:
        listed = meant.listed(self, node)
        operands = [self.truth(value) for value in node.values if value not in listed]
        found = tuple(operand for operand in operands if operand is not None)
        if len(found) < len(node.values):
            return None
        op = "and" if isinstance(node.op, ast.And) else "or"
        return Logic(type=Bool(), span=self.span(node), op=op, operands=found)

    def _negate(self, node: ast.UnaryOp, operand: ast.expr, expected: Type | None) -> Node | None:
        of = self.number(operand) if not isinstance(operand, ast.Constant) else self.check(operand, expected)
        if of is None:
            return None
        if isinstance(of, Const) and isinstance(of.value, Fraction):
            return Const(type=of.type, span=self.span(node), value=-of.value)
        if not isinstance(of.type, Number):
            return self.fail(
                "lang.not-a-number", operand, given=self.parsed.written(operand), type=describe(of.type)
            )
        zero = Const(type=of.type, span=self.span(node), value=Fraction(0))
        return Arith(type=of.type, span=self.span(node), op="-", left=zero, right=of)

    # --- comparison ---------------------------------------------------------------------------

    def _compare(self, node: ast.Compare) -> Node | None:
        sides = [node.left, *node.comparators]
        parts: list[Node | None] = []
        for op, left, right in zip(node.ops, sides, sides[1:], strict=False):
            if isinstance(op, ast.In | ast.NotIn):
                part = self._in(node, left, right)
                if part is not None and isinstance(op, ast.NotIn):
                    part = Not(type=Bool(), span=part.span, of=part)
            elif type(op) in _COMPARE:
                part = self._one(node, _COMPARE[type(op)], left, right)
            else:
                part = self._is(node, op, left, right)
            parts.append(part)
        found = tuple(part for part in parts if part is not None)
        if len(found) < len(parts):
            return None
        if len(found) == 1:
            return found[0]
        return Logic(type=Bool(), span=self.span(node), op="and", operands=found)

    def _is(self, node: ast.Compare, op: ast.cmpop, left: ast.expr, right: ast.expr) -> None:
        """Refuse ``is``, by which two are compared, or it is asked whether a fact was given."""
        denied = isinstance(op, ast.IsNot)
        asked = meant.whether_given(self, left, right, denied=denied)
        if asked is not None:
            self.met[right] = None
            return self.fail("lang.null", node, given=self.parsed.written(right), nearest=asked)
        given, sign = ("is not", "!=") if denied else ("is", "==")
        return self.fail("lang.sign", node, given=given, nearest=sign)

    def _one(self, node: ast.Compare, op: Any, left: ast.expr, right: ast.expr) -> Node | None:
        pair = self.pair(left, right)
        if pair is None or (op == "==" and meant.from_to(self, node, left, right)):
            return None
        a, b = pair
        match a.type, b.type:
            case Number(), Number():
                matched = self.match_units(a, b, node)
                if matched is None:
                    return None
                a, b = matched
            case _ if op in ("==", "!=") and alike(a.type, b.type):
                pass
            case (Date(), Date()):
                pass
            case (Enum(ordered=ordered), Enum()) if alike(a.type, b.type):
                if not ordered:
                    return self.fail("lang.no-order", node, given=op, type=describe(a.type))
            case _:
                return self._not_alike(node, op, (left, a), (right, b))
        return Compare(type=Bool(), span=self.span(node), op=op, left=a, right=b)

    def _not_alike(
        self, node: ast.Compare, op: str, left: tuple[ast.expr, Node], right: tuple[ast.expr, Node]
    ) -> None:
        """Note that two sides cannot be compared; a name that stands in quotes is no text."""
        near = None
        for (of, side), (item, other) in ((left, right), (right, left)):
            if isinstance(side.type, SetOf) and alike(side.type.of, other.type):
                near = meant.in_a_set(op, self.parsed.written(item), self.parsed.written(of))
            elif isinstance(side.type, Text) and isinstance(other.type, Number):
                near = meant.numbered(self.parsed.written(item))
            if isinstance(side, Const) and isinstance(side.type, Text) and not isinstance(other.type, Text):
                named = names.named(self, str(side.value))
                if named is not None:
                    return self.fail("lang.quoted-name", node, given=str(side.value), nearest=named)
            if isinstance(side.type, Date) and isinstance(other, Const) and isinstance(other.type, Number):
                return self.fail("lang.date", node, given=str(other.value))
        kinds = {"left": describe(left[1].type), "right": describe(right[1].type)}
        return self.fail("lang.compare", node, given=op, nearest=near, **kinds)

    def pair(self, left: ast.expr, right: ast.expr) -> tuple[Node, Node] | None:
        """Check two sides, the one that stands for itself first, so that it says what the other means."""
        if names.leaning(self, left) > names.leaning(self, right):
            b = self.check(right)
            a = self.check(left, b.type if b else None) if b else None
        else:
            a = self.check(left)
            b = self.check(right, a.type) if a else None
        return (a, b) if a is not None and b is not None else None

    def match_units(self, a: Node, b: Node, node: ast.expr) -> tuple[Node, Node] | None:
        """Bring two numbers to one unit; a bare figure takes the unit that the other side declares."""
        if numbers.unit_of(a) == numbers.unit_of(b):
            return a, b
        for one, other, swap in ((a, b, False), (b, a, True)):
            if numbers.bare(one) and not numbers.bare(other):
                if not numbers.declared(other):
                    return self.fail("lang.unit-wanted", node, unit=describe(other.type))
                adopted = numbers.adopt(one, numbers.unit_of(other))
                return (other, adopted) if swap else (adopted, other)
        if not numbers.same_dimension(a, b):
            if meant.calendar(self, node, a, b):
                return None
            near = meant.percentage(a, b)
            return self.fail("lang.units", node, nearest=near, left=describe(a.type), right=describe(b.type))
        return a, numbers.rescale(b, numbers.unit_of(a))

    def _in(self, node: ast.Compare, item: ast.expr, of: ast.expr) -> Node | None:
        if isinstance(of, ast.Set | ast.List | ast.Tuple):
            return self._is_in(node, item, of.elts)
        if meant.lone_option(self, node, item, of):
            return None
        group = self.check(of)
        if group is None:
            return None
        if not isinstance(group.type, SetOf):
            return self.fail(
                "lang.not-a-set", of, given=self.parsed.written(of)[:40], type=describe(group.type)
            )
        checked = self.check(item, group.type.of)
        if checked is None:
            return None
        if checked.type != group.type.of:
            return self.fail(
                "lang.compare", node, given="in", left=describe(checked.type), right=describe(group.type.of)
            )
        return Has(type=Bool(), span=self.span(node), item=checked, of=group)

    def _is_in(self, node: ast.Compare, item: ast.expr, elements: list[ast.expr]) -> Node | None:
        checked = self.check(item)
        options: list[Node] = []
        for element in elements:
            option = self.check(element, checked.type if checked else None) if checked else None
            if checked is None or option is None or meant.from_to(self, element, item, element):
                continue
            if isinstance(checked.type, Number) and isinstance(option.type, Number):
                matched = self.match_units(checked, option, element)
                if matched is None:
                    continue
                option = matched[1]
            elif not alike(checked.type, option.type):
                self.fail(
                    "lang.compare",
                    element,
                    given="in",
                    nearest=meant.numbered(self.parsed.written(element)),
                    left=describe(checked.type),
                    right=describe(option.type),
                )
                continue
            options.append(option)
        if checked is None or len(options) < len(elements) or not options:
            return None
        return IsIn(type=Bool(), span=self.span(node), item=checked, options=tuple(options))

    # --- arithmetic ---------------------------------------------------------------------------

    def _arith(self, node: ast.BinOp) -> Node | None:
        op: Any = _ARITH.get(type(node.op))
        if isinstance(node.op, ast.BitAnd | ast.BitOr):
            given, sign = ("&", "and") if isinstance(node.op, ast.BitAnd) else ("|", "or")
            return self.fail("lang.sign", node, given=given, nearest=sign)
        if isinstance(node.op, ast.Pow | ast.BitXor):
            near = power(self.parsed.written(node.left), self.parsed.written(node.right))
            return self.fail("lang.power", node, given=self.parsed.written(node)[:40], nearest=near)
        if op is None:
            return self.fail("lang.construct", node, given=self.parsed.written(node)[:40])
        left, right = self.check(node.left, Number()), self.check(node.right, Number())
        if meant.of_days(self, node, left, right):
            return None
        left, right = self._number(node.left, left), self._number(node.right, right)
        if left is None or right is None:
            return None
        whole = numbers.number(left).whole and numbers.number(right).whole and op != "/"
        if op in "+-":
            summed = self._sum(node, op, left, right)
            if summed is None:
                return None
            left, right, unit = summed
        elif numbers.unit_of(right) == NUMBER:
            unit = numbers.unit_of(left)
        elif numbers.unit_of(left) == NUMBER and op == "*":
            unit = numbers.unit_of(right)
        elif op == "/" and numbers.same_dimension(left, right):
            right = numbers.rescale(right, numbers.unit_of(left))
            unit = NUMBER
        else:
            left, right = numbers.to_coherent(left), numbers.to_coherent(right)
            unit = numbers.product(numbers.unit_of(left), numbers.unit_of(right), 1 if op == "*" else -1)
        return Arith(type=Number(unit, whole), span=self.span(node), op=op, left=left, right=right)

    def _sum(self, node: ast.BinOp, op: str, left: Node, right: Node) -> tuple[Node, Node, Unit] | None:
        """Bring both sides of ``+`` or ``-`` to one unit; the zero of a temperature is no quantity."""
        if numbers.is_temperature(left) and numbers.is_temperature(right):
            if op == "+":
                return self.fail("lang.temperatures", node, given=self.parsed.written(node)[:40])
            return left, numbers.rescale(right, numbers.unit_of(left)), numbers.DIFFERENCE
        if numbers.is_temperature(left) and numbers.unit_of(right) == numbers.DIFFERENCE:
            return left, right, numbers.unit_of(left)
        matched = self.match_units(left, right, node)
        return matched and (*matched, numbers.unit_of(matched[0]))

    def _choose(self, node: ast.IfExp, expected: Type | None) -> Node | None:
        condition = self.truth(node.test)
        if expected is not None:
            then, otherwise = self.check(node.body, expected), self.check(node.orelse, expected)
        else:
            then, otherwise = self.pair(node.body, node.orelse) or (None, None)
        if condition is None or then is None or otherwise is None:
            return None
        united = self.unite(node, [then, otherwise])
        if united is None:
            return None
        kind, (then, otherwise) = united
        return Choose(type=kind, span=self.span(node), condition=condition, then=then, otherwise=otherwise)

    def unite(self, node: ast.expr, parts: Sequence[Node]) -> tuple[Type, list[Node]] | None:
        """Bring alternatives to one type (and unit), or note that they have none in common."""
        first, result = parts[0], [parts[0]]
        if isinstance(first.type, Rec | Row | ListOf):
            return self.fail("lang.not-a-value", node, type=describe(first.type))
        for part in parts[1:]:
            if isinstance(first.type, Number) and isinstance(part.type, Number):
                matched = self.match_units(result[0], part, node)
                if matched is None:
                    return None
                result[0] = matched[0]
                result.append(matched[1])
            elif first.type != part.type:
                return self.fail(
                    "lang.alternatives", node, left=describe(first.type), right=describe(part.type)
                )
            else:
                result.append(part)
        if isinstance(first.type, Number):
            whole = all(numbers.number(part).whole for part in result)
            return Number(numbers.unit_of(result[0]), whole), result
        return first.type, result
