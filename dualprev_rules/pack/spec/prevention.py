"""measures/, checklists/ and monitoring/: the controls, how they are checked, and what watches them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from dualprev_rules.pack.source import Map, Tree
from dualprev_rules.pack.spec.instruments import Citations
from dualprev_rules.pack.spec.located import Spec, read_spec
from dualprev_rules.pack.spec.scalars import (
    BLANK,
    Answer,
    Condition,
    Id,
    Mapped,
    Name,
    Reads,
    Sentence,
    Text,
    Whole,
    one_of,
    read_text,
)
from dualprev_rules.problems import Problem

MeasureKind = Literal["elimination", "substitution", "engineering", "administrative", "personal_protection"]


class MeasureSpec(Spec):
    """A control measure."""

    measure: Id
    title: Sentence
    kind: Annotated[MeasureKind, one_of(MeasureKind)]
    """Its kind in the hierarchy of controls."""
    codes: dict[str, Text] = Field(default_factory=dict)
    """Vocabulary → code in it; none is guessed from another."""
    note: Sentence | None = None


class EverySpec(Spec):
    """How often: an interval, or one interval under a condition and another otherwise."""

    interval: Text
    if_: Condition | None = Field(None, alias="if")
    else_: Text | None = Field(None, alias="else")


def _read_every(tree: Tree) -> Tree:
    if not isinstance(tree, Map):
        read_text(tree)
    return tree


_EVERY: dict[str, Any] = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {"interval": {}, "if": {}, "else": {}},
            "required": ["interval"],
            "additionalProperties": False,
        },
    ]
}


class ItemSpec(Spec):
    """One item of a checklist."""

    item: Id
    measure: Id
    """The control whose failure it finds."""
    ask: Sentence
    method: Sentence | None = None
    accept: Sentence | None = None
    settles: Text | None = None
    """The fact that the answer is, as ``entity.attribute``."""
    answers: dict[str, Answer] = Field(default_factory=dict)
    feeds: tuple[Id, ...] = ()
    if_found: Sentence | None = None
    evidence: tuple[Text, ...] = ()
    cite: Citations = ()


class ChecklistSpec(Spec):
    """A checklist for an object, a level and a kind of inspection."""

    checklist: Id
    title: Sentence
    object: Name
    """The entity that is inspected."""
    level: Text
    inspection: Text
    every: Annotated[Tree, Reads(_read_every, _EVERY, BLANK)]
    items: tuple[ItemSpec, ...]
    cite: Citations = ()
    note: Sentence | None = None

    def frequency(self, problems: list[Problem]) -> EverySpec | str | None:
        """Return how often it is gone through; nothing where the file does not say so rightly."""
        if isinstance(self.every, Map):
            return read_spec(EverySpec, self.every, problems)
        return None if self.every is BLANK else read_text(self.every)


class WarningSpec(Spec):
    """A warning from live readings."""

    warning: Id
    title: Sentence
    for_: Name = Field(alias="for")
    sensor: Text
    """The attribute that the sensor measures."""
    place: Condition | None = None
    """At which records, by the facts of the site."""
    rule: Id | None = None
    """The rule that it points to: its figures may be named in the conditions."""
    when: Mapped
    """One of ``held``, ``count``, ``rate``, ``silence``, ``disagreement`` with its figures."""
    alarm: Condition | None = None
    restore: Condition | None = None
    grade: Text | None = None
    act: Sentence | None = None
    escalate: Text | None = None
    """The time in which somebody must have acknowledged it."""
    cite: Citations = ()
    note: Sentence | None = None


class CountSpec(Spec):
    """``count``: so many hits among the last readings."""

    hits: Whole
    of: Whole


class RateSpec(Spec):
    """``rate``: a rise or a fall within a time."""

    rise: Text | None = None
    fall: Text | None = None
    within: Text


class DisagreementSpec(Spec):
    """``disagreement``: two sensors differ for a time."""

    by: Text
    for_: Text = Field(alias="for")
