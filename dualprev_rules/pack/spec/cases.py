"""cases/*.yaml: facts, and what must come out."""

from __future__ import annotations

from dualprev_rules.pack.spec.located import Spec
from dualprev_rules.pack.spec.scalars import Anything, Day, Id, Mapped, Sentence, Text


class CaseSpec(Spec):
    """One case."""

    case: Text
    as_of: Day
    profile: Id = "national"
    facts: Anything
    """One input document."""
    expect: Mapped
    """Path → value, or ``path: rule`` → outcome."""
    note: Sentence | None = None
