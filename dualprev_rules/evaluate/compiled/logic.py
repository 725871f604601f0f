"""Conditions: strong Kleene logic as Python's own ``and``, ``or`` and ``not`` where nothing is open.

A condition is True, False or None. ``condition`` gives its code, and code that decides it exactly
where a node has no form in floats: so every condition has one.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import reduce
from typing import Any

from dualprev_rules.evaluate import values
from dualprev_rules.evaluate.compiled import loops, names, things
from dualprev_rules.evaluate.compiled.code import CannotCompile, Form, Frame, Thing, Truth, replace
from dualprev_rules.evaluate.compiled.compare import compared
from dualprev_rules.evaluate.compiled.keys import key
from dualprev_rules.evaluate.compiled.quote import const, expr, tuple_of
from dualprev_rules.evaluate.values import FALSE, TRUE, decided, truth
from dualprev_rules.facts.possible import Members, Value
from dualprev_rules.facts.types import Bool, Enum, Number, SetOf, Text
from dualprev_rules.lang.tree import (
    Call,
    Choose,
    Compare,
    Const,
    Decide,
    Derived,
    Get,
    Has,
    IsIn,
    Logic,
    Node,
    Not,
    Param,
    Quantify,
    RuleState,
)


def condition(frame: Frame, node: Node) -> Truth:
    """Return the code of a condition."""
    shared = frame.shared.get(key(node)) if frame.shared else None
    if isinstance(shared, Truth):
        return shared
    make = _MADE.get(type(node))
    if make is not None:
        try:
            made = make(frame, node)
        except CannotCompile:
            if frame.plain:
                raise
        else:
            return replace(made, strict=True) if frame.plain else made
    if frame.plain:
        raise CannotCompile
    return Truth(frame.ask(node))


def _constant(frame: Frame, node: Const | Param) -> Truth:
    return Truth(const(node.value), strict=True)


def _fact(frame: Frame, node: Get) -> Truth:
    thing = names.attribute(frame, node)
    return Truth(thing.code, strict=not thing.open)


def _derived(frame: Frame, node: Derived) -> Truth:
    return Truth(names.derived(frame, node).code)


def negation(of: Truth) -> Truth:
    """``not``."""
    if isinstance(of.code, ast.Constant):
        return Truth(const(None if of.code.value is None else not of.code.value), of.strict)
    if of.strict:
        return Truth(expr("not X", X=of.code), strict=True)
    return of


def _not(frame: Frame, node: Not) -> Truth:
    of = condition(frame, node.of)
    if of.strict or isinstance(of.code, ast.Constant):
        return negation(of)
    first, again = frame.simple(of.code)
    return Truth(expr("None if X is None else not Y", X=first, Y=again))


def _logic(frame: Frame, node: Logic) -> Truth:
    join = conjunction if node.op == "and" else disjunction
    parts = [condition(frame, operand) for operand in node.operands]
    # What is never open is asked first: the order makes no difference to the answer.
    parts.sort(key=lambda part: not part.strict)
    return reduce(lambda a, b: join(frame, a, b), parts)


def conjunction(frame: Frame, a: Truth, b: Truth) -> Truth:
    """``and``."""
    if a.strict:
        return Truth(expr("A and B", A=a.code, B=b.code), b.strict)
    if b.strict:
        return conjunction(frame, b, a)
    first, again = frame.simple(a.code)
    second, then = frame.simple(b.code)
    pattern = "False if A is False or B is False else X and Y"
    return Truth(expr(pattern, A=first, B=second, X=again, Y=then))


def disjunction(frame: Frame, a: Truth, b: Truth) -> Truth:
    """``or``."""
    if a.strict:
        return Truth(expr("A or B", A=a.code, B=b.code), b.strict)
    if b.strict:
        return disjunction(frame, b, a)
    first, again = frame.simple(a.code)
    second, then = frame.simple(b.code)
    # Neither is true: open where one is.
    pattern = "True if A or B else None if X is None or Y is None else False"
    return Truth(expr(pattern, A=first, B=second, X=again, Y=then))


def _compare(frame: Frame, node: Compare) -> Truth:
    if isinstance(node.left.type, Bool):
        return _alike(frame, node)
    return compared(frame, node)


def _alike(frame: Frame, node: Compare) -> Truth:
    a, b = condition(frame, node.left), condition(frame, node.right)
    if a.strict and b.strict:
        code = expr("A is B", A=a.code, B=b.code)
        return Truth(code if node.op == "==" else expr("not X", X=code), strict=True)
    same = Truth(expr("same(A, B)", A=a.code, B=b.code))
    if node.op == "==":
        return same
    first, again = frame.simple(same.code)
    return Truth(expr("None if X is None else not Y", X=first, Y=again))


def _is_in(frame: Frame, node: IsIn) -> Truth:
    if isinstance(node.item.type, Bool) or any(
        not isinstance(option, Const | Param) for option in node.options
    ):
        raise CannotCompile
    item = things.thing(frame, node.item)
    wanted = [_value(option) for option in node.options]
    if item.form is not Form.EXACT:
        raise CannotCompile
    if isinstance(node.item.type, Enum | Text):
        members: Any = frozenset(wanted)
    else:
        members = frozenset(things.exactly(of) for of in wanted)
    test = "X in MEMBERS"
    found = frame.program.constant(members)
    answer = None
    if item.open and item.missing is not None:
        answer = answered(values.is_in(item.missing, [decided(of) for of in wanted]))
    return guarded_by(frame, item, answer, node, lambda again: expr(test, X=again, MEMBERS=found))


def _value(option: Node) -> Any:
    assert isinstance(option, Const | Param)
    return option.value


class _Ask:
    """Stands for an answer that is found exactly."""


ASK = _Ask()


def answered(value: Value) -> ast.expr:
    """Return the code of an answer that is known beforehand."""
    found = truth(value)
    return const(True if found == TRUE else False if found == FALSE else None)


def guarded_by(
    frame: Frame, item: Thing, missing: ast.expr | None, node: Node, test: Callable[[ast.expr], ast.expr]
) -> Truth:
    """Return a test of one thing; where it is missing the answer given, else the exact one."""
    first, again = frame.simple(item.code)
    if item.sure:
        if first is not again:
            return Truth(test(first), strict=True)
        return Truth(test(again), strict=True)
    code = test(again)
    strict = True
    if item.gone:
        code, strict = expr("ASK if X is GONE else THEN", X=again, ASK=frame.ask(node), THEN=code), False
    if item.open:
        answer = frame.ask(node) if missing is None else missing
        code = expr("ANSWER if X is None else THEN", X=first, ANSWER=answer, THEN=code)
        constant = isinstance(answer, ast.Constant) and answer.value is not None
        return Truth(code, strict and constant)
    if first is not again:
        code = expr("None if X is None else THEN", X=first, THEN=code)
    return Truth(code, strict)


def _has(frame: Frame, node: Has) -> Truth:
    if not isinstance(node.of, Get) or not isinstance(node.of.type, SetOf):
        raise CannotCompile
    group = names.attribute(frame, node.of)
    item = things.thing(frame, node.item)
    if not item.sure:
        raise CannotCompile
    answer = None
    if group.missing is not None and item.value is not None:
        answer = answered(values.has(decided(item.value), group.missing))
    elif group.missing is not None:
        members: Members = group.missing.possible
        # Whatever the item is, it may be in a set of any texts.
        answer = const(None) if not isinstance(members.possible, frozenset) else None
    return guarded_by(frame, group, answer, node, lambda again: expr("I in S", I=item.code, S=again))


def _choose(frame: Frame, node: Choose) -> Truth:
    test = condition(frame, node.condition)
    then, otherwise = condition(frame, node.then), condition(frame, node.otherwise)
    if test.strict:
        pattern = "A if C else B"
        return Truth(
            expr(pattern, C=test.code, A=then.code, B=otherwise.code), then.strict and otherwise.strict
        )
    return Truth(expr("pick(C, A, B)", C=test.code, A=then.code, B=otherwise.code))


def _call(frame: Frame, node: Call) -> Truth:
    match node.function:
        case "at_least":
            least = node.args[0]
            if not isinstance(least, Const | Param) or not isinstance(least.type, Number):
                raise CannotCompile
            parts = tuple_of([condition(frame, arg).code for arg in node.args[1:]])
            return Truth(expr("at_least(N, PARTS)", N=const(things.exactly(least.value)), PARTS=parts))
        case "known":
            of = node.args[0]
            if not isinstance(of, Get) or not isinstance(of.type, Bool | Number | Enum | Text | SetOf):
                raise CannotCompile
            thing = names.attribute(frame, of)
            first, again = frame.simple(thing.code)
            test = expr("X is not None and Y is not GONE", X=first, Y=again)
            return Truth(test, strict=True)
        case _:
            raise CannotCompile


def _quantify(frame: Frame, node: Quantify) -> Truth:
    found = frame.looped(node)
    if isinstance(found, Truth):
        return found
    return Truth(loops.quantified(frame, node))


def _decide(frame: Frame, node: Decide) -> Truth:
    from dualprev_rules.evaluate.compiled.tables import decided_by

    return Truth(decided_by(frame, node).code)


def _rule(frame: Frame, node: RuleState) -> Truth:
    row = names.row_of(frame, node.of)
    if row.maybe:
        raise CannotCompile
    state = frame.program.state(node.rule)
    return Truth(expr("RULE(ROW, case)", RULE=state, ROW=row.code))


_MADE: dict[type[Node], Callable[[Frame, Any], Truth]] = {
    Call: _call,
    Choose: _choose,
    Compare: _compare,
    Const: _constant,
    Decide: _decide,
    Derived: _derived,
    Get: _fact,
    Has: _has,
    IsIn: _is_in,
    Logic: _logic,
    Not: _not,
    Param: _constant,
    Quantify: _quantify,
    RuleState: _rule,
}
