"""Read plain input straight into rows: what nearly every caller sends, with nothing in it to report.

Every type, range and name is checked. Whatever is not plain (a figure as text, a unit, a range, an
unknown key, a Chinese label as key …) makes the whole input ``Unusual``, and the ordinary reader
reads it: so this one never decides what a data problem is, or how a fact is noted.

What was given is kept beside each row, so that the ordinary reader can read the same again when a
result is looked at; nothing that the caller does to its objects later changes a result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from dualprev_rules.evaluate.compiled.checks import Check, Unusual, check_of
from dualprev_rules.evaluate.compiled.layout import (
    ENTITY,
    GIVEN,
    GONE,
    MARK,
    PARENT,
    AsGiven,
    Layout,
    Row,
)
from dualprev_rules.evaluate.compiled.shapes import MOST_SHAPES, OFTEN, Above, ReadOne, Shape, shape_reader
from dualprev_rules.facts.cas import valid_cas
from dualprev_rules.facts.document import MOST_RECORDS
from dualprev_rules.facts.schema import Attribute
from dualprev_rules.facts.types import Bool, ListOf, Rec, SetOf
from dualprev_rules.pack.model import Ruleset

Reading = list[int]
"""One reading: how many records there are so far, as its only member."""


class EntityReader:
    """Reads the records of one entity."""

    def __init__(self, reader: FastReader, layout: Layout) -> None:
        self._reader = reader
        self._layout = layout
        self.blank = layout.blank.copy()
        self._shapes: dict[tuple[str, ...], Shape | None] = {}
        self._seen: dict[tuple[str, ...], int] = {}
        self._latest: Shape | None = None
        """The shape read last: the next input is likely to have it too."""
        self.one: ReadOne = _not_yet
        """Reads a record that stands alone, if it is of the shape that the last one was."""
        self._checks: dict[str, tuple[int, Check]] = {}
        self._lists: dict[str, tuple[int, Attribute]] = {}
        self._sets: list[str] = []
        self.stand_in: dict[str, str] = {}
        """Attribute → the one that it stands for where that is not given: too rare for a way of its own."""
        self.inherits: list[tuple[int, Attribute]] = []
        groups: dict[str, list[int]] = {}
        for slot, attribute in ((layout.slots[a.name], a) for a in layout.entity.attributes.values()):
            if attribute.absent_is_none:
                self.blank[slot] = _none(attribute)
            elif attribute.inherits is not None:
                self.inherits.append((slot, attribute))
            if isinstance(attribute.type, ListOf):
                self._lists[attribute.name] = (slot, attribute)
                if attribute.either is not None:
                    groups.setdefault(attribute.either, []).append(slot)
                continue
            self._checks[attribute.name] = (slot, check_of(attribute))
            if attribute.none_beside is not None:
                self.stand_in[attribute.none_beside] = attribute.name
            if isinstance(attribute.type, SetOf):
                self._sets.append(attribute.name)
        self.groups = tuple(tuple(slots) for slots in groups.values())
        self._never = any(isinstance(attribute.type, ListOf) for _, attribute in self.inherits)
        entity = layout.entity
        self.looks_up = reader.climbs(entity.name)
        self.nests = entity.name in reader.schema.descend(entity.name)
        self._key = None if entity.key is None else layout.slots[entity.key]

    def read(self, given: Any, above: Above, reading: Reading) -> Row:
        """Return the row of a record; raises Unusual."""
        if given.__class__ is not dict or self._never:
            raise Unusual
        shape = tuple(cast("dict[str, Any]", given))
        if shape not in self._shapes:
            self._note(shape)
        return self._by_key(given, above, reading)

    def _note(self, shape: tuple[str, ...]) -> None:
        """Count a shape; one that is seen often gets a function of its own."""
        seen = self._seen.get(shape, 0) + 1
        if len(self._seen) >= MOST_SHAPES and shape not in self._seen:
            self._seen = {of: times for of, times in self._seen.items() if times >= OFTEN}
        if seen > OFTEN and len(self._shapes) < MOST_SHAPES:
            self._shapes[shape] = shape_reader(self, self._layout, shape)
        elif shape in self._seen or len(self._seen) < MOST_SHAPES:
            self._seen[shape] = seen

    def _by_key(self, given: dict[str, Any], above: Above, reading: Reading) -> Row:
        if any(given.get(name) is not None and given.get(of) is None for name, of in self.stand_in.items()):
            raise Unusual
        row = self.blank.copy()
        row[PARENT] = above[0] if self.looks_up and above is not None else None
        row[GIVEN] = kept = given.copy()
        lists: list[tuple[int, Attribute, Any]] = []
        for name, value in kept.items():
            found = self._checks.get(name)
            if found is not None:
                slot, check = found
                row[slot] = None if value is None else check(value)
            else:
                held = self._lists.get(name)
                if held is None:
                    raise Unusual
                if value is not None:
                    lists.append((*held, value))
        for name in self._sets:
            if kept.get(name) is not None:
                kept[name] = kept[name].copy()
        self._finish(row, above, lists, reading)
        return row

    def _finish(
        self, row: Row, above: Above, lists: list[tuple[int, Attribute, Any]], reading: Reading
    ) -> None:
        """Take facts over from records above, read lists, and take the absent ones of a group as empty."""
        # What is below takes facts over from here, so that its own stand before it is read.
        for slot, attribute in self.inherits:
            if row[slot] is None:
                row[slot] = self._inherited(attribute, above)
        for slot, attribute, value in lists:
            row[slot] = self._list(attribute, value, (row, above), reading)
        for group in self.groups:
            if any(row[slot].__class__ is list for slot in group):
                for slot in group:
                    if row[slot] is None:
                        row[slot] = []

    def _list(self, attribute: Attribute, value: Any, above: Above, reading: Reading) -> list[Row]:
        if value.__class__ is not list or attribute.stated or (self.nests and _depth(above) > _DEEPEST):
            raise Unusual
        assert isinstance(attribute.type, ListOf)
        return self._reader[attribute.type.of.entity].read_all(value, above, reading)

    def read_all(self, given: list[Any], above: Above, reading: Reading) -> list[Row]:
        """Return the rows of a list; two with one key are unusual."""
        reading[0] += len(given)
        if reading[0] > MOST_RECORDS:
            raise Unusual
        rows: list[Row] = []
        latest = self._latest
        if latest is not None:
            latest.many(given, above, reading, rows)
        if len(rows) < len(given):
            self._rest(given, above, reading, rows)
        if self._key is not None and len(rows) > 1:
            keys = [row[self._key] for row in rows if row[self._key] is not None]
            if len(set(keys)) != len(keys):
                raise Unusual
        return rows

    def _rest(self, given: list[Any], above: Above, reading: Reading, rows: list[Row]) -> None:
        """Read the records that have no rows yet; those with the keys of the one before by its function."""
        while len(rows) < len(given):
            each = given[len(rows)]
            shape = self._shapes.get(tuple(each)) if each.__class__ is dict else None
            if shape is not None:
                before = len(rows)
                shape.many(given, above, reading, rows)
                if len(rows) > before:
                    self._latest, self.one = shape, shape.one
                    continue
            rows.append(self.read(each, above, reading))

    def child(self, attribute: Attribute) -> EntityReader:
        """Return the reader of the records of a list."""
        assert isinstance(attribute.type, ListOf)
        return self._reader[attribute.type.of.entity]

    def check(self, attribute: Attribute) -> Check:
        """Return the check of an attribute."""
        return self._checks[attribute.name][1]

    def known_texts(self) -> frozenset[str]:
        """Return CAS numbers that need no check: those of the tables."""
        return self._reader.known

    def taken_over(self, attribute: Attribute) -> Callable[[Above], Any]:
        """Return what finds the fact that a record without one of its own takes over from above."""
        return lambda above: self._inherited(attribute, above)

    def slot_above(self, attribute: Attribute) -> int | None:
        """Return where the record above has the fact that is taken over; None where it has none such."""
        assert attribute.inherits is not None
        return self._reader.layouts[attribute.inherits].slots.get(attribute.name)

    def _inherited(self, attribute: Attribute, above: Above) -> Any:
        while above is not None and above[0][ENTITY] != attribute.inherits:
            above = above[1]
        if above is None:
            return None
        slot = self._reader.layouts[above[0][ENTITY]].slots.get(attribute.name)
        return None if slot is None else above[0][slot]


def _not_yet(given: Any, above: Above, reading: Reading) -> Row | None:
    """Read nothing: no function was made yet."""
    return None


_DEEPEST = 10
"""Records that nest deeper in records of their own kind are left to the ordinary reader and its limit."""


def _depth(above: Above) -> int:
    depth = 0
    while above is not None:
        above, depth = above[1], depth + 1
    return depth


def _none(attribute: Attribute) -> Any:
    match attribute.type:
        case ListOf():
            return []
        case SetOf():
            return frozenset[str]()
        case Bool() | Rec():
            return None
        case _:
            return GONE


class FastReader:
    """Reads plain input of a schema into rows."""

    def __init__(
        self,
        ruleset: Ruleset,
        layouts: Mapping[str, Layout],
        climbs: Callable[[str], bool],
    ) -> None:
        self.schema = ruleset.schema
        texts = (
            text for table in ruleset.tables.values() for index in table.index.values() for text in index
        )
        self.known = frozenset(text for text in texts if valid_cas(text))
        self.layouts = layouts
        self.climbs = climbs
        self._readers: dict[str, EntityReader] = {}

    def __getitem__(self, entity: str) -> EntityReader:
        reader = self._readers.get(entity)
        if reader is None:
            reader = self._readers[entity] = EntityReader(self, self.layouts[entity])
        return reader

    def read(self, given: Any) -> list[Row] | None:
        """Return the rows of plain input; None for anything else, which the ordinary reader reads."""
        if given.__class__ is not dict or not given:
            return None
        rows: list[Row] = []
        reading = [len(given)]
        try:
            for name, value in cast("dict[Any, Any]", given).items():
                reader = self._readers.get(name)
                if reader is None:
                    if name not in self.schema.entities:
                        return None
                    reader = self[name]
                row = reader.one(value, None, reading)
                if row is not None:
                    rows.append(row)
                elif value.__class__ is dict:
                    rows += reader.read_all([value], None, reading)
                elif value.__class__ is list and value:
                    rows += reader.read_all(value, None, reading)
                else:
                    return None
        except Unusual:
            return None
        return rows


def given_again(rows: list[Row], layouts: Mapping[str, Layout]) -> dict[str, Any]:
    """Return what was given, as it was when it was read."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row[ENTITY], []).append(_given(row, layouts))
    return found


def _given(row: Row, layouts: Mapping[str, Layout]) -> dict[str, Any]:
    layout, given = layouts[row[ENTITY]], row[GIVEN]
    if len(row) == MARK:
        return given
    if given.__class__ is AsGiven:
        made = {name: row[layout.slots[name]] for name in given}
    elif given.__class__ is tuple:
        # Its keys, and its values after them.
        made = dict(zip(given[0], given[1:], strict=True))
    else:
        made = dict(given)
    for slot, attribute in layout.lists:
        if made.get(attribute.name) is not None:
            made[attribute.name] = [_given(child, layouts) for child in row[slot]]
    return made
