"""What goes over a list of records or a set: a function of its own, with a plain ``for`` in it."""

from __future__ import annotations

import ast
from fractions import Fraction
from typing import Any

from dualprev_rules.evaluate.compiled import names, things
from dualprev_rules.evaluate.compiled.code import CannotCompile, Form, Frame, Thing, Truth, replace
from dualprev_rules.evaluate.compiled.quote import call_of, const, expr, name, stmts
from dualprev_rules.facts.possible import Value, interval
from dualprev_rules.facts.types import Enum, ListOf, SetOf
from dualprev_rules.lang.tree import (
    Aggregate,
    Arith,
    Column,
    Const,
    Derived,
    Get,
    Lookup,
    Node,
    Param,
    Quantify,
    Var,
    walk,
)


class Loop:
    """The function of one loop: how it opens what it goes over, and the frame inside."""

    def __init__(self, frame: Frame, node: Quantify | Aggregate) -> None:
        self.outer = frame
        self.node = node
        self.local = f"r{len(frame.rows)}"
        self.frame = Frame(frame.program, frame.entity, {**frame.rows, node.var: self.local})
        # The loop's own function names the rows as its caller does.
        self.around = Frame(frame.program, frame.entity, frame.rows)

    def call(self, body: list[ast.stmt]) -> ast.expr:
        """Make the function and return the call of it."""
        args = ["case", *self.outer.rows.values()]
        made = self.outer.program.function("loop", args, body)
        return call_of(made, [name(arg) for arg in args])

    def over_records(self) -> dict[str, Any]:
        """Return the parts by which a list of records is opened; raises CannotCompile."""
        row, slot, attribute = names.list_of(self.around, self.node.over)
        return {"ROW": row.code, "SLOT": const(slot), "LIST": self.frame.program.constant(attribute)}


def quantified(frame: Frame, node: Quantify) -> ast.expr:
    """Return the call that says whether any, or every, member meets a condition.

    *Every* is that there is none that counts and does not meet it.
    """
    from dualprev_rules.evaluate.compiled import logic

    loop = Loop(frame, node)
    inner = loop.frame
    met = logic.condition(inner, node.body)
    if node.kind == "all":
        first, again = inner.simple(met.code)
        negated = expr("None if X is None else not Y", X=first, Y=again)
        met = logic.negation(met) if met.strict else Truth(negated)
    if node.where is not None:
        met = logic.conjunction(inner, logic.condition(inner, node.where), met)
    parts = {
        "EACH": loop.local,
        "TEST": met.code,
        "FOUND": const(node.kind == "any"),
        "NONE": const(node.kind != "any"),
    }
    if isinstance(node.over.type, ListOf):
        return loop.call(stmts(_ANY_RECORD, **parts, **loop.over_records()))
    if not isinstance(node.over.type, SetOf):
        raise CannotCompile
    group = _set(loop)
    of = node.over.type.of
    if isinstance(of, Enum) and group.missing is not None:
        members = frame.program.constant(of.members)
        unknown = stmts(_ANY_MAYBE, **parts, MEMBERS=members)
    else:
        unknown = stmts("return ASK", ASK=loop.around.ask(node))
    return loop.call(stmts(_ANY_MEMBER, **parts, GROUP=group.code, UNKNOWN=unknown))


_ANY_RECORD = """
held = ROW[SLOT]
if held.__class__ is list:
    rest = None
else:
    held = case.opened(ROW, SLOT, LIST)
    rest = held.phantom
    held = held.rows
found = NONE
for EACH in held:
    met = TEST
    if met:
        return FOUND
    if met is None:
        found = None
if rest is not None:
    EACH = rest
    if (TEST) is not False:
        return None
return found
"""

_ANY_MEMBER = """
group = GROUP
if group is None:
    UNKNOWN
found = NONE
for EACH in group:
    met = TEST
    if met:
        return FOUND
    if met is None:
        found = None
return found
"""

_ANY_MAYBE = """
for EACH in MEMBERS:
    if (TEST) is not False:
        return None
return NONE
"""


def _set(loop: Loop) -> Thing:
    over: Any = loop.node.over
    if type(over).__name__ != "Get":
        raise CannotCompile
    return names.attribute(loop.around, over)


def aggregated(frame: Frame, node: Aggregate) -> Thing:
    """Return the call that adds up, counts, or finds the least or greatest; open where anything is."""
    loop = Loop(frame, node)
    inner = loop.frame
    skip = _filter(inner, node.where)
    if node.body is None:
        step, start, result = stmts("total += 1"), const(0), Thing(const(None), whole=True, positive=True)
        if not skip:
            return replace(_with(result, _counted(frame, loop)), missing=_many(loop))
        after = stmts("return total")
    else:
        body = things.thing(inner, node.body)
        known = _unless_known(body)
        given_up = _given_up(body)
        if node.kind == "sum" and given_up is not None:
            open_, term = given_up
            step, start = (
                stmts("if TEST:\n    return None\ntotal += TERM", TEST=open_, TERM=term),
                zero(body),
            )
            result = total(body)
            parts = {"EACH": loop.local, "START": start, "STEP": [*skip, *step], "AFTER": _TOTAL}
            quick = _quick(loop, node) if node.where is None else []
            body_ = stmts(_opening(loop) + "QUICK\n" + _EACH, **parts, **_parts(loop), QUICK=quick)
            return _with(result, loop.call(body_))
        if node.kind == "sum":
            step, start = [*known, *stmts("total += TERM", TERM="term")], zero(body)
            after, result = stmts("return total"), total(body)
        else:
            assert node.default is not None
            default = things.thing(loop.around, node.default)
            sign = "<" if node.kind == "min" else ">"
            pattern = f"if total is None or term {sign} total:\n    total = term"
            step, start = [*known, *stmts(pattern)], const(None)
            after = stmts("return DEFAULT if total is None else total", DEFAULT=default.code)
            result = things.joined(body, default, const(None))
        step = [*stmts("term = TERM", TERM=body.code), *step]
    parts = {"EACH": loop.local, "START": start, "STEP": [*skip, *step], "AFTER": after}
    return _with(result, loop.call(stmts(_opening(loop) + _EACH, **parts, **_parts(loop))))


