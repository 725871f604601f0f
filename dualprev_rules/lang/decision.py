"""Decision tables: inputs, rows and outputs checked against each other's types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from dualprev_rules.facts.possible import EVERY_NUMBER, Numbers
from dualprev_rules.facts.types import Bool, Date, Enum, ListOf, Number, Rec, Row, Text, Type
from dualprev_rules.lang.cell import read_cell
from dualprev_rules.lang.compile import compile_condition
from dualprev_rules.lang.describe import describe
from dualprev_rules.lang.names import nearest_or_all
from dualprev_rules.lang.numbers import adopt, bare, number, rescale, unit_of
from dualprev_rules.lang.scope import Scope
from dualprev_rules.lang.text import Located
from dualprev_rules.lang.tree import Cell, Const, Decide, DecisionRow, Input, Monotone, Node, Span
from dualprev_rules.problems import Problem, problem

Hit = Literal["unique", "first", "any", "priority", "collect"]
Collect = Literal["min", "max", "sum", "count"]

_HIT = re.compile(r"(unique|first|any|priority|collect)\s*(?:\(\s*(\w+)\s*\))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class InputSource:
    """An input column as written; ``within`` is the range that the author declares for it."""

    name: Located
    expression: Located
    within: Numbers = EVERY_NUMBER
    monotone: Monotone | None = None


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
    inputs = _inputs(source, scope, problems)
    names = [column.name.text.strip() for column in source.inputs]
    # What a count counts is rows: their outputs may be of any type.
    wanted = None if collect == "count" else expected
    rows: list[DecisionRow] = []
    for row in source.rows:
        cells: dict[str, Cell] = {}
        for name, text in row.cells.items():
            if name not in names:
                near = nearest_or_all(name, names)
                place = text.place(0, len(text.text))
                problems.append(problem("lang.unknown-input", place=place, given=name, nearest=near))
            elif name in inputs:
                cell = read_cell(text, inputs[name].node, problems)
                if cell is not None:
                    cells[name] = cell
        then = _output(row.then, scope, wanted, problems)
        if then is not None:
            rows.append(DecisionRow(cells, then, row.then.text, row.line))
    default: DecisionRow | None = None
    if source.default is not None:
        then = _output(source.default, scope, wanted, problems)
        default = DecisionRow({}, then, source.default.text) if then is not None else None
    if problems or hit is None:
        return None, problems
    every = [*rows, *([default] if default else [])]
    found = [row.then for row in every]
    united = _united(found, collect, source, problems)
    if united is None or not _ordered(hit, united[0], found, source, problems):
        return None, problems
    kind, outputs = united
    problems += _without_order(source, inputs, kind)
    if problems:
        return None, problems
    every = [replace(row, then=then) for row, then in zip(every, outputs, strict=True)]
    return (
        Decide(
            type=kind,
            span=Span(0, 0),
            hit=hit,
            collect=collect,
            inputs=tuple(inputs.values()),
            rows=tuple(every[: len(rows)]),
            default=every[-1] if default else None,
            priority=source.priority,
        ),
        [],
    )


def _inputs(source: DecisionSource, scope: Scope, problems: list[Problem]) -> dict[str, Input]:
    inputs: dict[str, Input] = {}
    seen: set[str] = set()
    for column in source.inputs:
        node = _output(column.expression, scope, None, problems)
        name = column.name.text.strip()
        if name in seen:
            place = column.name.place(0, len(column.name.text))
            problems.append(problem("lang.input-twice", place=place, given=name))
        elif node is not None and not isinstance(node.type, Bool | Text | Enum | Number | Date):
            place = column.expression.place(0, len(column.expression.text))
            problems.append(problem("lang.input-type", place=place, given=name, type=describe(node.type)))
        elif node is not None:
            inputs[name] = Input(name, node, column.within, column.expression.text, column.monotone)
        seen.add(name)
    return inputs


def _without_order(source: DecisionSource, inputs: Mapping[str, Input], output: Type) -> list[Problem]:
    """Return the problems of columns declared monotone where they, or the output, have no order."""
    problems: list[Problem] = []
    for column in source.inputs:
        found = inputs.get(column.name.text.strip())
        if column.monotone is None or found is None:
            continue
        for kind in (found.node.type, output):
            if not isinstance(kind, Number | Date | Bool) and not (isinstance(kind, Enum) and kind.ordered):
                place = column.name.place(0, len(column.name.text))
                fault = problem("lang.monotone-type", place=place, given=found.name, type=describe(kind))
                problems.append(fault)
    return problems


def _hit_policy(text: Located, problems: list[Problem]) -> tuple[Hit | None, Collect | None]:
    match = _HIT.fullmatch(text.text.strip())
    hit = match[1].lower() if match else None
    collect = match[2].lower() if match and match[2] else None
    fits = (
        hit is not None
        and (hit == "collect") == (collect in get_args(Collect))
        and (collect is None or hit == "collect")
    )
    if not fits:
        wanted = "unique, first, any, priority, collect(min|max|sum|count)"
        place = text.place(0, len(text.text))
        problems.append(problem("lang.hit-policy", place=place, given=text.text, wanted=wanted))
        return None, None
    return hit, collect  # pyright: ignore[reportReturnType]


def _output(text: Located, scope: Scope, expected: Type | None, problems: list[Problem]) -> Node | None:
    node, faults = compile_condition(text, scope, expected)
    problems += faults
    return node


def _united(
    outputs: list[Node], collect: Collect | None, source: DecisionSource, problems: list[Problem]
) -> tuple[Type, list[Node]] | None:
    """Bring the outputs to one type and unit: bare figures to the unit that another output has."""
    place = source.hit.place(0, len(source.hit.text))

    def fail(code: str, **args: Any) -> None:
        problems.append(problem(code, place=place, **args))

    if not outputs:
        return fail("lang.no-rows")
    if collect == "count":
        return Number(whole=True), outputs
    first = next((node.type for node in outputs if not bare(node)), outputs[0].type)
    if collect is not None and not isinstance(first, Number):
        return fail("lang.not-a-number", given=f"collect({collect})", type=describe(first))
    if isinstance(first, Rec | Row | ListOf):
        return fail("lang.not-a-value", type=describe(first))
    united: list[Node] = []
    for node in outputs:
        if isinstance(first, Number) and isinstance(node.type, Number):
            adopted = adopt(node, first.unit) if bare(node) else node
            if unit_of(adopted).dimension == first.unit.dimension:
                united.append(rescale(adopted, first.unit))
                continue
        elif node.type == first:
            united.append(node)
            continue
        return fail("lang.alternatives", left=describe(first), right=describe(node.type))
    if isinstance(first, Number):
        return Number(first.unit, all(number(node).whole for node in united)), united
    return first, united


def _ordered(
    hit: Hit, kind: Type, outputs: list[Node], source: DecisionSource, problems: list[Problem]
) -> bool:
    """Tell whether the outputs have the order that ``priority`` goes by; note where they have none."""
    if hit != "priority":
        return True
    match kind:
        case Enum(members=members):
            fits = set(source.priority) <= set(members)
        case Number() | Date():
            fits = not source.priority
        case _:
            fits = all(isinstance(node, Const) and str(node.value) in source.priority for node in outputs)
    if not fits:
        place = source.hit.place(0, len(source.hit.text))
        problems.append(problem("lang.priority", place=place, type=describe(kind)))
    return fits
