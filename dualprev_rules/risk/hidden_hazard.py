"""Hidden hazards (隐患): the violated rules that are failures of control, and how grave they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from dualprev_rules.evaluate import Outcome
from dualprev_rules.pack.model import RuleKind
from dualprev_rules.problems import Words

HazardGrade = Literal["major", "general"]
COUNTS_AS: Mapping[RuleKind, HazardGrade] = MappingProxyType(
    {"major_hidden_hazard": "major", "element": "general", "check": "general"}
)
"""What a violated rule counts as; one of another kind is no hidden hazard but a breach of its own."""


@dataclass(frozen=True, slots=True)
class HiddenHazard:
    """A failure of control that the facts show; an authority determines it, not the library."""

    rule: str
    path: str
    title: Words
    grade: HazardGrade
    duty_of: Words


def hidden_hazards(outcomes: Iterable[Outcome]) -> tuple[HiddenHazard, ...]:
    """Return the hidden hazards among outcomes, major ones first, else in the order given."""
    found = [
        HiddenHazard(o.rule.id, o.record.path, o.rule.title, COUNTS_AS[o.rule.kind], o.rule.duty_of)
        for o in outcomes
        if o.code == "violated" and o.rule.kind in COUNTS_AS
    ]
    return tuple(sorted(found, key=lambda hazard: hazard.grade != "major"))
