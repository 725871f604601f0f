"""What a rule means: the reference evaluator, exact, unknown-aware, short and obvious.

Every operand is evaluated (nothing is cut short), so that a recorded trace shows the whole tree.
Faster evaluators are held to this one by differential tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from typing import Any, TypeVar

from dualprev_rules.evaluate import aggregate, calendar, decision, lookup, values
from dualprev_rules.evaluate.outcome import Outcome
from dualprev_rules.evaluate.trace import Step
from dualprev_rules.evaluate.values import FALSE, TRUE, decided, make, truth, union
from dualprev_rules.facts.possible import (
    EVERY_NUMBER,
    Absent,
    Cause,
    Finite,
    Items,
    Numbers,
    Value,
    bounded,
)
from dualprev_rules.facts.record import Record
from dualprev_rules.facts.schema import anything, every
from dualprev_rules.facts.types import Date, Enum, ListOf, Number, Rec, Row, Type
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
    Lookup,
    Node,
    Not,
    Param,
    Quantify,
    RuleState,
    Scale,
    Var,
)
from dualprev_rules.pack.model import Definition, Expression, Rule, Ruleset

Env = Mapping[str, Value]
Found = TypeVar("Found", Value, Outcome)


@dataclass(slots=True)
class Reference:
    """Evaluates the trees of one ruleset over facts; values of definitions and rules are kept."""

    ruleset: Ruleset
    functions: Mapping[str, Function] = field(default_factory=dict[str, Function])
    overlay: Mapping[tuple[Record, str], Value] = field(default_factory=dict[tuple[Record, str], Value])
    """Values tried in place of facts, by record and attribute."""
    before: Reference | None = None
    """The evaluation in which nothing is tried: what did not rest on the fact holds still."""
    tried: str = ""
    """The path of the fact that is tried."""
    tracing: bool = False
    derived: dict[tuple[Record, str, str], Value] = field(default_factory=dict[Any, Value])
    outcomes: dict[tuple[str, Record], Outcome] = field(default_factory=dict[Any, Outcome])
    traces: dict[tuple[int, Record], Step] = field(default_factory=dict[Any, Step])
    """While tracing: what was recorded of each expression (by its ``id``) about each record."""
    _stack: list[Step] = field(default_factory=list[Step])
    _expression: Expression | None = None

    # --- rules and definitions ------------------------------------------------------------------

    def outcome(self, rule: Rule, record: Record) -> Outcome:
        """Return what ``rule`` says of ``record`` (semantics, *Classifications and rules*)."""
        key = (rule.id, record)
        found = self.outcomes.get(key)
        if found is None and self.before is not None:
            found = self._still(self.before.outcomes.get(key))
        if found is None:
            found = self.outcomes[key] = self._outcome(rule, record)
        return found

    def _outcome(self, rule: Rule, record: Record) -> Outcome:
        env = {"self": Value((record,))}
        guards = [self.run(e, env) for e in (rule.dated, rule.applies) if e is not None]
        applies = values.conjunction(guards)
        violated = self.run(rule.violated, env)
        unless = self.run(rule.unless, env) if rule.unless is not None else Value(FALSE)
        possible: set[str] = set()
        if False in truth(applies):
            possible.add("not_applicable")
        if True in truth(applies):
            if False in truth(violated):
                possible.add("compliant")
            if True in truth(violated):
                possible |= {"violated" if not t else "not_applicable" for t in truth(unless)}
        causes = applies.causes
        if True in truth(applies):
            causes = causes | violated.causes
            if True in truth(violated):
                causes = causes | unless.causes
        if len(possible) == 1:
            code: Any = next(iter(possible))
            return Outcome(rule, record, code, frozenset(possible))
        presumed = truth(applies) == TRUE and truth(violated) == TRUE
        return Outcome(rule, record, "undetermined", frozenset(possible), presumed, causes)

    def define(self, definition: Definition, record: Record) -> Value:
        """Return the value of a definition for a record."""
        key = (record, definition.entity, definition.name)
        found = self.derived.get(key)
        if found is None and self.before is not None:
            found = self._still(self.before.derived.get(key))
        if found is None:
            found = self.derived[key] = self._define(definition, record)
        return found

    def trial(self, facts: Mapping[tuple[Record, str], Value], path: str) -> Reference:
        """Return an evaluation in which values are tried for the fact at ``path`` (and what inherits it)."""
        empty: Any = {}
        return replace(self, overlay=facts, before=self, tried=path, derived=empty, outcomes={})

    def _still(self, found: Found | None) -> Found | None:
        """Return what was found before if it does not rest on the fact that is tried."""
        if found is None or any(cause.path == self.tried for cause in found.causes):
            return None
        return found

    def _define(self, definition: Definition, record: Record) -> Value:
        within = every_of(definition.type, definition.range)
        if definition.not_encoded is not None:
            return values.no_value(Cause(definition.not_encoded, "not_encoded"), within)
        env = {"self": Value((record,))}
        when = self.run(definition.when, env) if definition.when is not None else Value(TRUE)
        value = self.run(definition.body, env)
        if truth(when) == FALSE:
            return values.no_value(Cause(f"{record.path}.{definition.name}", "gap"), within)
        absent = value.absent
        if truth(when) != TRUE and absent is Absent.NEVER:
            absent = Absent.POSSIBLY
        if truth(when) == TRUE and not bounded(definition.range):
            within = value.within
        # The range stands in the place of no value only: were it to cut what the body may be, a fact
        # that leads out of it would change what had been decided.
        return make(value.possible, value.causes | when.causes, absent, within)

    def run(self, expression: Expression, env: Env) -> Value:
        """Return the value of an expression of the pack."""
        if not self.tracing:
            return self.value(expression.node, env)
        before, self._expression = self._expression, expression
        outside = Step(expression.node, expression)
        self._stack.append(outside)
        try:
            value = self.value(expression.node, env)
        finally:
            self._stack.pop()
            self._expression = before
        (step,) = outside.steps
        self.traces[id(expression), env["self"].possible[0]] = step
        if self._stack:
            self._stack[-1].steps.append(step)
        return value

    def value(self, node: Node, env: Env) -> Value:
        """Return the value of a node, where ``env`` gives ``self`` and the loop variables."""
        if not self.tracing:
            return _HANDLERS[type(node)](self, node, env)
        step, stack = Step(node, self._expression), self._stack
        stack[-1].steps.append(step)
        stack.append(step)
        try:
            step.value = value = _HANDLERS[type(node)](self, node, env)
        finally:
            stack.pop()
        return value

    def trace(self, expression: Expression, record: Record) -> Step:
        """Return the recorded steps of an expression asked of a record; the evaluation must be tracing."""
        found = self.traces.get((id(expression), record))
        if found is None:
            self.run(expression, {"self": Value((record,))})
            found = self.traces[id(expression), record]
        return found

    def note(self, note: Any) -> None:
        """Record in the trace what the current node's value was taken from."""
        if self.tracing:
            self._stack[-1].note = note

    # --- names ----------------------------------------------------------------------------------

    def _var(self, node: Var, env: Env) -> Value:
        return env[node.name]

    def _constant(self, node: Const | Param, env: Env) -> Value:
        return decided(node.value)

    def _as_of(self, node: AsOf, env: Env) -> Value:
        return decided(Fraction(self.ruleset.as_of.toordinal()))

    def _get(self, node: Get, env: Env) -> Value:
        holder = self._holder(node.of, env)
        self.note(holder.possible)
        return self._of_each(holder, node.type, lambda record: self.fact(record, node.name))

    def fact(self, record: Record, name: str) -> Value:
        """Return a fact, or what is tried in its place."""
        tried = self.overlay.get((record, name)) if self.overlay else None
        return record.value(name) if tried is None else tried

    def _derived(self, node: Derived, env: Env) -> Value:
        definition = self.ruleset.definitions[node.entity, node.name]

        def define(record: Record) -> Value:
            value = self.define(definition, record)
            self.note((definition, record))
            return value

        return self._of_each(self._holder(node.of, env), node.type, define)

    def _holder(self, of: Node, env: Env) -> Value:
        """Return the record that something is taken of; a variable is no step of its own in a trace."""
        return env[of.name] if isinstance(of, Var) else self.value(of, env)

    def _of_each(self, holder: Value, kind: Type, of: Callable[[Record], Value]) -> Value:
        """Take something of the record that ``holder`` is; anything where that is open."""
        found = [of(record) for record in holder.possible or ()]
        if holder.known:
            return found[0]
        if isinstance(kind, ListOf):
            return Value(self.some_list(kind, holder), causes=holder.causes)
        # The record meant may be one whose fact contradicts its declaration.
        whole: Any = () if isinstance(kind, Rec | Row) else anything(kind)
        if holder.absent is Absent.SURELY:
            return Value(None, Absent.SURELY, holder.causes, whole)
        parts = found or [Value(whole, within=whole)]
        if holder.absent:
            parts.append(Value(None, Absent.SURELY, within=whole))
        return union(parts, holder.causes)

    def some_list(self, kind: ListOf, holder: Value) -> Items:
        """Return a list of which nothing is known: any number of records, all of their facts open."""
        cause = min(holder.causes)
        schema = self.ruleset.schema
        path = f"{cause.path}[?]"
        return Items((), Record(schema.entities[kind.of.entity], path, path, None, {}, cause, schema))

    def _climb(self, node: Climb, env: Env) -> Value:
        (record,) = self.value(node.of, env).possible
        above = record.parent if node.entity is None else record.ancestor(node.entity)
        if above is not None:
            return Value((above,))
        top = record
        while top.parent is not None:
            top = top.parent
        # A record given on its own has a holder that we were not told of; under an enterprise
        # that was given, there is none.
        if top.entity.name == "enterprise":
            return values.no_value(Cause(f"{record.path}.{node.entity or 'parent'}", "gap"), ())
        return Value((), causes=frozenset((Cause(f"{record.path}.{node.entity or 'parent'}"),)))

    # --- logic, comparison, arithmetic ----------------------------------------------------------

    def _not(self, node: Not, env: Env) -> Value:
        return values.negate(self.value(node.of, env))

    def _logic(self, node: Logic, env: Env) -> Value:
        operands = [self.value(operand, env) for operand in node.operands]
        return (values.conjunction if node.op == "and" else values.disjunction)(operands)

    def _compare(self, node: Compare, env: Env) -> Value:
        kind = node.left.type
        order = kind.members if isinstance(kind, Enum) and kind.ordered else ()
        return values.compare(node.op, self.value(node.left, env), self.value(node.right, env), order)

    def _is_in(self, node: IsIn, env: Env) -> Value:
        return values.is_in(self.value(node.item, env), [self.value(o, env) for o in node.options])

    def _has(self, node: Has, env: Env) -> Value:
        return values.has(self.value(node.item, env), self.value(node.of, env))

    def _arith(self, node: Arith, env: Env) -> Value:
        result = values.arithmetic(node.op, self.value(node.left, env), self.value(node.right, env))
        if result.absent and not result.causes:
            (record,) = env["self"].possible
            return values.no_value(Cause(f"{record.path}: / 0", "gap"), result.within)
        return result

    def _scale(self, node: Scale, env: Env) -> Value:
        return values.scale(self.value(node.of, env), node.factor, node.offset)

    def _choose(self, node: Choose, env: Env) -> Value:
        condition = self.value(node.condition, env)
        then, otherwise = self.value(node.then, env), self.value(node.otherwise, env)
        if truth(condition) == TRUE:
            return then
        if truth(condition) == FALSE:
            return otherwise
        return union((then, otherwise), condition.causes)

    # --- over records and sets ------------------------------------------------------------------

    def _quantify(self, node: Quantify, env: Env) -> Value:
        return aggregate.quantify(self, node, env)

    def _aggregate(self, node: Aggregate, env: Env) -> Value:
        return aggregate.aggregate(self, node, env)

    # --- functions, tables, rules ---------------------------------------------------------------

    def _call(self, node: Call, env: Env) -> Value:
        args = [self.value(arg, env) for arg in node.args]
        match node.function:
            case "coalesce":
                return reduce(_coalesce, args)
            case "min" | "max" as kind:
                return reduce(lambda a, b: values.extreme(kind, a, b), args)
            case "abs":
                return values.absolute(args[0])
            case "known":
                return decided(args[0].known)
            case "count_true":
                return values.count_true(args)
            case "at_least":
                return values.compare(">=", values.count_true(args[1:]), args[0])
            case "days_between":
                return values.arithmetic("-", args[1], args[0])
            case "add_months":
                return calendar.add_months(args[0], args[1], 1)
            case "add_years":
                return calendar.add_months(args[0], args[1], 12)
            case name:
                return self._foreign(self.functions[name], args)

    def _foreign(self, function: Function, args: list[Value]) -> Value:
        causes = values.NO_CAUSES.union(*(arg.causes for arg in args))
        if all(arg.known for arg in args):
            known = [
                arg.possible.low if isinstance(arg.possible, Finite) else next(iter(arg.possible))
                for arg in args
            ]
            result = function.call(*known)
            return decided(Fraction(str(result)) if isinstance(function.result, Number | Date) else result)
        return Value(every_of(function.result, EVERY_NUMBER), causes=causes)

    def _lookup(self, node: Lookup, env: Env) -> Value:
        return lookup.look_up(self, node, env)

    def _column(self, node: Column, env: Env) -> Value:
        return lookup.column(node, self.value(node.row, env))

    def _decide(self, node: Decide, env: Env) -> Value:
        return decision.decide(self, node, env)

    def _rule(self, node: RuleState, env: Env) -> Value:
        holder = self.value(node.of, env)
        if not holder.known:
            return Value(values.EITHER, causes=holder.causes)
        outcome = self.outcome(self.ruleset.rules[node.rule], holder.possible[0])
        self.note(outcome)
        if "violated" not in outcome.possible:
            return Value(FALSE)
        return Value(TRUE) if outcome.code == "violated" else Value(values.EITHER, causes=outcome.causes)


