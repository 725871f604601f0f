"""Numbers, days, members and texts: floats where that is exact or nearly so, with what is known of each."""

from __future__ import annotations

import ast
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from dualprev_rules.evaluate.compiled import loops, names, tables
from dualprev_rules.evaluate.compiled.code import (
    CannotCompile,
    Form,
    Frame,
    Thing,
    checked,
    guarded,
    replace,
)
from dualprev_rules.evaluate.compiled.keys import key
from dualprev_rules.evaluate.compiled.layout import LARGEST, SMALLEST, point
from dualprev_rules.evaluate.compiled.quote import const, expr, name, tuple_of
from dualprev_rules.facts.types import Bool
from dualprev_rules.lang.tree import (
    Aggregate,
    Arith,
    AsOf,
    Call,
    Choose,
    Column,
    Const,
    Decide,
    Derived,
    Get,
    Node,
    Param,
    Scale,
    Var,
)


def thing(frame: Frame, node: Node) -> Thing:
    """Return the code of a value that is no condition; raises CannotCompile where it has none."""
    shared = frame.shared.get(key(node)) if frame.shared else None
    if isinstance(shared, Thing):
        return shared
    make = _MADE.get(type(node))
    if make is None or isinstance(node.type, Bool):
        raise CannotCompile
    made = checked(make(frame, node))
    if frame.plain and not made.sure:
        raise CannotCompile
    return made


def exactly(value: Any) -> Any:
    """Return a constant as rows hold it; raises CannotCompile where it has no such form."""
    if not isinstance(value, Fraction):
        return value
    held = point(value)
    if held is None:
        raise CannotCompile
    return held


def figure(value: Fraction) -> Thing:
    """Return a figure that stands in the expression, or is computed from such."""
    if value and not SMALLEST <= abs(value) <= LARGEST:
        raise CannotCompile
    held = point(value)
    form = Form.EXACT if held is not None else Form.ROUNDED
    code = const(held if held is not None else float(value))
    whole = value.denominator == 1
    return Thing(code, open=False, form=form, whole=whole, positive=value >= 0, value=value)


def _constant(frame: Frame, node: Const | Param) -> Thing:
    if isinstance(node.value, Fraction):
        return figure(node.value)
    return Thing(const(node.value), open=False, value=node.value)


def _as_of(frame: Frame, node: AsOf) -> Thing:
    return figure(Fraction(frame.program.ruleset.as_of.toordinal()))


def _member(frame: Frame, node: Var) -> Thing:
    return Thing(name(frame.rows[node.name]), open=False)


def _scale(frame: Frame, node: Scale) -> Thing:
    of = thing(frame, node.of)
    if isinstance(of.value, Fraction):
        return figure(of.value * node.factor + node.offset)
    made = _times(frame, of, figure(node.factor)) if node.factor != 1 else of
    return _plus(frame, "+", made, figure(node.offset)) if node.offset else made


def _arith(frame: Frame, node: Arith) -> Thing:
    a, b = thing(frame, node.left), thing(frame, node.right)
    match node.op:
        case "*":
            return _times(frame, a, b)
        case "/":
            return _over(frame, a, b)
        case sign:
            return _plus(frame, sign, a, b)


def _both(frame: Frame, a: Thing, b: Thing) -> tuple[ast.expr, ast.expr, Callable[[ast.expr], ast.expr]]:
    """Return what repeats each operand, and what puts the test that both are known before a result."""
    a, b = alike(a, b), alike(b, a)
    if frame.bare is not None:
        return a.code, b.code, lambda result: result
    (first, x), (second, y) = frame.simple(a.code), frame.simple(b.code)
    return x, y, lambda result: guarded([(a, first, x), (b, second, y)], result)


def alike(of: Thing, other: Thing) -> Thing:
    """Return a figure as a float where it meets one: Python has shorter ways for two of a kind."""
    if isinstance(of.value, Fraction) and of.form is Form.EXACT and not other.whole:
        return replace(of, code=const(float(of.value)))
    return of


def size(of: Thing, again: ast.expr) -> ast.expr:
    """Return the code of what a figure may be off by in proportion to: its size, or its spread."""
    if of.spread is not None:
        return of.spread
    return again if of.positive else expr("abs(X)", X=again)


def _plus(frame: Frame, sign: str, a: Thing, b: Thing) -> Thing:
    x, y, known = _both(frame, a, b)
    result = known(expr("X + Y" if sign == "+" else "X - Y", X=x, Y=y))
    exact = a.whole and b.whole and a.form is b.form is Form.EXACT
    positive = sign == "+" and a.positive and b.positive
    rounded = positive and a.spread is None and b.spread is None
    return Thing(
        result,
        open=a.open or b.open or a.gone or b.gone,
        form=Form.EXACT if exact else Form.ROUNDED if rounded else Form.SPREAD,
        whole=exact,
        positive=positive,
        spread=None if exact or rounded else expr("A + B", A=size(a, x), B=size(b, y)),
        steps=max(a.steps, b.steps) + 1,
        factors=max(a.factors, b.factors),
    )


