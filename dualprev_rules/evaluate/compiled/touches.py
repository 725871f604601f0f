"""Which facts an outcome may rest on: every attribute that its conditions can reach."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

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

    def __call__(self, rule: Rule) -> Touched:
        """Return the facts that a rule may rest on."""
        parts = (rule.dated, rule.applies, rule.violated, rule.unless)
        return self._kept(rule.id, [e.node for e in parts if e is not None])

    @cached_property
    def climbing(self) -> frozenset[str]:
        """The entities of records of which some condition, wherever it stands, asks for a record above."""
        ruleset = self._ruleset
        parts = [
            *(e for r in ruleset.rules.values() for e in (r.dated, r.applies, r.violated, r.unless)),
            *(e for d in ruleset.definitions.values() for e in (d.when, d.body)),
            *(row.when for table in ruleset.tables.values() for row in table.rows),
        ]
        nodes = (node for part in parts if part is not None for node in walk(part.node))
        asked = (node.of.type for node in nodes if isinstance(node, Climb))
        return frozenset(kind.entity for kind in asked if isinstance(kind, Rec))

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
