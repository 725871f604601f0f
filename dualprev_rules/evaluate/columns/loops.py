"""What a loop goes over, which of it counts, and where more may come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from dualprev_rules.evaluate.columns.names import Above, Env, Phantom, records
from dualprev_rules.evaluate.columns.reading import bits
from dualprev_rules.evaluate.columns.tables import Branch, Table
from dualprev_rules.evaluate.columns.things import (
    ALWAYS,
    Bag,
    CannotLower,
    Flag,
    Truth,
    expression,
    perhaps,
    truth,
)
from dualprev_rules.facts.types import ListOf
from dualprev_rules.lang.tree import Aggregate, Get, Quantify, Var, walk

if TYPE_CHECKING:
    from dualprev_rules.evaluate.columns.lower import Lowering


@dataclass(frozen=True, slots=True)
class Members:
    """What a loop goes over: the table of the records given, and whatever else there may be."""

    holder: Table | None
    """The table whose records hold the lists; None: the holder was not given."""
    table: Table | None
    phantom: Phantom | None
    open: Flag
    """Where more records may come."""


def members_of(low: Lowering, node: Get, env: Env) -> Members:
    """Return the members of a list of records."""
    assert isinstance(node.type, ListOf)
    entity = low.ruleset.schema.entities[node.type.of.entity]
    holder = records(node.of, env)
    if not isinstance(holder, Table):
        parent = None if isinstance(holder, Above) else holder
        return Members(None, None, Phantom(entity, parent), ALWAYS)
    branch: Branch = holder.lists[node.name]
    phantom = None if branch.open is None else Phantom(entity, holder)
    return Members(holder, branch.table, phantom, branch.open)


def loop(low: Lowering, node: Quantify | Aggregate, env: Env, at: Table) -> tuple[Members, Table]:
    """Return what is gone over, and the table at whose records the loop stands."""
    if not isinstance(node.over, Get) or not isinstance(node.over.type, ListOf):
        raise CannotLower
    found = members_of(low, node.over, env)
    if found.holder is None or found.holder is at:
        return found, at
    # The list is of a record above: the loop is the same for all records under it, unless it asks of them.
    inner = [part for part in (node.where, node.body, getattr(node, "default", None)) if part is not None]
    asked = {each.name for part in inner for each in walk(part) if isinstance(each, Var)} - {node.var}
    for name in asked:
        bound = env.get(name)  # a loop inside this one binds its own
        if isinstance(bound, Table) and bound is not found.holder and bound not in found.holder.above():
            raise CannotLower
    if found.holder not in at.above():
        raise CannotLower
    return found, found.holder


def counts_of(low: Lowering, node: Aggregate, env: Env, bound: Table | Phantom, where: Table) -> Truth:
    """Return which members count, as a column that is there already."""
    if node.where is None:
        return Truth(True, nulls=False)
    found = low.truth(node.where, {**env, node.var: bound}, where)
    if found.holds is True or found.holds is False:
        return found
    return Truth(where.hold(expression(found)), found.nulls, found.loose)


def more_of(low: Lowering, node: Aggregate, env: Env, here: Table, found: Members) -> tuple[pl.Expr, Flag]:
    """Return where more members may come that count, and where that is loose."""
    assert found.phantom is not None
    assert found.open is not None
    counts = counts_of(low, node, env, found.phantom, here)
    return found.open & perhaps(counts), None if counts.loose is None else counts.loose & found.open


def inside(group: Bag, wanted: int) -> Truth:
    """Return whether one of some members is in a set."""
    assert group.members is not None
    of = bits(wanted, group.members)
    holds = pl.when((group.sure & of) != 0).then(True).when((group.possible & of) == 0).then(False)
    return truth(holds.otherwise(None), group.loose)
