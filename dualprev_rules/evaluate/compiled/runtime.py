"""What generated code calls while it runs: what decides exactly, and steps too long to write out."""

from __future__ import annotations

from fractions import Fraction
from itertools import count
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate.calendar import shift
from dualprev_rules.evaluate.compiled.exact import Held, lift, told
from dualprev_rules.evaluate.compiled.layout import (
    ENTITY,
    GIVEN,
    GONE,
    LARGEST,
    PARENT,
    PHANTOM,
    RECORD,
    SMALLEST,
    OpenList,
    Row,
)
from dualprev_rules.evaluate.reference import Reference
from dualprev_rules.facts.possible import Absent, Finite
from dualprev_rules.facts.record import Record
from dualprev_rules.facts.schema import Attribute
from dualprev_rules.facts.types import ListOf
from dualprev_rules.lang.tree import Node
from dualprev_rules.pack.model import Definition

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.program import Program

TOLERANCE = 1e-9
"""How far a figure made of floats may be from the exact one, in proportion to what it was made of.

A sum of a million terms, each made in a thousand steps, is off by less than a million and a thousand
times 2⁻⁵³, which is a tenth of this; a figure that may be off by more is never made of floats.
"""


MARKS = count()


class Case(list[Any]):
    """One assessment: what was found of the records given, and what was noted on the way.

    Its members are a row, a group of rules and what was found of them, one after the other.
    """

    __slots__ = ("_exact", "_open", "_reference", "_states", "mark", "program", "rows")

    program: Program
    rows: list[Row]
    mark: int
    """What stands in a row while its derived values are this assessment's."""

    @property
    def exact(self) -> dict[Any, Held]:
        """What definitions are exactly, by identity of the row and number; and strangers, by entity."""
        try:
            return self._exact
        except AttributeError:
            self._exact: dict[Any, Held] = {}
            return self._exact

    @property
    def open(self) -> list[Any]:
        """What was found of the rows that stand for whatever a list may yet hold, in the same form."""
        try:
            return self._open
        except AttributeError:
            self._open: list[Any] = []
            return self._open

    @property
    def states(self) -> dict[tuple[int, int], int]:
        """Outcomes of rules that other rules ask for, by number of the rule and identity of the row."""
        try:
            return self._states
        except AttributeError:
            self._states: dict[tuple[int, int], int] = {}
            return self._states

    @property
    def reference(self) -> Reference:
        """The reference over the same facts."""
        try:
            return self._reference
        except AttributeError:
            self._reference = Reference(self.program.ruleset, self.program.functions)
            return self._reference

    def ask(self, node: Node, *bound: tuple[str, Any]) -> bool | None:
        """Return what a condition is exactly; ``bound`` are self and the loop variables."""
        return told(self.program.exact.of(node)(self, dict(bound)))

    def derive(self, definition: Definition, row: Row) -> Any:
        """Return a derived value as rows hold it; None where it is open."""
        value = lift(self.program.exact.definition(definition.entity, definition.name)(self, row))
        if value.absent is Absent.SURELY:
            return GONE
        if not value.known:
            return None
        if isinstance(value.possible, Finite):
            figure = value.possible.low
            if figure and not SMALLEST <= abs(figure) <= LARGEST:
                return None
            return figure.numerator if figure.denominator == 1 else float(figure)
        (thing,) = value.possible
        return thing

    def stranger(self, entity: str) -> Row:
        """Return the row of any record of an entity, of which nothing is known, nor what is above it."""
        found = self.exact.get(entity)
        if found is None:
            found = self.exact[entity] = self.program.layouts[entity].blank.copy()
            found[GIVEN] = PHANTOM
        return found

    def opened(self, row: Row, slot: int, attribute: Attribute) -> OpenList:
        """Return a list that may hold more, one that was not given included."""
        held = row[slot]
        if held is None:
            assert isinstance(attribute.type, ListOf)
            phantom = self.program.layouts[attribute.type.of.entity].blank.copy()
            phantom[PARENT], phantom[GIVEN] = row, PHANTOM
            record: Record | None = row[RECORD]
            if record is not None:
                phantom[RECORD] = record.value(attribute.name).possible.phantom
            held = row[slot] = OpenList([], phantom)
        return held

    def rest(self, row: Row, slot: int, attribute: Attribute, out: list[Any]) -> None:
        """Judge a list to which more may belong: its records, and the row for any other.

        Where no rule about such a record asks for one above it, it is judged once and for all.
        """
        judges = self.program.judges
        held = row[slot]
        assert isinstance(attribute.type, ListOf)
        entity = attribute.type.of.entity
        if held is not None:
            for child in held.rows:
                judges[entity](child, self, out)
        above: set[str] = set()
        up: Row | None = row
        while up is not None:
            if up[GIVEN] is PHANTOM:
                above.add(up[ENTITY])
            up = up[PARENT]
        if entity in above:
            return
        if self.program.climbs(entity):
            judges[entity](self.opened(row, slot, attribute).phantom, self, self.open)
        else:
            self.open.extend(self.program.any_record(entity, frozenset(above)))


def how_many_violated(out: list[Any]) -> int:
    """Return how many outcomes are violated of those that a case or a like list holds."""
    return sum([group.violated(found) for group, found in zip(out[1::3], out[2::3], strict=True)])


def climb(row: Row, entity: str) -> Row | None:
    """Return the nearest row above that is of an entity."""
    above: Row | None = row[PARENT]
    while above is not None and above[ENTITY] != entity:
        above = above[PARENT]
    return above


def pick(condition: bool | None, then: Any, otherwise: Any) -> Any:
    """Return one of two things, or, where it is open which, the one that both are."""
    if condition is None:
        return then if then is otherwise or then == otherwise else None
    return then if condition else otherwise


def pick_rounded(condition: bool | None, then: Any, otherwise: Any) -> Any:
    """Do the same with figures that may be rounded: that two are equal is not sure."""
    if condition is None:
        return GONE if then is otherwise is GONE else None
    return then if condition else otherwise


def at_least(least: float, conditions: tuple[bool | None, ...]) -> bool | None:
    """Tell whether so many conditions hold."""
    sure = conditions.count(True)
    if sure >= least:
        return True
    return None if sure + conditions.count(None) >= least else False


def count_true(conditions: tuple[bool | None, ...]) -> int | None:
    """Return how many conditions hold; None where that is open."""
    return None if None in conditions else conditions.count(True)


def months_later(day: int, months: int) -> int:
    """Return a day so many months later."""
    return int(shift(Fraction(day), months))


def same(a: bool | None, b: bool | None) -> bool | None:
    """Tell whether two conditions are alike."""
    return None if a is None or b is None else a is b
