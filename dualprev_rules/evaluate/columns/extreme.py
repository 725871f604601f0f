"""``min`` and ``max`` over the records of a list or the members of a set."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from math import inf
from typing import TYPE_CHECKING, Literal

import polars as pl

from dualprev_rules.evaluate.columns.loops import Members, counts_of, inside, more_of
from dualprev_rules.evaluate.columns.names import Env, Member
from dualprev_rules.evaluate.columns.reading import bits, bits_of
from dualprev_rules.evaluate.columns.tables import Fold, Table
from dualprev_rules.evaluate.columns.things import (
    Bag,
    CannotLower,
    Flag,
    Num,
    Truth,
    any_flag,
    conjunction,
    expressions,
    moved,
    perhaps,
    surely,
    truth,
)
from dualprev_rules.lang.tree import Aggregate

if TYPE_CHECKING:
    from dualprev_rules.evaluate.columns.lower import Lowering


def extreme(low: Lowering, node: Aggregate, env: Env, here: Table, found: Members) -> Num:
    """Return the least or greatest of the records, the default where there may be none."""
    assert node.body is not None
    assert node.default is not None
    ends = _Ends(node.kind)
    parts: list[_Part] = []
    if found.table is not None:
        table = found.table
        counts = counts_of(low, node, env, table, table)
        term = table.held(low.number(node.body, {**env, node.var: table}, table))
        if counts.holds is not False:
            parts.append(_folded(here, table, ends.part(term, counts), ends))
    if found.phantom is not None:
        more, loose = more_of(low, node, env, here, found)
        term = low.number(node.body, {**env, node.var: found.phantom}, here)
        part = ends.part(term, truth(pl.when(more).then(None).otherwise(False)))
        parts.append(replace(part, loose=any_flag((part.loose, loose))))
    return ends.best(parts, low.number(node.default, env, here))


def extreme_of_set(low: Lowering, node: Aggregate, group: Bag, env: Env, at: Table) -> Num:
    """Return the least or greatest over the members of a set, each of which is known beforehand."""
    assert node.body is not None
    assert node.default is not None
    assert group.members is not None
    ends = _Ends(node.kind)
    found: list[tuple[Num, Truth]] = []
    for member, bit in bits_of(group.members).items():
        inner = {**env, node.var: Member(member)}
        there = inside(group, bit)
        counts = there if node.where is None else conjunction((there, low.truth(node.where, inner, at)))
        if counts.holds is not False:
            found.append((low.number(node.body, inner, at), counts))
    parts = [ends.part(number, counts) for number, counts in _held(at, found)]
    made = ends.best(parts, low.number(node.default, env, at))
    other = (group.possible & bits(1 << len(group.members), group.members)) != 0
    other = at.hold(other)
    ranges = [part.about.range for part in parts]
    positive = made.positive and all(each is not None and each[0] >= 0 for each in ranges)
    return replace(
        made,
        lo=pl.when(other).then(0.0 if positive else -inf).otherwise(made.lo),
        hi=pl.when(other).then(inf).otherwise(made.hi),
        positive=positive,
        loose=any_flag((made.loose, group.loose, other)),
    )


def _held(at: Table, found: list[tuple[Num, Truth]]) -> list[tuple[Num, Truth]]:
    """Return the same with all conditions computed, together."""
    asked = [each for _, counts in found for each in expressions(counts)]
    held = dict(zip(map(id, asked), at.hold_all(asked), strict=True))
    return [(number, moved(counts, lambda each: held[id(each)])) for number, counts in found]


@dataclass(frozen=True, slots=True)
class _Part:
    """What one term, or all terms of a table, adds to a least or greatest."""

    near: pl.Expr
    """The least that it may be where it may count (of a maximum the greatest), else infinite."""
    sure: pl.Expr
    """The other end, where it surely counts."""
    may: pl.Expr
    """The other end, where it may count, taken the other way: what it is alone."""
    some: pl.Expr
    """Where something surely counts."""
    loose: Flag
    about: Num


@dataclass(frozen=True, slots=True)
class _Ends:
    """The ends of a least; those of a greatest are the same with the signs changed."""

    kind: str

    @property
    def far(self) -> float:
        """What no term can be."""
        return inf if self.kind == "min" else -inf

    @property
    def least(self) -> Literal["least", "greatest"]:
        """The aggregate that finds the end looked for."""
        return "least" if self.kind == "min" else "greatest"

    @property
    def greatest(self) -> Literal["least", "greatest"]:
        """The other one."""
        return "greatest" if self.kind == "min" else "least"

    def part(self, term: Num, counts: Truth) -> _Part:
        """Return what a term adds."""
        yes, may = surely(counts), perhaps(counts)
        near, other = (term.lo, term.hi) if self.kind == "min" else (term.hi, term.lo)
        opens = [flag & may for flag in (term.lo_open, term.hi_open) if flag is not None]
        loose = any_flag((counts.loose, None if term.loose is None else term.loose & may, *opens))
        return _Part(
            pl.when(may).then(near).otherwise(self.far),
            pl.when(yes).then(other).otherwise(self.far),
            pl.when(may).then(other).otherwise(-self.far),
            yes,
            loose,
            term,
        )

    def best(self, parts: list[_Part], default: Num) -> Num:
        """Return the least of all, the default where there may be none."""
        if default.gone is not None:
            raise CannotLower
        if not parts:
            return default
        least, most = pl.min_horizontal, pl.max_horizontal
        if self.kind == "max":
            least, most = most, least
        some = reduce(lambda a, b: a | b, (part.some for part in parts))
        near_default, other_default = (
            (default.lo, default.hi) if self.kind == "min" else (default.hi, default.lo)
        )
        near = least([part.near for part in parts])
        near = pl.when(some).then(near).otherwise(least(near, near_default))
        sure, may = least([part.sure for part in parts]), most([part.may for part in parts])
        other = pl.when(some).then(sure).otherwise(most(may, other_default))
        lo, hi = (near, other) if self.kind == "min" else (other, near)
        of = [*(part.about for part in parts), default]
        sizes = None
        if any(each.size is not None for each in of):
            raise CannotLower
        opens = [flag & ~some for flag in (default.lo_open, default.hi_open) if flag is not None]
        loose = any_flag((*(part.loose for part in parts), default.loose, *opens))
        return Num(
            lo,
            hi,
            exact=all(each.exact for each in of),
            whole=all(each.whole for each in of),
            positive=all(each.positive for each in of),
            gaps=lo != hi,
            size=sizes,
            loose=loose,
        )


def _folded(here: Table, table: Table, part: _Part, ends: _Ends) -> _Part:
    """Return what all records of a table add."""
    folds = {
        "near": Fold(part.near, ends.least, ends.far),
        "sure": Fold(part.sure, ends.least, ends.far),
        "may": Fold(part.may, ends.greatest, -ends.far),
        "some": Fold(part.some, "any"),
    }
    if part.loose is not None:
        folds["loose"] = Fold(part.loose, "any")
    found = here.fold(table, folds)
    return _Part(found["near"], found["sure"], found["may"], found["some"], found.get("loose"), part.about)
