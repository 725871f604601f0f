"""What an expression may be, exactly: asked where floats, or what is known beforehand, do not decide.

The answer is the reference's, by the same algebra (``evaluate.values``). It costs less because it goes over
rows, no causes are gathered, what is known stands for itself, and each node is a closure, made when
it is first asked.
"""

from __future__ import annotations

from collections.abc import Mapping

from dualprev_rules.evaluate.compiled.exact import logic, names, numbers, over, tables
from dualprev_rules.evaluate.compiled.exact.held import Held, lift, told
from dualprev_rules.evaluate.compiled.exact.maker import Exactly, Make
from dualprev_rules.evaluate.compiled.layout import Layout
from dualprev_rules.lang.scope import Function
from dualprev_rules.lang.tree import (
    Aggregate,
    Arith,
    AsOf,
    Call,
    Choose,
    Climb,
    Column,
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
    Scale,
    Var,
)
from dualprev_rules.pack.model import Ruleset

_MADE_BY: dict[type[Node], Make] = {
    Aggregate: over.aggregate,
    Arith: numbers.arithmetic,
    AsOf: names.as_of,
    Call: numbers.call,
    Choose: numbers.choose,
    Climb: names.climb,
    Column: tables.column,
    Compare: logic.compare,
    Const: names.constant,
    Decide: tables.decide,
    Derived: names.derived,
    Get: names.get,
    Has: logic.has,
    IsIn: logic.is_in,
    Logic: logic.logic,
    Not: logic.negation,
    Param: names.constant,
    Quantify: over.quantify,
    RuleState: names.rule,
    Scale: numbers.scale,
    Var: names.var,
}


def exactly(ruleset: Ruleset, functions: Mapping[str, Function], layouts: Mapping[str, Layout]) -> Exactly:
    """Return what makes the closures of a ruleset."""
    return Exactly(ruleset, functions, layouts, _MADE_BY)


__all__ = ["Exactly", "Held", "exactly", "lift", "told"]
