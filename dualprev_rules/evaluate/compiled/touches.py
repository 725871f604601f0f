"""Which facts an outcome may rest on: every attribute that its conditions can reach."""

from __future__ import annotations

from collections.abc import Iterable

from dualprev_rules.facts.types import Rec
from dualprev_rules.lang.tree import Climb, Derived, Get, Lookup, Node, RuleState, walk
from dualprev_rules.pack.model import Rule, Ruleset

Touched = frozenset[tuple[str, str]]
"""Entity and attribute."""


class Touches:
    """Answers for the rules of one ruleset; keeps what it has found."""

    def __init__(self, ruleset: Ruleset) -> None:
        self._ruleset = ruleset
        self._found: dict[object, Touched] = {}
        self._climbed: dict[tuple[str, str], bool] = {}

    def __call__(self, rule: Rule) -> Touched:
        """Return the facts that a rule may rest on."""
        parts = (rule.dated, rule.applies, rule.violated, rule.unless)
        return self._kept(rule.id, [e.node for e in parts if e is not None])

    def climbs(self, rule: Rule) -> bool:
        """Tell whether a rule, or what it rests on, asks for a record above."""
        parts = (rule.dated, rule.applies, rule.violated, rule.unless)
        return any(self._climbing(e.node) for e in parts if e is not None)

    def _climbing(self, root: Node) -> bool:
        return any(self._climbs_at(node) for node in walk(root))

    def _climbs_at(self, node: Node) -> bool:
        ruleset = self._ruleset
        match node:
            case Climb():
                return True
            case Derived(entity=entity, name=name):
                key = (entity, name)
                if key not in self._climbed:
                    definition = ruleset.definitions[key]
                    parts = (definition.when, definition.body)
                    self._climbed[key] = any(self._climbing(e.node) for e in parts if e is not None)
                return self._climbed[key]
            case RuleState(rule=rule):
                return self.climbs(ruleset.rules[rule])
            case Lookup(table=table):
                rows = ruleset.tables[table].rows
                return any(self._climbing(row.when.node) for row in rows if row.when is not None)
            case _:
                return False

    def _kept(self, key: object, nodes: Iterable[Node]) -> Touched:
        found = self._found.get(key)
        if found is None:
            touched: set[tuple[str, str]] = set()
            for root in nodes:
                for node in walk(root):
                    touched.update(self._node(node))
            found = self._found[key] = frozenset(touched)
        return found

    def _node(self, node: Node) -> Iterable[tuple[str, str]]:
        match node:
            case Get(of=of, name=name) if isinstance(of.type, Rec):
                return ((of.type.entity, name),)
            case Derived(entity=entity, name=name):
                definition = self._ruleset.definitions[entity, name]
                parts = (definition.when, definition.body)
                return self._kept((entity, name), [e.node for e in parts if e is not None])
            case RuleState(rule=rule):
                return self(self._ruleset.rules[rule])
            case Lookup(table=table):
                rows = self._ruleset.tables[table].rows
                return self._kept(("table", table), [row.when.node for row in rows if row.when is not None])
            case _:
                return ()
