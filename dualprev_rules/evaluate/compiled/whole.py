"""Plain input checked and judged by one function, record by record as it is read: no row is made."""

from __future__ import annotations

import ast
from collections.abc import Callable
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate.compiled.checks import Unusual
from dualprev_rules.evaluate.compiled.layout import Row
from dualprev_rules.evaluate.compiled.plain import Level, Shape, levels, merged, unusual
from dualprev_rules.evaluate.compiled.quote import const, expr, function, list_of, name, stmts, tuple_of
from dualprev_rules.evaluate.compiled.runtime import Case
from dualprev_rules.evaluate.compiled.shapes import checked, named
from dualprev_rules.facts.document import MOST_RECORDS
from dualprev_rules.facts.schema import Attribute, Entity
from dualprev_rules.facts.types import Bool, ListOf, Rec, SetOf

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.program import Program
    from dualprev_rules.evaluate.compiled.reader import EntityReader, FastReader

Alone = tuple[list[Any], Shape, tuple[Any, ...]]
"""What was found of a plain document, as a case has it; its shape, and the values that were given."""
Whole = Callable[[Any], Alone | None]
"""Judges a document of a shape; returns None for one that it was not written for."""

_DOCUMENT = """
if document.__class__ is not dict or len(document) != 1:
    return
START
try:
    GIVEN = document[ENTITY]
    RECORD
    return (OUT, SHAPE, KEPT)
except (ArithmeticError, KeyError, TypeError, Unusual):
    return
"""

_START = """
out = []
records = 1
"""

_RECORD = """
if GIVEN.__class__ is not dict or len(GIVEN) != COUNT:
    return
TAKE
CHECK
"""

_LIST = """
if V.__class__ is not list:
    return
"""

_EMPTY = """
if V:
    return
HELD = []
"""

_EACH = """
records += len(V)
if records > MOST:
    return
HELD = []
BEFORE
for GIVEN in V:
    RECORD
    HELD.append(KEPT)
UNIQUE
"""

_UNIQUE = """
if len(KEYS) > 1 and len(set(KEYS)) != len(KEYS):
    return
"""


class CannotRead(Exception):  # noqa: N818 - not an error: rows are made instead
    """Records of a shape are not read in this way."""


def whole(program: Program, readers: FastReader, shape: Shape) -> Whole | None:
    """Return what judges documents of a shape; None where its rules ask for more than stands in them."""
    root = levels(program, shape)
    if root is None:
        return None
    within = program.names() | {"Unusual": Unusual, "unusual": unusual}
    try:
        record, kept = _Writer(program, readers, within).record(root, shape)
    except CannotRead:
        return None
    parts: dict[str, Any] = {"ENTITY": const(shape.entity), "SHAPE": named(within, shape), "KEPT": kept}
    if root.inside:
        parts |= {"START": stmts(_START), "OUT": name("out"), "RECORD": [*record, *root.ending]}
    else:
        parts |= {"START": [], "OUT": list_of(root.found), "RECORD": [*record, *root.after]}
    return function("whole", ["document"], stmts(_DOCUMENT, GIVEN=_given(root), **parts), within)


def _given(level: Level) -> str:
    return f"given{level.layout.number}"