def every_of(kind: Type, within: Numbers) -> Any:
    """Return all that a value of a type may be; of a reference or list nothing can be named."""
    return () if isinstance(kind, Rec | Row | ListOf) else every(kind, within)


def _coalesce(a: Value, b: Value) -> Value:
    """Return the first; where it surely has no value the second; where that is open, either."""
    if a.absent is Absent.NEVER:
        return a
    if a.absent is Absent.SURELY:
        return b
    first = Value(a.possible, causes=a.causes, within=a.within)
    return union((first, b), a.causes)


_HANDLERS: dict[type[Node], Callable[[Reference, Any, Env], Value]] = {
    Aggregate: Reference._aggregate,  # pyright: ignore[reportPrivateUsage]
    Arith: Reference._arith,  # pyright: ignore[reportPrivateUsage]
    AsOf: Reference._as_of,  # pyright: ignore[reportPrivateUsage]
    Call: Reference._call,  # pyright: ignore[reportPrivateUsage]
    Choose: Reference._choose,  # pyright: ignore[reportPrivateUsage]
    Climb: Reference._climb,  # pyright: ignore[reportPrivateUsage]
    Column: Reference._column,  # pyright: ignore[reportPrivateUsage]
    Compare: Reference._compare,  # pyright: ignore[reportPrivateUsage]
    Const: Reference._constant,  # pyright: ignore[reportPrivateUsage]
    Decide: Reference._decide,  # pyright: ignore[reportPrivateUsage]
    Derived: Reference._derived,  # pyright: ignore[reportPrivateUsage]
    Get: Reference._get,  # pyright: ignore[reportPrivateUsage]
    Has: Reference._has,  # pyright: ignore[reportPrivateUsage]
    IsIn: Reference._is_in,  # pyright: ignore[reportPrivateUsage]
    Logic: Reference._logic,  # pyright: ignore[reportPrivateUsage]
    Lookup: Reference._lookup,  # pyright: ignore[reportPrivateUsage]
    Not: Reference._not,  # pyright: ignore[reportPrivateUsage]
    Param: Reference._constant,  # pyright: ignore[reportPrivateUsage]
    Quantify: Reference._quantify,  # pyright: ignore[reportPrivateUsage]
    RuleState: Reference._rule,  # pyright: ignore[reportPrivateUsage]
    Scale: Reference._scale,  # pyright: ignore[reportPrivateUsage]
    Var: Reference._var,  # pyright: ignore[reportPrivateUsage]
}
