"""Decision tables: cells as tests of one input, rows and outputs checked against their types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, get_args

from dualprev_rules.facts.possible import EVERY_NUMBER, Finite, Interval, Numbers, interval
from dualprev_rules.facts.quantity import parse_quantity
from dualprev_rules.facts.types import Bool, Date, Enum, Number, Text, Type
from dualprev_rules.facts.units import NUMBER, conversion
from dualprev_rules.lang.check import Checker
from dualprev_rules.lang.describe import describe
from dualprev_rules.lang.numbers import rescale
from dualprev_rules.lang.parse import parse
from dualprev_rules.lang.scope import Scope
from dualprev_rules.lang.text import Located, plain
from dualprev_rules.lang.tree import Cell, Decide, DecisionRow, Input, Node, Span
from dualprev_rules.problems import Problem, nearest, problem

Hit = Literal["unique", "first", "any", "priority", "collect"]
Collect = Literal["min", "max", "sum", "count"]

_HIT = re.compile(r"(unique|first|any|priority|collect)\s*(?:\(\s*(\w+)\s*\))?", re.IGNORECASE)
_BOUND = re.compile(r"(>=|<=|>|<|==|=|!=)\s*(.+)")
_RANGE = re.compile(r"([\[(\]])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])\[])")
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_TRUTH = {"true": True, "false": False, "是": True, "否": False}


@dataclass(frozen=True, slots=True)
class InputSource:
    """An input column as written; ``within`` is the range that the author declares for it."""

    name: Located
    expression: Located
    within: Numbers = EVERY_NUMBER


@dataclass(frozen=True, slots=True)
class RowSource:
    """A row as written: cells by input name, and the output."""

    cells: Mapping[str, Located]
    then: Located
    line: int = 0


@dataclass(frozen=True, slots=True)
class DecisionSource:
    """A decision table as written."""

    hit: Located
    inputs: tuple[InputSource, ...]
    rows: tuple[RowSource, ...]
    default: Located | None = None
    priority: tuple[str, ...] = ()


def compile_decision(
    source: DecisionSource, scope: Scope, expected: Type | None = None
) -> tuple[Node | None, list[Problem]]:
    """Check a decision table; every fault of every cell is among the problems."""
    problems: list[Problem] = []
    hit, collect = _hit_policy(source.hit, problems)
    inputs: dict[str, Input] = {}
    for column in source.inputs:
        node = _condition(column.expression, scope, None, problems)
        name = column.name.text.strip()
        if node is not None:
            inputs[name] = Input(name, node, column.within)
    names = [column.name.text.strip() for column in source.inputs]
    rows: list[DecisionRow] = []
    for row in source.rows:
        cells: dict[str, Cell] = {}
        for name, text in row.cells.items():
            if name not in names:
                near = nearest(name, names) or "、".join(names)
                place = text.place(0, len(text.text))
                problems.append(problem("lang.unknown-input", place=place, given=name, nearest=near))
            elif name in inputs and text.text.strip() not in ("", "-", "－", "—"):
                cell = _cell(text, inputs[name].node.type, problems)
                if cell is not None:
                    cells[name] = cell
        then = _condition(row.then, scope, expected, problems)
        if then is not None:
            rows.append(DecisionRow(cells, then, row.line))
    default = _condition(source.default, scope, expected, problems) if source.default else None
    if problems or hit is None:
        return None, problems
    outputs = [row.then for row in rows] + ([default] if default else [])
    kind = _output_type(outputs, collect, source, problems)
    if kind is None:
        return None, problems
    if isinstance(kind, Number):
        rows = [DecisionRow(r.cells, rescale(r.then, kind.unit), r.line) for r in rows]
        default = rescale(default, kind.unit) if default else None
    return (
        Decide(
            type=kind,
            span=Span(0, 0),
            hit=hit,
            collect=collect,
            inputs=tuple(inputs.values()),
            rows=tuple(rows),
            default=default,
            priority=source.priority,
        ),
        [],
    )


def _hit_policy(text: Located, problems: list[Problem]) -> tuple[Hit | None, Collect | None]:
    match = _HIT.fullmatch(text.text.strip())
    hit = match[1].lower() if match else None
    collect = match[2].lower() if match and match[2] else None
    fits = hit is not None and (hit == "collect") == (collect in get_args(Collect)) and (
        collect is None or hit == "collect"
    )
    if not fits:
        wanted = "unique, first, any, priority, collect(min|max|sum|count)"
        place = text.place(0, len(text.text))
        problems.append(problem("lang.hit-policy", place=place, given=text.text, wanted=wanted))
        return None, None
    return hit, collect  # pyright: ignore[reportReturnType]


def _condition(
    text: Located, scope: Scope, expected: Type | None, problems: list[Problem]
) -> Node | None:
    parsed, faults = parse(text)
    if parsed is None:
        problems += faults
        return None
    checker = Checker(parsed, scope)
    node = checker.check(parsed.expression, expected)
    problems += checker.problems
    return node


def _output_type(
    outputs: list[Node], collect: Collect | None, source: DecisionSource, problems: list[Problem]
) -> Type | None:
    place = source.hit.place(0, len(source.hit.text))
    if not outputs:
        problems.append(problem("lang.no-rows", place=place))
        return None
    first = outputs[0].type
    for node in outputs[1:]:
        both = isinstance(first, Number) and isinstance(node.type, Number)
        same = node.type.unit.dimension == first.unit.dimension if both else node.type == first  # pyright: ignore[reportAttributeAccessIssue]
        if not same:
            problems.append(
                problem(
                    "lang.alternatives", place=place, left=describe(first), right=describe(node.type)
                )
            )
            return None
    if collect == "count":
        return Number(whole=True)
    if collect is not None and not isinstance(first, Number):
        problems.append(
            problem("lang.not-a-number", place=place, given=f"collect({collect})", type=describe(first))
        )
        return None
    if isinstance(first, Number):
        whole = all(isinstance(n.type, Number) and n.type.whole for n in outputs)
        return Number(first.unit, whole)
    return first


def _cell(source: Located, kind: Type, problems: list[Problem]) -> Cell | None:
    """Read a cell: members or figures, bounds, intervals, several joined by commas, ``not(…)``."""
    text = plain(source.text).text.strip()
    negated = False
    match = _NOT.fullmatch(text)
    if match:
        negated, text = True, match[1]
    members: set[str | bool] = set()
    ranges: list[Numbers] = []
    for part in _split(text):
        found = _test(part, kind)
        if found is None:
            place = source.place(0, len(source.text))
            near = nearest(part, kind.members) if isinstance(kind, Enum) else None
            problems.append(
                problem("lang.cell", place=place, given=part, nearest=near or "?", type=describe(kind))
            )
            return None
        if isinstance(found, Finite | Interval):
            ranges.append(found)
        else:
            members |= found
    return Cell(frozenset(members), tuple(ranges), negated, source.text.strip())


def _split(text: str) -> list[str]:
    """Split at commas outside of quotes (thousands separators are not written in cells)."""
    parts = re.findall(r"(?:'[^']*'|\"[^\"]*\"|[^,])+", text)
    return [part.strip() for part in parts if part.strip()]


def _test(text: str, kind: Type) -> Numbers | set[str | bool] | None:
    match kind:
        case Bool():
            return {_TRUTH[text.lower()]} if text.lower() in _TRUTH else None
        case Enum(members=members, ordered=ordered):
            bound = _BOUND.fullmatch(text)
            if bound and bound[1] not in ("==", "="):
                return _members_within(bound[1], _unquote(bound[2]), members, ordered)
            name = _unquote(bound[2] if bound else text)
            return {name} if name in members else None
        case Text():
            return {_unquote(text)}
        case Number() | Date():
            return _numbers(text, kind)
        case _:
            return None


def _members_within(
    op: str, name: str, members: tuple[str, ...], ordered: bool
) -> set[str | bool] | None:
    if name not in members:
        return None
    if op == "!=":
        return set(members) - {name}
    if not ordered:
        return None
    at = members.index(name)
    chosen = {"<": members[:at], "<=": members[: at + 1], ">": members[at + 1 :], ">=": members[at:]}[op]
    return set(chosen)


def _numbers(text: str, kind: Number | Date) -> Numbers | None:
    span = _RANGE.fullmatch(text)
    if span:
        low, high = _figure(span[2], kind), _figure(span[3], kind)
        if low is None or high is None:
            return None
        return interval(low, high, span[1] != "[", span[4] != "]")
    bound = _BOUND.fullmatch(text)
    if bound:
        figure = _figure(bound[2], kind)
        if figure is None:
            return None
        match bound[1]:
            case ">=":
                return interval(figure, None)
            case ">":
                return interval(figure, None, low_open=True)
            case "<=":
                return interval(None, figure)
            case "<":
                return interval(None, figure, high_open=True)
            case "==" | "=":
                return Finite((figure,))
            case _:
                return None
    figure = _figure(text, kind)
    return Finite((figure,)) if figure is not None else None


def _figure(text: str, kind: Number | Date) -> Fraction | None:
    text = _unquote(text)
    if isinstance(kind, Date):
        try:
            return Fraction(date.fromisoformat(text).toordinal())
        except ValueError:
            return None
    quantity = parse_quantity(text)
    if quantity is None:
        return None
    value, unit = quantity
    if unit is None or unit == NUMBER or unit == kind.unit:
        return value
    if unit.dimension != kind.unit.dimension:
        return None
    factor, offset = conversion(unit, kind.unit)
    return value * factor + offset


def _unquote(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"" else text
