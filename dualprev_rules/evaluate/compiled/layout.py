"""Rows: a record as a flat list, with a place for each attribute and for each derived value.

    [entity, parent, record, given, mark, attribute …, derived value …]

Derived values hold for one assessment, whose mark stands before them. A row knows the one above it only
where some rule asks for that: else the two would hold each other, and be
freed by the garbage collector only.

An attribute is a float (an int where only whole numbers make sense), text, bool, day (an ordinal),
frozenset, list of rows, or the row that a reference means. It is None where nothing is known but the
declared range, GONE where there is surely no value; a list to which more records may belong is an
``OpenList``. Whatever else may be known of a fact (a range of figures, a doubtful declaration) has no
form here: such a fact is *odd*, and the reference judges what rests on it.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from dualprev_rules.facts.possible import Absent, Finite, Interval, Items, Members, Value
from dualprev_rules.facts.record import Facts, Record
from dualprev_rules.facts.schema import Attribute, Entity
from dualprev_rules.facts.types import Bool, Date, ListOf, Number, Rec
from dualprev_rules.pack.model import Ruleset

ENTITY, PARENT, RECORD, GIVEN, MARK = range(5)
HEAD = 5

Row = list[Any]
Odd = AbstractSet[tuple[str, str]]
"""Entity and attribute of facts that a row cannot hold."""
NOTHING_ODD: Odd = frozenset()


class _Mark:
    """A thing that is only ever itself."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


GONE = _Mark("GONE")
"""Surely no value."""
UNSET = _Mark("UNSET")
"""Not yet derived."""


class OpenList:
    """A list to which more may belong: the rows that do, and the row that stands for any other."""

    __slots__ = ("phantom", "rows")

    def __init__(self, rows: list[Row], phantom: Row) -> None:
        self.rows = rows
        self.phantom = phantom


PHANTOM = "?"
"""Stands where a row holds what was given: nothing was, the row is for whatever a list may yet hold."""


class AsGiven(tuple[str, ...]):
    """The keys of a record whose values a row holds just as they were given."""

    __slots__ = ()


LARGEST = 10.0**15
SMALLEST = 10.0**-25
"""Figures outside are held as odd: what is made of a few of those inside neither overflows nor vanishes."""


def point(value: Fraction) -> float | int | None:
    """Return a number as a row holds it, the shortest decimal of a float being meant; None: it has no form.

    >>> point(Fraction(1, 10)), point(Fraction(3)), point(Fraction(1, 3))
    (0.1, 3, None)
    """
    if not value:
        return 0
    if not SMALLEST <= abs(value) <= LARGEST:
        return None
    if value.denominator == 1:
        return value.numerator
    near = float(value)
    return near if Fraction(repr(near)) == value else None


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


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands in a row of an entity."""

    entity: Entity
    number: int
    """It is the so-many-th entity of the schema."""
    slots: dict[str, int]
    derived: dict[str, int]
    blank: Row
    """A row of which nothing is known, without parent."""
    lists: tuple[tuple[int, Attribute], ...]
    special: tuple[Attribute, ...]
    """Attributes of which a record that does not mention them may still have, or surely lack, a value."""

    def local(self, slot: int) -> str:
        """Return the name of the local that holds what stands at a slot, in code about such a record."""
        return f"x{self.number}_{slot}"

    @property
    def first(self) -> int:
        """Where derived values begin."""
        return HEAD + len(self.slots)


def layouts(ruleset: Ruleset) -> dict[str, Layout]:
    """Return the layout of every entity."""
    derived: dict[str, list[str]] = {}
    for entity, name in ruleset.definitions:
        derived.setdefault(entity, []).append(name)
    return {
        name: _layout(number, entity, derived.get(name, []))
        for number, (name, entity) in enumerate(ruleset.schema.entities.items())
    }


def _layout(number: int, entity: Entity, derived: list[str]) -> Layout:
    slots = {name: HEAD + index for index, name in enumerate(entity.attributes)}
    first = HEAD + len(slots)
    attributes = entity.attributes.values()
    blank: Row = [entity.name, None, None, None, None, *(None for _ in slots), *(UNSET for _ in derived)]
    return Layout(
        entity,
        number,
        slots,
        {name: first + index for index, name in enumerate(derived)},
        blank,
        tuple((slots[a.name], a) for a in attributes if isinstance(a.type, ListOf)),
        tuple(a for a in attributes if a.optional or a.inherits is not None),
    )


class RowMaker:
    """Makes rows of records that were read, and gathers which facts have no form in a row."""

    def __init__(self, layouts: dict[str, Layout]) -> None:
        self._layouts = layouts
        self.odd: set[tuple[str, str]] = set()
        self._made: dict[int, Row] = {}
        self._meant: list[tuple[Row, int, Record]] = []
        """Row and slot of a reference, and the record that is meant: its row may be made later."""

    def rows(self, facts: Facts) -> list[Row]:
        """Return the rows of the records at the top."""
        rows = [self.row(record, None) for record in facts.roots]
        for row, slot, record in self._meant:
            row[slot] = self._made[id(record)]
        return rows

    def row(self, record: Record, parent: Row | None) -> Row:
        """Return the row of a record and, in it, of all under it."""
        layout = self._layouts[record.entity.name]
        row = layout.blank.copy()
        row[PARENT], row[RECORD] = parent, record
        self._made[id(record)] = row
        if record.phantom:
            row[GIVEN] = PHANTOM
            return row
        # Reading what a record takes over from one above notes it there.
        for name, fact in tuple(record.facts.items()):
            row[layout.slots[name]] = self._held(layout.entity.attributes[name], fact.value, row)
        for attribute in layout.special:
            if attribute.name not in record.facts:
                row[layout.slots[attribute.name]] = self._held(attribute, record.value(attribute.name), row)
        return row

    def _held(self, attribute: Attribute, value: Value, row: Row) -> Any:
        kind = attribute.type
        if isinstance(kind, ListOf):
            return self._list(value.possible, row)
        if value.absent is Absent.SURELY and value.within == attribute.every and value.possible is None:
            return None if isinstance(kind, Bool | Rec) else GONE
        if isinstance(kind, Rec) and value.known:
            self._meant.append((row, self._layouts[row[ENTITY]].slots[attribute.name], value.possible[0]))
            return None
        held = None if value.absent or isinstance(kind, Rec) else _known(attribute, value.possible)
        if held is None and (value.absent or value.possible != attribute.every):
            self.odd.add((row[ENTITY], attribute.name))
        return held

    def _list(self, items: Items, row: Row) -> Any:
        rows = [self.row(record, row) for record in items.records]
        return rows if items.phantom is None else OpenList(rows, self.row(items.phantom, row))


def _known(attribute: Attribute, possible: Any) -> Any:
    """Return the one thing that is possible, as a row holds it; None where there is none, or no form."""
    match possible:
        case Finite((value,)):
            if isinstance(attribute.type, Date):
                return int(value)
            held = point(value)
            whole = isinstance(attribute.type, Number) and attribute.type.whole
            return held if whole or held is None else float(held)
        case Members(sure, may) if sure == may:
            return sure
        case frozenset() if len(possible) == 1:  # pyright: ignore[reportUnknownArgumentType]
            (thing,) = possible  # pyright: ignore[reportUnknownVariableType]
            return thing  # pyright: ignore[reportUnknownVariableType]
        case _:
            return None
