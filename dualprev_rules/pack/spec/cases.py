"""cases/*.yaml: facts, and what must come out."""

from __future__ import annotations

from typing import Annotated

from dualprev_rules.pack.source import Map
from dualprev_rules.pack.spec.located import Spec
from dualprev_rules.pack.spec.scalars import (
    NOTHING,
    Anything,
    Day,
    Flag,
    Id,
    Reads,
    Sentence,
    Text,
    read_map,
    spellings,
)

OUTCOMES = ("violated", "compliant", "not_applicable", "undetermined", "presumed", "harmless")
Expected = Annotated[
    Map,
    Reads(
        read_map,
        {"type": "object", "patternProperties": {": ": {"enum": spellings(OUTCOMES)}}},
        Map(NOTHING, 0),
    ),
]


class CaseSpec(Spec):
    """One case."""

    case: Text
    as_of: Day
    profile: Id = "national"
    facts: Anything
    """One input document."""
    expect: Expected
    """Path → value, or ``path: rule`` → outcome."""
    confirmed: Flag = True
    """False of a case that was generated: what it expects is what the pack says, and nobody has looked."""
    note: Sentence | None = None