class _Writer:
    """Writes what reads and judges the records of each level."""

    def __init__(self, program: Program, readers: FastReader, within: dict[str, Any]) -> None:
        self._program = program
        self._readers = readers
        self._within = within

    def record(self, level: Level, shape: Shape) -> tuple[list[ast.stmt], ast.expr]:
        """Return the statements for a record, and the code of what is kept of it."""
        layout, reader = level.layout, self._readers[level.entity]
        self._readable(level, shape, reader)
        take: list[ast.stmt] = []
        check: list[ast.stmt] = []
        below: list[ast.stmt] = []
        values: list[ast.expr] = []
        inside = dict(shape.lists)
        for key in shape.keys:
            attribute, slot = layout.entity.attributes[key], layout.slots[key]
            local = value = layout.local(slot)
            if isinstance(attribute.type, ListOf):
                check += stmts(_LIST, V=local)
                below += self._list(level, slot, inside.get(key))
                value = f"h{layout.number}_{slot}"
            else:
                check += checked(self._within, reader, attribute, local)
                # What is checked may be put in another form.
                value = local if isinstance(attribute.type, Bool) else f"g{layout.number}_{slot}"
            pattern = "V = G = RECORD[KEY]" if value.startswith("g") else "V = RECORD[KEY]"
            take += stmts(pattern, V=local, G=value, RECORD=_given(level), KEY=const(key))
            values.append(expr("SET.copy()", SET=value) if isinstance(attribute.type, SetOf) else name(value))
        count = const(len(shape.keys))
        start = stmts(_RECORD, GIVEN=_given(level), COUNT=count, TAKE=take, CHECK=check)
        return [*start, *below], tuple_of(values)

    def _list(self, level: Level, slot: int, shape: Shape | None) -> list[ast.stmt]:
        """Return the statements that go through a list."""
        local = level.layout.local(slot)
        held = f"h{level.layout.number}_{slot}"
        if shape is None:
            return stmts(_EMPTY, V=local, HELD=held)
        of = level.inside[slot]
        record, kept = self.record(of, shape)
        record += of.ending
        before, unique = level.before.get(slot, []), list[ast.stmt]()
        if of.layout.entity.key in shape.keys:
            keys = f"k{level.layout.number}_{slot}"
            key = of.layout.local(of.layout.slots[of.layout.entity.key])
            record += stmts("KEYS.append(X)", KEYS=keys, X=key)
            before, unique = [*before, *stmts("KEYS = []", KEYS=keys)], stmts(_UNIQUE, KEYS=keys)
        parts: dict[str, Any] = {"V": local, "MOST": const(MOST_RECORDS), "HELD": held, "GIVEN": _given(of)}
        parts |= {"BEFORE": before, "RECORD": record, "KEPT": kept, "UNIQUE": unique}
        return stmts(_EACH, **parts)

    def _readable(self, level: Level, shape: Shape, reader: EntityReader) -> None:
        """Raise CannotRead where a record of such keys needs more than its own values."""
        layout, keys = level.layout, shape.keys
        if not keys or reader.nests:
            raise CannotRead
        if any(isinstance(of.type, Rec) or of.stated for of in _attributes(level, shape)):
            raise CannotRead
        if any(key in keys and of not in keys for key, of in reader.stand_in.items()):
            raise CannotRead
        if any(
            attribute.name in keys or isinstance(attribute.type, ListOf) for _, attribute in reader.inherits
        ):
            raise CannotRead
        slots = {layout.slots[key] for key in keys}
        empty = {slot for group in reader.groups if slots & set(group) for slot in group}
        empty |= {slot for slot, _ in layout.lists if reader.blank[slot] == []}
        absent = {slot for slot, _ in self._program.below[level.entity]} - slots - empty
        if absent or not level.used.keys() <= slots:
            raise CannotRead


def _attributes(level: Level, shape: Shape) -> list[Attribute]:
    return [level.layout.entity.attributes[key] for key in shape.keys]


def shape_of(program: Program, document: Any) -> Shape | None:
    """Return the shape of a document of one record; None where it is no plain one."""
    if document.__class__ is not dict or len(document) != 1:
        return None
    ((entity, given),) = document.items()
    layout = program.layouts.get(entity)
    return None if layout is None else _shape(program, layout.entity, given)


LOOKED_AT = 8
"""So many records of a list are looked at to find the shape of all."""


def _shape(program: Program, entity: Entity, given: Any) -> Shape | None:
    if given.__class__ is not dict:
        return None
    lists: list[tuple[str, Shape]] = []
    keys: list[str] = []
    for key, value in given.items():
        attribute = entity.attributes.get(key)
        if attribute is None:
            return None
        # The schema's own name: the key may be of a class of the caller's.
        keys.append(attribute.name)
        if value.__class__ is list and value and isinstance(attribute.type, ListOf):
            of = program.layouts[attribute.type.of.entity].entity
            found = [_shape(program, of, each) for each in value[:LOOKED_AT]]
            of_all = merged([shape for shape in found if shape is not None])
            if of_all is None:
                return None
            lists.append((attribute.name, of_all))
    return Shape(entity.name, tuple(sorted(keys)), tuple(sorted(lists, key=itemgetter(0))))


def case_of(program: Program, alone: Alone) -> Case:
    """Return the case of a document that was judged as it was read.

    What stands for its rows has a head only, with all that was given in the first: no more is asked of it.
    """
    out, shape, values = alone
    case = Case(out)
    case.program = program
    row: Row = [shape.entity, None, None, _again(shape, values)]
    case.rows = [row]
    return case


def _again(shape: Shape, values: tuple[Any, ...]) -> dict[str, Any]:
    """Return what was given: a list of records is a list of their values."""
    given = dict(zip(shape.keys, values, strict=True))
    return given | {key: [_again(inside, each) for each in given[key]] for key, inside in shape.lists}
