"""What generated code calls while it runs: the asking of the reference, and steps too long to write out."""

from __future__ import annotations

from fractions import Fraction
from itertools import count
from typing import TYPE_CHECKING, Any, cast

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
    OpenList,
    Row,
)
from dualprev_rules.evaluate.reference import Reference
from dualprev_rules.evaluate.values import FALSE, TRUE, decided, truth
from dualprev_rules.facts.possible import Absent, Cause, Finite, Items, Members, Value
from dualprev_rules.facts.record import Fact, Record, unknown
from dualprev_rules.facts.schema import Attribute
from dualprev_rules.facts.types import ListOf
from dualprev_rules.lang.tree import Node
from dualprev_rules.pack.model import Definition

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.program import Program

WIDTH = 10
MOST_RULES = 2**WIDTH - 1
"""The width of a place in the sum of codes, and the number of rules whose codes may be added."""

TOLERANCE = 1e-9
"""How far a figure made of floats may be from the exact one, in proportion to what it was made of.

A sum of a million terms, each made in a thousand steps, is off by less than a million and a thousand
times 2⁻⁵³, which is a tenth of this; a figure that may be off by more is never made of floats.
"""


_MARKS = count()


class Case:
    """One assessment: the outcome codes that it gathers, and the reference that it asks.

    The reference is asked where floats, or what is known beforehand of open facts, do not decide.
    """

    __slots__ = ("_parents", "_reference", "mark", "open", "out", "program", "rows", "states")

    def __init__(self, program: Program, rows: list[Row]) -> None:
        self.program = program
        self.rows = rows
        self.mark = next(_MARKS)
        """What stands in a row while its derived values are this assessment's."""
        self.out: list[Any] = []
        """Of the records given: a row, a group of rules and their codes, one after the other."""
        self.open: list[Any] = []
        """The same of the rows that stand for whatever a list may yet hold."""
        self.states: dict[tuple[int, int], int] | None = None
        """Outcomes of rules that other rules ask for, by number of the rule and identity of the row."""
        self._reference: Reference | None = None
        self._parents: dict[int, Row] | None = None

    @property
    def reference(self) -> Reference:
        """The reference over the same facts."""
        if self._reference is None:
            self._reference = Reference(self.program.ruleset, self.program.functions)
        return self._reference

    def violated(self) -> int:
        """Return how many outcomes are violated."""
        out = self.out
        if len(out) == 3:
            return sum(out[2]) & MOST_RULES
        return sum([sum(codes) & MOST_RULES for codes in out[2::3]])

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
            above = self._above(row)
            parent = None if above is None else self.record(above)
            entity = self.program.layouts[row[ENTITY]].entity
            cause = Cause("?") if row[GIVEN] is PHANTOM else None
            schema = self.program.ruleset.schema
            record = row[RECORD] = Record(entity, "?", "?", parent, {}, cause, schema)
            if cause is None:
                record.facts = RowFacts(self, row, record)
        return record

    def _above(self, row: Row) -> Row | None:
        """Return the row above; it is looked for where a row does not know it."""
        if row[PARENT] is not None:
            return row[PARENT]
        if self._parents is None:
            self._parents = {}
            waiting = list(self.rows)
            while waiting:
                holder = waiting.pop()
                for slot, _ in self.program.layouts[holder[ENTITY]].lists:
                    held = holder[slot]
                    for child in held if held.__class__ is list else held.rows if held is not None else ():
                        self._parents[id(child)] = holder
                        waiting.append(child)
        return self._parents.get(id(row))

    def fact(self, row: Row, record: Record, name: str) -> Fact | None:
        """Return a fact of a row as the reference sees it; None where nothing was given."""
        layout = self.program.layouts[row[ENTITY]]
        held = row[layout.slots[name]]
        if held is None:
            # Said to be unknown where silence would say that there is none.
            attribute = layout.entity.attributes[name]
            if attribute.absent_is_none and name in _keys(row[GIVEN]):
                return unknown(record, attribute, Cause(f"?.{name}"))
            return None
        if held is GONE or held.__class__ is OpenList:
            return None
        return Fact(Value(self._possible(held)))

    def _possible(self, held: Any) -> Any:
        if isinstance(held, list):
            return Items(tuple(self.record(child) for child in cast("list[Row]", held)))
        if isinstance(held, frozenset):
            members = cast("frozenset[str]", held)
            return Members(members, members)
        if isinstance(held, bool | str):
            return frozenset((held,))
        return Finite((Fraction(repr(held)) if isinstance(held, float) else Fraction(held),))

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
            self.open += self.program.any_record(entity, frozenset(above))


class RowFacts(dict[str, Fact]):
    """The facts of a row, made when asked for: a record above is seldom asked for all it holds."""

    def __init__(self, case: Case, row: Row, record: Record) -> None:
        super().__init__()
        self._case, self._row, self._record = case, row, record

    def get(self, name: str, default: Any = None) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Return a fact, made from the row the first time."""
        found = super().get(name)
        if found is None:
            found = self._case.fact(self._row, self._record, name)
            if found is not None:
                self[name] = found
        return default if found is None else found


def _keys(given: Any) -> Any:
    """Return the keys of what was given."""
    return given[0] if given.__class__ is tuple else given


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
