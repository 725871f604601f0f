"""What the profiles of a chain add to the packs: instruments, definitions, rules; and what they tailor.

How a profile names, colours and grades is no matter of the packs: ``risk`` reads it from the same files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dualprev_rules.pack.read import ProfileSource
from dualprev_rules.pack.spec import DefinitionSpec, HolderSpec, InstrumentSpec, RuleSpec, TailorSpec
from dualprev_rules.pack.spec.profiles import MergeSpec, PruneSpec


@dataclass(frozen=True, slots=True)
class Overlay:
    """What profiles add, the base of the chain first, each part with the profile that it is of."""

    holders: Mapping[str, HolderSpec]
    """``duty_of`` as rules of any of them write it → its English."""
    instruments: tuple[tuple[str, InstrumentSpec], ...]
    definitions: tuple[tuple[str, DefinitionSpec], ...]
    rules: tuple[tuple[str, RuleSpec], ...]
    tailor: tuple[TailorSpec, ...]
    prune: tuple[PruneSpec, ...]
    merge: tuple[MergeSpec, ...]


def overlay(chain: Sequence[ProfileSource]) -> Overlay:
    """Return what a chain of profiles adds."""
    specs = [source.spec for source in chain if source.spec is not None]
    return Overlay(
        {holder: words for spec in specs for holder, words in spec.duty_holders.items()},
        tuple((spec.profile, instrument) for spec in specs for instrument in spec.instruments),
        tuple((spec.profile, definition) for spec in specs for definition in spec.definitions),
        tuple((spec.profile, rule) for spec in specs for rule in spec.rules),
        tuple(entry for spec in specs for entry in spec.tailor),
        tuple(entry for spec in specs for entry in spec.prune),
        tuple(entry for spec in specs for entry in spec.merge),
    )
