"""Checked trees as z3 expressions over a world of known facts.

What may be: where the reference would leave a value open, since something has *no value*, the symbol is
free, so that what z3 finds impossible is impossible. What it finds possible, the reference confirms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from functools import reduce
from typing import Any

from dualprev_rules.evaluate.calendar import shift
from dualprev_rules.evaluate.solver.backend import Bit, Real, all_of, any_of, either, exact, extreme, no, z3
from dualprev_rules.evaluate.solver.days import (
    MOST_TIMES,
    OPERATORS,
    TURNED,
    lies,
    months_of,
    shifts,
    standing,
)
from dualprev_rules.evaluate.solver.rows import column, decide, look_up
from dualprev_rules.evaluate.solver.world import Ghost, Term, UnsupportedError, World
from dualprev_rules.facts.types import Bool, Date, Enum, ListOf, Number, SetOf
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
    Lookup,
    Node,
    Not,
    Param,
    Quantify,
    RuleState,
    Scale,
    Var,
)
from dualprev_rules.pack.model import Definition, Rule, Ruleset

Env = Mapping[str, Any]
"""``self`` and the loop variables: a Ghost (None: no such record), or a Term."""


class Translation:
    """Says what conditions of a ruleset are in a world."""

    def __init__(self, ruleset: Ruleset, world: World) -> None:
        self.ruleset = ruleset
        self.world = world
        self._outcomes: dict[tuple[Ghost, str], tuple[Bit, Bit]] = {}
        self._defined: dict[tuple[Ghost, str, str], Term] = {}

    # --- rules and definitions --------------------------------------------------------------------

    def outcome(self, rule: Rule, record: Ghost) -> tuple[Bit, Bit]:
        """Return where a rule applies to a record, and where it is violated."""
        found = self._outcomes.get((record, rule.id))
        if found is None:
            if rule.not_encoded is not None:
                raise UnsupportedError(rule.not_encoded)
            env = {"self": record}
            guards = [self.bit(e.node, env) for e in (rule.dated, rule.applies) if e is not None]
            applies = all_of(*guards)
            violated = self.bit(rule.violated.node, env)
            excused = self.bit(rule.unless.node, env) if rule.unless is not None else False
            found = self._outcomes[record, rule.id] = applies, all_of(applies, violated, no(excused))
        return found

    def define(self, definition: Definition, record: Ghost) -> Term:
        """Return the value of a definition for a record."""
        key = record, definition.entity, definition.name
        found = self._defined.get(key)
        if found is None:
            found = self._defined[key] = self.world.simplified(self._define(definition, record))
        return found

    def _define(self, definition: Definition, record: Ghost) -> Term:
        if definition.not_encoded is not None:
            return self.nothing(definition.type)
        env = {"self": record}
        body = self.value(definition.body.node, env)
        if definition.when is None:
            return body
        when = self.bit(definition.when.node, env)
        absent = any_of(no(when), body.absent)
        self.world.lacks(absent)
        if isinstance(definition.type, SetOf):
            free = self.world.free(definition.type)
            return Term({m: either(when, body.value[m], free[m]) for m in free}, absent)
        free = self.world.free(definition.type, definition.range)
        return Term(either(when, body.value, free), absent)

    def nothing(self, kind: Any) -> Term:
        """Return *no value* of a type."""
        self.world.lacks(True)
        return Term(self.world.free(kind), True)

    # --- nodes ------------------------------------------------------------------------------------

    def value(self, node: Node, env: Env) -> Term:
        """Return the value of a node."""
        handler = _HANDLERS.get(type(node))
        if handler is None:
            raise UnsupportedError(type(node).__name__)
        return handler(self, node, env)

    def bit(self, node: Node, env: Env) -> Bit:
        """Return whether a condition holds."""
        return self.value(node, env).value

    def record(self, node: Node, env: Env) -> Ghost | None:
        """Return the record that a node is; None where there is none."""
        match node:
            case Var(name=name):
                found = env[name]
                return found if isinstance(found, Ghost) else None
            case Climb(of=of, entity=entity):
                holder = self.record(of, env)
                self.world.climbed.add(entity)
                return holder.above(entity) if holder is not None else None
            case _:
                raise UnsupportedError("record")

    def records(self, node: Node, env: Env) -> list[Ghost]:
        """Return the records that a list may hold."""
        if not isinstance(node, Get):
            raise UnsupportedError("list")
        holder = self.record(node.of, env)
        if holder is None:
            raise UnsupportedError("list of no record")
        return self.world.list_of(holder, holder.entity.attributes[node.name])

    def _var(self, node: Var, env: Env) -> Term:
        found = env[node.name]
        if not isinstance(found, Term):
            raise UnsupportedError("record")
        return found

    def _constant(self, node: Const | Param, env: Env) -> Term:
        value = node.value
        if isinstance(value, bool):
            return Term(value)
        return Term(self.world.symbol(value) if isinstance(value, str) else exact(value))

    def _as_of(self, node: AsOf, env: Env) -> Term:
        return Term(exact(Fraction(self.ruleset.as_of.toordinal())))

    def _get(self, node: Get, env: Env) -> Term:
        holder = self.record(node.of, env)
        if holder is None:
            return self.nothing(node.type)
        return self.world.fact(holder, node.name)

    def _derived(self, node: Derived, env: Env) -> Term:
        holder = self.record(node.of, env)
        if holder is None:
            return self.nothing(node.type)
        return self.define(self.ruleset.definitions[node.entity, node.name], holder)

    def _rule(self, node: RuleState, env: Env) -> Term:
        holder = self.record(node.of, env)
        if holder is None:
            return Term(self.world.free(Bool()))
        return Term(self.outcome(self.ruleset.rules[node.rule], holder)[1])

    # --- logic and comparison ---------------------------------------------------------------------

    def _not(self, node: Not, env: Env) -> Term:
        return Term(no(self.bit(node.of, env)))

    def _logic(self, node: Logic, env: Env) -> Term:
        parts = [self.bit(operand, env) for operand in node.operands]
        return Term((all_of if node.op == "and" else any_of)(*parts))

    def _compare(self, node: Compare, env: Env) -> Term:
        shifted = self._shifted(node, env)
        if shifted is not None:
            return Term(shifted)
        left, right = self.value(node.left, env).value, self.value(node.right, env).value
        kind = node.left.type
        if isinstance(kind, Enum) and node.op not in ("==", "!="):
            left, right = (self._position(side, kind) for side in (left, right))
        elif isinstance(kind, SetOf | ListOf) or isinstance(left, dict):
            raise UnsupportedError("comparison of sets")
        return Term(OPERATORS[node.op](left, right))

    def _position(self, value: Real, kind: Enum) -> Real:
        members = [self.world.symbol(member) for member in kind.members]
        return reduce(
            lambda rest, at: either(value == members[at], at, rest),
            range(len(members) - 2, -1, -1),
            len(members) - 1,
        )

    def _shifted(self, node: Compare, env: Env) -> Bit | None:
        """Return a comparison of a day so many months later with a day that stands, exactly: by the days."""
        for side, other, turned in ((node.left, node.right, False), (node.right, node.left, True)):
            end = standing(other, self.ruleset.as_of)
            if end is None or not shifts(side):
                continue
            assert isinstance(side, Call)
            op = TURNED.get(node.op, node.op) if turned else node.op
            start, months = self.value(side.args[0], env).value, months_of(side)
            if months is not None:
                return lies(op, start, months, end)
            times = self.value(side.args[1], env).value
            unit = 12 if side.function == "add_years" else 1
            few = range(MOST_TIMES + 1)
            parts = [all_of(times == n, lies(op, start, n * unit, end)) for n in few]
            further = OPERATORS[op](self._later(side, env), exact(end))
            return any_of(*parts, all_of(no(any_of(*(times == n for n in few))), further))
        return None

    def _is_in(self, node: IsIn, env: Env) -> Term:
        item = self.value(node.item, env).value
        return Term(any_of(*(item == self.value(option, env).value for option in node.options)))

    def _has(self, node: Has, env: Env) -> Term:
        group = self.set_of(node.of, env)
        item = self.value(node.item, env).value
        return Term(any_of(*(all_of(item == self.world.symbol(m), inside) for m, inside in group.items())))

    def set_of(self, node: Node, env: Env) -> dict[str, Bit]:
        """Return for each member of a set whether it is in it."""
        value = self.value(node, env).value
        if not isinstance(value, dict):
            raise UnsupportedError("set")
        return value  # pyright: ignore[reportUnknownVariableType]

    # --- numbers ----------------------------------------------------------------------------------

    def _arith(self, node: Arith, env: Env) -> Term:
        left, right = self.value(node.left, env).value, self.value(node.right, env).value
        match node.op:
            case "+":
                return Term(left + right)
            case "-":
                return Term(left - right)
            case "*":
                return Term(left * right)
            case "/":
                if z3().is_rational_value(right) and right.numerator_as_long():
                    return Term(left / right)
                quotient = self.world.free(Number())
                absent = right == 0
                self.world.bound.append(any_of(absent, quotient * right == left))
                self.world.lacks(absent)
                return Term(quotient, absent)

    def _scale(self, node: Scale, env: Env) -> Term:
        of = self.value(node.of, env)
        return Term(of.value * exact(node.factor) + exact(node.offset), of.absent)

    def _choose(self, node: Choose, env: Env) -> Term:
        condition = self.bit(node.condition, env)
        then, otherwise = self.value(node.then, env), self.value(node.otherwise, env)
        absent = either(condition, then.absent, otherwise.absent)
        if isinstance(node.type, SetOf):
            one, other = self.set_of(node.then, env), self.set_of(node.otherwise, env)
            return Term({member: either(condition, one[member], other[member]) for member in one}, absent)
        return Term(either(condition, then.value, otherwise.value), absent)

    def _call(self, node: Call, env: Env) -> Term:
        if node.function in ("add_months", "add_years"):
            return Term(self._later(node, env))
        args = [self.value(arg, env) for arg in node.args]
        values = [arg.value for arg in args]
        match node.function:
            case "coalesce":
                return reduce(_coalesce, args)
            case "min" | "max" as kind:
                return Term(reduce(lambda a, b: extreme(kind, a, b), values))
            case "abs":
                return Term(either(values[0] >= 0, values[0], -values[0]))
            case "known":
                return Term(no(args[0].absent))
            case "count_true":
                return Term(_count(values))
            case "at_least":
                return Term(_count(values[1:]) >= values[0])
            case "days_between":
                return Term(values[1] - values[0])
            case name:
                raise UnsupportedError(name)

    def _later(self, node: Call, env: Env) -> Real:
        """Return a day so many months later, within what months may have of days."""
        start, months = self.value(node.args[0], env).value, months_of(node)
        day = standing(node.args[0], self.ruleset.as_of)
        if day is not None and months is not None:
            return exact(shift(day, months))
        later = self.world.free(Date())
        least, most = (365, 366) if node.function == "add_years" else (28, 31)
        times = self.value(node.args[1], env).value
        ahead = all_of(later >= start + least * times, later <= start + most * times)
        back = all_of(later <= start + least * times, later >= start + most * times)
        forward = any_of(ahead, later == date.max.toordinal())
        self.world.bound.append(either(times >= 0, forward, any_of(back, later == 1)))
        return later

    # --- over records and sets --------------------------------------------------------------------

    def _members(self, node: Quantify | Aggregate, env: Env) -> list[tuple[Bit, Env]]:
        """Return for each member whether it counts, and the environment in which it is asked."""
        if isinstance(node.over.type, ListOf):
            things = [(ghost.present, ghost) for ghost in self.records(node.over, env)]
        else:
            group = self.set_of(node.over, env).items()
            things = [(inside, Term(self.world.symbol(member))) for member, inside in group]
        found: list[tuple[Bit, Env]] = []
        for there, thing in things:
            inner = {**env, node.var: thing}
            where = self.bit(node.where, inner) if node.where is not None else True
            found.append((all_of(there, where), inner))
        return found

    def _quantify(self, node: Quantify, env: Env) -> Term:
        terms = [(counts, self.bit(node.body, inner)) for counts, inner in self._members(node, env)]
        if node.kind == "any":
            return Term(any_of(*(all_of(*term) for term in terms)))
        return Term(all_of(*(any_of(no(counts), met) for counts, met in terms)))

    def _aggregate(self, node: Aggregate, env: Env) -> Term:
        members = self._members(node, env)
        if node.body is None:
            return Term(_count([counts for counts, _ in members]))
        terms = [(counts, self.value(node.body, inner).value) for counts, inner in members]
        zero = exact(Fraction(0))
        if node.kind == "sum":
            total = reduce(lambda total, t: total + either(t[0], t[1], zero), terms, zero)
            if self.world.rests is None or not terms or not isinstance(node.over.type, ListOf):
                return Term(total)
            counts, term = terms[-1]
            return Term(total + self.world.rest(node, all_of(counts, term < 0)))
        assert node.default is not None
        default = self.value(node.default, env)
        some, best = False, default.value
        for counts, term in terms:
            better = either(some, extreme(node.kind, best, term), term)
            best, some = either(counts, better, best), any_of(some, counts)
        return Term(best, all_of(default.absent, no(some)))

    def _lookup(self, node: Lookup, env: Env) -> Term:
        raise UnsupportedError("row")

    def _column(self, node: Column, env: Env) -> Term:
        if not isinstance(node.row, Lookup):
            raise UnsupportedError("row")
        return column(self, node, look_up(self, node.row, env))

    def _decide(self, node: Decide, env: Env) -> Term:
        return decide(self, node, env)


def _coalesce(a: Term, b: Term) -> Term:
    return Term(either(a.absent, b.value, a.value), all_of(a.absent, b.absent))


def _count(bits: list[Bit]) -> Real:
    one, zero = exact(Fraction(1)), exact(Fraction(0))
    return reduce(lambda total, bit: total + either(bit, one, zero), bits, zero)


_HANDLERS: dict[type[Node], Callable[[Translation, Any, Env], Term]] = {
    Aggregate: Translation._aggregate,  # pyright: ignore[reportPrivateUsage]
    Arith: Translation._arith,  # pyright: ignore[reportPrivateUsage]
    AsOf: Translation._as_of,  # pyright: ignore[reportPrivateUsage]
    Call: Translation._call,  # pyright: ignore[reportPrivateUsage]
    Choose: Translation._choose,  # pyright: ignore[reportPrivateUsage]
    Column: Translation._column,  # pyright: ignore[reportPrivateUsage]
    Compare: Translation._compare,  # pyright: ignore[reportPrivateUsage]
    Const: Translation._constant,  # pyright: ignore[reportPrivateUsage]
    Decide: Translation._decide,  # pyright: ignore[reportPrivateUsage]
    Derived: Translation._derived,  # pyright: ignore[reportPrivateUsage]
    Get: Translation._get,  # pyright: ignore[reportPrivateUsage]
    Has: Translation._has,  # pyright: ignore[reportPrivateUsage]
    IsIn: Translation._is_in,  # pyright: ignore[reportPrivateUsage]
    Logic: Translation._logic,  # pyright: ignore[reportPrivateUsage]
    Lookup: Translation._lookup,  # pyright: ignore[reportPrivateUsage]
    Not: Translation._not,  # pyright: ignore[reportPrivateUsage]
    Param: Translation._constant,  # pyright: ignore[reportPrivateUsage]
    Quantify: Translation._quantify,  # pyright: ignore[reportPrivateUsage]
    RuleState: Translation._rule,  # pyright: ignore[reportPrivateUsage]
    Scale: Translation._scale,  # pyright: ignore[reportPrivateUsage]
    Var: Translation._var,  # pyright: ignore[reportPrivateUsage]
}
