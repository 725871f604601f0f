"""Comparisons: of floats where they are sure, else of what both sides are exactly."""

from __future__ import annotations

import ast
import operator
from fractions import Fraction
from typing import Any

from dualprev_rules.evaluate import values
from dualprev_rules.evaluate.compiled import things
from dualprev_rules.evaluate.compiled.code import CannotCompile, Form, Frame, Thing, Truth
from dualprev_rules.evaluate.compiled.quote import const, expr, name
from dualprev_rules.evaluate.compiled.runtime import TOLERANCE
from dualprev_rules.evaluate.values import decided
from dualprev_rules.facts.possible import EVERY_NUMBER, EVERY_TEXT, Interval
from dualprev_rules.facts.types import Date, Enum, Number
from dualprev_rules.lang.tree import Compare, Scale

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_DONE: dict[str, Any] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def compared(frame: Frame, node: Compare) -> Truth:
    """Return the code of a comparison of two values that are no conditions."""
    left, right = node.left, node.right
    factor, offset = Fraction(1), Fraction(0)
    a, b = things.thing(frame, left), things.thing(frame, right)
    op: str = node.op
    if isinstance(a.value, Fraction | str) and not isinstance(b.value, Fraction | str):
        left, right, a, b, op = right, left, b, a, _MIRRORED[op]
    if isinstance(left, Scale) and isinstance(b.value, Fraction):
        # The figure is brought to the fact's unit, exactly; the fact need not be brought to the figure's.
        factor, offset = left.factor, left.offset
        a, b = things.thing(frame, left.of), things.figure((b.value - offset) / factor)
    if isinstance(left.type, Number | Date):
        return _numbers(frame, node, op, a, b)
    return _members(frame, node, op, a, b)


def _members(frame: Frame, node: Compare, op: str, a: Thing, b: Thing) -> Truth:
    kind = node.left.type
    if isinstance(kind, Enum) and kind.ordered and op not in ("==", "!="):
        if not isinstance(b.value, str):
            raise CannotCompile
        against = kind.members.index(b.value)
        fit = frozenset(m for i, m in enumerate(kind.members) if _DONE[op](i, against))
        test = expr("X in FIT", FIT=frame.program.constant(fit))
        order = kind.members
    else:
        test = expr("X == Y" if op == "==" else "X != Y")
        order = ()
    return _tested(frame, node, op, a, b, test, order)


def _numbers(frame: Frame, node: Compare, op: str, a: Thing, b: Thing) -> Truth:
    a, b = things.alike(a, b), things.alike(b, a)
    if a.form is b.form is Form.EXACT:
        return _tested(frame, node, op, a, b, expr(f"X {op} Y"))
    if isinstance(b.value, Fraction) and a.form is Form.EXACT:
        return _tested(frame, node, op, a, b, _unlike(op, b.value))
    ask = frame.ask(node)
    if isinstance(b.value, Fraction) and a.form is Form.ROUNDED:
        return _tested(frame, node, op, a, b, _around(op, b.value, ask), strict=not b.value)
    code = expr(
        "ASK if abs(D) <= T * (A + B) else D OP 0".replace("OP", op),
        ASK=ask,
        D=expr("X - Y"),
        T=const(TOLERANCE),
        A=things.size(a, name("X")),
        B=things.size(b, name("Y")),
    )
    return _tested(frame, node, op, a, b, code, strict=False)


def _unlike(op: str, value: Fraction) -> ast.expr:
    """Compare an exact figure with one that is no float: it lies between two neighbours that are.

    The float nearest to the value is that of a decimal on one side of it, and so is every float.
    """
    near = float(value)
    below = Fraction(repr(near)) < value
    if op in ("==", "!="):
        return const(op == "!=")
    strict = "<" if op in ("<", "<=") else ">"
    inside = below == (strict == "<")
    return expr(f"X {strict}{'=' if inside else ''} NEAR", NEAR=const(near))


def _around(op: str, value: Fraction, ask: ast.expr) -> ast.expr:
    """Compare a rounded figure with a constant: asked where they are nearer than the tolerance."""
    if not value:
        return expr(f"X {op} 0.0")
    margin = abs(value) * Fraction(2 * TOLERANCE)
    low, high = const(float(value - margin)), const(float(value + margin))
    if op in ("==", "!="):
        away = const(op == "!=")
        return expr("ASK if LOW < X < HIGH else AWAY", ASK=ask, LOW=low, HIGH=high, AWAY=away)
    if op in (">", ">="):
        return expr("X >= HIGH or (X > LOW and ASK)", ASK=ask, LOW=low, HIGH=high)
    return expr("X <= LOW or (X < HIGH and ASK)", ASK=ask, LOW=low, HIGH=high)


def _tested(
    frame: Frame,
    node: Compare,
    op: str,
    a: Thing,
    b: Thing,
    test: ast.expr,
    order: tuple[str, ...] = (),
    *,
    strict: bool = True,
) -> Truth:
    """Put the tests that both sides are known before a test of X and Y.

    Where one is missing and the other a constant, the answer is known beforehand; where nothing bounds
    what is missing, it is open whatever the other is.
    """
    (first, x), (second, y) = frame.simple(a.code), frame.simple(b.code)
    again = _put(test, x, y)
    if a.sure and b.sure and first is x and second is y:
        return Truth(again, strict)
    if a.missing is not None and a.open and isinstance(b.value, Fraction | str):
        constant = b.value
        answer = things_answer(values.compare(op, a.missing, decided(constant), order))
        answers = answer, answer
        strict = strict and isinstance(answer, ast.Constant) and answer.value is not None
    elif _boundless(a) and _boundless(b):
        answers = const(None), const(None)
        strict = False
    else:
        answers = (
            const(None) if _either(op, a, b) else frame.ask(node),
            const(None) if _either(_MIRRORED[op], b, a) else frame.ask(node),
        )
        strict = strict and not (a.open or b.open)
    code = again
    for of, run, repeat, answer in ((b, second, y, answers[1]), (a, first, x, answers[0])):
        if of.gone:
            code = expr("ASK if V is GONE else C", V=repeat, ASK=frame.ask(node), C=code)
            strict = False
        if of.open or run is not repeat:
            code = expr("ANSWER if V is None else C", V=run, ANSWER=answer, C=code)
    return Truth(code, strict)


def things_answer(value: Any) -> ast.expr:
    """Return the code of an answer that is known beforehand."""
    from dualprev_rules.evaluate.compiled.logic import answered

    return answered(value)


def _boundless(of: Thing) -> bool:
    """Tell whether nothing is known of the thing while it is missing, or it never is."""
    if of.gone:
        return False
    if not of.open:
        return True
    return of.missing is not None and of.missing.possible in (EVERY_NUMBER, EVERY_TEXT)


def _either(op: str, a: Thing, b: Thing) -> bool:
    """Tell whether ``a``, while it is missing, may be on either side of ``b``, whatever that is.

    It may be 0 and has no upper bound; ``b`` may be 0 or more.
    """
    if a.missing is None or b.gone or not b.positive or op not in (">", "<="):
        return False
    of = a.missing.possible
    if not isinstance(of, Interval) or of.high is not None:
        return False
    return of.low is None or of.low < 0 or (of.low == 0 and not of.low_open)


def _put(test: ast.expr, x: ast.expr, y: ast.expr) -> ast.expr:
    """Put what repeats the sides in the places of X and Y."""
    from dualprev_rules.evaluate.compiled.quote import put

    return put(test, X=x, Y=y)
