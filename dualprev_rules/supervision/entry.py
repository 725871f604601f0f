"""Market entry: what the negative lists and the rules of siting say of a project.

The project is facts like any other. Asked are the prohibitions and restrictions of process, equipment,
material, kind and scale of enterprise and place, and the rules of packs and profile with the tag ``siting``
or ``entry``. *Allowed* means that some clause was asked of a record of the project, and that none speaks
against it, with every fact known that they ask for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from dualprev_rules.evaluate.outcome import Outcome
from dualprev_rules.pack.model import Rule
from dualprev_rules.result import Result

Verdict = Literal["prohibited", "undetermined", "restricted", "allowed"]
SITING = "siting"
"""The tag of a rule about where something may stand."""
ENTRY = "entry"
"""The tag of another rule that a project may be refused by."""


@dataclass(frozen=True, slots=True)
class Against:
    """A clause that speaks against the project, or may."""

    outcome: Outcome
    verdict: Verdict
    until: date | None
    """The last day of grace, where one is still running."""

    @property
    def rule(self) -> Rule:
        """The rule."""
        return self.outcome.rule

    @property
    def wanted(self) -> tuple[str, ...]:
        """The facts that it is open for, or lists that were not given."""
        cause = self.outcome.record.cause
        if cause is not None:
            return (cause.path,)
        return tuple(sorted({cause.path for cause in self.outcome.causes}))


@dataclass(frozen=True, slots=True)
class Entry:
    """What is said of a project."""

    as_of: date
    against: tuple[Against, ...]
    """The gravest first."""
    asked: tuple[str, ...]
    """The rules that were asked: of some record of the project, known or perhaps there."""

    @property
    def verdict(self) -> Verdict:
        """The gravest that a clause says; undetermined where no clause was asked."""
        if not self.asked:
            return "undetermined"
        return self.against[0].verdict if self.against else "allowed"

    @property
    def wanted(self) -> tuple[str, ...]:
        """The facts and lists that would decide it, the one that most clauses ask for first."""
        counts: dict[str, int] = {}
        for one in self.against if self.verdict == "undetermined" else ():
            for path in one.wanted if one.verdict == "undetermined" else ():
                counts[path] = counts.get(path, 0) + 1
        return tuple(sorted(counts, key=lambda path: (-counts[path], path)))

    def to_json(self) -> dict[str, Any]:
        """Return its values."""
        return {
            "as_of": self.as_of.isoformat(),
            "verdict": self.verdict,
            "asked": len(self.asked),
            "against": [
                {
                    "rule": one.rule.id,
                    "verdict": one.verdict,
                    "path": one.outcome.record.path,
                    "title": one.rule.title.to_json(),
                    "citations": [
                        {"instrument": cite.instrument, "clause": cite.clause, "status": cite.status}
                        for cite in one.rule.citations
                    ],
                    "until": one.until.isoformat() if one.until else None,
                    "wanted": list(one.wanted),
                }
                for one in self.against
            ],
            "wanted": list(self.wanted),
        }


@dataclass(frozen=True, slots=True)
class Changed:
    """A clause that says another thing of the project on a later day."""

    rule: str
    path: str
    before: Verdict | None
    """None: it did not speak against it."""
    after: Verdict | None
    before_until: date | None = None
    """The last day of grace as it was then; None: none was running."""
    after_until: date | None = None

    def to_json(self) -> dict[str, Any]:
        """Return its values."""
        return {
            "rule": self.rule,
            "path": self.path,
            "before": self.before,
            "after": self.after,
            "before_until": self.before_until.isoformat() if self.before_until else None,
            "after_until": self.after_until.isoformat() if self.after_until else None,
        }


_ORDER: tuple[Verdict, ...] = ("prohibited", "undetermined", "restricted", "allowed")


def entry(result: Result, *, siting_only: bool = False) -> Entry:
    """Return what the negative lists and the rules of siting say of the project judged in ``result``."""
    rules = [rule for rule in result.ruleset.rules.values() if _asked(rule, siting_only)]
    # A rule is asked where there is something to ask it of, be it only what an unknown list may hold.
    there = {record.entity.name for record in result.facts.records()}
    rules = [rule for rule in rules if rule.entity in there]
    against = sorted(_against(result, rules), key=lambda one: _ORDER.index(one.verdict))
    return Entry(result.ruleset.as_of, tuple(against), tuple(rule.id for rule in rules))


def changes(before: Entry, after: Entry) -> tuple[Changed, ...]:
    """Return the clauses that say another thing on a later day: the end of grace is another."""
    old, new = _said(before), _said(after)
    silent = (None, None)
    found: list[Changed] = []
    for rule, path in sorted(old.keys() | new.keys()):
        was, now = old.get((rule, path), silent), new.get((rule, path), silent)
        if was != now:
            found.append(Changed(rule, path, was[0], now[0], was[1], now[1]))
    return tuple(found)


def _said(of: Entry) -> dict[tuple[str, str], tuple[Verdict | None, date | None]]:
    return {(one.rule.id, one.outcome.record.path): (one.verdict, one.until) for one in of.against}


def _asked(rule: Rule, siting_only: bool) -> bool:
    if rule.standing == "covered" or not rule.binding:
        return False
    if SITING in rule.tags or (ENTRY in rule.tags and not siting_only):
        return True
    if rule.kind not in ("prohibition", "restriction") or rule.object == "behaviour":
        return False
    return rule.object == "location" or not siting_only


def _against(result: Result, rules: list[Rule]) -> Iterator[Against]:
    by_entity: dict[str, list[Rule]] = {}
    for rule in rules:
        by_entity.setdefault(rule.entity, []).append(rule)
    for record in result.facts.records():
        for rule in by_entity.get(record.entity.name, ()):
            grace = rule.grace_until
            in_grace = grace is not None and result.ruleset.as_of <= grace
            # What is lawful until the grace ends is asked of a project as it will be then.
            outcome = result.outcome(replace(rule, dated=None) if in_grace else rule, record)
            if outcome.code == "violated" and not record.phantom:
                lenient = rule.kind == "restriction" or in_grace
                yield Against(outcome, "restricted" if lenient else "prohibited", grace if in_grace else None)
            elif outcome.code == "undetermined" and "violated" in outcome.possible:
                yield Against(outcome, "undetermined", None)
