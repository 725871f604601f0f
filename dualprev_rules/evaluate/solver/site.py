"""A site as it is: what is known stands, but for what may be changed; what is not known is free."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, cast

from dualprev_rules.evaluate.solver.backend import Bit, any_of, exact, z3
from dualprev_rules.evaluate.solver.world import Ghost, Term, UnsupportedError, World, inside
from dualprev_rules.facts.possible import Absent, Finite, Interval, Items, Members, Value, meet
from dualprev_rules.facts.record import Facts, Record
from dualprev_rules.facts.schema import Attribute
from dualprev_rules.facts.types import Bool, Date, ListOf, Number, SetOf, Text

MayChange = Callable[[Record, Attribute], bool]
"""Whether a fact of a record may be changed."""
Plain = bool | Fraction | str
"""A truth value (of a set: whether a member is in it), a number or day, or a member or text."""
Taken = Mapping[tuple[str, str, str | None], Plain]
"""What is taken for facts that are not known, by path, attribute and, of a set, member."""


@dataclass(frozen=True, slots=True)
class Lever:
    """A fact that may be other than it is, or is not known, and its symbol; of a set, one of its members."""

    record: Record
    attribute: Attribute
    symbol: Any
    before: Plain | None
    """What it is, or of a fact that is known in part what is taken for it; None where it is not known."""
    stays: Bit
    """That it stays as it is."""
    member: str | None = None

    @property
    def key(self) -> tuple[str, str, str | None]:
        """What it is of: path, attribute, member."""
        return self.record.path, self.attribute.name, self.member


class SiteWorld(World):
    """The records of a site. Its facts are what they are, or symbols where they may change or are open.

    What ``taken`` says of facts that are not known stands in their place.
    """

    def __init__(self, facts: Facts, may_change: MayChange, day: date, taken: Taken) -> None:
        super().__init__(facts.schema, (), 0, day)
        self.levers: list[Lever] = []
        self._may_change = may_change
        self._taken = taken
        self._records: dict[Ghost, Record] = {}
        self._ghosts: dict[int, Ghost] = {}

    def ghost(self, record: Record) -> Ghost:
        """Return what stands for a record, and so for those above it."""
        found = self._ghosts.get(id(record))
        if found is None:
            above = self.ghost(record.parent) if record.parent is not None else None
            found = self._ghosts[id(record)] = Ghost(record.entity, above, "", 0)
            self._records[found] = record
        return found

    def record_of(self, ghost: Ghost) -> Record:
        """Return the record that something stands for."""
        return self._records[ghost]

    def list_of(self, record: Ghost, attribute: Attribute) -> list[Ghost]:
        """Return the records of a list; raises UnsupportedError where there may be more."""
        items = self._records[record].value(attribute.name).possible
        assert isinstance(items, Items)
        if items.phantom is not None:
            raise UnsupportedError(f"{self._records[record].path}.{attribute.name}")
        return [self.ghost(each) for each in items.records]

    def fact(self, record: Ghost, name: str) -> Term:
        """Return a fact: a figure where it must stay, a symbol where it may change or is not known."""
        found = record.facts.get(name)
        if found is None:
            found = record.facts[name] = self._fact(self._records[record], name)
        return found

    def simplified(self, term: Term) -> Term:
        """Return a derived fact with all decided that the site's own facts decide."""
        if isinstance(term.value, dict):
            return term
        return Term(_simple(term.value), _simple(term.absent))

    def strange(self) -> list[Bit]:
        """Return that texts that are not known are none that anything names."""
        unknown = [lever for lever in self.levers if lever.before is None]
        texts = [lever.symbol for lever in unknown if isinstance(lever.attribute.type, Text)]
        return [text >= self.symbol_count for text in texts]

    def _fact(self, record: Record, name: str) -> Term:
        attribute = record.entity.attributes[name]
        fact = record.fact(name)
        above = record.ancestor(attribute.inherits) if attribute.inherits is not None else None
        if above is not None and name in above.entity.attributes and above.fact(name) is fact:
            return self.fact(self.ghost(above), name)
        if isinstance(attribute.type, ListOf):
            raise UnsupportedError("list")
        if fact.value.absent is Absent.SURELY:
            self.lacks(True)
            return Term(self.free(attribute.type), True)
        if isinstance(attribute.type, SetOf):
            return Term(self._set(record, attribute, fact.value))
        before = self.known(fact.value)
        stands = before if before is not None else self._taken.get((record.path, name, None))
        if stands is not None and _in_part(attribute, fact.value):
            before = stands
        if stands is not None and not (before is not None and self._may_change(record, attribute)):
            return Term(self.encoded(stands))
        symbol = self.free(attribute.type, attribute.range)
        if before is None:
            self.bound.append(self._possible(symbol, fact.value))
        self._lever(record, attribute, symbol, before)
        return Term(symbol, self.bit("none") if fact.value.absent is Absent.POSSIBLY else False)

    def _set(self, record: Record, attribute: Attribute, value: Value) -> dict[str, Bit]:
        members = value.possible
        assert isinstance(attribute.type, SetOf)
        if not isinstance(members, Members) or not isinstance(members.possible, frozenset):
            raise UnsupportedError("set")
        found: dict[str, Bit] = {}
        for member in getattr(attribute.type.of, "members", sorted(members.possible)):
            known = member in members.sure or member not in members.possible
            before = member in members.sure if known else None
            stands = before if known else self._taken.get((record.path, attribute.name, member))
            if stands is not None and not (known and self._may_change(record, attribute)):
                found[member] = stands
            else:
                found[member] = self.bit(f"{member} in set")
                self._lever(record, attribute, found[member], before, member)
        return found

    def _lever(
        self,
        record: Record,
        attribute: Attribute,
        symbol: Any,
        before: Plain | None,
        member: str | None = None,
    ) -> None:
        stays = True if before is None else symbol == self.encoded(before)
        self.levers.append(Lever(record, attribute, symbol, before, stays, member))

    def encoded(self, value: Plain) -> Any:
        """Return a value as the solver has it."""
        if isinstance(value, str):
            return self.symbol(value)
        return value if isinstance(value, bool) else exact(value)

    def decoded(self, lever: Lever, value: Any) -> Plain:
        """Return a value of a model; raises UnsupportedError where it is no fraction."""
        if z3().is_bool(value):
            return bool(z3().is_true(value))
        if isinstance(lever.attribute.type, Number | Date):
            return number_of(value)
        return self.text(value.as_long())

    @staticmethod
    def known(value: Value) -> Plain | None:
        """Return the one thing that a value may be; None where it may be several, or a list or set."""
        possible: Any = value.possible
        if not value.known or not isinstance(possible, Finite | frozenset):
            return None
        if isinstance(possible, Finite):
            return possible.values[0]
        only: Any = next(iter(cast("frozenset[Any]", possible)))
        return only if isinstance(only, bool) else str(only)

    def _possible(self, symbol: Any, value: Value) -> Bit:
        possible: Any = value.possible
        if isinstance(possible, Finite | Interval):
            return inside(symbol, possible)
        if not isinstance(possible, frozenset):
            return True
        members = sorted(cast("frozenset[Any]", possible), key=str)
        if all(isinstance(member, bool) for member in members):
            return True
        return any_of(*(symbol == self.symbol(str(member)) for member in members))


def _in_part(attribute: Attribute, value: Value) -> bool:
    """Tell whether of a number or member something is known, and not all: such as at least 7."""
    possible: Any = value.possible
    if value.known or isinstance(attribute.type, Bool | Text | Date | SetOf) or possible == attribute.every:
        return False
    if isinstance(possible, Finite | Interval):
        return meet(possible, attribute.range) == possible
    return True


def _simple(part: Any) -> Any:
    if isinstance(part, bool | int):
        return part
    simple = z3().simplify(part)
    if z3().is_true(simple) or z3().is_false(simple):
        return bool(z3().is_true(simple))
    return simple


def number_of(value: Any) -> Fraction:
    """Return a number of a model; raises UnsupportedError where it is no fraction."""
    if z3().is_int_value(value):
        return Fraction(value.as_long())
    if not z3().is_rational_value(value):
        raise UnsupportedError("irrational")
    return Fraction(str(value.as_fraction()))
