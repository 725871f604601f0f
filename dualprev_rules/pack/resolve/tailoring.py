"""Rules that a profile leaves out, and rules that it makes one: a pack is never edited for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from dualprev_rules.pack.model import Rule
from dualprev_rules.pack.resolve.faults import Faults
from dualprev_rules.pack.spec import RuleSpec
from dualprev_rules.pack.spec.profiles import MergeSpec, PruneSpec

_KEPT = ("major_hidden_hazard", "prohibition")
"""What no profile leaves out: only the authority that issued it lifts it."""


def prune(
    rules: Mapping[str, Rule], pruned: Iterable[PruneSpec], every: Mapping[str, RuleSpec], faults: Faults
) -> dict[str, Rule]:
    """Return the rules with those left out standing as covered: they judge nothing, and can be asked for."""
    left_out: set[str] = set()
    for spec in pruned:
        if spec.rule not in every:
            faults.unknown("pack.unknown-rule", spec.rule, every, spec.at("rule"))
        elif every[spec.rule].kind in _KEPT:
            faults.note("pack.not-to-be-pruned", spec.at("rule"), given=spec.rule)
        else:
            left_out.add(spec.rule)
    return {
        name: replace(rule, standing="covered") if name in left_out else rule for name, rule in rules.items()
    }


def merge(
    rules: Mapping[str, Rule], merged: Iterable[MergeSpec], every: Mapping[str, RuleSpec], faults: Faults
) -> dict[str, Rule]:
    """Return the rules with those that a profile makes one corresponding to one another."""
    found = dict(rules)
    for spec in merged:
        unknown = [rule for rule in spec.rules if rule not in every]
        for rule in unknown:
            faults.unknown("pack.unknown-rule", rule, every, spec.at("rules"))
        if not unknown and len({every[rule].for_ for rule in spec.rules}) > 1:
            faults.note("pack.not-to-be-merged", spec.at("rules"), given=" ".join(spec.rules))
        held = [rule for rule in spec.rules if rule in found]
        if len(held) > 1:
            first, *others = held
            same = dict.fromkeys((*found[first].corresponds_to, *others))
            found[first] = replace(found[first], corresponds_to=tuple(same))
    return found
