"""A set of members or texts: a list, or one text with marks between them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from dualprev_rules.facts.kinds.choice import Choice
from dualprev_rules.facts.kinds.reading import Reading, Refused
from dualprev_rules.facts.kinds.text import Texts, normal
from dualprev_rules.facts.possible import EVERY_TEXT, Members
from dualprev_rules.facts.shown import shown

_BETWEEN = re.compile(r"[、,;，；\n]")
_NONE = frozenset(("[]", "无", "none"))


class Several:
    """Reader of a set attribute. A member that cannot be read leaves the set open."""

    def __init__(self, member: Choice | Texts, members: frozenset[str] | None) -> None:
        self.one = member
        self.possible = EVERY_TEXT if members is None else members

    def read(self, raw: Any, unit: str | None) -> Reading:
        """Read the members that are surely in the set; there may be no others."""
        if unit is not None:
            raise Refused("facts.not-a-set", given=shown(raw))
        sure = frozenset(self._member(part) for part in self._parts(raw))
        return Reading(Members(sure, sure))

    def partly(self, limits: Mapping[str, Any], unit: str | None) -> Reading:
        """Refuse: a set is partly known by ``items`` and ``complete: false``."""
        raise Refused("facts.partly", given="{" + ", ".join(limits) + "}")

    def readable(self, raw: Any) -> frozenset[str]:
        """Return the members that can be read, whatever stands beside them."""
        sure: set[str] = set()
        try:
            for part in self._parts(raw):
                try:
                    sure.add(self._member(part))
                except Refused:
                    continue
        except Refused:
            pass
        return frozenset(sure)

    def opened(self, sure: frozenset[str]) -> Members:
        """Return the set in which ``sure`` are and any other may be."""
        return Members(sure, self.possible)

    def _parts(self, raw: Any) -> list[Any]:
        if isinstance(raw, list):
            return cast("list[Any]", raw)
        if not isinstance(raw, str):
            raise Refused("facts.not-a-set", given=shown(raw))
        if self._empty(raw):
            return []
        return [part for part in _BETWEEN.split(raw) if part.strip()]

    def _empty(self, raw: str) -> bool:
        word = normal(raw).casefold()
        return word in _NONE and not (isinstance(self.one, Choice) and word in self.one.folded)

    def _member(self, part: Any) -> str:
        (member,) = self.one.read(part, None).possible
        return member
