"""The parts into which every report sorts the findings of a result document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_UNIT = re.compile(r".*?\bunits\[[^\]]*\]")
Document = Mapping[str, Any]
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one rule that have the same reason: they are shown together."""

    first: Entry
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Sections:
    """Findings sorted as people read them; each stands in exactly one part."""

    presumed: list[Entry] = field(default_factory=list[Entry])
    major: list[Entry] = field(default_factory=list[Entry])
    violated: list[Entry] = field(default_factory=list[Entry])
    unbinding: list[Entry] = field(default_factory=list[Entry])
    """Not met, in an instrument that does not bind: never called a breach of law."""
    doubtful: list[Entry] = field(default_factory=list[Entry])
    """Data checks: they determine nothing."""
    undetermined: list[Entry] = field(default_factory=list[Entry])
    harmless: list[Entry] = field(default_factory=list[Entry])
    """Open, but it cannot be a violation."""
    compliant: list[Entry] = field(default_factory=list[Entry])
    not_applicable: list[Entry] = field(default_factory=list[Entry])

    def counts(self) -> dict[str, int]:
        """Return how many findings each part holds, by the name of the part."""
        return {name: len(getattr(self, name)) for name in self.__dataclass_fields__}


def sections(document: Document) -> Sections:
    """Sort the findings of a document into their parts, in their order."""
    parts = Sections()
    for finding in document["findings"]:
        getattr(parts, part_of(finding)).append(finding)
    return parts


def part_of(finding: Entry) -> str:
    """Return the name of the part in which a finding is shown."""
    if finding["outcome"] in ("compliant", "not_applicable"):
        return finding["outcome"]
    violated = finding["outcome"] == "violated" or finding["presumed"]
    if not violated:
        return "undetermined" if "violated" in finding["possible"] else "harmless"
    if finding["kind"] == "data_check":
        return "doubtful"
    if not finding["binding"]:
        return "unbinding"
    if finding["presumed"]:
        return "presumed"
    return "major" if finding["kind"] == "major_hidden_hazard" else "violated"


def by_rule(findings: Iterable[Entry]) -> list[Group]:
    """Group findings of one rule and one reason, in the order of their first."""
    groups: dict[tuple[str, str | None], Group] = {}
    for finding in findings:
        group = groups.setdefault((finding["rule"], finding["reason"]), Group(finding, []))
        group.entries.append(finding)
    return list(groups.values())


def by_kind(findings: Iterable[Entry]) -> dict[tuple[str, str], list[Entry]]:
    """Group open findings by their kind, those that no fact can decide behind them by their reason.

    The key is a family of phrases and its member: ``kind`` and the kind, or ``reason`` and *not encoded*.
    """
    groups: dict[tuple[str, str], list[Entry]] = {}
    for finding in findings:
        undecidable = finding["reason"] == "not_encoded"
        key = ("reason", "not_encoded") if undecidable else ("kind", finding["kind"])
        groups.setdefault(key, []).append(finding)
    return dict(sorted(groups.items(), key=lambda group: group[0][0] == "reason"))


@dataclass(frozen=True, slots=True)
class Place:
    """A unit, or the enterprise itself, with what was found in it; ``path`` ends with the unit's key."""

    path: str
    name: str | None
    pressing: list[Entry]
    """Presumed violations, and those about major hidden hazards."""
    others: list[Entry]

    @property
    def first(self) -> Entry:
        """The finding to look at first."""
        return (self.pressing or self.others)[0]


def by_place(document: Document, parts: Sections) -> list[Place]:
    """Sort what is violated by the unit that it is in, the one with most major hidden hazards first."""
    names = {finding["path"]: finding["name"] for finding in document["findings"] if finding["name"]}
    places: dict[str, Place] = {}

    def place(finding: Entry) -> Place:
        unit = _UNIT.match(finding["path"])
        path = unit[0] if unit is not None else ""
        name = names.get(path, None if path else enterprise_name(document))
        return places.setdefault(path, Place(path, name, [], []))

    for finding in (*parts.presumed, *parts.major):
        place(finding).pressing.append(finding)
    for finding in parts.violated:
        place(finding).others.append(finding)
    return sorted(places.values(), key=lambda each: (-len(each.pressing), -len(each.others)))


@dataclass(frozen=True, slots=True)
class Derived:
    """The derived values of a record, each with its key."""

    record: str
    classifications: list[tuple[str, Entry]]
    """Those that hold, then those that are open."""
    negative: list[tuple[str, Entry]]
    """Classifications that do not hold."""
    figures: list[tuple[str, Entry]]


def reached(document: Document, findings: Iterable[Entry]) -> dict[str, Entry]:
    """Return the classifications, and the derived values that these or the findings rest on."""
    derived: Mapping[str, Entry] = document["derived"]
    found: set[str] = set()
    waiting: list[Entry] = list(findings)
    for key, fact in derived.items():
        if fact["classification"]:
            found.add(key)
            waiting.append(fact)
    while waiting:
        entry = waiting.pop()
        see = entry.get("see", "")
        if see in derived and see not in found:
            found.add(see)
            waiting.append(derived[see])
        waiting += entry.get("because", ())
    return {key: fact for key, fact in derived.items() if key in found}


def by_record(derived: Mapping[str, Entry]) -> list[Derived]:
    """Sort derived values by record, leaving out figures that do not apply."""
    groups: dict[str, Derived] = {}
    for key, fact in derived.items():
        record = key.rpartition(".")[0]
        group = groups.setdefault(record, Derived(record, [], [], []))
        if fact["classification"]:
            shown = holds(fact) or fact["open"]
            (group.classifications if shown else group.negative).append((key, fact))
        elif fact["value"] is not None:
            group.figures.append((key, fact))
    for group in groups.values():
        group.classifications.sort(key=lambda pair: pair[1]["open"])
    return list(groups.values())


def holds(classification: Entry) -> bool:
    """Tell whether a classification is decided and is not simply *no* or *does not apply*."""
    return not classification["open"] and classification["value"] not in (None, False, [])


def enterprise_name(document: Document) -> str | None:
    """Return the name of the enterprise, where the facts give it."""
    enterprise = document["enterprise"]
    return enterprise["name"] if enterprise is not None else None


def unnamed(document: Document) -> str:
    """Return the phrase for what has no name: an enterprise, or what stands above enterprises."""
    judged = document["enterprise"]
    above = judged is None or not judged["path"].startswith("enterprise")
    return "unnamed_above" if above else "unnamed"