def _times(frame: Frame, a: Thing, b: Thing) -> Thing:
    x, y, known = _both(frame, a, b)
    exact = a.whole and b.whole and a.form is b.form is Form.EXACT
    spread = a.spread is not None or b.spread is not None
    return Thing(
        known(expr("X * Y", X=x, Y=y)),
        open=a.open or b.open or a.gone or b.gone,
        form=Form.EXACT if exact else Form.SPREAD if spread else Form.ROUNDED,
        whole=exact,
        positive=a.positive and b.positive,
        spread=expr("A * B", A=size(a, x), B=size(b, y)) if spread else None,
        steps=a.steps + b.steps + 1,
        factors=a.factors + b.factors,
    )


def _over(frame: Frame, a: Thing, b: Thing) -> Thing:
    if b.spread is not None:
        raise CannotCompile
    x, y, known = _both(frame, a, b)
    quotient = expr("X / Y", X=x, Y=y)
    # What takes every fact for a figure divides by whatever it is, and an error says that it was 0.
    divides = b.nonzero or frame.bare is not None or (isinstance(b.value, Fraction) and b.value != 0)
    if not divides:
        quotient = expr("QUOTIENT if Y else GONE", QUOTIENT=quotient, Y=y)
    spread = None if a.spread is None else expr("A / abs(Y)", A=a.spread, Y=y)
    return Thing(
        known(quotient),
        open=a.open or b.open or a.gone or b.gone,
        gone=not divides,
        form=Form.ROUNDED if spread is None else Form.SPREAD,
        positive=a.positive and b.positive,
        spread=spread,
        steps=a.steps + b.steps + 1,
        factors=a.factors + b.factors,
    )


def joined(a: Thing, b: Thing, code: ast.expr) -> Thing:
    """Return the thing that is one of two."""
    if a.spread is not None or b.spread is not None:
        raise CannotCompile
    return Thing(
        code,
        open=a.open or b.open,
        gone=a.gone or b.gone,
        form=max(a.form, b.form),
        whole=a.whole and b.whole,
        positive=a.positive and b.positive,
        steps=max(a.steps, b.steps) + 1,
        factors=max(a.factors, b.factors),
    )


def _choose(frame: Frame, node: Choose) -> Thing:
    from dualprev_rules.evaluate.compiled.logic import condition

    test = condition(frame, node.condition)
    a, b = thing(frame, node.then), thing(frame, node.otherwise)
    parts = {"C": test.code, "A": a.code, "B": b.code}
    if test.strict:
        return joined(a, b, expr("A if C else B", **parts))
    either = joined(a, b, expr("pick(C, A, B)", **parts))
    if either.form is not Form.EXACT:
        either = replace(either, code=expr("pick_rounded(C, A, B)", **parts))
    return replace(either, open=True)


def _call(frame: Frame, node: Call) -> Thing:
    match node.function:
        case "coalesce":
            return _coalesce(frame, node)
        case "min" | "max" as kind:
            found = thing(frame, node.args[0])
            for arg in node.args[1:]:
                found = _extreme(frame, kind, found, thing(frame, arg))
            return found
        case "abs":
            of = thing(frame, node.args[0])
            first, again = frame.simple(of.code)
            code = guarded([(of, first, again)], expr("abs(X)", X=again))
            return replace(
                of, code=code, open=of.open or of.gone, gone=False, missing=None, positive=True, value=None
            )
        case "count_true":
            from dualprev_rules.evaluate.compiled.logic import condition

            parts = tuple_of([condition(frame, arg).code for arg in node.args])
            return Thing(expr("count_true(PARTS)", PARTS=parts), whole=True, positive=True)
        case "days_between":
            return _plus(frame, "-", thing(frame, node.args[1]), thing(frame, node.args[0]))
        case "add_months" | "add_years":
            day, number = thing(frame, node.args[0]), thing(frame, node.args[1])
            if number.form is not Form.EXACT or not number.whole:
                raise CannotCompile
            x, y, known = _both(frame, day, number)
            months = const(12 if node.function == "add_years" else 1)
            code = known(expr("months_later(D, N * M)", D=x, N=y, M=months))
            return Thing(code, open=not (day.sure and number.sure), whole=True, positive=True)
        case _:
            raise CannotCompile


def _coalesce(frame: Frame, node: Call) -> Thing:
    # Of a record above that there is not, there is no value: what is missing is not merely unknown.
    found = replace(thing(frame, node.args[0]), missing=None)
    for arg in node.args[1:]:
        if not found.gone:
            return found
        other = thing(frame, arg)
        first, again = frame.simple(found.code)
        code = expr("B if X is GONE else Y", X=first, B=other.code, Y=again)
        found = replace(joined(found, other, code), gone=other.gone)
    return found


def _extreme(frame: Frame, kind: str, a: Thing, b: Thing) -> Thing:
    x, y, known = _both(frame, a, b)
    pattern = "X if X <= Y else Y" if kind == "min" else "X if X >= Y else Y"
    either = joined(a, b, known(expr(pattern, X=x, Y=y)))
    return replace(either, open=either.open or either.gone, gone=False)


def _sum(frame: Frame, node: Aggregate) -> Thing:
    found = frame.looped(node)
    if isinstance(found, Thing):
        return found
    return loops.aggregated(frame, node)


_MADE: dict[type[Node], Callable[[Frame, Any], Thing]] = {
    Aggregate: _sum,
    Arith: _arith,
    AsOf: _as_of,
    Call: _call,
    Choose: _choose,
    Column: tables.column,
    Const: _constant,
    Decide: tables.decided_by,
    Derived: names.derived,
    Get: names.attribute,
    Param: _constant,
    Scale: _scale,
    Var: _member,
}
