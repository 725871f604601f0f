"""Make closures of nodes, definitions and rules when they are first asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate.compiled.exact.held import Env, Exact, Held, lift, lower, told
from dualprev_rules.evaluate.compiled.layout import HEAD, Layout, OpenList, Row
from dualprev_rules.evaluate.reference import every_of
from dualprev_rules.facts.possible import Absent, Value, bounded
from dualprev_rules.facts.types import Bool, ListOf, Rec
from dualprev_rules.lang.scope import Function
from dualprev_rules.lang.tree import Climb, Derived, Get, Lookup, Node, RuleState, Var, walk
from dualprev_rules.pack.model import Definition, Expression, Rule, Ruleset

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.runtime import Case

Make = Callable[["Exactly", Any], Exact]
OfRow = Callable[["Case", Row], Held]


class Exactly:
    """The closures of one ruleset. Nothing in it depends on facts; two threads may make the same one."""

    def __init__(
        self,
        ruleset: Ruleset,
        functions: Mapping[str, Function],
        layouts: Mapping[str, Layout],
        made_by: Mapping[type[Node], Make],
    ) -> None:
        self.ruleset = ruleset
        self.functions = functions
        self.layouts = layouts
        self._made_by = made_by
        self._nodes: dict[int, tuple[Node, Exact]] = {}
        self._definitions: dict[tuple[str, str], OfRow] = {}
        self._states: dict[str, OfRow] = {}
        self._numbers = count()

    def of(self, node: Node) -> Exact:
        """Return the closure of a node."""
        found = self._nodes.get(id(node))
        if found is None:
            found = self._nodes[id(node)] = (node, self._made_by[type(node)](self, node))
        return found[1]

    def truth(self, expressions: list[Expression]) -> Callable[[Case, Env], bool | None]:
        """Return the closure of whether all of some conditions hold."""
        parts = [self.of(expression.node) for expression in expressions]

        def run(case: Case, env: Env) -> bool | None:
            found: bool | None = True
            for part in parts:
                met = told(part(case, env))
                if met is False:
                    return False
                if met is None:
                    found = None
            return found

        return run

    def violated(self, rule: Rule) -> OfRow:
        """Return whether a rule is violated: it applies, is broken, and nothing excuses that."""
        found = self._states.get(rule.id)
        if found is None:
            parts = (rule.dated, rule.applies, rule.violated)
            broken = self.truth([part for part in parts if part is not None])
            excused = self.truth([rule.unless]) if rule.unless is not None else None

            def run(case: Case, row: Row) -> bool | None:
                env = {"self": row}
                met = broken(case, env)
                if met is False or excused is None:
                    return met
                excuse = excused(case, env)
                if excuse is True:
                    return False
                return met if excuse is False else None

            found = self._states[rule.id] = self._kept(run)
        return found

    def definition(self, entity: str, name: str) -> OfRow:
        """Return the value of a definition for a row."""
        found = self._definitions.get((entity, name))
        if found is None:
            definition = self.ruleset.definitions[entity, name]
            of = self._kept(self._defined(definition))
            found = self._blank_once(entity, [definition.body, definition.when], of)
            self._definitions[entity, name] = found
        return found

    def condition(self, entity: str, condition: Expression) -> OfRow:
        """Return whether a condition holds of a row."""
        met = self.truth([condition])
        return self._blank_once(entity, [condition], lambda case, row: met(case, {"self": row}))

    def _defined(self, definition: Definition) -> OfRow:
        kind = definition.type
        within = every_of(kind, definition.range)
        gone = Value(None, Absent.SURELY, within=within)
        if definition.not_encoded is not None and not isinstance(kind, ListOf):
            return lambda case, row: gone
        when = self.truth([definition.when]) if definition.when is not None else None
        body = self.of(definition.body.node)
        if isinstance(kind, ListOf):
            entity = kind.of.entity

            def listed(case: Case, row: Row) -> Held:
                env = {"self": row}
                if definition.not_encoded is None and (when is None or when(case, env)):
                    return body(case, env)
                return OpenList([], case.stranger(entity))

            return listed
        limited = bounded(definition.range)

        def run(case: Case, row: Row) -> Held:
            env = {"self": row}
            applies = True if when is None else when(case, env)
            if applies is False:
                return gone
            held = body(case, env)
            if applies and not limited:
                return held
            value = lift(held)
            absent = value.absent
            if applies is None and absent is Absent.NEVER:
                absent = Absent.POSSIBLY
            return lower(Value(value.possible, absent, within=within))

        return run

    def _kept(self, of: OfRow) -> OfRow:
        """Return the same, found once for a row in one assessment."""
        number = next(self._numbers)

        def run(case: Case, row: Row) -> Held:
            kept = case.exact
            key = (id(row), number)
            if key in kept:
                return kept[key]
            found = kept[key] = of(case, row)
            return found

        return run

    def _blank_once(self, entity: str, parts: list[Expression | None], of: OfRow) -> OfRow:
        """Return the same; what it is of a record of which it knows nothing is found once and for all."""
        slots = self._own(entity, parts)
        if slots is None:
            return of
        blank: list[Held] = []

        def run(case: Case, row: Row) -> Held:
            for slot in slots:
                if row[slot] is not None:
                    return of(case, row)
            if not blank:
                blank.append(of(case, row))
            return blank[0]

        return run

    def _own(self, entity: str, parts: list[Expression | None]) -> tuple[int, ...] | None:
        """Return the slots that expressions rest on; None where they rest on more than their own record."""
        slots: set[int] = set()
        waiting = list(parts)
        layout = self.layouts[entity]
        while waiting:
            expression = waiting.pop()
            for node in walk(expression.node) if expression is not None else ():
                match node:
                    case Climb() | RuleState():
                        return None
                    case Get(of=Var(name="self"), name=name):
                        attribute = layout.entity.attributes[name]
                        silent = attribute.absent_is_none and isinstance(attribute.type, Bool)
                        if silent or isinstance(attribute.type, ListOf | Rec):
                            return None
                        slots.add(layout.slots[name])
                    case Get():
                        return None
                    case Derived(of=Var(name="self"), name=name):
                        inner = self.ruleset.definitions[entity, name]
                        waiting += [inner.body, inner.when]
                    case Derived():
                        return None
                    case Lookup(table=table, of=of):
                        if not (isinstance(of, Var) and of.name == "self"):
                            return None
                        waiting += [row.when for row in self.ruleset.tables[table].rows]
                    case _:
                        pass
        assert all(slot >= HEAD for slot in slots)
        return tuple(slots)
