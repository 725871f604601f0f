"""What the rules of areas ask of the outcomes at enterprises: by which rules, and of which kinds.

An area of thousands of enterprises has more outcomes than can be read at once, and its rules ask for few of
them. A loop over outcomes that wants certain ids or kinds (``o.rule_id == 'x'`` among what must hold) is
the same without all others; wherever outcomes are asked for in another way, every one of them counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dualprev_rules.facts.types import Rec
from dualprev_rules.lang.tree import (
    Aggregate,
    Compare,
    Get,
    Logic,
    Node,
    Quantify,
    Var,
    walk,
)
from dualprev_rules.pack.asked import KIND, OUTCOME, RULE, asked_rules, compared
from dualprev_rules.pack.model import Expression, Ruleset

_LIST = Rec("area_enterprise"), "outcomes"
_Wanted = frozenset[str] | None
"""Values of which one is wanted; None where any is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for; each loop has the ids and the kinds that it wants."""

    loops: tuple[tuple[_Wanted, _Wanted], ...]
    ids: frozenset[str]
    """Every id with which a rule's is compared, in whatever way."""

    def wants(self, rule: str, kind: str) -> bool:
        """Tell whether an outcome may change anything."""
        return any(
            (ids is None or rule in ids) and (kinds is None or kind in kinds) for ids, kinds in self.loops
        )


EVERYTHING = Asked(((None, None),), frozenset())


def asked_for(ruleset: Ruleset) -> Asked:
    """Return what the rules and definitions ask of outcomes at enterprises."""
    nodes = [node for body in _expressions(ruleset) if body is not None for node in walk(body.node)]
    loops = [node for node in nodes if isinstance(node, Quantify | Aggregate) and _is_list(node.over)]
    about = [*ruleset.rules.values(), *ruleset.definitions.values()]
    other = sum(map(_is_list, nodes)) > len(loops) or any(each.entity == OUTCOME for each in about)
    wanted = {(None, None)} if other else {_wanted(loop) for loop in loops}
    ids = [rule for body in _expressions(ruleset) if body is not None for rule in asked_rules(body)]
    return Asked(tuple(wanted), frozenset(ids))


def _expressions(ruleset: Ruleset) -> Iterator[Expression | None]:
    for rule in ruleset.rules.values():
        yield from (rule.dated, rule.applies, rule.violated, rule.unless, *rule.placeholders.values())
    for definition in ruleset.definitions.values():
        yield from (definition.body, definition.when)
    for table in ruleset.tables.values():
        yield from (row.when for row in table.rows)


def _is_list(node: Node) -> bool:
    return isinstance(node, Get) and (node.of.type, node.name) == _LIST


def _wanted(loop: Quantify | Aggregate) -> tuple[_Wanted, _Wanted]:
    """Return the ids and kinds without which an outcome is passed over."""
    conditions = [loop.where] if loop.where is not None else []
    if isinstance(loop, Quantify) and loop.kind == "any":
        conditions.append(loop.body)
    found: dict[str, _Wanted] = dict.fromkeys((RULE, KIND))
    for node in _all_of(conditions):
        if isinstance(node, Compare) and node.op != "==":
            continue
        for get, texts, every in compared(node):
            if every and isinstance(get.of, Var) and get.of.name == loop.var:
                known, values = found[get.name], frozenset(str(text.value) for text in texts)
                found[get.name] = values if known is None else known & values
    return found[RULE], found[KIND]


def _all_of(conditions: Iterable[Node]) -> Iterator[Node]:
    """Yield what must hold for all of them to hold."""
    for node in conditions:
        if isinstance(node, Logic) and node.op == "and":
            yield from _all_of(node.operands)
        else:
            yield node
