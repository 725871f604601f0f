"""What generated code calls while it runs: the asking of the reference, and steps too long to write out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from dualprev_rules.evaluate.calendar import shift
from dualprev_rules.evaluate.compiled.layout import (
    ENTITY,
    GIVEN,
    GONE,
    LARGEST,
    PARENT,
    PHANTOM,
    RECORD,
    SMALLEST,
    Layout,
    OpenList,
    Row,
)
from dualprev_rules.evaluate.reference import Reference
from dualprev_rules.evaluate.values import FALSE, TRUE, decided, truth
from dualprev_rules.facts.possible import Absent, Cause, Finite, Value
from dualprev_rules.facts.record import Record
from dualprev_rules.facts.schema import Attribute
from dualprev_rules.facts.types import ListOf
from dualprev_rules.lang.scope import Function
from dualprev_rules.lang.tree import Node
from dualprev_rules.pack.model import Definition, Ruleset

TOLERANCE = 1e-9
"""How far a figure made of floats may be from the exact one, in proportion to what it was made of.

A sum of a million terms, each made in a thousand steps, is off by less than a million and a thousand
times 2⁻⁵³, which is a tenth of this; a figure that may be off by more is never made of floats.
"""


class Case:
    """One assessment while it runs: the reference that is asked where floats or open facts do not decide."""

    __slots__ = ("_functions", "_layouts", "_read", "_reference", "_ruleset", "states")

    def __init__(
        self,
        ruleset: Ruleset,
        functions: Mapping[str, Function],
        layouts: Mapping[str, Layout],
        read: Callable[[Row, Record], None],
    ) -> None:
        self._ruleset = ruleset
        self._functions = functions
        self._layouts = layouts
        self._read = read
        self._reference: Reference | None = None
        self.states: dict[tuple[int, int], int] = {}
        """Outcomes of rules that other rules ask for, by number of the rule and identity of the row."""

    @property
    def reference(self) -> Reference:
        """The reference over the same facts."""
        if self._reference is None:
            self._reference = Reference(self._ruleset, self._functions)
        return self._reference

    def ask(self, node: Node, *bound: tuple[str, Any]) -> bool | None:
        """Return what the reference finds a condition to be; ``bound`` are self and the loop variables."""
        env = {name: self._thing(of) for name, of in bound}
        found = truth(self.reference.value(node, env))
        return True if found == TRUE else False if found == FALSE else None

    def derive(self, definition: Definition, row: Row) -> Any:
        """Return a derived value as rows hold it; None where it is open."""
        value = self.reference.define(definition, self.record(row))
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

    def _thing(self, of: Any) -> Value:
        return decided(of) if isinstance(of, str) else Value((self.record(of),))

    def record(self, row: Row) -> Record:
        """Return the record of a row, as the reference sees it."""
        record: Record | None = row[RECORD]
        if record is None:
            parent = None if row[PARENT] is None else self.record(row[PARENT])
            entity = self._layouts[row[ENTITY]].entity
            cause = Cause("?") if row[GIVEN] is PHANTOM else None
            schema = self._ruleset.schema
            record = row[RECORD] = Record(entity, "?", "?", parent, {}, cause, schema)
            if cause is None:
                self._read(row, record)
        return record

    def opened(self, row: Row, slot: int, attribute: Attribute) -> OpenList:
        """Return a list that may hold more, one that was not given included."""
        held = row[slot]
        if held is None:
            assert isinstance(attribute.type, ListOf)
            phantom = self._layouts[attribute.type.of.entity].blank.copy()
            phantom[PARENT], phantom[GIVEN] = row, PHANTOM
            record: Record | None = row[RECORD]
            if record is not None:
                phantom[RECORD] = record.value(attribute.name).possible.phantom
            held = row[slot] = OpenList([], phantom)
        return held


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
