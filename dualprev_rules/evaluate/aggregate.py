"""``any all sum count min max`` over lists and sets that may be open, with filters that may be open."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from dualprev_rules.evaluate.values import (
    COUNT_UP,
    EITHER,
    FALSE,
    NO_CAUSES,
    TRUE,
    arithmetic,
    conjunction,
    count_true,
    decided,
    disjunction,
    extreme,
    make,
    negate,
    present,
    truth,
    union,
    union_of,
)
from dualprev_rules.facts.possible import Finite, Items, Members, Value
from dualprev_rules.facts.types import ListOf
from dualprev_rules.lang.tree import Aggregate, Quantify

if TYPE_CHECKING:
    from dualprev_rules.evaluate.reference import Reference

Env = Mapping[str, Value]


_NOTHING = Finite((Fraction(0),))


class Member(NamedTuple):
    """A member in its environment, whether it counts, and whether it stands for any number more."""

    env: Env
    counts: Value
    many: bool


def quantify(reference: Reference, node: Quantify, env: Env) -> Value:
    """Return whether some member that counts, or every one, meets the condition."""
    terms = [
        (member.counts, reference.value(node.body, member.env)) for member in _members(reference, node, env)
    ]
    if node.kind == "any":
        return disjunction(conjunction(term) for term in terms)
    return conjunction(disjunction((negate(counts), met)) for counts, met in terms)


def aggregate(reference: Reference, node: Aggregate, env: Env) -> Value:
    """Return the sum, number, least or greatest of the members that count."""
    members = [each for each in _members(reference, node, env) if truth(each.counts) != FALSE]
    if node.body is None:
        return count_of(members)
    terms = [(reference.value(node.body, each.env), each) for each in members]
    if node.kind == "sum":
        total = decided(Fraction(0))
        for term, each in terms:
            total = arithmetic("+", total, share_of(term, each))
        return total
    assert node.default is not None
    return extreme_of(node.kind, terms, reference.value(node.default, env))


def _members(reference: Reference, node: Quantify | Aggregate, env: Env) -> list[Member]:
    """Return the members; those that may be there and those that may come count at most perhaps."""
    over = reference.value(node.over, env)
    sure, maybe = Value(TRUE), Value(EITHER, causes=over.causes)
    found: list[tuple[Value, Value, bool]] = []
    if isinstance(node.over.type, ListOf):
        items: Items = reference.some_list(node.over.type, over) if over.absent else over.possible
        found += [(Value((record,)), sure, False) for record in items.records]
        if items.phantom is not None:
            found.append((Value((items.phantom,)), maybe, True))
    else:
        group: Members = present(over)
        found += [(decided(member), sure, False) for member in sorted(group.sure)]
        if isinstance(group.possible, frozenset):
            found += [(decided(member), maybe, False) for member in sorted(group.possible - group.sure)]
        else:
            found.append((Value(group.possible, causes=over.causes), maybe, True))
    members: list[Member] = []
    for thing, inside, many in found:
        inner = {**env, node.var: thing}
        where = reference.value(node.where, inner) if node.where is not None else sure
        members.append(Member(inner, conjunction((inside, where)), many))
    return members


def count_of(members: list[Member]) -> Value:
    """Return how many members count."""
    counted = count_true(each.counts for each in members if not each.many)
    for each in members:
        if each.many:
            counted = arithmetic("+", counted, Value(COUNT_UP, causes=each.counts.causes))
    return counted


def share_of(term: Value, member: Member) -> Value:
    """Return what a term adds to a sum: itself, where its filter is open perhaps nothing, or any number."""
    counts = member.counts
    if truth(counts) == TRUE:
        return term
    share = make(union_of((present(term), _NOTHING)), term.causes | counts.causes)
    return arithmetic("*", share, Value(COUNT_UP, causes=counts.causes)) if member.many else share


def extreme_of(kind: str, terms: list[tuple[Value, Member]], default: Value) -> Value:
    """Return the least or greatest term, the default where there may be none."""
    best: Value | None = None
    empty, causes = True, NO_CAUSES
    for value, member in terms:
        term = make(present(value), value.causes)
        # While nothing is sure to be there, this term may also be the only one.
        options = [term] if empty else []
        if best is not None:
            options.append(extreme(kind, best, term))
        if truth(member.counts) == TRUE:
            empty = False
        else:
            causes |= member.counts.causes
            options += [best] if best is not None else []
        best = union(options, causes)
    if best is None:
        return default
    return union((best, default), causes) if empty else best
