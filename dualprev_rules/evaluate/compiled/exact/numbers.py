"""Arithmetic, alternatives and functions."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

from dualprev_rules.evaluate import calendar, values
from dualprev_rules.evaluate.compiled.exact.held import (
    Env,
    Exact,
    Held,
    figure,
    lift,
    lower,
    once_of_two,
    told,
)
from dualprev_rules.evaluate.compiled.exact.maker import Exactly
from dualprev_rules.evaluate.compiled.layout import OpenList
from dualprev_rules.evaluate.reference import every_of
from dualprev_rules.facts.possible import EVERY_NUMBER, Absent, Finite, Value
from dualprev_rules.facts.types import Date, Number
from dualprev_rules.lang.tree import Arith, Call, Choose, Scale

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.runtime import Case


_DONE: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


def arithmetic(maker: Exactly, node: Arith) -> Exact:
    """``+ - * /``."""
    return _calculated(node.op, maker.of(node.left), maker.of(node.right))


def _calculated(op: str, left: Exact, right: Exact) -> Exact:
    done = _DONE.get(op)

    def run(case: Case, env: Env) -> Held:
        a, b = figure(left(case, env)), figure(right(case, env))
        if a.__class__ is b.__class__ is Fraction:
            if done is not None:
                return done(a, b)
            if b:
                return Value(Finite((a / b,)), within=EVERY_NUMBER)
        return lower(values.arithmetic(op, lift(a), lift(b)))

    return run


def scale(maker: Exactly, node: Scale) -> Exact:
    """Bring a number to another unit."""
    of, factor, offset = maker.of(node.of), node.factor, node.offset

    def run(case: Case, env: Env) -> Held:
        held = of(case, env)
        if held.__class__ is Fraction:
            return held * factor + offset
        return lower(values.scale(held, factor, offset))

    return run


def choose(maker: Exactly, node: Choose) -> Exact:
    """``then if condition else otherwise``."""
    condition, then, otherwise = maker.of(node.condition), maker.of(node.then), maker.of(node.otherwise)
    either = once_of_two(lambda a, b: lower(values.union((a, b))))

    def run(case: Case, env: Env) -> Held:
        met = told(condition(case, env))
        if met is None:
            return either(then(case, env), otherwise(case, env))
        return then(case, env) if met else otherwise(case, env)

    return run


def call(maker: Exactly, node: Call) -> Exact:
    """Call a function of the language, or one that a pack brings."""
    args = [maker.of(arg) for arg in node.args]
    match node.function:
        case "coalesce":
            return _coalesce(args)
        case "min" | "max" as kind:
            return _extreme(kind, args)
        case "abs":
            return lambda case, env: lower(values.absolute(lift(args[0](case, env))))
        case "known":
            return lambda case, env: _known(args[0](case, env))
        case "count_true":
            return lambda case, env: lower(values.count_true(lift(arg(case, env)) for arg in args))
        case "at_least":
            return lambda case, env: lower(
                values.compare(
                    ">=",
                    values.count_true(lift(arg(case, env)) for arg in args[1:]),
                    lift(args[0](case, env)),
                )
            )
        case "days_between":
            return _calculated("-", args[1], args[0])
        case "add_months" | "add_years" as name:
            months = 12 if name == "add_years" else 1
            return lambda case, env: lower(
                calendar.add_months(lift(args[0](case, env)), lift(args[1](case, env)), months)
            )
        case name:
            return _foreign(maker, name, args)


def _coalesce(args: list[Exact]) -> Exact:
    either = once_of_two(lambda a, b: lower(values.union((Value(a.possible, within=a.within), b))))

    def run(case: Case, env: Env) -> Held:
        found = args[0](case, env)
        for arg in args[1:]:
            if found.__class__ is not Value or found.absent is Absent.NEVER:
                return found
            other = arg(case, env)
            found = other if found.absent is Absent.SURELY else either(found, other)
        return found

    return run


def _extreme(kind: str, args: list[Exact]) -> Exact:
    pick = min if kind == "min" else max
    between = once_of_two(lambda a, b: lower(values.extreme(kind, a, b)))

    def run(case: Case, env: Env) -> Held:
        found = args[0](case, env)
        for arg in args[1:]:
            a, b = figure(found), figure(arg(case, env))
            found = pick(a, b) if a.__class__ is b.__class__ is Fraction else between(a, b)
        return found

    return run


def _known(held: Held) -> bool:
    if held.__class__ is OpenList or held is None:
        return False
    return held.__class__ is not Value or held.known


def _foreign(maker: Exactly, name: str, args: list[Exact]) -> Exact:
    function = maker.functions[name]
    numeric = isinstance(function.result, Number | Date)
    unknown = lower(Value(every_of(function.result, EVERY_NUMBER)))

    def run(case: Case, env: Env) -> Held:
        given = [lift(arg(case, env)) for arg in args]
        if not all(value.known for value in given):
            return unknown
        result = function.call(
            *(v.possible.low if isinstance(v.possible, Finite) else next(iter(v.possible)) for v in given)
        )
        return Fraction(str(result)) if numeric else result

    return run
