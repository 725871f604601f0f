"""Comparisons of things, and membership."""

from __future__ import annotations

import polars as pl

from dualprev_rules.evaluate.columns import numbers
from dualprev_rules.evaluate.columns.reading import bits, bits_of
from dualprev_rules.evaluate.columns.things import (
    Bag,
    CannotLower,
    Mask,
    Num,
    Thing,
    Truth,
    Word,
    any_flag,
    conjunction,
    disjunction,
    expression,
    negation,
    truth,
)


def compare(op: str, a: Thing, b: Thing, *, ordered: bool = False) -> Truth:
    """Compare: true where every pair of possible values says so, false where none does."""
    if op == "!=":
        return negation(compare("==", a, b))
    match a, b:
        case Num(), Num():
            if op == "==":
                return numbers.equal(a, b)
            x, y = (a, b) if op in ("<", "<=") else (b, a)
            return numbers.less(x, y, strict=op in ("<", ">"))
        case Mask(), Mask():
            return _masks(op, a, b) if op == "==" or ordered else _refuse()
        case Word(), Word():
            return truth(a.text == b.text, any_flag((a.loose, b.loose)), nulls=a.nulls or b.nulls)
        case Truth(), Truth():
            both = conjunction((a, b))
            neither = conjunction((negation(a), negation(b)))
            return disjunction((both, neither))
        case _:
            return _refuse()


def _refuse() -> Truth:
    raise CannotLower


def _masks(op: str, a: Mask, b: Mask) -> Truth:
    if b.value is None:
        if a.value is None:
            return _pairs(op, a, b)
        a, b = b, a
        op = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(op, op)
    assert b.value is not None
    at = a.members.index(b.value)
    return _among(a, _order(op, at, len(a.members)))


def _among(a: Mask, wanted: int) -> Truth:
    """Return whether a member is among those of some bits."""
    if a.known:
        return truth((a.bits & bits(wanted, a.members)) != 0, a.loose, nulls=False)
    # Any other text compares with nothing.
    every, other = (2 << len(a.members)) - 1, 1 << len(a.members)
    inside = (a.bits & bits(wanted | other, a.members)) != 0
    outside = (a.bits & bits(every - wanted, a.members)) != 0
    holds = pl.when(~inside).then(False).when(~outside).then(True).otherwise(None)
    return truth(holds, a.loose)


def _pairs(op: str, a: Mask, b: Mask) -> Truth:
    if a.members != b.members:
        raise CannotLower
    loose = any_flag((a.loose, b.loose))
    if op != "==":
        return truth(_ordered_pairs(op, a, b), loose)
    if a.known and b.known:
        return truth(a.bits == b.bits, loose, nulls=False)
    one = (a.bits.bitwise_count_ones() == 1) & (a.bits == b.bits)
    other = bits(1 << len(a.members), a.members)
    holds = pl.when((a.bits & b.bits) == 0).then(False).when(one & ((a.bits & other) == 0)).then(True)
    return truth(holds.otherwise(None), loose)


def _ordered_pairs(op: str, a: Mask, b: Mask) -> pl.Expr:
    """Return whether all, some or no pair of two ordered members compares so."""
    other = 1 << len(a.members)
    unlisted = ((a.bits | b.bits) & bits(other, a.members)) != 0
    yes = no = unlisted
    for at in range(len(a.members)):
        wanted = _order(op, at, len(a.members))
        here = (b.bits & bits(1 << at, a.members)) != 0
        yes = yes | (here & ((a.bits & bits(wanted, a.members)) != 0))
        no = no | (here & ((a.bits & bits(other - 1 - wanted, a.members)) != 0))
    return pl.when(yes & no).then(None).otherwise(yes)


def _order(op: str, at: int, size: int) -> int:
    """Return the bits of the members that stand so to the one at a position."""
    match op:
        case "<":
            return (1 << at) - 1
        case "<=":
            return (2 << at) - 1
        case ">":
            return (1 << size) - (2 << at)
        case ">=":
            return (1 << size) - (1 << at)
        case _:
            return 1 << at


def is_in(item: Thing, options: list[Thing]) -> Truth:
    """``item in {…}``: true where all possible values are members."""
    if isinstance(item, Mask) and all(isinstance(o, Mask) and o.value is not None for o in options):
        bit = bits_of(item.members)
        wanted = {str(o.value) for o in options if isinstance(o, Mask)}
        return _among(item, sum(bit[each] for each in wanted))
    if isinstance(item, Word) and all(isinstance(o, Word) and o.value is not None for o in options):
        texts = [o.value for o in options if isinstance(o, Word)]
        return truth(item.text.is_in(texts), item.loose, nulls=item.nulls)
    if isinstance(item, Truth) and {o.holds for o in options if isinstance(o, Truth)} >= {True, False}:
        return Truth(True, nulls=False)
    found = disjunction(compare("==", item, option) for option in options)
    if isinstance(item, Num) and not item.known:
        # Each alone may be open where all together hold every value that is possible.
        return truth(expression(found), any_flag((found.loose, item.lo != item.hi)))
    return found


def has(item: Thing, group: Thing) -> Truth:
    """``item in set``: true where every possible item is surely a member."""
    if not isinstance(group, Bag):
        raise CannotLower
    if isinstance(item, Mask) and group.members is not None and item.value is not None:
        wanted = bits(bits_of(group.members)[item.value], group.members)
        sure, may = (group.sure & wanted) != 0, (group.possible & wanted) != 0
        return truth(pl.when(sure).then(True).when(~may).then(False).otherwise(None), group.loose)
    if isinstance(item, Word) and item.value is not None and group.members is None:
        inside = group.sure.list.contains(item.value).fill_null(False)
        outside = ~group.possible.list.contains(item.value).fill_null(True)
        return truth(pl.when(inside).then(True).when(outside).then(False).otherwise(None), group.loose)
    raise CannotLower
