"""The typed tree of a condition: what every evaluator works from.

A tree is made by ``parse`` and ``check`` and never executed as text. Every node knows its type and
the span of source text that it came from.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal as OneOf

from dualprev_rules.facts.possible import Numbers
from dualprev_rules.facts.types import Type


@dataclass(frozen=True, slots=True)
class Span:
    """Offsets into the source text of the expression, the end excluded."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What every node has."""

    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Const(Node):
    """A figure, member, text, truth value or day (an ordinal) that stands in the expression."""

    value: bool | Fraction | str


@dataclass(frozen=True, slots=True)
class Param(Node):
    """A figure that the rule declares as a parameter."""

    name: str
    value: Fraction | str | bool


@dataclass(frozen=True, slots=True)
class Var(Node):
    """The record that the rule is about (``self``), or the variable of a comprehension."""

    name: str


@dataclass(frozen=True, slots=True)
class Get(Node):
    """An attribute of a record."""

    of: Node
    name: str


@dataclass(frozen=True, slots=True)
class Derived(Node):
    """A definition, taken of a record."""

    of: Node
    entity: str
    name: str


@dataclass(frozen=True, slots=True)
class Climb(Node):
    """The holder of a record (``entity`` None), or the nearest record above of an entity."""

    of: Node
    entity: str | None


@dataclass(frozen=True, slots=True)
class AsOf(Node):
    """The engine's date."""


@dataclass(frozen=True, slots=True)
class Not(Node):
    """Negation."""

    of: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """``and`` or ``or`` over two or more operands."""

    op: OneOf["and", "or"]
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """One comparison."""

    op: OneOf["<", "<=", ">", ">=", "==", "!="]
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class IsIn(Node):
    """``item in {a, b}``: the options are written out."""

    item: Node
    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Has(Node):
    """``item in set``: membership in a set that is a fact or a definition."""

    item: Node
    of: Node


@dataclass(frozen=True, slots=True)
class Arith(Node):
    """``+ - * /`` on numbers."""

    op: OneOf["+", "-", "*", "/"]
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Scale(Node):
    """A number brought to another unit: times ``factor`` plus ``offset``, both exact."""

    of: Node
    factor: Fraction
    offset: Fraction


@dataclass(frozen=True, slots=True)
class Choose(Node):
    """``then if condition else otherwise``."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Quantify(Node):
    """``any`` or ``all`` over a list of records or a set."""

    kind: OneOf["any", "all"]
    var: str
    over: Node
    where: Node | None
    body: Node


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """``sum``, ``count``, ``min`` or ``max`` over a list of records or a set."""

    kind: OneOf["sum", "count", "min", "max"]
    var: str
    over: Node
    where: Node | None
    body: Node | None
    default: Node | None


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function over values, of the language or brought by a pack through the hook."""

    function: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Lookup(Node):
    """The row of a table that fits keys; conditions of rows are asked of the record ``of``."""

    table: str
    keys: tuple[tuple[str, Node], ...]
    of: Node


@dataclass(frozen=True, slots=True)
class Column(Node):
    """A column of the row that was looked up; ``within`` is the column's declared range."""

    row: Node
    name: str
    within: Numbers


@dataclass(frozen=True, slots=True)
class RuleState(Node):
    """True, false or unknown as a rule about the same record (or one above it) is violated."""

    of: Node
    rule: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A test of a decision table's cell: any of several members or intervals; ``no`` negates it."""

    members: frozenset[str | bool]
    ranges: tuple[Numbers, ...]
    negated: bool
    text: str


Monotone = OneOf["rising", "falling"]
"""Where an input rises the output never falls, or never rises; of ordered members worse is more."""


@dataclass(frozen=True, slots=True)
class Input:
    """An input of a decision table: its name in the rows, its expression, what is possible of it."""

    name: str
    node: Node
    within: Numbers
    text: str = ""
    """The expression as written."""
    monotone: Monotone | None = None
    """What is declared of the output where this input rises; evaluation does not ask."""


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A row: the cells by input (a blank one is missing) and the output."""

    cells: dict[str, Cell]
    then: Node
    text: str
    """The output as the pack has it."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Decide(Node):
    """A decision table with DMN's hit policies; ``default``, a row without cells, where no row matches."""

    hit: OneOf["unique", "first", "any", "priority", "collect"]
    collect: OneOf["min", "max", "sum", "count"] | None
    inputs: tuple[Input, ...]
    rows: tuple[DecisionRow, ...]
    default: DecisionRow | None
    priority: tuple[str, ...] = ()


_LEAVES = (Const, Var, Param, AsOf)


def walk(node: Node) -> list[Node]:
    """Return the node and all below it, in source order, parents first."""
    found = [node]
    for child in children(node):
        found += walk(child)
    return found


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below."""
    if type(node) in _LEAVES:
        return ()
    match node:
        case Get(of=of) | Derived(of=of) | Climb(of=of) | Not(of=of) | Scale(of=of) | RuleState(of=of):
            return (of,)
        case Logic(operands=operands):
            return operands
        case Compare(left=left, right=right) | Arith(left=left, right=right):
            return (left, right)
        case IsIn(item=item, options=options):
            return (item, *options)
        case Has(item=item, of=of):
            return (item, of)
        case Choose(condition=condition, then=then, otherwise=otherwise):
            return (condition, then, otherwise)
        case Quantify(over=over, where=where, body=body):
            return tuple(n for n in (over, where, body) if n is not None)
        case Aggregate(over=over, where=where, body=body, default=default):
            return tuple(n for n in (over, where, body, default) if n is not None)
        case Call(args=args):
            return args
        case Lookup(keys=keys, of=of):
            return (of, *(key for _, key in keys))
        case Column(row=row):
            return (row,)
        case Decide(inputs=inputs, rows=rows, default=default):
            outputs = tuple(row.then for row in (*rows, *((default,) if default else ())))
            return (*(i.node for i in inputs), *outputs)
        case _:
            return ()
