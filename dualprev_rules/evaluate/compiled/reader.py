"""Read plain input straight into rows: what nearly every caller sends, with nothing in it to report.

Every type, range and name is checked. Whatever is not plain (a figure as text, a unit, a range, an
unknown key, a Chinese label as key …) makes the whole input ``Unusual``, and the ordinary reader
reads it: so this one never decides what a data problem is, or how a fact is noted.

What was given is kept beside each row, so that the ordinary reader can read the same again when a
result is looked at; nothing that the caller does to its objects later changes a result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, cast
from unicodedata import is_normalized

from dualprev_rules.evaluate.compiled.layout import (
    ENTITY,
    GIVEN,
    GONE,
    LARGEST,
    PARENT,
    SMALLEST,
    Layout,
    Row,
    point,
)
from dualprev_rules.facts.cas import valid_cas
from dualprev_rules.facts.document import MOST_RECORDS
from dualprev_rules.facts.kinds.choice import choice_of
from dualprev_rules.facts.possible import Interval
from dualprev_rules.facts.schema import Attribute, Schema
from dualprev_rules.facts.types import Bool, Date, Enum, ListOf, Number, Rec, SetOf, Text


class Unusual(Exception):  # noqa: N818 - not an error: the ordinary reader is asked
    """Input is not as plain as it might be."""


Check = Callable[[Any], Any]
"""Returns a value as rows hold it; raises Unusual."""


def plain_text(value: Any) -> str:
    """Return a text that is in its normal form already."""
    if value.__class__ is not str or not value:
        raise Unusual
    if value.isascii():
        if value.strip() != value:
            raise Unusual
    elif not (value.isprintable() and is_normalized("NFKC", value) and value.strip() == value):
        raise Unusual
    return value


def _cas(value: Any) -> str:
    if value.__class__ is not str or not valid_cas(value):
        raise Unusual
    return value


def _truth(value: Any) -> bool:
    if value is not True and value is not False:
        raise Unusual
    return value


def _refused(value: Any) -> Any:
    raise Unusual


def bounds(attribute: Attribute) -> tuple[float, float, bool, bool] | None:
    """Return the ends of a number's range as floats, and whether each is open; None: it has no such form."""
    within = attribute.range
    if not isinstance(within, Interval):
        return None
    ends: list[float] = []
    for end, far in ((within.low, -LARGEST), (within.high, LARGEST)):
        held = point(end) if end is not None else far
        if held is None:
            return None
        ends.append(held)
    low, high = max(ends[0], -LARGEST), min(ends[1], LARGEST)
    return low, high, within.low_open and within.low is not None, within.high_open and within.high is not None


def _number(attribute: Attribute) -> Check:
    found = bounds(attribute)
    if found is None:
        return _refused
    low, high, low_open, high_open = found
    whole = isinstance(attribute.type, Number) and attribute.type.whole

    def check(value: Any) -> Any:
        kind = value.__class__
        if (kind is not float and kind is not int) or not low <= value <= high:
            raise Unusual
        if (low_open and value == low) or (high_open and value == high):
            raise Unusual
        if value and -SMALLEST < value < SMALLEST:
            raise Unusual
        if whole and kind is float:
            if not value.is_integer():
                raise Unusual
            return int(value)
        return value

    return check


def _day(attribute: Attribute) -> Check:
    within = attribute.range
    if not isinstance(within, Interval):
        return _refused
    low = 1 if within.low is None else int(within.low)
    high = date.max.toordinal() if within.high is None else int(within.high)
    if within.low not in (None, low) or within.high not in (None, high):
        return _refused

    def check(value: Any) -> int:
        if value.__class__ is str:
            if len(value) != 10 or value[4] != "-" or value[7] != "-" or not value.isascii():
                raise Unusual
            try:
                value = date.fromisoformat(value)
            except ValueError:
                raise Unusual from None
        elif value.__class__ is not date:
            raise Unusual
        day = value.toordinal()
        if not low <= day <= high or (within.low_open and day == within.low):
            raise Unusual
        if within.high_open and day == within.high:
            raise Unusual
        return day

    return check


def members(attribute: Attribute, of: Enum) -> dict[Any, str]:
    """Return the plain spellings of members: names and labels, and figures where members are figures."""
    found: dict[Any, str] = dict(choice_of(attribute, of).exact)
    figures = {text for text in found if text.isdecimal() and text.isascii() and text == str(int(text))}
    return found | {int(text): found[text] for text in figures}


def _member(attribute: Attribute, of: Enum) -> Check:
    get = members(attribute, of).get

    def check(value: Any) -> str:
        if value.__class__ is not str and value.__class__ is not int:
            raise Unusual
        member = get(value)
        if member is None:
            raise Unusual
        return member

    return check


def _several(attribute: Attribute, of: Enum | Text) -> Check:
    one = _member(attribute, of) if isinstance(of, Enum) else _cas if attribute.check else plain_text

    def check(value: Any) -> frozenset[str]:
        if value.__class__ is not list:
            raise Unusual
        return frozenset([one(each) for each in value])

    return check


def check_of(attribute: Attribute) -> Check:
    """Return the check of an attribute that is no list of records."""
    match attribute.type:
        case Bool():
            return _truth
        case Number():
            return _number(attribute)
        case Date():
            return _day(attribute)
        case Enum() as of:
            return _member(attribute, of)
        case Text() | Rec():
            return _cas if attribute.check == "cas" else plain_text if attribute.check is None else _refused
        case SetOf(of=of) if not attribute.stated:
            return _several(attribute, of)
        case _:
            return _refused


class Reading:
    """One reading: how many records there are, and which facts name other records."""

    __slots__ = ("count", "references")

    def __init__(self) -> None:
        self.count = 0
        self.references: list[tuple[Row, int, str]] = []
        """Row, slot, and the entity that is referred to."""


