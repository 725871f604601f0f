"""Every small change of a condition that a case should notice, made on the checked tree.

A figure moves to its neighbours, a comparison becomes strict or loose, a member is exchanged, an operand
left out. What is yielded keeps its type, so that the tree needs no second check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, cast

from dualprev_rules.facts.types import Bool, Enum, Number, Type
from dualprev_rules.lang.tree import (
    Aggregate,
    Arith,
    Call,
    Cell,
    Choose,
    Compare,
    Const,
    Decide,
    DecisionRow,
    Derived,
    Get,
    Has,
    Input,
    IsIn,
    Logic,
    Node,
    Not,
    Param,
    Quantify,
    RuleState,
)
from dualprev_rules.testing.mutation.figures import other_ranges, other_values

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_STRICTNESS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_PAIRS = (("+", "-"), ("*", "/"), ("min", "max"), ("any", "all"), ("and", "or"))
_OTHER: dict[str, Any] = {**dict(_PAIRS), **{b: a for a, b in _PAIRS}}
_COUNTED = {"add_months", "add_years", "at_least", "days_between"}
"""Functions whose figures are whole."""
_CHOOSING = {"min", "max", "coalesce"}

Put = Callable[[Node], Node]


@dataclass(frozen=True, slots=True)
class Change:
    """One changed tree: the part of the text that is another now, and what stands in its place."""

    node: Node
    before: str
    after: str
    line: int = 0
    """The line of the row of a decision table; 0 for what has no line of its own."""


def changes(node: Node, text: str, *, whole: bool = False) -> Iterator[Change]:
    """Yield every change of a tree whose source is ``text``; ``whole``: a lone figure is a whole number."""
    yield from _Changer(text).of(node, whole=whole)


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """Return the tree in which ``change`` was applied to every node, those below first."""
    if isinstance(node, Decide):
        inputs = tuple(replace(column, node=rebuilt(column.node, change)) for column in node.inputs)
        rows = tuple(replace(row, then=rebuilt(row.then, change)) for row in node.rows)
        return change(replace(node, inputs=inputs, rows=rows))
    for at in range(len(tuple(_children(node)))):
        _, child, put = tuple(_children(node))[at]
        node = put(rebuilt(child, change))
    return change(node)


def beside_whole(node: Node, parameter: str, *, whole: bool = False) -> bool:
    """Tell whether a parameter is set against whole numbers somewhere in the tree."""
    if isinstance(node, Param) and node.name == parameter:
        return whole
    return any(
        beside_whole(child, parameter, whole=_whole(node, name, whole)) for name, child, _ in _children(node)
    )


class _Changer:
    """Changes the parts of one expression, one at a time."""

    def __init__(self, text: str) -> None:
        self.text = text

    def shown(self, node: Node) -> str:
        """Return the source of a node."""
        return " ".join(self.text[node.span.start : node.span.end].split())

    def of(self, node: Node, *, whole: bool = False, negated: bool = False) -> Iterator[Change]:
        """Yield the changes of a node itself, then of what is in it.

        ``whole``: a figure here stands beside whole numbers; ``negated``: a ``not`` stands before it.
        """
        if isinstance(node, Get | Derived | Has | IsIn | RuleState | Quantify) and not negated:
            yield from self._negation(node)
        match node:
            case Const(value=value, type=kind):
                for other, shown in other_values(value, kind, self.shown(node), whole=whole):
                    yield self._change(node, replace(node, value=other), shown)
            case Compare() | Arith():
                yield from self._operator(node)
            case IsIn():
                yield from self._options(node)
            case Not(of=of):
                yield self._change(node, of, self.shown(of))
            case Logic():
                yield from self._logic(node)
            case Quantify() | Aggregate() | Call():
                yield from self._function(node)
            case Decide():
                yield from self._decide(node)
                return
            case _:
                pass
        for name, child, put in _children(node):
            if isinstance(node, IsIn) and isinstance(child.type, Enum) and name == "options":
                # Each was left out already.
                continue
            inside = self.of(child, whole=_whole(node, name, whole), negated=isinstance(node, Not))
            for change in inside:
                yield replace(change, node=put(change.node))

    def _change(self, before: Node, after: Node, shown: str) -> Change:
        return Change(after, self.shown(before), shown)

    def _negation(self, node: Node) -> Iterator[Change]:
        if isinstance(node.type, Bool):
            negated = Not(type=Bool(), span=node.span, of=node)
            yield self._change(node, negated, f"not ({self.shown(node)})")

    def _operator(self, node: Compare | Arith) -> Iterator[Change]:
        left, right = self.shown(node.left), self.shown(node.right)
        compares = isinstance(node, Compare)
        for other in (_STRICTNESS.get(node.op), _OPPOSITE[node.op]) if compares else (_OTHER[node.op],):
            if other is not None:
                yield self._change(node, replace(node, op=cast("Any", other)), f"{left} {other} {right}")
        kind = node.left.type
        if node.op == "==" and isinstance(kind, Enum) and len(kind.members) > 2:
            # The member after the one named counts too.
            for option in (node.right,) if isinstance(node.right, Const) else ():
                for other, shown in other_values(option.value, kind, ""):
                    options = (option, replace(option, value=other))
                    changed = IsIn(type=Bool(), span=node.span, item=node.left, options=options)
                    yield self._change(node, changed, f"{left} in {{{right}, {shown}}}")

    def _options(self, node: IsIn) -> Iterator[Change]:
        """Leave out each option; let the first member that is no option count too."""
        item = self.shown(node.item)
        shown = [self.shown(option) for option in node.options]
        for at in range(len(node.options)) if len(node.options) > 1 else ():
            kept = (*node.options[:at], *node.options[at + 1 :])
            listed = ", ".join((*shown[:at], *shown[at + 1 :]))
            yield self._change(node, replace(node, options=kept), f"{item} in {{{listed}}}")
        kind = node.item.type
        consts = [option for option in node.options if isinstance(option, Const)]
        if isinstance(kind, Enum) and len(consts) == len(node.options):
            named = {option.value for option in consts}
            for other in [member for member in kind.members if member not in named][:1]:
                options = (*node.options, replace(consts[0], value=other))
                listed = ", ".join((*shown, other))
                yield self._change(node, replace(node, options=options), f"{item} in {{{listed}}}")

    def _logic(self, node: Logic) -> Iterator[Change]:
        shown = [self.shown(operand) for operand in node.operands]
        other = _OTHER[node.op]
        yield self._change(node, replace(node, op=other), f" {other} ".join(shown))
        for at in range(len(shown)):
            kept = (*node.operands[:at], *node.operands[at + 1 :])
            left = kept[0] if len(kept) == 1 else replace(node, operands=kept)
            yield self._change(node, left, f" {node.op} ".join((*shown[:at], *shown[at + 1 :])))

    def _function(self, node: Quantify | Aggregate | Call) -> Iterator[Change]:
        name = node.function if isinstance(node, Call) else node.kind
        text = self.shown(node)
        if name in _OTHER:
            of: Any = {"function" if isinstance(node, Call) else "kind": _OTHER[name]}
            yield self._change(node, replace(node, **of), text.replace(name, _OTHER[name], 1))
        if isinstance(node, Call):
            for kept in node.args if name == "coalesce" else ():
                yield self._change(node, kept, self.shown(kept))
        elif node.where is not None:
            shown = text.replace(f" if {self.shown(node.where)}", "", 1)
            yield self._change(node, replace(node, where=None), shown)

    # --- decision tables ------------------------------------------------------------------------

    def _decide(self, node: Decide) -> Iterator[Change]:
        for at, column in enumerate(node.inputs):
            for change in changes(column.node, column.text):
                inputs = (*node.inputs[:at], replace(column, node=change.node), *node.inputs[at + 1 :])
                yield replace(change, node=replace(node, inputs=inputs))
        columns = {column.name: column for column in node.inputs}
        for at, row in enumerate(node.rows):
            before, after = node.rows[:at], node.rows[at + 1 :]
            for changed, was, shown in _rows(row, columns):
                yield Change(replace(node, rows=(*before, changed, *after)), was, shown, row.line)
            if len(node.rows) > 1:
                cells = ", ".join(f"{name}: {cell.text}" for name, cell in row.cells.items())
                left = replace(node, rows=(*before, *after))
                yield Change(left, f"{{{cells}, then: {row.text}}}", "∅", row.line)
        if node.default is not None:
            for changed, was, shown in _outputs(node.default):
                yield Change(replace(node, default=changed), was, shown, node.default.line)


def _rows(row: DecisionRow, columns: dict[str, Input]) -> Iterator[tuple[DecisionRow, str, str]]:
    for name, cell in row.cells.items():
        for changed, shown in _cells(cell, columns[name].node.type):
            yield replace(row, cells={**row.cells, name: changed}), f"{name}: {cell.text}", shown
    yield from _outputs(row)


def _outputs(row: DecisionRow) -> Iterator[tuple[DecisionRow, str, str]]:
    whole = isinstance(row.then.type, Number) and row.then.type.whole
    for change in changes(row.then, row.text, whole=whole):
        yield replace(row, then=change.node), f"then: {change.before}", change.after


def _cells(cell: Cell, kind: Type) -> Iterator[tuple[Cell, str]]:
    """Yield the changes of a cell: each end moved, opened or closed, each member exchanged."""
    for at, numbers in enumerate(cell.ranges):
        for changed, shown in other_ranges(numbers, kind, cell.text):
            yield replace(cell, ranges=(*cell.ranges[:at], changed, *cell.ranges[at + 1 :])), shown
    if isinstance(kind, Bool) and cell.members:
        yield replace(cell, members=frozenset(not member for member in cell.members)), f"not({cell.text})"
    for member in sorted(map(str, cell.members)) if isinstance(kind, Enum) else ():
        other = [m for m in cast("Enum", kind).members if m not in cell.members][:1]
        for members in (cell.members - {member} | {*other}, cell.members - {member}):
            if members and members != cell.members:
                yield replace(cell, members=members), ", ".join(sorted(map(str, members)))


# --- the tree in general ---------------------------------------------------------------------------


def _whole(node: Node, name: str, whole: bool) -> bool:
    """Tell whether a figure in the field ``name`` of a node stands beside whole numbers.

    ``whole``: the node itself does, so what it chooses among does.
    """
    match node:
        case Compare(left=left, right=right):
            other = right if name == "left" else left
            return isinstance(other.type, Number) and other.type.whole
        case IsIn(item=item):
            return isinstance(item.type, Number) and item.type.whole
        case Call(function=function):
            return function in _COUNTED or (whole and function in _CHOOSING)
        case Choose():
            return whole and name != "condition"
        case _:
            return False


def _children(node: Node) -> Iterator[tuple[str, Node, Put]]:
    """Yield each node directly below, by the field that it is in, and how to put another in its place."""
    for field in fields(node):
        value: Any = getattr(node, field.name)
        if isinstance(value, Node):
            yield field.name, value, _putter(node, field.name)
        elif isinstance(value, tuple):
            items = cast("tuple[Any, ...]", value)
            for at, item in enumerate(items):
                # The keys of a look-up are pairs of name and node.
                child: Any = cast("Any", item)[1] if isinstance(item, tuple) else item
                if isinstance(child, Node):
                    yield field.name, child, _putter_at(node, field.name, at)


def _putter(node: Node, name: str) -> Put:
    return lambda child: replace(node, **{name: child})


def _putter_at(node: Node, name: str, at: int) -> Put:
    def put(child: Node) -> Node:
        items: Any = getattr(node, name)
        item: Any = (items[at][0], child) if isinstance(items[at], tuple) else child
        return replace(node, **{name: (*items[:at], item, *items[at + 1 :])})

    return put
