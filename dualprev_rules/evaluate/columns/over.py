"""``any``, ``all``, ``sum`` and ``count`` over the records of a list, or over the members of a set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING

import polars as pl

from dualprev_rules.evaluate.columns import numbers
from dualprev_rules.evaluate.columns.extreme import extreme, extreme_of_set
from dualprev_rules.evaluate.columns.loops import Members, counts_of, inside, loop, more_of
from dualprev_rules.evaluate.columns.names import Env, Member, Phantom
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
    disjunction,
    expression,
    moved,
    negation,
    perhaps,
    surely,
    truth,
)
from dualprev_rules.facts.types import Enum, SetOf
from dualprev_rules.lang.tree import Aggregate, Quantify

if TYPE_CHECKING:
    from dualprev_rules.evaluate.columns.lower import Lowering


def quantify(low: Lowering, node: Quantify, env: Env, at: Table) -> Truth:
    """Return whether some member that counts, or every one, meets the condition."""
    if isinstance(node.over.type, SetOf):
        return _of_set(low, node, env, at)
    found, here = loop(low, node, env, at)
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
            met = found.table.held(met)
        parts.append(_any(here, found.table, met))
    if found.phantom is not None:
        assert found.open is not None
        inside = truth(pl.when(found.open).then(None).otherwise(False))
        parts.append(conjunction((inside, term(found.phantom, here))))
    result = wanted(disjunction(parts))
    if here is at:
        return result
    held = here.held(result)
    return moved(held, lambda each: at.bring(here, each))


def _any(here: Table, child: Table, met: Truth) -> Truth:
    if met.holds is False:
        return met
    of = expression(met)
    folds = {"yes": Fold(of.fill_null(False) if met.nulls else of, "any")}
    if met.nulls:
        folds["open"] = Fold(of.is_null(), "any")
    if met.loose is not None:
        folds["loose"] = Fold(met.loose, "any")
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
            terms.append(conjunction((inside(group, bit[member]), met)))
    # Any other text there may be meets what is not known.
    other = (group.possible & bits(1 << len(group.members), group.members)) != 0
    terms += [inside(group, sure_of)] if sure_of else []
    terms.append(truth(pl.when(other).then(None).otherwise(False), group.loose))
    return wanted(disjunction(terms))


# --- figures -------------------------------------------------------------------------------------


def aggregate(low: Lowering, node: Aggregate, env: Env, at: Table) -> Num:
    """Return the sum, number, least or greatest of the members that count."""
    if isinstance(node.over.type, SetOf):
        return _of_members(low, node, env, at)
    found, here = loop(low, node, env, at)
    of = {"count": _count, "sum": _sum}.get(node.kind, extreme)
    result = here.held(of(low, node, env, here, found))
    return result if here is at else moved(result, lambda each: at.bring(here, each))


def _of_members(low: Lowering, node: Aggregate, env: Env, at: Table) -> Num:
    group = low.thing(node.over, env, at)
    if not isinstance(group, Bag) or group.members is None:
        raise CannotLower
    if node.kind in ("min", "max"):
        return at.held(extreme_of_set(low, node, group, env, at))
    if node.kind != "count" or node.where is not None:
        raise CannotLower
    other = (group.possible & bits(1 << len(group.members), group.members)) != 0
    sure = group.sure.bitwise_count_ones().cast(pl.Float64)
    may = group.possible.bitwise_count_ones().cast(pl.Float64)
    may = pl.when(other).then(inf).otherwise(may)
    return Num(sure, may, exact=True, whole=True, positive=True, gaps=sure != may, loose=group.loose)


def _count(low: Lowering, node: Aggregate, env: Env, here: Table, found: Members) -> Num:
    sure = may = pl.lit(0.0)
    loose: Flag = None
    known = True
    if found.table is not None:
        counts = counts_of(low, node, env, found.table, found.table)
        folds = {"sure": Fold(surely(counts).cast(pl.Float64), "sum")}
        if counts.nulls:
            folds["may"] = Fold(perhaps(counts).cast(pl.Float64), "sum")
        if counts.loose is not None:
            folds["loose"] = Fold(counts.loose, "any")
        if counts.holds is not False:
            folded = here.fold(found.table, folds)
            sure = folded["sure"]
            may = folded.get("may", sure)
            known = "may" not in folded
            loose = folded.get("loose")
    if found.phantom is not None:
        more, more_loose = more_of(low, node, env, here, found)
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
        counts = counts_of(low, node, env, table, table)
        term = _share(low.number(node.body, {**env, node.var: table}, table), counts)
        total = _summed(here, table, table.held(term))
    if found.phantom is None:
        return total
    more, loose = more_of(low, node, env, here, found)
    term = low.number(node.body, {**env, node.var: found.phantom}, here)
    below = more & (term.lo < 0)
    above = more & (term.hi > 0)
    whole = total.whole and term.whole
    spanned = None if total.gaps is None else total.gaps & ~above & ~below
    return replace(
        total,
        lo=pl.when(below).then(-inf).otherwise(total.lo),
        hi=pl.when(above).then(inf).otherwise(total.hi),
        known=False,
        positive=total.positive and term.positive,
        # Sums of whole figures are whole, however many there may be.
        gaps=any_flag((total.gaps, above | below)) if whole else spanned,
        whole=whole,
        loose=any_flag((total.loose, loose, None if term.loose is None else term.loose & more)),
        value=None,
    )


def _share(term: Num, counts: Truth) -> Num:
    """Return what a term adds to a sum: itself, nothing, or where its filter is open perhaps nothing."""
    term = replace(term, gone=None, core=None, value=None, raw=None, nonzero=False, dense=False)
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
    folds = {"lo": Fold(term.lo, "sum")}
    if not term.known:
        folds["hi"] = Fold(term.hi, "sum")
    for name in ("lo_open", "hi_open", "loose"):
        flag: Flag = getattr(term, name)
        if flag is not None:
            folds[name] = Fold(flag, "any")
    if term.gaps is not None:
        # Beside one term that is all between its ends, so is the sum.
        folds["gaps"] = Fold(term.gaps, "any")
        folds["spans"] = Fold((term.lo != term.hi) & ~term.gaps, "any")
    exact = term.exact and term.whole
    clean = exact or (term.positive and term.size is None)
    if not clean:
        folds["size"] = Fold(numbers.spread(term), "sum")
    found = here.fold(table, folds)
    return replace(
        term,
        raw=None,
        dense=False,
        lo=found["lo"],
        hi=found["lo"] if term.known else found["hi"],
        lo_open=found.get("lo_open"),
        hi_open=found.get("hi_open"),
        exact=exact,
        gaps=found["gaps"] & ~found["spans"] if "gaps" in found else None,
        size=found.get("size"),
        loose=found.get("loose"),
    )