class EntityReader:
    """Reads the records of one entity."""

    def __init__(self, reader: FastReader, layout: Layout) -> None:
        self._reader = reader
        self._blank = layout.blank.copy()
        self._checks: dict[str, tuple[int, Check]] = {}
        self._lists: dict[str, tuple[int, Attribute]] = {}
        self._sets: list[str] = []
        self._references: dict[str, tuple[int, str]] = {}
        self._inherits: list[tuple[int, Attribute]] = []
        groups: dict[str, list[int]] = {}
        for slot, attribute in ((layout.slots[a.name], a) for a in layout.entity.attributes.values()):
            if attribute.absent_is_none:
                self._blank[slot] = _none(attribute)
            elif attribute.inherits is not None:
                self._inherits.append((slot, attribute))
            if isinstance(attribute.type, ListOf):
                self._lists[attribute.name] = (slot, attribute)
                if attribute.either is not None:
                    groups.setdefault(attribute.either, []).append(slot)
                continue
            self._checks[attribute.name] = (slot, check_of(attribute))
            if isinstance(attribute.type, SetOf):
                self._sets.append(attribute.name)
            elif isinstance(attribute.type, Rec):
                self._references[attribute.name] = (slot, attribute.type.entity)
        self._groups = tuple(tuple(slots) for slots in groups.values())
        self._never = any(isinstance(attribute.type, ListOf) for _, attribute in self._inherits)
        entity = layout.entity
        self._nests = entity.name in reader.schema.descend(entity.name)
        self._key = None if entity.key is None else layout.slots[entity.key]

    def read(self, given: Any, parent: Row | None, reading: Reading) -> Row:
        """Return the row of a record; raises Unusual."""
        if given.__class__ is not dict or self._never:
            raise Unusual
        row = self._blank.copy()
        row[PARENT] = parent
        row[GIVEN] = kept = cast("dict[str, Any]", given).copy()
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
        for name, (slot, entity) in self._references.items():
            if kept.get(name) is not None:
                reading.references.append((row, slot, entity))
        self._finish(row, lists, reading)
        return row

    def _finish(self, row: Row, lists: list[tuple[int, Attribute, Any]], reading: Reading) -> None:
        """Take facts over from records above, read lists, and take the absent ones of a group as empty."""
        # What is below takes facts over from here, so that its own stand before it is read.
        for slot, attribute in self._inherits:
            if row[slot] is None:
                row[slot] = self._inherited(attribute, row)
        for slot, attribute, value in lists:
            row[slot] = self._list(attribute, value, row, reading)
        for group in self._groups:
            if any(row[slot].__class__ is list for slot in group):
                for slot in group:
                    if row[slot] is None:
                        row[slot] = []

    def _list(self, attribute: Attribute, value: Any, row: Row, reading: Reading) -> list[Row]:
        if value.__class__ is not list or attribute.stated or (self._nests and _depth(row) > _DEEPEST):
            raise Unusual
        assert isinstance(attribute.type, ListOf)
        return self._reader[attribute.type.of.entity].read_all(value, row, reading)

    def read_all(self, given: list[Any], parent: Row | None, reading: Reading) -> list[Row]:
        """Return the rows of a list; two with one key are unusual."""
        reading.count += len(given)
        if reading.count > MOST_RECORDS:
            raise Unusual
        read = self.read
        rows = [read(each, parent, reading) for each in given]
        if self._key is not None and len(rows) > 1:
            keys = [row[self._key] for row in rows if row[self._key] is not None]
            if len(set(keys)) != len(keys):
                raise Unusual
        return rows

    def _inherited(self, attribute: Attribute, row: Row) -> Any:
        above: Row | None = row[PARENT]
        while above is not None and above[ENTITY] != attribute.inherits:
            above = above[PARENT]
        if above is None:
            return None
        slot = self._reader.layouts[above[ENTITY]].slots.get(attribute.name)
        return None if slot is None else above[slot]


_DEEPEST = 10
"""Records that nest deeper in records of their own kind are left to the ordinary reader and its limit."""


def _depth(row: Row | None) -> int:
    depth = 0
    while row is not None:
        row, depth = row[PARENT], depth + 1
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

    def __init__(self, schema: Schema, layouts: Mapping[str, Layout]) -> None:
        self.schema = schema
        self.layouts = layouts
        self._readers: dict[str, EntityReader] = {}

    def __getitem__(self, entity: str) -> EntityReader:
        reader = self._readers.get(entity)
        if reader is None:
            reader = self._readers[entity] = EntityReader(self, self.layouts[entity])
        return reader

    def read(self, given: Any) -> list[Row]:
        """Return the rows of the records at the top; raises Unusual."""
        if given.__class__ is not dict or not given:
            raise Unusual
        rows: list[Row] = []
        reading = Reading()
        for name, value in cast("dict[Any, Any]", given).items():
            if name not in self.schema.entities:
                raise Unusual
            if value.__class__ is dict:
                rows.append(self[name].read(value, None, reading))
            elif value.__class__ is list and value:
                rows += self[name].read_all(value, None, reading)
            else:
                raise Unusual
        if reading.references:
            raise Unusual
        return rows


def given_again(rows: list[Row], layouts: Mapping[str, Layout]) -> dict[str, Any]:
    """Return what was given, as it was when it was read."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row[ENTITY], []).append(_given(row, layouts))
    return found


def _given(row: Row, layouts: Mapping[str, Layout]) -> dict[str, Any]:
    made = dict(row[GIVEN])
    for slot, attribute in layouts[row[ENTITY]].lists:
        if made.get(attribute.name) is not None:
            made[attribute.name] = [_given(child, layouts) for child in row[slot]]
    return made
