"""What a rule says of a record."""

from __future__ import annotations

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
