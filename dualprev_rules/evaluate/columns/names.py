"""Names: which table holds the record that an expression means, and what a fact of it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from dualprev_rules.evaluate.columns import unite
from dualprev_rules.evaluate.columns.reading import column, nothing_known
from dualprev_rules.evaluate.columns.tables import Table
from dualprev_rules.evaluate.columns.things import (
    Bag,
    CannotLower,
    Mask,
    Num,
    Thing,
    Truth,
    Word,
    moved,
    truth,
)
from dualprev_rules.facts.schema import ROOT, Attribute, Entity
from dualprev_rules.facts.types import ListOf
from dualprev_rules.lang.tree import Climb, Get, Node, Var

if TYPE_CHECKING:
    from dualprev_rules.evaluate.columns.lower import Lowering


@dataclass(frozen=True, slots=True)
class Phantom:
    """Whatever else a list may hold: a record of which nothing is known, and the one above it."""

    entity: Entity
    parent: Records | None


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a set that a loop is at."""

    text: str


@dataclass(frozen=True, slots=True)
class Above:
    """A record above that was not given: there surely is none, or we were not told of it."""

    surely_none: bool


Records = Table | Phantom | Above
Env = Mapping[str, "Records | Member"]


def records(node: Node, env: Env) -> Records:
    """Return what a node that means a record stands for; raises CannotLower."""
    match node:
        case Var(name=name):
            bound = env[name]
            if isinstance(bound, Member):
                raise CannotLower
            return bound
        case Climb(of=of, entity=entity):
            return _climb(records(of, env), entity)
        case _:
            raise CannotLower


def _climb(of: Records, entity: str | None) -> Records:
    if isinstance(of, Above):
        return of
    top, above = of, of.parent
    while above is not None and not isinstance(above, Above):
        if entity is None or above.entity.name == entity:
            return above
        top, above = above, above.parent
    if isinstance(above, Above):
        return above
    # Under an enterprise that was given there is none.
    return Above(surely_none=top.entity.name == ROOT)


def reachable(of: Table, at: Table) -> bool:
    """Tell whether a record of ``at`` has one record of the table ``of``: itself or one above it."""
    return of is at or of in at.above()


def attribute(low: Lowering, node: Get, env: Env, at: Table) -> Thing:
    """Return a fact."""
    if isinstance(node.type, ListOf):
        raise CannotLower
    of = records(node.of, env)
    if isinstance(of, Above):
        return unite.outside(node.type, gone=of.surely_none)
    if isinstance(of, Phantom):
        return nothing_known(of.entity.attributes[node.name])
    if not reachable(of, at):
        raise CannotLower
    found = fact(of, of.entity.attributes[node.name], stated=low.stated)
    return found if of is at else moved(found, lambda each: at.bring(of, each))


def fact(table: Table, of: Attribute, *, stated: bool) -> Thing:
    """Return an attribute of the records of a table."""
    found = table.facts.get(of.name)
    if found is None:
        found = table.facts[of.name] = _fact(table, of, stated=stated)
    return found


def _fact(table: Table, of: Attribute, *, stated: bool) -> Thing:
    found = _own(table, of, stated=stated)
    if of.none_beside is None or of.none_beside not in table.given.columns:
        return found
    # Reading what stands for it notes where that is odd.
    fact(table, table.entity.attributes[of.none_beside], stated=stated)
    given, odd = table.given.get_column(of.name, default=None), table.odd.get(of.none_beside)
    return unite.none_or(table, given, table.given[of.none_beside], odd, of, found)


def _own(table: Table, of: Attribute, *, stated: bool) -> Thing:
    if of.name in table.given.columns:
        own = column(table, of, stated=stated or of.stated)
        if of.inherits is None:
            return own
        above = _inherited(table, of, stated=stated)
        return own if above is None else unite.own_or(table, table.given[of.name], own, above)
    if of.absent_is_none:
        return unite.none(of)
    if of.inherits is not None:
        above = _inherited(table, of, stated=stated)
        if above is not None:
            return above
    return nothing_known(of)


def _inherited(table: Table, of: Attribute, *, stated: bool) -> Thing | None:
    """Return what records take over from above where they have nothing of their own."""
    above = next((each for each in table.above() if each.entity.name == of.inherits), None)
    if above is None or of.name not in above.entity.attributes:
        return None
    found = fact(above, above.entity.attributes[of.name], stated=stated)
    return moved(found, lambda each: table.bring(above, each))


def known(thing: Thing, node: Node) -> Truth:
    """``known(x)``: sharp for what was given, and for the rest only where nothing is open."""
    match thing:
        case Truth(holds=holds, loose=loose):
            if not isinstance(holds, pl.Expr):
                return Truth(holds is not None, loose=loose)
            return (
                Truth(holds.is_not_null(), nulls=False) if loose is None else _unless(~holds.is_null(), loose)
            )
        case Num(known=is_known, gone=gone, loose=loose, exact=exact):
            there = pl.lit(True) if is_known else thing.lo == thing.hi
            if not exact and not is_known:
                raise CannotLower
            there = there if gone is None else there & (gone == 0)
        case Mask(bits=bits, gone=gone, loose=loose):
            there = bits.bitwise_count_ones() == 1
            there = there if gone is None else there & (gone == 0)
        case Word(text=text, gone=gone, loose=loose):
            if not isinstance(node, Get):
                raise CannotLower
            there = text.is_not_null()
            there = there if gone is None else there & (gone == 0)
        case Bag(sure=sure, possible=possible, members=members, loose=loose):
            there = sure == possible if members is not None else possible.is_not_null()
    return Truth(there, nulls=False) if loose is None else _unless(there, loose)


def _unless(there: pl.Expr, loose: pl.Expr) -> Truth:
    return truth(pl.when(there | ~loose).then(there).otherwise(None), loose)
