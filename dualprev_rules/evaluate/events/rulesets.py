"""The rule sets that durable-rules is given: one rule each, a pair of facts, one comparison of whole numbers.

Nothing else ever reaches it: no text of a pack, no fraction, no infinity, no event that a rule could
consume, no rule with an open end. Why the pairs are so plain is in ``docs/decisions.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dualprev_rules.pack.live import Count, Disagreement, Form, Held, Rate, Silence


@dataclass(frozen=True, slots=True)
class Pair:
    """When an earlier number and the present one match: it has gone on by ``by``, up or (below 0) down."""

    by: int

    def fits(self, earlier: int, present: int) -> bool:
        """Tell whether two numbers are such a pair."""
        return present - earlier >= self.by if self.by >= 0 else present - earlier <= self.by

    def rule_set(self) -> dict[str, Any]:
        """Return the rule set for durable-rules: ``w`` is the earlier number, ``v`` the present one."""
        sign = "$gte" if self.by >= 0 else "$lte"
        earlier = {"$add": {"$l": {"past": "w"}, "$r": self.by}}
        return {"pair": {"all": [{"past": {"$ex": {"w": 1}}}, {"now": {sign: {"v": earlier}}}]}}


def pair_of(form: Form) -> Pair | None:
    """Return the pair that a form waits for; None for one that needs no facts but the last.

    A stretch is a start and a moment long enough after it. So many hits of so many readings are a hit and
    one numbered so much higher, both among the readings. A change is two values of the window. What has
    left the readings or the window is forgotten before the present fact is matched.
    """
    match form:
        case Held(time=0) | Disagreement(time=0) | Silence():
            return None
        case Held(time=time) | Disagreement(time=time):
            return Pair(time)
        case Count(hits=hits):
            return Pair(hits - 1)
        case Rate(change=change):
            return Pair(change)
