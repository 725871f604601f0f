"""What a monitor says: a warning opened, became a violation, was escalated, acknowledged or closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from dualprev_rules.control.events import Find
from dualprev_rules.control.readings import at_of
from dualprev_rules.pack.model import Citation, Rule
from dualprev_rules.problems import DualprevError, Problem, Words, problem

What = Literal["opened", "violated", "escalated", "acknowledged", "closed"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A reading that stands while a warning is told; ``value`` is None where it is unknown."""

    sensor: str
    fact: str
    value: str | None
    unit: str | None
    at: str
    mark: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveWarning:
    """Something that happened to a warning."""

    id: str
    """That of the warning: the same from opening to closing."""
    event: What
    at: int
    """Microseconds since 1970."""
    warning: str
    """The id of the pack's warning."""
    title: Words
    record: str
    path: str
    sensor: str | None
    """The one sensor that it is about, where it is about one."""
    grade: int | None
    raises: int | None
    """The risk grade that the place has at least while it is open, where the profile says so."""
    readings: tuple[Standing, ...]
    alarm: str | None
    """The condition as the pack has it."""
    figures: Mapping[str, str]
    """The limits that it names, as written."""
    stated: Mapping[str, str]
    """The facts of the site that it names, where they are known: an enterprise's own limits among them."""
    act: Words | None
    citations: tuple[Citation, ...]
    rule: Rule | None
    outcome: str | None
    """What the rule says of the record with the values that stand; not where it closes."""
    missing: tuple[str, ...]
    """The facts that would decide the rule."""
    by: str | None = None
    """Who acknowledged it."""

    def suspect(self, *, id: str, by: str) -> Find:  # noqa: A002 - the event's own name for it
        """Return the event that registers a suspected hidden hazard, for a named person to confirm or refute.

        It is a major one only where every condition of a major criterion is known to hold. Raises
        DualprevError where the id or the name is blank.
        """
        blank = [name for name, said in (("id", id), ("by", by)) if not said.strip()]
        if blank:
            raise DualprevError([problem("control.blank", path=f"suspect.{name}") for name in blank])
        violated = self.rule is not None and self.outcome == "violated"
        major = violated and self.rule is not None and self.rule.kind == "major_hidden_hazard"
        return Find(
            at=at_of(self.at),
            by=by,
            id=id,
            title=self.title.zh,
            grade="major" if major else "general",
            path=self.path,
            rule=self.rule.id if self.rule is not None else None,
            prohibited=violated and self.rule is not None and self.rule.kind == "prohibition",
            suspected=True,
            evidence=(self.id,),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the warning as JSON values, without empty ones, in a fixed order of keys."""
        values: dict[str, Any] = {
            "id": self.id,
            "event": self.event,
            "at": at_of(self.at).isoformat(),
            "warning": self.warning,
            "title": self.title.to_json(),
            "record": self.record,
            "path": self.path,
            "sensor": self.sensor,
            "grade": self.grade,
            "raises": self.raises,
            "readings": [{k: v for k, v in asdict(r).items() if v is not None} for r in self.readings],
            "alarm": self.alarm,
            "figures": dict(self.figures),
            "stated": dict(self.stated),
            "act": self.act.to_json() if self.act is not None else None,
            "citations": [
                {"instrument": c.instrument, "clause": c.clause, "status": c.status} for c in self.citations
            ],
            "rule": self.rule.id if self.rule is not None else None,
            "outcome": self.outcome,
            "missing": list(self.missing),
            "by": self.by,
        }
        return {key: value for key, value in values.items() if value not in (None, [], {})}


@dataclass(frozen=True, slots=True)
class Heard:
    """What a reading led to: warnings in the order of their times, and what was wrong with it."""

    warnings: tuple[LiveWarning, ...]
    problems: tuple[Problem, ...]
