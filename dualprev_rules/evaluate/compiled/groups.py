"""Groups of rules that are judged together, and the outcome codes of a group as the functions leave them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dualprev_rules.pack.model import Rule

WIDTH = 10
MOST_RULES = 2**WIDTH - 1
"""The width of a place in the sum of codes, and the number of rules whose codes may be added."""

NOT_APPLICABLE = 0
VIOLATED, COMPLIANT, UNDETERMINED, PRESUMED, HARMLESS = (1 << WIDTH * place for place in range(5))
"""Outcome codes. The last three are undetermined; one presumed heads the list, one harmless asks nothing.

The sum of the codes of a group of at most ``MOST_RULES`` rules holds how many there are of each.
"""
CODES = {"N": NOT_APPLICABLE, "C": COMPLIANT, "V": VIOLATED, "U": UNDETERMINED, "P": PRESUMED, "H": HARMLESS}


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Rules that are judged one by one; what is found of a row is the tuple of their codes."""

    rules: tuple[Rule, ...]
    major: tuple[int, ...]
    """Positions of those about a major hidden hazard."""
    first: bool
    """It is the group that every record of the entity has."""

    def codes(self, found: Any) -> tuple[int, ...]:
        """Return the codes of what was found, in the order of the rules."""
        return found

    def violated(self, found: Any) -> int:
        """Return how many are violated."""
        return sum(found) & MOST_RULES


@dataclass(frozen=True, slots=True, eq=False)
class BitGroup(Group):
    """Rules that are judged all at once, of a row of which all that they ask is known.

    What is found is a number. Its lowest bits, one a rule, say *it applies and is violated*, after those
    the first rules, which need not apply, have one more for *it applies*. A rule is ``turned`` where
    its bit says the contrary.
    """

    guarded: int
    turned: int
    every: int
    """The bits of the rules."""

    def codes(self, found: Any) -> tuple[int, ...]:
        """Return the codes of what was found, in the order of the rules."""
        broken, size = found ^ self.turned, len(self.rules)
        applies = found >> size | -1 << self.guarded
        return tuple(
            VIOLATED if broken >> i & 1 else COMPLIANT if applies >> i & 1 else NOT_APPLICABLE
            for i in range(size)
        )

    def violated(self, found: Any) -> int:
        """Return how many are violated."""
        return ((found ^ self.turned) & self.every).bit_count()


@dataclass(frozen=True, slots=True, eq=False)
class OpenBitGroup(BitGroup):
    """The same of a row of which facts are missing: the bits that are surely set, then those that may be."""

    def _parts(self, found: int) -> tuple[int, int, int, int]:
        """Return what surely and what maybe is broken, and what surely and what maybe applies."""
        size = len(self.rules)
        width = size + self.guarded
        sure, maybe = found & (1 << width) - 1, found >> width
        turned, free = self.turned, -1 << self.guarded
        return (
            sure & ~turned | ~maybe & turned,
            maybe & ~turned | ~sure & turned,
            sure >> size | free,
            maybe >> size | free,
        )

    def codes(self, found: Any) -> tuple[int, ...]:
        """Return the codes of what was found, in the order of the rules."""
        broken, may_be, applies, may_apply = self._parts(found)
        return tuple(
            VIOLATED
            if broken >> i & 1
            else NOT_APPLICABLE
            if not may_apply >> i & 1
            else UNDETERMINED
            if may_be >> i & 1
            else COMPLIANT
            if applies >> i & 1
            else HARMLESS
            for i in range(len(self.rules))
        )

    def violated(self, found: Any) -> int:
        """Return how many are violated."""
        return (self._parts(found)[0] & self.every).bit_count()


def group(rules: Sequence[Rule], *, first: bool) -> Group:
    """Return the group of rules that are judged one by one."""
    return Group(tuple(rules), majors(rules), first)


def majors(rules: Sequence[Rule]) -> tuple[int, ...]:
    """Return the positions of the rules about a major hidden hazard."""
    return tuple(i for i, rule in enumerate(rules) if rule.kind == "major_hidden_hazard")
