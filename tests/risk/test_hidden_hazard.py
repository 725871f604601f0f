"""Which violated rules are hidden hazards, and how grave."""

from __future__ import annotations

from typing import Any

from dualprev_rules.evaluate import Outcome
from dualprev_rules.facts.types import Bool
from dualprev_rules.lang.tree import Const, Span
from dualprev_rules.pack.model import RULE_KINDS, Expression, Rule, RuleKind
from dualprev_rules.problems import Words
from dualprev_rules.risk import hidden_hazards
from tests.risk.core import enterprise

TRUE = Expression("true", Const(type=Bool(), span=Span(0, 4), value=True))


def outcome(kind: RuleKind, code: Any) -> Outcome:
    """Return an outcome of a rule of a kind."""
    rule = Rule(
        f"test.{kind}",
        kind,
        "test",
        Words(f"规则{kind}"),
        "enterprise",
        (),
        Words("生产经营单位"),
        "facts",
        None,
        TRUE,
        None,
    )
    return Outcome(rule, enterprise(), code, frozenset((code,)))


def test_only_failures_of_control_are_hidden_hazards_major_ones_first() -> None:
    found = hidden_hazards(outcome(kind, "violated") for kind in reversed(RULE_KINDS))
    assert [(hazard.rule, hazard.grade) for hazard in found] == [
        ("test.major_hidden_hazard", "major"),
        ("test.check", "general"),
        ("test.element", "general"),
    ]
    assert (found[0].path, found[0].duty_of) == ("enterprise", Words("生产经营单位"))


def test_what_is_not_violated_is_no_hidden_hazard() -> None:
    codes = ("compliant", "not_applicable", "undetermined")
    assert hidden_hazards(outcome("major_hidden_hazard", code) for code in codes) == ()
