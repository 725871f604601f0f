"""The negative list of a day: what is prohibited or restricted, and what has changed since another day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dualprev_rules.pack.model import Instrument, Rule, Ruleset
from dualprev_rules.problems import Words
from dualprev_rules.risk.profile import Profile

Change = Literal["added", "lifted", "changed"]


@dataclass(frozen=True, slots=True)
class NegativeListEntry:
    """A process, a piece of equipment, a material or a behaviour that is prohibited or restricted."""

    rule: Rule
    instruments: tuple[Instrument, ...]
    """Those that it rests on, in the order of its citations."""
    start: date | None
    """The first day on which it holds; None: always has, as far as is known."""
    end: date | None
    """The first day on which it no longer holds."""
    change: Change | None = None
    """What became of it since the other day; None where only one day was asked for."""
    before: str | None = None
    """The rule in whose place it stands."""

    def number(self, instrument: str) -> str:
        """Return the number of one of its instruments."""
        return next(i.number for i in self.instruments if i.id == instrument)

    @property
    def condition(self) -> str:
        """What is prohibited or restricted, as the rule says it."""
        return self.rule.violated.text

    @property
    def applies(self) -> str | None:
        """To what it applies, as the rule says it; None: to all."""
        return self.rule.applies.text if self.rule.applies is not None else None


def entries_by_sector(
    entries: Iterable[NegativeListEntry], profile: Profile, ruleset: Ruleset
) -> dict[Words, int | None]:
    """Return how many entries there are for each sector for which the profile wants a negative list.

    None where no pack that is loaded holds the sector's: nothing is said of it then.
    """
    counts = Counter(entry.rule.pack for entry in entries)
    loaded = {pack.id for pack in ruleset.packs}
    return {
        sector.label: counts[sector.pack] if sector.pack is not None and sector.pack in loaded else None
        for sector in profile.negative_lists.items
    }


def negative_list(ruleset: Ruleset) -> tuple[NegativeListEntry, ...]:
    """Return every prohibition and restriction that holds on the ruleset's day."""
    return tuple(_entry(rule, ruleset) for rule in _bans(ruleset))


def not_encoded(ruleset: Ruleset, since: date | None = None) -> tuple[Instrument, ...]:
    """Return the instruments in force on the ruleset's day that may ban what the list does not hold.

    They are those of which nothing is encoded, and those that an entry cites and that are encoded in
    part. With ``since``, only those that came into force after that day.
    """
    cited = {citation.instrument for rule in _bans(ruleset) for citation in rule.citations}
    return tuple(
        instrument
        for instrument in ruleset.instruments.values()
        if instrument.in_force(ruleset.as_of)
        and (instrument.encoded == "none" or (instrument.encoded == "partial" and instrument.id in cited))
        and (since is None or (instrument.start is not None and instrument.start > since))
    )


def negative_list_changes(before: Ruleset, after: Ruleset) -> tuple[NegativeListEntry, ...]:
    """Return what was added, lifted or changed between the days of two rulesets of the same packs.

    An entry is *changed* where another stands in its place (``corresponds_to``), its conditions or
    figures differ, or its days of grace have run out meanwhile.
    """
    old, new = ({rule.id: rule for rule in _bans(ruleset)} for ruleset in (before, after))
    found: list[NegativeListEntry] = []
    followed: set[str] = set()
    for rule in new.values():
        if rule.id in old:
            if _differs(old[rule.id], rule) or _grace_ran_out(rule, before.as_of, after.as_of):
                found.append(_entry(rule, after, "changed"))
            continue
        former = [name for name in rule.corresponds_to if name in old and name not in new]
        followed |= {*former}
        change: Change = "changed" if former else "added"
        found.append(_entry(rule, after, change, former[0] if former else None))
    lifted = [rule for rule in old.values() if rule.id not in new and rule.id not in followed]
    return (*found, *(_entry(rule, before, "lifted") for rule in lifted))


def _bans(ruleset: Ruleset) -> Iterable[Rule]:
    return (
        rule
        for rule in ruleset.rules.values()
        if rule.kind in ("prohibition", "restriction") and rule.standing == "decides"
    )


def _entry(
    rule: Rule, ruleset: Ruleset, change: Change | None = None, before: str | None = None
) -> NegativeListEntry:
    cited = dict.fromkeys(citation.instrument for citation in rule.citations)
    instruments = tuple(ruleset.instruments[name] for name in cited)
    starts = [instrument.start for instrument in instruments if instrument.start is not None]
    ends = [instrument.end for instrument in instruments if instrument.end is not None]
    return NegativeListEntry(
        rule,
        instruments,
        min(starts) if len(starts) == len(instruments) else None,
        max(ends) if len(ends) == len(instruments) else None,
        change,
        before,
    )


def _differs(a: Rule, b: Rule) -> bool:
    return any(
        getattr(a, name) != getattr(b, name)
        for name in ("grace_until", "replacement", "applies_to", "object", "parameters")
    ) or any(
        (one.node if one else None) != (other.node if other else None)
        for one, other in ((a.applies, b.applies), (a.violated, b.violated), (a.unless, b.unless))
    )


def _grace_ran_out(rule: Rule, before: date, after: date) -> bool:
    return rule.grace_until is not None and before <= rule.grace_until < after
