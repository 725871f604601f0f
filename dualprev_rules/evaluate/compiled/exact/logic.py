"""Logic and comparison."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate import values
from dualprev_rules.evaluate.compiled.exact.held import Env, Exact, Held, lift, lower, once, once_of_two, told
from dualprev_rules.evaluate.compiled.exact.maker import Exactly
from dualprev_rules.facts.possible import Value
from dualprev_rules.facts.types import Enum, Rec
from dualprev_rules.lang.tree import Compare, Const, Has, IsIn, Logic, Not, Param

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.runtime import Case


def negation(maker: Exactly, node: Not) -> Exact:
    """``not``."""
    of = maker.of(node.of)

    def run(case: Case, env: Env) -> Held:
        met = told(of(case, env))
        return None if met is None else not met

    return run


def logic(maker: Exactly, node: Logic) -> Exact:
    """``and``, ``or``."""
    parts = [maker.of(operand) for operand in node.operands]
    decides = node.op == "or"

    def run(case: Case, env: Env) -> Held:
        found: bool | None = not decides
        for part in parts:
            met = told(part(case, env))
            if met is decides:
                return met
            if met is None:
                found = None
        return found

    return run


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def compare(maker: Exactly, node: Compare) -> Exact:
    """Compare two things."""
    left, right, op, test = maker.of(node.left), maker.of(node.right), node.op, _TESTS[node.op]
    kind = node.left.type
    if isinstance(kind, Rec):
        return lambda case, env: _same(left(case, env), right(case, env), op == "==")
    order = kind.members if isinstance(kind, Enum) and kind.ordered else ()

    compared = once_of_two(lambda a, b: lower(values.compare(op, a, b, order)))

    def run(case: Case, env: Env) -> Held:
        a, b = left(case, env), right(case, env)
        if a.__class__ is b.__class__ is not Value and a is not None:
            return test(order.index(a), order.index(b)) if order else test(a, b)
        return compared(a, b)

    return run


def _same(a: Held, b: Held, wanted: bool) -> bool | None:
    """Tell whether two rows are one; open where it is open which is meant."""
    return (a is b) is wanted if a.__class__ is b.__class__ is list else None


def is_in(maker: Exactly, node: IsIn) -> Exact:
    """``item in {…}``."""
    item, options = maker.of(node.item), [maker.of(option) for option in node.options]
    if isinstance(node.item.type, Rec):

        def records(case: Case, env: Env) -> Held:
            found = [_same(item(case, env), option(case, env), True) for option in options]
            return True if True in found else None if None in found else False

        return records

    if all(isinstance(option, Const | Param) for option in node.options):
        constants = frozenset(option.value for option in node.options if isinstance(option, Const | Param))
        among = once(lambda value: lower(values.is_in(value, [lift(constant) for constant in constants])))

        def known(case: Case, env: Env) -> Held:
            of = item(case, env)
            return among(of) if of.__class__ is Value or of is None else of in constants

        return known

    def run(case: Case, env: Env) -> Held:
        return lower(values.is_in(lift(item(case, env)), [lift(option(case, env)) for option in options]))

    return run


def has(maker: Exactly, node: Has) -> Exact:
    """``item in set``."""
    item, group = maker.of(node.item), maker.of(node.of)

    def run(case: Case, env: Env) -> Held:
        of, among = item(case, env), group(case, env)
        if of.__class__ is str and among.__class__ is frozenset:
            return of in among
        return lower(values.has(lift(of), lift(among)))

    return run
