"""What a rule says of a record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dualprev_rules.facts.possible import Cause, Reason
from dualprev_rules.facts.record import Record
from dualprev_rules.pack.model import Rule

Code = Literal["violated", "compliant", "not_applicable", "undetermined"]
HARMLESS = frozenset(("compliant", "not_applicable"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule says of a record: the code, what is still possible, and what left it open."""

    rule: Rule
    record: Record
    code: Code
    possible: frozenset[str]
    presumed: bool = False
    """True where everything is met and only an exception, which the duty holder must show, is open."""
    causes: frozenset[Cause] = frozenset()

    @property
    def harmless(self) -> bool:
        """True where it is open only whether the rule applies at all or is kept."""
        return self.possible == HARMLESS

    @property
    def reason(self) -> Reason | None:
        """Why it is undetermined: what no fact can mend comes first."""
        reasons = {cause.reason for cause in self.causes}
        order: tuple[Reason, ...] = ("not_encoded", "data_problem", "missing", "gap")
        return next((reason for reason in order if reason in reasons), None)


def counted(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """Return how many outcomes there are of each code, and of ``presumed``, ``harmless`` and ``major``."""
    codes = Counter(outcome.code for outcome in outcomes)
    major = (o for o in outcomes if o.code == "violated" and o.rule.kind == "major_hidden_hazard")
    return {
        "violated": codes["violated"],
        "presumed": sum(outcome.presumed for outcome in outcomes),
        "undetermined": codes["undetermined"],
        "harmless": sum(outcome.harmless for outcome in outcomes),
        "compliant": codes["compliant"],
        "not_applicable": codes["not_applicable"],
        "major": sum(1 for _ in major),
    }
