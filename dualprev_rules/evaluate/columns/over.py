"""``any all sum count min max`` over the records of a list, or over the members of a set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from math import inf
from typing import TYPE_CHECKING

import polars as pl

from dualprev_rules.evaluate.columns import numbers
from dualprev_rules.evaluate.columns.names import Above, Env, Member, Phantom, records
from dualprev_rules.evaluate.columns.reading import bits, bits_of
from dualprev_rules.evaluate.columns.tables import Branch, Table
from dualprev_rules.evaluate.columns.things import (
    ALWAYS,
    Bag,
    CannotLower,
    Flag,
    Num,
    Truth,
    any_flag,
    conjunction,
    disjunction,
    expression,
    moved,
    negation,
    perhaps,
    surely,
    truth,
)
from dualprev_rules.facts.types import Enum, ListOf, SetOf
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


def _members(low: Lowering, node: Get, env: Env) -> Members:
    assert isinstance(node.type, ListOf)
    entity = low.ruleset.schema.entities[node.type.of.entity]
    holder = records(node.of, env)
    if not isinstance(holder, Table):
        parent = None if isinstance(holder, Above) else holder
        return Members(None, None, Phantom(entity, parent), ALWAYS)
    branch: Branch = holder.lists[node.name]
    phantom = None if branch.open is None else Phantom(entity, holder)
    return Members(holder, branch.table, phantom, branch.open)


def _loop(low: Lowering, node: Quantify | Aggregate, env: Env, at: Table) -> tuple[Members, Table]:
    """Return what is gone over, and the table at whose records the loop stands."""
    if not isinstance(node.over, Get) or not isinstance(node.over.type, ListOf):
        raise CannotLower
    found = _members(low, node.over, env)
    if found.holder is None or found.holder is at:
        return found, at
    # The list is of a record above: the loop is the same for all records under it, unless it asks of them.
    inner = [part for part in (node.where, node.body, getattr(node, "default", None)) if part is not None]
    asked = {each.name for part in inner for each in walk(part) if isinstance(each, Var)} - {node.var}
    for name in asked:
        bound = env[name]
        if isinstance(bound, Table) and bound is not found.holder and bound not in found.holder.above():
            raise CannotLower
    if found.holder not in at.above():
        raise CannotLower
    return found, found.holder


def quantify(low: Lowering, node: Quantify, env: Env, at: Table) -> Truth:
    """Return whether some member that counts, or every one, meets the condition."""
    if isinstance(node.over.type, SetOf):
        return _of_set(low, node, env, at)
    found, here = _loop(low, node, env, at)
    # All is: not any that does not.
    wanted: Callable[[Truth], Truth] = (lambda t: t) if node.kind == "any" else negation

    def term(bound: Table | Phantom, where: Table) -> Truth:
        inner = {**env, node.var: bound}
        counts = Truth(True) if node.where is None else low.truth(node.where, inner, where)
        return conjunction((counts, wanted(low.truth(node.body, inner, where))))

    parts: list[Truth] = []
    if found.table is not None:
        met = term(found.table, found.table)
        if isinstance(met.holds, pl.Expr):
            met = moved(met, found.table.hold)
        parts.append(_any(here, found.table, met))
    if found.phantom is not None:
        assert found.open is not None
        inside = truth(pl.when(found.open).then(None).otherwise(False))
        parts.append(conjunction((inside, term(found.phantom, here))))
    result = wanted(disjunction(parts))
    if here is at:
        return result
    held = moved(result, here.hold)
    return moved(held, lambda each: at.bring(here, each))


def _any(here: Table, child: Table, met: Truth) -> Truth:
    if met.holds is False:
        return met
    of = expression(met)
    folds: dict[str, tuple[pl.Expr, bool | float]] = {"yes": (of.any(), False)}
    if met.nulls:
        folds["open"] = (of.is_null().any(), False)
    if met.loose is not None:
        folds["loose"] = (met.loose.any(), False)
    found = here.fold(child, folds)
    if not met.nulls:
        return Truth(found["yes"], nulls=False)
    holds = pl.when(found["yes"]).then(True).when(found["open"]).then(None).otherwise(False)
    return truth(holds, found.get("loose"))


def _of_set(low: Lowering, node: Quantify, env: Env, at: Table) -> Truth:
    group = low.thing(node.over, env, at)
    if not isinstance(group, Bag) or group.members is None or node.where is not None:
        raise CannotLower
    assert isinstance(node.over.type, SetOf)
    assert isinstance(node.over.type.of, Enum)
    bit = bits_of(group.members)
    wanted: Callable[[Truth], Truth] = (lambda t: t) if node.kind == "any" else negation
    terms: list[Truth] = []
    sure_of = 0
    for member in group.members:
        met = wanted(low.truth(node.body, {**env, node.var: Member(member)}, at))
        if met.holds is True:
            sure_of |= bit[member]
        elif met.holds is not False:
            terms.append(conjunction((_inside(group, bit[member]), met)))
    # Any other text there may be meets what is not known.
    other = (group.possible & bits(1 << len(group.members), group.members)) != 0
    terms += [_inside(group, sure_of)] if sure_of else []
    terms.append(truth(pl.when(other).then(None).otherwise(False), group.loose))
    return wanted(disjunction(terms))


def _inside(group: Bag, wanted: int) -> Truth:
    assert group.members is not None
    of = bits(wanted, group.members)
    holds = pl.when((group.sure & of) != 0).then(True).when((group.possible & of) == 0).then(False)
    return truth(holds.otherwise(None), group.loose)


# --- figures -------------------------------------------------------------------------------------


def aggregate(low: Lowering, node: Aggregate, env: Env, at: Table) -> Num:
    """Return the sum, number, least or greatest of the members that count."""
    if isinstance(node.over.type, SetOf):
        return _of_members(low, node, env, at)
    found, here = _loop(low, node, env, at)
    of = {"count": _count, "sum": _sum}.get(node.kind, _extreme)
    result = moved(of(low, node, env, here, found), here.hold)
    return result if here is at else moved(result, lambda each: at.bring(here, each))


def _of_members(low: Lowering, node: Aggregate, env: Env, at: Table) -> Num:
    group = low.thing(node.over, env, at)
    if not isinstance(group, Bag) or group.members is None:
        raise CannotLower
    if node.kind in ("min", "max"):
        return moved(_extreme_of_set(low, node, group, env, at), at.hold)
    if node.kind != "count" or node.where is not None:
        raise CannotLower
    other = (group.possible & bits(1 << len(group.members), group.members)) != 0
    sure = group.sure.bitwise_count_ones().cast(pl.Float64)
    may = group.possible.bitwise_count_ones().cast(pl.Float64)
    may = pl.when(other).then(inf).otherwise(may)
    return Num(sure, may, exact=True, whole=True, positive=True, gaps=sure != may, loose=group.loose)


def _counts(low: Lowering, node: Aggregate, env: Env, bound: Table | Phantom, where: Table) -> Truth:
    if node.where is None:
        return Truth(True, nulls=False)
    found = low.truth(node.where, {**env, node.var: bound}, where)
    if found.holds is True or found.holds is False:
        return found
    return Truth(where.hold(expression(found)), found.nulls, found.loose)


def _more(low: Lowering, node: Aggregate, env: Env, here: Table, found: Members) -> tuple[pl.Expr, Flag]:
    """Return where more members may come that count, and where that is loose."""
    assert found.phantom is not None
    assert found.open is not None
    counts = _counts(low, node, env, found.phantom, here)
    return found.open & perhaps(counts), None if counts.loose is None else counts.loose & found.open


def _count(low: Lowering, node: Aggregate, env: Env, here: Table, found: Members) -> Num:
    sure = may = pl.lit(0.0)
    loose: Flag = None
    known = True
    if found.table is not None:
        counts = _counts(low, node, env, found.table, found.table)
        sure_of = pl.len() if counts.holds is True else surely(counts).sum()
        folds: dict[str, tuple[pl.Expr, bool | float]] = {"sure": (sure_of.cast(pl.Float64), 0.0)}
        if counts.nulls:
            folds["may"] = (perhaps(counts).sum().cast(pl.Float64), 0.0)
        if counts.loose is not None:
            folds["loose"] = (counts.loose.any(), False)
        if counts.holds is not False:
            folded = here.fold(found.table, folds)
            sure = folded["sure"]
            may = folded.get("may", sure)
            known = "may" not in folded
            loose = folded.get("loose")
    if found.phantom is not None:
        more, more_loose = _more(low, node, env, here, found)
        may = pl.when(more).then(inf).otherwise(may)
        known, loose = False, any_flag((loose, more_loose))
    return Num(
        sure,
        sure if known else may,
        known=known,
        exact=True,
        whole=True,
        positive=True,
        gaps=None if known else sure != may,
        loose=loose,
    )


def _sum(low: Lowering, node: Aggregate, env: Env, here: Table, found: Members) -> Num:
    total = numbers.constant(Fraction(0))
    assert node.body is not None
    if found.table is not None:
        table = found.table
        counts = _counts(low, node, env, table, table)
        term = _share(low.number(node.body, {**env, node.var: table}, table), counts)
        total = _summed(here, table, moved(term, table.hold))
    if found.phantom is None:
        return total
    more, loose = _more(low, node, env, here, found)
    term = low.number(node.body, {**env, node.var: found.phantom}, here)
    below = more & (term.lo < 0)
    above = more & (term.hi > 0)
    return replace(
        total,
        lo=pl.when(below).then(-inf).otherwise(total.lo),
        hi=pl.when(above).then(inf).otherwise(total.hi),
        known=False,
        positive=total.positive and term.positive,
        gaps=None if total.gaps is None else total.gaps & ~above & ~below,
        whole=total.whole and term.whole,
        loose=any_flag((total.loose, loose, None if term.loose is None else term.loose & more)),
        value=None,
    )


def _share(term: Num, counts: Truth) -> Num:
    """Return what a term adds to a sum: itself, nothing, or where its filter is open perhaps nothing."""
    term = replace(term, gone=None, core=None, value=None)
    if counts.holds is True:
        return term
    no = ~perhaps(counts)
    loose = any_flag((None if term.loose is None else term.loose & ~no, counts.loose))
    if not counts.nulls:
        lo = pl.when(no).then(0.0).otherwise(term.lo)
        hi = lo if term.known else pl.when(no).then(0.0).otherwise(term.hi)
        lo_open = None if term.lo_open is None else term.lo_open & ~no
        hi_open = None if term.hi_open is None else term.hi_open & ~no
        size = None if term.size is None else pl.when(no).then(0.0).otherwise(term.size)
        return replace(term, lo=lo, hi=hi, lo_open=lo_open, hi_open=hi_open, size=size, loose=loose)
    yes = surely(counts)
    size = None if term.size is None else pl.when(no).then(0.0).otherwise(term.size)
    zero = pl.lit(0.0)
    lo = pl.when(yes).then(term.lo).when(no).then(zero).otherwise(pl.min_horizontal(term.lo, zero))
    hi = pl.when(yes).then(term.hi).when(no).then(zero).otherwise(pl.max_horizontal(term.hi, zero))
    lo_open = None if term.lo_open is None else term.lo_open & (yes | (~no & (term.lo < 0)))
    hi_open = None if term.hi_open is None else term.hi_open & (yes | (~no & (term.hi > 0)))
    few = term.lo == term.hi if term.gaps is None else term.gaps | (term.lo == term.hi)
    return replace(
        term,
        lo=lo,
        hi=hi,
        known=False,
        lo_open=lo_open,
        hi_open=hi_open,
        gaps=few & ~no & (lo != hi),
        size=size,
        loose=loose,
    )


def _summed(here: Table, table: Table, term: Num) -> Num:
    folds: dict[str, tuple[pl.Expr, bool | float]] = {"lo": (term.lo.sum(), 0.0)}
    if not term.known:
        folds["hi"] = (term.hi.sum(), 0.0)
    for name in ("lo_open", "hi_open", "loose"):
        flag: Flag = getattr(term, name)
        if flag is not None:
            folds[name] = (flag.any(), False)
    if term.gaps is not None:
        # Beside one term that is all between its ends, so is the sum.
        spans = (term.lo != term.hi) & ~term.gaps
        folds["gaps"] = (term.gaps.any() & ~spans.any(), False)
    exact = term.exact and term.whole
    clean = exact or (term.positive and term.size is None)
    if not clean:
        folds["size"] = (numbers.spread(term).sum(), 0.0)
    found = here.fold(table, folds)
    return replace(
        term,
        lo=found["lo"],
        hi=found["lo"] if term.known else found["hi"],
        lo_open=found.get("lo_open"),
        hi_open=found.get("hi_open"),
        exact=exact,
        gaps=found.get("gaps"),
        size=found.get("size"),
        loose=found.get("loose"),
    )


def _extreme(low: Lowering, node: Aggregate, env: Env, here: Table, found: Members) -> Num:
    """Return the least or greatest of the records, the default where there may be none."""
    assert node.body is not None
    assert node.default is not None
    ends = _Ends(node.kind)
    parts: list[_Part] = []
    if found.table is not None:
        table = found.table
        counts = _counts(low, node, env, table, table)
        term = moved(low.number(node.body, {**env, node.var: table}, table), table.hold)
        if counts.holds is not False:
            parts.append(_folded(here, table, ends.part(term, counts), ends))
    if found.phantom is not None:
        more, loose = _more(low, node, env, here, found)
        term = low.number(node.body, {**env, node.var: found.phantom}, here)
        part = ends.part(term, truth(pl.when(more).then(None).otherwise(False)))
        parts.append(replace(part, loose=any_flag((part.loose, loose))))
    return ends.best(parts, low.number(node.default, env, here))


def _extreme_of_set(low: Lowering, node: Aggregate, group: Bag, env: Env, at: Table) -> Num:
    """Return the least or greatest over the members of a set, each of which is known beforehand."""
    assert node.body is not None
    assert node.default is not None
    assert group.members is not None
    ends = _Ends(node.kind)
    parts: list[_Part] = []
    for member, bit in bits_of(group.members).items():
        inner = {**env, node.var: Member(member)}
        inside = _inside(group, bit)
        counts = inside if node.where is None else conjunction((inside, low.truth(node.where, inner, at)))
        if counts.holds is not False:
            parts.append(ends.part(low.number(node.body, inner, at), moved(counts, at.hold)))
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
    least, most = (pl.Expr.min, pl.Expr.max) if ends.kind == "min" else (pl.Expr.max, pl.Expr.min)
    folds: dict[str, tuple[pl.Expr, bool | float]] = {
        "near": (least(table.hold(part.near)), ends.far),
        "sure": (least(table.hold(part.sure)), ends.far),
        "may": (most(table.hold(part.may)), -ends.far),
        "some": (table.hold(part.some).any(), False),
    }
    if part.loose is not None:
        folds["loose"] = (table.hold(part.loose).any(), False)
    found = here.fold(table, folds)
    return _Part(found["near"], found["sure"], found["may"], found["some"], found.get("loose"), part.about)
