"""The mutants of a pack: its rules, definitions, tables and dates with one change each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from dualprev_rules.evaluate.render import number as written
from dualprev_rules.facts.types import Number, Row
from dualprev_rules.lang.text import Inline
from dualprev_rules.lang.tree import Column, Compare, Const, Decide, Get, Logic, Node, Param, walk
from dualprev_rules.pack.model import Definition, Expression, Instrument, Rule, Ruleset, Table
from dualprev_rules.pack.read import PackSource
from dualprev_rules.problems import Place
from dualprev_rules.testing.mutation.figures import other_values
from dualprev_rules.testing.mutation.tree import beside_whole, changes, rebuilt

_MADE = Inline("").file
"""The file of what the loader makes itself, as the guard of an instrument."""
Part = Rule | Definition | Table
Key = tuple[str, str]
"""``rule``, ``definition`` or ``table``, and the id."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A part as it is on some of the days: another edition may stand under the same id on others."""

    key: Key
    part: Part
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Swap:
    """What stands in the place of a part: its fields that are others now."""

    edition: Edition
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A pack with one change: mostly in one part, of the date of an instrument in all that it binds."""

    id: str
    """What is changed, where in it, and how (``#2``: the second such); explanations name it so."""
    place: Place | None
    swaps: tuple[Swap, ...]


def editions(rulesets: Mapping[date, Ruleset], pack: str) -> list[Edition]:
    """Return the parts of a pack that decide on one of the days, in order."""
    found: dict[Key, list[tuple[Part, list[date]]]] = {}
    for day, ruleset in rulesets.items():
        for key, part in _parts(ruleset, pack):
            listed = found.setdefault(key, [])
            same = next((days for other, days in listed if _alike(other, part)), None)
            if same is None:
                listed.append((part, [day]))
            else:
                same.append(day)
    return [Edition(key, part, tuple(days)) for key, of in sorted(found.items()) for part, days in of]


def mutants(
    of: Iterable[Edition],
    source: PackSource,
    instruments: Iterable[Instrument],
    read: frozenset[tuple[str, str]],
) -> list[Mutant]:
    """Return every mutant, part by part, then those of the dates that ``instruments`` bind by.

    What is changed alike in several editions of a part is one mutant. ``read`` are the columns, with
    their tables, that a condition reads: what only stands in a table decides nothing.
    """
    every = list(of)
    places = _Places(source)
    found: dict[str, Mutant] = {}
    for edition in every:
        seen: dict[str, int] = {}
        for mutant in _of_edition(edition, places, read):
            count = seen[mutant.id] = seen.get(mutant.id, 0) + 1
            name = mutant.id if count == 1 else f"{mutant.id} #{count}"
            before = found[name].swaps if name in found else ()
            found[name] = Mutant(name, mutant.place, (*before, *mutant.swaps))
    for instrument in instruments:
        found |= {mutant.id: mutant for mutant in _of_dates(instrument, every, places)}
    return list(found.values())


def _of_edition(edition: Edition, places: _Places, read: frozenset[tuple[str, str]]) -> Iterator[Mutant]:
    match edition.part:
        case Rule() as rule:
            yield from _of_conditions(edition, rule)
            yield from _of_parameters(edition, rule, places)
        case Definition() as definition:
            yield from _of_conditions(edition, definition)
        case Table() as table:
            yield from _of_table(edition, table, places, read)


def conditions(part: Part) -> list[Expression]:
    """Return every expression that decides something in a part."""
    match part:
        case Rule():
            found = (part.dated, part.applies, part.violated, part.unless)
        case Definition():
            found = (part.when, part.body)
        case Table():
            found = tuple(row.when for row in part.rows)
    return [expression for expression in found if expression is not None]


def _parts(ruleset: Ruleset, pack: str) -> Iterator[tuple[Key, Part]]:
    for rule in ruleset.rules.values():
        if rule.pack == pack and rule.standing == "decides":
            yield ("rule", rule.id), rule
    for definition in ruleset.definitions.values():
        if definition.pack == pack and definition.not_encoded is None:
            yield ("definition", definition.id), definition
    for table in ruleset.tables.values():
        if table.pack == pack and table.not_encoded is None:
            yield ("table", table.id), table


def _alike(a: Part, b: Part) -> bool:
    if isinstance(a, Table) and isinstance(b, Table):
        return a.rows == b.rows
    return [e.node for e in conditions(a)] == [e.node for e in conditions(b)]


class _Places:
    """Where what a checked tree does not know of stands in the files."""

    def __init__(self, source: PackSource) -> None:
        self._rules = {rule.rule: rule for rule in source.rules}
        self._rows = {table.table: rows for table, rows in source.tables}
        spec = source.spec
        self._instruments = {i.id: i for i in spec.instruments} if spec is not None else {}

    def parameter(self, rule: str, name: str) -> Place | None:
        """Return where the value of a parameter stands."""
        spec = self._rules.get(rule)
        return spec.parameters[name].at("value") if spec is not None and name in spec.parameters else None

    def row(self, table: str, at: int) -> Place | None:
        """Return where a row of a table stands."""
        rows = self._rows.get(table)
        return rows[at].place() if rows is not None and at < len(rows) else None

    def dates(self, instrument: str) -> Place | None:
        """Return where the dates of an instrument stand."""
        spec = self._instruments.get(instrument)
        return spec.in_force.at() if spec is not None else None


def _written(part: Rule | Definition) -> Iterator[tuple[str, str, Expression]]:
    """Yield the conditions that the author wrote: the field, the key in the file, and the expression.

    The guard of an instrument that binds by a date fact is none of them: its date stands in pack.yaml.
    """
    if isinstance(part, Rule):
        for name in ("applies", "violated", "unless"):
            expression = getattr(part, name)
            if expression is not None:
                yield name, name, expression
        return
    yield "body", "decide" if isinstance(part.body.node, Decide) else "is", part.body
    if part.when is not None and part.when.place is not None and part.when.place.file != _MADE:
        yield "when", "when", part.when


def _of_conditions(edition: Edition, part: Rule | Definition) -> Iterator[Mutant]:
    for field, name, expression in _written(part):
        own, joined = _without_guard(expression)
        whole = isinstance(own.node.type, Number) and own.node.type.whole
        for change in changes(own.node, own.text, whole=whole):
            place = own.place
            if change.line and place is not None:
                place = Place(place.file, change.line)
            node = change.node
            if joined is not None:
                node = replace(joined, operands=(joined.operands[0], node))
            yield Mutant(
                f"{edition.key[1]} {name}: {change.before} → {change.after}",
                place,
                (Swap(edition, {field: replace(expression, node=node)}),),
            )


def _without_guard(expression: Expression) -> tuple[Expression, Logic | None]:
    """Return the author's part of a condition that the loader joined with a guard, and the whole."""
    match expression.node:
        case Logic(operands=(_, own), span=span) as whole if own.span == span:
            text = expression.text
            return Expression(text[text.index(" and (") + 6 : -1], own, expression.place), whole
        case _:
            return expression, None


def _of_parameters(edition: Edition, rule: Rule, places: _Places) -> Iterator[Mutant]:
    held = {"applies": rule.applies, "violated": rule.violated, "unless": rule.unless}
    held = {name: expression for name, expression in held.items() if expression is not None}
    for parameter in rule.parameters.values():
        whole = any(beside_whole(expression.node, parameter.name) for expression in held.values())
        for value, shown in other_values(parameter.value, parameter.type, parameter.shown, whole=whole):

            def moved(node: Node, name: str = parameter.name, value: Any = value) -> Node:
                return replace(node, value=value) if isinstance(node, Param) and node.name == name else node

            mutated = {
                name: replace(expression, node=rebuilt(expression.node, moved))
                for name, expression in held.items()
            }
            yield Mutant(
                f"{rule.id} parameters.{parameter.name}: {parameter.shown} → {shown}",
                places.parameter(rule.id, parameter.name),
                (Swap(edition, mutated),),
            )


def columns_read(every: Iterable[Expression]) -> frozenset[tuple[str, str]]:
    """Return the tables and columns that expressions read."""
    return frozenset(
        (node.row.type.table, node.name)
        for expression in every
        for node in walk(expression.node)
        if isinstance(node, Column) and isinstance(node.row.type, Row)
    )


def _of_table(
    edition: Edition, table: Table, places: _Places, read: frozenset[tuple[str, str]]
) -> Iterator[Mutant]:
    for at, row in enumerate(table.rows):
        name, place = f"{table.id} row {row.no}", places.row(table.id, at)
        before, after = table.rows[:at], table.rows[at + 1 :]
        if row.when is not None:
            for change in changes(row.when.node, row.when.text):
                other = replace(row, when=replace(row.when, node=change.node))
                swap = Swap(edition, {"rows": (*before, other, *after)})
                yield Mutant(f"{name}, when: {change.before} → {change.after}", place, (swap,))
        for column, kind in table.columns.items():
            value = row.cells.get(column)
            decides = (table.id, column) in read or table.on_tie is not None
            if value is None or isinstance(value, tuple) or not decides:
                continue
            text = written(value) if isinstance(value, Fraction) else str(value)
            whole = isinstance(kind, Number) and kind.whole
            for other_value, shown in other_values(value, kind, text, whole=whole):
                other = replace(row, cells={**row.cells, column: other_value})
                swap = Swap(edition, {"rows": (*before, other, *after)})
                yield Mutant(f"{name}, {column}: {text} → {shown}", place, (swap,))


def _of_dates(instrument: Instrument, every: Iterable[Edition], places: _Places) -> Iterator[Mutant]:
    """Yield the mutants of the days from and until which an instrument binds by a date fact."""
    if instrument.dated_by == "assessment":
        return
    _, _, fact = instrument.dated_by.partition(".")
    for name, day in (("from", instrument.start), ("replaced_on", instrument.end)):
        for other in (day - timedelta(1), day + timedelta(1)) if day is not None else ():
            assert day is not None
            swaps = tuple(_moved(instrument, every, fact, day, other))
            if swaps:
                shown = f"{instrument.id} {name}: {day} → {other}"
                yield Mutant(shown, places.dates(instrument.id), swaps)


def _moved(
    instrument: Instrument, every: Iterable[Edition], fact: str, day: date, other: date
) -> Iterator[Swap]:
    was, now = Fraction(day.toordinal()), Fraction(other.toordinal())

    def moved(node: Node) -> Node:
        match node:
            case Compare(left=Get(name=name), right=Const(value=value)) if name == fact and value == was:
                return replace(node, right=replace(node.right, value=now))
            case _:
                return node

    for edition in every:
        part = edition.part
        if isinstance(part, Table) or all(c.instrument != instrument.id for c in part.citations):
            continue
        name, guarded = ("dated", part.dated) if isinstance(part, Rule) else ("when", part.when)
        if guarded is not None:
            changed = rebuilt(guarded.node, moved)
            if changed != guarded.node:
                yield Swap(edition, {name: replace(guarded, node=changed)})
