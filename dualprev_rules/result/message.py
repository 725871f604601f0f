"""The sentence of a finding: the rule's template with values of the record in it, each with its unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from dualprev_rules.evaluate.reference import Outcome, Reference
from dualprev_rules.evaluate.render import render, unit_name
from dualprev_rules.facts.possible import Value
from dualprev_rules.facts.types import Number, Type
from dualprev_rules.facts.units import Unit, find_unit
from dualprev_rules.lang.tree import Derived, Get, Node
from dualprev_rules.pack.model import Ruleset
from dualprev_rules.problems import Words
from dualprev_rules.problems.words import Lang

_LONGEST_UNIT = 12
_NEXT = re.compile(r"\s*([^\s,，.。;；:：、()（）{}]*)")
_TRUTH = {True: Words("是", "yes"), False: Words("否", "no")}


def fill(reference: Reference, outcome: Outcome) -> Mapping[str, str]:
    """Return the message in both languages; the title where the rule has no message of its own."""
    rule = outcome.rule
    if rule.message is None:
        return rule.title.to_json()
    env = {"self": Value((outcome.record,))}
    words = {"zh": rule.message.get("zh"), "en": rule.message.get("en")}
    for text, expression in rule.placeholders.items():
        node = expression.node
        found = reference.run(expression, env)
        value = render(found, node.type)
        if not found.known and isinstance(node, Get) and node.name == "name":
            # A record whose name is not known is called by its key.
            holder = reference.value(node.of, env)
            value = holder.possible[0].short if holder.known else value
        called = _called(node, reference.ruleset)
        for lang in ("zh", "en"):
            shown = _shown(value, called, lang)
            words[lang] = _put(words[lang], "{" + text + "}", shown, node.type)
    return words


def _called(node: Node, ruleset: Ruleset) -> Mapping[str, Words]:
    """Return what the members of an enum are called, where a placeholder is an attribute or definition."""
    entity = getattr(node.of.type, "entity", "") if isinstance(node, Get | Derived) else ""
    match node:
        case Get(name=name):
            return ruleset.schema.entities[entity].attributes[name].member_labels
        case Derived(name=name):
            definition = ruleset.definitions.get((entity, name))
            return definition.member_labels if definition is not None else {}
        case _:
            return {}


def _shown(value: Any, called: Mapping[str, Words], lang: Lang) -> str:
    match value:
        case None:
            return "—"
        case bool():
            return _TRUTH[value].get(lang)
        case {"values": list()} if value["values"]:
            return " / ".join(_shown(each, called, lang) for each in value["values"])
        case {"values": _} | {"at_least": _}:
            return "?"
        case {"low": _, "high": _}:
            low, high = value["low"], value["high"]
            return f"{low if low is not None else '…'} – {high if high is not None else '…'}"
        case list():
            return "、".join(_shown(each, called, lang) for each in cast("list[Any]", value))
        case _:
            text = str(value)
            return called[text].get(lang) or text if text in called else text


def _put(text: str, placeholder: str, shown: str, kind: Type) -> str:
    """Put a value in its place, with its unit where none is written behind it."""
    before, *rest = text.split(placeholder)
    unit = f" {unit_name(kind)}" if isinstance(kind, Number) and any(c.isdigit() for c in shown) else ""
    for part in rest:
        written = isinstance(kind, Number) and _unit_follows(part, kind.unit)
        before += shown + ("" if written else unit.rstrip()) + part
    return before


def _unit_follows(text: str, unit: Unit) -> bool:
    """Tell whether a text begins with a unit of the same dimension."""
    match = _NEXT.match(text)
    word = match[1][:_LONGEST_UNIT] if match else ""
    spelt = (find_unit(word[:end]) for end in range(len(word), 0, -1))
    return any(found is not None and found.dimension == unit.dimension for found in spelt)
