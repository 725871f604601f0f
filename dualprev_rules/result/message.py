"""The sentence of a finding: the rule's template with values of the record in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from dualprev_rules.evaluate.reference import Outcome, Reference
from dualprev_rules.evaluate.render import render
from dualprev_rules.facts.possible import Value


def fill(reference: Reference, outcome: Outcome) -> Mapping[str, str]:
    """Return the message in both languages; the title where the rule has no message of its own."""
    rule = outcome.rule
    if rule.message is None:
        return rule.title.to_json()
    env = {"self": Value((outcome.record,))}
    shown: dict[str, str] = {}
    for text, expression in rule.placeholders.items():
        value = render(reference.run(expression, env), expression.node.type)
        shown[text] = _words(value)
    return {lang: _replace(rule.message.get(lang), shown) for lang in ("zh", "en")}


def _words(value: Any) -> str:
    match value:
        case None:
            return "—"
        case bool():
            return "是" if value else "否"
        case {"values": list()} if value["values"]:
            return " / ".join(_words(each) for each in value["values"])
        case {"values": _} | {"at_least": _}:
            return "?"
        case {"low": _, "high": _}:
            low, high = value["low"], value["high"]
            return f"{low if low is not None else '…'} – {high if high is not None else '…'}"
        case list():
            return "、".join(str(each) for each in cast("list[Any]", value))
        case _:
            return str(value)


def _replace(text: str, shown: Mapping[str, str]) -> str:
    for placeholder, value in shown.items():
        text = text.replace("{" + placeholder + "}", value)
    return text
