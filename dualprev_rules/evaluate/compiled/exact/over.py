"""What goes over a list of records or a set."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate import values
from dualprev_rules.evaluate.aggregate import Member, count_of, extreme_of, share_of
from dualprev_rules.evaluate.compiled.exact.held import Env, Exact, Held, figure, lift, lower, told
from dualprev_rules.evaluate.compiled.exact.maker import Exactly
from dualprev_rules.facts.possible import Members, Value
from dualprev_rules.facts.types import ListOf
from dualprev_rules.lang.tree import Aggregate, Quantify

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.runtime import Case

ZERO = Fraction(0)


def quantify(maker: Exactly, node: Quantify) -> Exact:
    """Find whether some member that counts, or every one, meets the condition."""
    members, body = Over(maker, node), maker.of(node.body)
    decides = node.kind == "any"

    def run(case: Case, env: Env) -> Held:
        found: bool | None = not decides
        for inner, counts, _ in members(case, env):
            met = told(body(case, inner))
            if met is decides and counts:
                return met
            if met is not (not decides):
                found = None
        return found

    return run


def aggregate(maker: Exactly, node: Aggregate) -> Exact:
    """Add up, count, or find the least or greatest of the members that count."""
    members = Over(maker, node)
    if node.body is None:
        return lambda case, env: lower(
            count_of([Member({}, lift(counts), many) for _, counts, many in members(case, env)])
        )
    body = maker.of(node.body)
    if node.kind == "sum":

        def total(case: Case, env: Env) -> Held:
            found: Held = ZERO
            for inner, counts, many in members(case, env):
                term = figure(body(case, inner))
                if counts and term.__class__ is found.__class__ is Fraction:
                    found += term
                else:
                    share = share_of(lift(term), Member({}, lift(counts), many))
                    found = lower(values.arithmetic("+", lift(found), share))
            return found

        return total
    assert node.default is not None
    default, kind = maker.of(node.default), node.kind
    pick = min if kind == "min" else max

    def extreme(case: Case, env: Env) -> Held:
        terms = [(figure(body(case, inner)), counts, many) for inner, counts, many in members(case, env)]
        if terms and all(counts and term.__class__ is Fraction for term, counts, _ in terms):
            return pick(term for term, _, _ in terms)
        lifted = [(lift(term), Member({}, lift(counts), many)) for term, counts, many in terms]
        return lower(extreme_of(kind, lifted, lift(default(case, env))))

    return extreme


class Over:
    """The members that may count: each in its environment, whether it does, whether it stands for many."""

    def __init__(self, maker: Exactly, node: Quantify | Aggregate) -> None:
        self._over = maker.of(node.over)
        self._var = node.var
        self._where = maker.of(node.where) if node.where is not None else None
        self._records = isinstance(node.over.type, ListOf)

    def __call__(self, case: Case, env: Env) -> Iterator[tuple[Env, bool | None, bool]]:
        """Yield the members of which it is not sure that they do not count."""
        over = self._over(case, env)
        for thing, sure, many in _listed(over) if self._records else _in_set(over):
            inner = {**env, self._var: thing}
            met = True if self._where is None else told(self._where(case, inner))
            if met is not False:
                yield inner, sure and met, many


def _listed(over: Held) -> Iterator[tuple[Any, bool | None, bool]]:
    if over.__class__ is list:
        for row in over:
            yield row, True, False
        return
    for row in over.rows:
        yield row, True, False
    yield over.phantom, None, True


def _in_set(over: Held) -> Iterator[tuple[Any, bool | None, bool]]:
    group: Members = values.present(lift(over))
    for member in sorted(group.sure):
        yield member, True, False
    if isinstance(group.possible, frozenset):
        for member in sorted(group.possible - group.sure):
            yield member, None, False
    else:
        yield Value(group.possible), None, True
