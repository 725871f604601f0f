"""Comparisons of a definition that may not apply, where nothing asks first whether it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dualprev_rules.lang.tree import (
    Call,
    Choose,
    Compare,
    Derived,
    Get,
    IsIn,
    Logic,
    Lookup,
    Node,
    children,
    walk,
)
from dualprev_rules.pack.model import Expression, Ruleset
from dualprev_rules.pack.resolve.faults import Faults

Read = tuple[str, str]
"""An attribute or definition: entity and name."""


def reads(node: Node) -> Iterator[Read]:
    """Yield every attribute and definition that a condition reads."""
    for part in walk(node):
        match part:
            case Get(of=of, name=name):
                entity = getattr(of.type, "entity", None)
                if entity is not None:
                    yield entity, name
            case Derived(entity=entity, name=name):
                yield entity, name
            case _:
                pass


def unguarded(rulesets: Sequence[Ruleset], packs: set[str], faults: Faults) -> None:
    """Note comparisons of a definition that may not apply, where nothing asks first whether it does."""
    for ruleset in rulesets:
        guards = _Guards(ruleset, faults)
        for definition in ruleset.definitions.values():
            if definition.pack in packs:
                guards.look(definition.body.node, guards.asked(definition.when), definition.body)
        for rule in ruleset.rules.values():
            if rule.pack not in packs:
                continue
            outside = guards.asked(rule.dated)
            given = outside | guards.asked(rule.applies)
            for expression, asked in ((rule.applies, outside), (rule.violated, given), (rule.unless, given)):
                if expression is not None:
                    guards.look(expression.node, asked, expression)


class _Guards:
    """Looks in the expressions of a ruleset for comparisons that nothing guards."""

    def __init__(self, ruleset: Ruleset, faults: Faults) -> None:
        self.definitions = ruleset.definitions
        self.faults = faults

    def asked(self, condition: Expression | None) -> frozenset[Read]:
        """Return the names that a condition asks, those within the definitions that it names included."""
        return self._names(condition.node) if condition is not None else frozenset()

    def _names(self, node: Node) -> frozenset[Read]:
        found: set[Read] = set()
        waiting = [node]
        while waiting:
            for read in reads(waiting.pop()):
                definition = self.definitions.get(read)
                if read not in found and definition is not None:
                    waiting.append(definition.body.node)
                found.add(read)
        return frozenset(found)

    def look(self, node: Node, known: frozenset[Read], of: Expression) -> None:
        """Walk down an expression; ``known`` are the names that conditions around it have asked already."""
        match node:
            case Compare() | IsIn():
                self._compared(node, known, of)
            case Logic(op="and", operands=operands):
                for operand in operands:
                    others = (self._names(other) for other in operands if other is not operand)
                    self.look(operand, known.union(*others), of)
            case Choose(condition=condition, then=then, otherwise=otherwise):
                self.look(condition, known, of)
                asked = known | self._names(condition)
                self.look(then, asked, of)
                self.look(otherwise, asked, of)
            case Lookup():
                pass
            case _:
                for child in children(node):
                    self.look(child, known, of)

    def _compared(self, node: Node, known: frozenset[Read], of: Expression) -> None:
        if any(isinstance(part, Call) and part.function == "coalesce" for part in walk(node)):
            return
        for read in reads(node):
            definition = self.definitions.get(read)
            when = definition.when if definition is not None else None
            if definition is not None and when is not None and known.isdisjoint(reads(when.node)):
                self.faults.warn("pack.unguarded", of.place, given=definition.id, nearest=when.text)