def zero(body: Thing) -> ast.expr:
    """Return what a sum begins with."""
    return const(0 if body.whole else 0.0)


def _given_up(body: Thing) -> tuple[ast.expr, ast.expr] | None:
    """Return test and term of ``None if TEST else TERM``: given up, or added, without a local between.

    The term is an operation on known figures; anything else may be open itself.
    """
    match body.code:
        case ast.IfExp(test=test, body=ast.Constant(value=None), orelse=ast.BinOp() as term):
            return test, term
        case _:
            return None


def _quick(loop: Loop, node: Aggregate) -> list[ast.stmt]:
    """Return a sum that takes every fact for a known figure; where one is not, nothing is returned.

    The figures are the same and are added in the same order, so that the sum is too.
    """
    assert node.body is not None
    if not all(isinstance(part, _BARE) for part in walk(node.body)):
        return []
    inner = loop.frame.about(loop.frame.entity, loop.local)
    inner.rows, inner.bare = loop.frame.rows, loop.local
    body = things.thing(inner, node.body)
    if not body.sure:
        return []
    return stmts(_PLAINLY, EACH=loop.local, TERM=body.code, ZERO=zero(body))


_BARE = (Arith, Column, Const, Derived, Get, Lookup, Param, Var)

_PLAINLY = """
try:
    total = ZERO
    for EACH in held:
        total += TERM
    return total
except (TypeError, KeyError, ZeroDivisionError):
    pass
"""

_TOTAL = stmts("return total")

_RECORDS = """
held = ROW[SLOT]
if held.__class__ is not list:
    return None
"""

_MEMBERS = """
held = GROUP
if held is None:
    return None
"""

_EACH = """
total = START
for EACH in held:
    STEP
AFTER
"""


def _opening(loop: Loop) -> str:
    return _RECORDS if isinstance(loop.node.over.type, ListOf) else _MEMBERS


def _parts(loop: Loop) -> dict[str, Any]:
    if isinstance(loop.node.over.type, ListOf):
        return loop.over_records()
    return {"GROUP": _set(loop).code}


def _counted(frame: Frame, loop: Loop) -> ast.expr:
    """Return how many there are, without a loop."""
    if isinstance(loop.node.over.type, ListOf):
        parts = loop.over_records()
        held = expr("ROW[SLOT]", ROW=parts["ROW"], SLOT=parts["SLOT"])
        test = "None if (X := HELD).__class__ is not list else len(X)"
    else:
        held, test = _set(loop).code, "None if (X := HELD) is None else len(X)"
    return expr(test, X=frame.temporary(), HELD=held)


def _many(loop: Loop) -> Value | None:
    """Return how many members a set may have of which nothing is known; None of what may be partly known."""
    over = loop.node.over.type
    if not isinstance(over, SetOf) or _set(loop).missing is None:
        return None
    most = Fraction(len(over.of.members)) if isinstance(over.of, Enum) else None
    return Value(interval(Fraction(0), most, whole=True))


def _filter(inner: Frame, where: Node | None) -> list[ast.stmt]:
    """Return the statements that leave out members that do not count, and give up where that is open."""
    from dualprev_rules.evaluate.compiled.logic import condition

    if where is None:
        return []
    counts = condition(inner, where)
    if counts.strict:
        return stmts("if not (TEST):\n    continue", TEST=counts.code)
    pattern = "counts = TEST\nif counts is None:\n    return None\nif not counts:\n    continue"
    return stmts(pattern, TEST=counts.code)


def _unless_known(body: Thing) -> list[ast.stmt]:
    made: list[ast.stmt] = []
    if body.open:
        made += stmts("if term is None:\n    return None")
    if body.gone:
        made += stmts("if term is GONE:\n    return None")
    return made


def total(body: Thing) -> Thing:
    """Return what is known of a sum; raises CannotCompile where it may be further off than its terms."""
    exact = body.whole and body.form is Form.EXACT
    if body.spread is not None or not (exact or body.positive):
        raise CannotCompile  # terms of both signs may cancel, and leave more error than sum
    return Thing(
        const(None),
        form=Form.EXACT if exact else Form.ROUNDED,
        whole=exact,
        positive=body.positive,
        steps=body.steps + 1,
        factors=body.factors,
    )


def _with(result: Thing, code: ast.expr) -> Thing:
    return replace(result, code=code, open=True, gone=result.gone, missing=None, value=None)
