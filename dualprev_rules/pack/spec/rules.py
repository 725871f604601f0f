"""rules/**/*.yaml: determinations."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import ConfigDict, Field

from dualprev_rules.pack.model import RuleKind
from dualprev_rules.pack.spec.facts import needs
from dualprev_rules.pack.spec.instruments import Citations, CitationSpec
from dualprev_rules.pack.spec.located import Spec
from dualprev_rules.pack.spec.scalars import (
    NAMES,
    Condition,
    Day,
    Flag,
    Id,
    Message,
    Name,
    Sentence,
    Text,
    one_of,
)

DecidedBy = Literal["facts", "inspector", "mixed"]
Stricter = Literal["lower", "higher"]
May = Literal["over_report", "under_report"]
MAYS: tuple[str, ...] = get_args(May)
Object = Literal["process", "equipment", "material", "behaviour", "enterprise_kind", "scale", "location"]
AppliesTo = Literal["new", "existing", "both"]


class ParameterSpec(Spec):
    """A figure of a rule that stands once; a profile may move it the stricter way."""

    value: Condition
    unit: Text | None = None
    stricter: Annotated[Stricter, one_of(Stricter)] | None = None
    label: Sentence | None = None
    cite: CitationSpec | None = None


class RuleSpec(Spec):
    """One determination."""

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [needs("kind", ("prohibition", "restriction"), "object"), needs("may", MAYS, "because")]
        }
    )

    rule: Id
    kind: Annotated[RuleKind, one_of(RuleKind)]
    title: Sentence
    cite: Citations = ()
    for_: Name = Field(alias="for")
    """The entity whose records are judged."""
    duty_of: Text
    """Whose breach it is."""
    decided_by: Annotated[DecidedBy, one_of(DecidedBy)]
    """How far a machine can decide it."""
    applies: Condition | None = None
    violated: Condition
    unless: Condition | None = None
    """An exception that the duty holder must show."""
    unless_because: Sentence | None = None
    part: Text | None = None
    tags: tuple[Text, ...] = ()
    object: Annotated[Object, one_of(Object)] | None = None
    applies_to: Annotated[AppliesTo, one_of(AppliesTo)] | None = None
    grace_until: Day | None = None
    replacement: Sentence | None = None
    parameters: dict[str, ParameterSpec] = Field(default_factory=dict, json_schema_extra=NAMES)
    message: Message | None = None
    measures: tuple[Id, ...] = ()
    evidence: tuple[Sentence, ...] = ()
    liability: CitationSpec | None = None
    corresponds_to: tuple[Id, ...] = ()
    """The same breach in another instrument."""
    binding: Flag | None = None
    """``false`` where the clause does not bind though its instrument does: an informative annex."""
    may: Annotated[May, one_of(May)] | None = None
    because: Sentence | None = None
    note: Sentence | None = None
