"""The limits that a warning takes from a table or a definition, as they stand for one record."""

from __future__ import annotations

from dataclasses import replace

from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.render import render, unit_name
from dualprev_rules.facts.possible import Value
from dualprev_rules.facts.record import Record
from dualprev_rules.facts.types import Number
from dualprev_rules.lang.tree import Column, Derived, walk
from dualprev_rules.pack.live import LiveRule
from dualprev_rules.pack.model import Ruleset


def looked_up(rule: LiveRule, record: Record, ruleset: Ruleset) -> dict[str, str]:
    """Return the numbers of tables and definitions that the conditions of a warning name, where known."""
    found: dict[str, str] = {}
    for condition in (rule.alarm, rule.restore):
        for node in walk(condition.node) if condition is not None else ():
            if condition is None or not isinstance(node, Column | Derived):
                continue
            if not isinstance(node.type, Number) or node.name in found:
                continue
            value = Reference(ruleset).run(replace(condition, node=node), {"self": Value((record,))})
            if value.known:
                found[node.name] = f"{render(value, node.type)} {unit_name(node.type)}".strip()
    return dict(sorted(found.items()))
