"""From the checked tree of a condition to expressions over the tables of a slice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any

import polars as pl

from dualprev_rules.evaluate.columns import compare, days, names, numbers, unite
from dualprev_rules.evaluate.columns.codes import code_of, state
from dualprev_rules.evaluate.columns.constants import constant
from dualprev_rules.evaluate.columns.names import Above, Env, Member, Records
from dualprev_rules.evaluate.columns.tables import Table
from dualprev_rules.evaluate.columns.things import (
    ALWAYS,
    CannotLower,
    Num,
    Thing,
    Truth,
    any_flag,
    conjunction,
    disjunction,
    moved,
    negation,
    perhaps,
    surely,
)
from dualprev_rules.facts.possible import bounded
from dualprev_rules.facts.types import Enum
from dualprev_rules.lang.tree import (
    Aggregate,
    Arith,
    AsOf,
    Call,
    Choose,
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
from dualprev_rules.pack.model import Rule, Ruleset


@dataclass(slots=True)
class Lowering:
    """Lowers the conditions of one ruleset over the tables of one slice."""

    ruleset: Ruleset
    stated: bool
    """Lists and sets are complete only where the input says so."""

    # --- what evaluators ask -----------------------------------------------------------------------

    def outcome(self, rule: Rule, table: Table) -> tuple[pl.Expr, bool]:
        """Return the code of a rule for each record of a table, and whether some record asks."""
        found = table.states.get(rule.id)
        if found is None:
            env: Env = {"self": table}
            guards = [self.truth(e.node, env, table) for e in (rule.dated, rule.applies) if e is not None]
            violated = self.truth(rule.violated.node, env, table)
            unless = Truth(False, nulls=False)
            if rule.unless is not None:
                unless = self.truth(rule.unless.node, env, table)
            found = table.states[rule.id] = code_of(conjunction(guards), violated, unless)
        return found

    def truth(self, node: Node, env: Env, at: Table) -> Truth:
        """Return a condition; wholly loose where it has no form in columns."""
        try:
            thing = self.thing(node, env, at)
        except CannotLower:
            return Truth(None, loose=ALWAYS)
        assert isinstance(thing, Truth)
        return thing

    def number(self, node: Node, env: Env, at: Table) -> Num:
        """Return a number or day."""
        thing = self.thing(node, env, at)
        assert isinstance(thing, Num), node
        return thing

    def thing(self, node: Node, env: Env, at: Table) -> Thing:
        """Return what a node is for each record of the table ``at``; raises CannotLower."""
        handler = _HANDLERS.get(type(node))
        if handler is None:
            raise CannotLower
        return handler(self, node, env, at)

    def define(self, entity: str, name: str, records: Records, at: Table) -> Thing:
        """Return a definition of the record that ``records`` means for each record of ``at``."""
        if not isinstance(records, Table):
            return self._define(entity, name, records, at)
        found = records.derived.get(name)
        if found is None:
            found = records.held(self._define(entity, name, records, records))
            records.derived[name] = found
        return found if records is at else moved(found, lambda each: at.bring(records, each))

    def _define(self, entity: str, name: str, records: Records, at: Table) -> Thing:
        definition = self.ruleset.definitions[entity, name]
        instead = unite.ranged(definition.type, definition.range)
        if definition.not_encoded is not None:
            return unite.gone_everywhere(instead)
        env: Env = {"self": records}
        try:
            value = self.thing(definition.body.node, env, at)
            when = Truth(True) if definition.when is None else self.truth(definition.when.node, env, at)
            return unite.guarded(at, value, when, instead, bounded=bounded(definition.range))
        except CannotLower:
            return unite.anything(definition.type)

    # --- names ---------------------------------------------------------------------------------------

    def _constant(self, node: Const | Param, env: Env, at: Table) -> Thing:
        return constant(node.value, node.type)

    def _as_of(self, node: AsOf, env: Env, at: Table) -> Thing:
        return numbers.constant(Fraction(self.ruleset.as_of.toordinal()))

    def _var(self, node: Var, env: Env, at: Table) -> Thing:
        bound = env[node.name]
        if isinstance(bound, Member):
            return constant(bound.text, node.type)
        raise CannotLower

    def _get(self, node: Get, env: Env, at: Table) -> Thing:
        return names.attribute(self, node, env, at)

    def _derived(self, node: Derived, env: Env, at: Table) -> Thing:
        records = names.records(node.of, env)
        if isinstance(records, Above):
            return unite.outside(node.type, gone=records.surely_none)
        return self.define(node.entity, node.name, records, at)

    def _rule(self, node: RuleState, env: Env, at: Table) -> Thing:
        records = names.records(node.of, env)
        if isinstance(records, Above):
            return Truth(None)
        rule = self.ruleset.rules[node.rule]
        if isinstance(records, Table):
            code, asks = self.outcome(rule, records)
            made = state(code, asks)
            return made if records is at else moved(made, lambda each: at.bring(records, each))
        inner: Env = {"self": records}
        guards = [self.truth(e.node, inner, at) for e in (rule.dated, rule.applies) if e is not None]
        unless = Truth(False) if rule.unless is None else self.truth(rule.unless.node, inner, at)
        return state(*code_of(conjunction(guards), self.truth(rule.violated.node, inner, at), unless))

    # --- logic, comparison, arithmetic -----------------------------------------------------------------

    def _not(self, node: Not, env: Env, at: Table) -> Thing:
        return negation(self.truth(node.of, env, at))

    def _logic(self, node: Logic, env: Env, at: Table) -> Thing:
        operands = [self.truth(operand, env, at) for operand in node.operands]
        return (conjunction if node.op == "and" else disjunction)(operands)

    def _compare(self, node: Compare, env: Env, at: Table) -> Thing:
        left, right = self.thing(node.left, env, at), self.thing(node.right, env, at)
        kind = node.left.type
        return compare.compare(node.op, left, right, ordered=isinstance(kind, Enum) and kind.ordered)

    def _is_in(self, node: IsIn, env: Env, at: Table) -> Thing:
        options = [self.thing(option, env, at) for option in node.options]
        return compare.is_in(self.thing(node.item, env, at), options)

    def _has(self, node: Has, env: Env, at: Table) -> Thing:
        return compare.has(self.thing(node.item, env, at), self.thing(node.of, env, at))

    def _arith(self, node: Arith, env: Env, at: Table) -> Thing:
        x, y = self.number(node.left, env, at), self.number(node.right, env, at)
        match node.op:
            case "+":
                made = numbers.add(x, y)
            case "-":
                made = numbers.add(x, numbers.times(y, Fraction(-1)))
            case "*":
                made = numbers.multiply(x, y)
            case _:
                made = numbers.divide(x, y)
        return made if made.known and made.gone is None else at.held(made)

    def _scale(self, node: Scale, env: Env, at: Table) -> Thing:
        return numbers.scale(self.number(node.of, env, at), node.factor, node.offset)

    def _choose(self, node: Choose, env: Env, at: Table) -> Thing:
        condition = self.truth(node.condition, env, at)
        if condition.holds is True or condition.holds is False:
            return self.thing(node.then if condition.holds else node.otherwise, env, at)
        then, otherwise = self.thing(node.then, env, at), self.thing(node.otherwise, env, at)
        parts = [(perhaps(condition), then), (perhaps(negation(condition)), otherwise)]
        return unite.union(at, parts, condition.loose, single=not condition.nulls)

    # --- functions -------------------------------------------------------------------------------------

    def _call(self, node: Call, env: Env, at: Table) -> Thing:
        match node.function:
            case "coalesce":
                things = [self.thing(arg, env, at) for arg in node.args]
                return reduce(lambda a, b: unite.coalesce(at, a, b), things)
            case "min" | "max" as kind:
                figures = [self.number(arg, env, at) for arg in node.args]
                return at.held(reduce(lambda a, b: numbers.extreme(kind, a, b), figures))
            case "abs":
                return numbers.absolute(self.number(node.args[0], env, at))
            case "known":
                return names.known(self.thing(node.args[0], env, at), node.args[0])
            case "count_true":
                return self._count(node.args, env, at)
            case "at_least":
                least = self.number(node.args[0], env, at)
                return compare.compare(">=", self._count(node.args[1:], env, at), least)
            case "days_between":
                first, last = (self.number(arg, env, at) for arg in node.args)
                return numbers.add(last, numbers.times(first, Fraction(-1)))
            case "add_months" | "add_years" as name:
                day, count = (self.number(arg, env, at) for arg in node.args)
                return at.held(days.later(day, count, 1 if name == "add_months" else 12))
            case _:
                raise CannotLower

    def _count(self, conditions: tuple[Node, ...], env: Env, at: Table) -> Num:
        truths = [self.truth(each, env, at) for each in conditions]
        held = [at.held(each) for each in truths]
        sure = reduce(lambda a, b: a + b, (surely(each).cast(pl.Float64) for each in held), pl.lit(0.0))
        may = reduce(lambda a, b: a + b, (perhaps(each).cast(pl.Float64) for each in held), pl.lit(0.0))
        known = not any(each.nulls for each in held)
        loose = any_flag(each.loose for each in held)
        counted = Num(
            sure,
            sure if known else may,
            known=known,
            exact=True,
            whole=True,
            positive=True,
            gaps=None if known else sure != may,
            loose=loose,
        )
        return at.held(counted)

    # --- others, each in its module ----------------------------------------------------------------------

    def _quantify(self, node: Quantify, env: Env, at: Table) -> Thing:
        from dualprev_rules.evaluate.columns import over

        return over.quantify(self, node, env, at)

    def _aggregate(self, node: Aggregate, env: Env, at: Table) -> Thing:
        from dualprev_rules.evaluate.columns import over

        return over.aggregate(self, node, env, at)

    def _decide(self, node: Decide, env: Env, at: Table) -> Thing:
        from dualprev_rules.evaluate.columns import decide

        return decide.decide(self, node, env, at)

    def _column(self, node: Column, env: Env, at: Table) -> Thing:
        from dualprev_rules.evaluate.columns import lookup

        return lookup.column(self, node, env, at)


_HANDLERS: dict[type[Node], Callable[[Lowering, Any, Env, Table], Thing]] = {
    Aggregate: Lowering._aggregate,  # pyright: ignore[reportPrivateUsage]
    Arith: Lowering._arith,  # pyright: ignore[reportPrivateUsage]
    AsOf: Lowering._as_of,  # pyright: ignore[reportPrivateUsage]
    Call: Lowering._call,  # pyright: ignore[reportPrivateUsage]
    Choose: Lowering._choose,  # pyright: ignore[reportPrivateUsage]
    Column: Lowering._column,  # pyright: ignore[reportPrivateUsage]
    Compare: Lowering._compare,  # pyright: ignore[reportPrivateUsage]
    Const: Lowering._constant,  # pyright: ignore[reportPrivateUsage]
    Decide: Lowering._decide,  # pyright: ignore[reportPrivateUsage]
    Derived: Lowering._derived,  # pyright: ignore[reportPrivateUsage]
    Get: Lowering._get,  # pyright: ignore[reportPrivateUsage]
    Has: Lowering._has,  # pyright: ignore[reportPrivateUsage]
    IsIn: Lowering._is_in,  # pyright: ignore[reportPrivateUsage]
    Logic: Lowering._logic,  # pyright: ignore[reportPrivateUsage]
    Not: Lowering._not,  # pyright: ignore[reportPrivateUsage]
    Param: Lowering._constant,  # pyright: ignore[reportPrivateUsage]
    Quantify: Lowering._quantify,  # pyright: ignore[reportPrivateUsage]
    RuleState: Lowering._rule,  # pyright: ignore[reportPrivateUsage]
    Scale: Lowering._scale,  # pyright: ignore[reportPrivateUsage]
    Var: Lowering._var,  # pyright: ignore[reportPrivateUsage]
}
