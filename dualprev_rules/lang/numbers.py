"""Units as dimensions: what may be compared, added and multiplied, and the conversions that it takes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from dualprev_rules.facts.types import Number
from dualprev_rules.facts.units import NUMBER, Unit, coherent, conversion
from dualprev_rules.lang.tree import (
    Aggregate,
    Arith,
    Call,
    Choose,
    Column,
    Const,
    Derived,
    Get,
    Node,
    Param,
    Scale,
    Var,
)

_TEMPERATURE = (("temperature", 1),)
DIFFERENCE = Unit("ΔK", (("temperature_difference", 1),))
"""The unit of a difference of temperatures."""


def is_temperature(node: Node) -> bool:
    """Tell whether a number is counted from the zero of a scale of temperature."""
    return unit_of(node).dimension == _TEMPERATURE


def number(node: Node) -> Number:
    """Return the type of a node that is known to be a number."""
    assert isinstance(node.type, Number)
    return node.type


def unit_of(node: Node) -> Unit:
    """Return the unit of a number node."""
    return number(node).unit


def bare(node: Node) -> bool:
    """Tell whether the node is a figure without a unit that stands in the text, perhaps with a sign."""
    match node:
        case Const(type=Number(unit=unit)):
            return unit is NUMBER or unit == NUMBER
        case Arith(left=left, right=right):
            return bare(left) and bare(right)
        case _:
            return False


def declared(node: Node) -> bool:
    """Tell whether a reader knows the unit: it is one that an attribute, column or definition declares.

    Beside such a node a bare figure is in its unit; beside a product or quotient of units it is not
    clear which unit is meant, and the author must write it.
    """
    match node:
        case Get() | Derived() | Column() | Param() | Var() | Const():
            return True
        case Scale(of=of):
            return declared(of)
        case Arith(op="+" | "-", left=left, right=right):
            return declared(left) and declared(right)
        case Arith(left=left, right=right):
            # A multiple of a declared thing keeps its unit: 0.9 * tank.capacity.
            return (unit_of(left) == NUMBER and declared(right)) or (
                unit_of(right) == NUMBER and declared(left)
            )
        case Choose(then=then, otherwise=otherwise):
            return declared(then) and declared(otherwise)
        case Aggregate(body=body):
            return body is None or declared(body)
        case Call(args=args):
            return all(declared(arg) for arg in args if isinstance(arg.type, Number))
        case _:
            return False


def same_dimension(left: Node, right: Node) -> bool:
    """Tell whether both are of one dimension."""
    return unit_of(left).dimension == unit_of(right).dimension


def adopt(node: Node, unit: Unit) -> Node:
    """Read a bare figure in ``unit``."""
    kind = replace(number(node), unit=unit)
    if isinstance(node, Arith):
        return replace(node, left=adopt(node.left, unit), right=adopt(node.right, unit), type=kind)
    return replace(node, type=kind)


def rescale(node: Node, to: Unit) -> Node:
    """Bring a node to another unit of its dimension, exactly."""
    factor, offset = _factor(unit_of(node), to)
    kind = Number(to, whole=number(node).whole and factor.denominator == 1 and offset.denominator == 1)
    if factor == 1 and offset == 0:
        return replace(node, type=kind)
    if isinstance(node, Const):
        assert isinstance(node.value, Fraction)
        return replace(node, value=node.value * factor + offset, type=kind)
    return Scale(type=kind, span=node.span, of=node, factor=factor, offset=offset)


def to_coherent(node: Node) -> Node:
    """Bring a node to the one unit of its dimension in which products are formed."""
    unit = unit_of(node)
    return node if _composite(unit) or unit == NUMBER else rescale(node, coherent(unit))


def product(left: Unit, right: Unit, sign: int) -> Unit:
    """Return the coherent unit of a product (``sign`` 1) or quotient (-1) of two coherent units."""
    powers = dict(left.dimension)
    for base, power in right.dimension:
        powers[base] = powers.get(base, 0) + sign * power
    dimension = tuple(sorted((base, power) for base, power in powers.items() if power))
    if not dimension:
        return NUMBER
    return Unit("=" + "·".join(f"{base}^{power}" for base, power in dimension), dimension)


def _composite(unit: Unit) -> bool:
    return unit.symbol.startswith("=")


def _factor(of: Unit, to: Unit) -> tuple[Fraction, Fraction]:
    """Return factor and offset from one unit to another; a composite one is coherent as it stands."""
    if of.symbol == to.symbol:
        return Fraction(1), Fraction(0)
    if _composite(of):
        factor, _ = (Fraction(1), 0) if _composite(to) else conversion(to, coherent(to))
        return 1 / factor, Fraction(0)
    if _composite(to):
        factor, _ = conversion(of, coherent(of))
        return factor, Fraction(0)
    return conversion(of, to)
