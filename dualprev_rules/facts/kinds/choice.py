"""A choice: yes or no, or a member of an enum, by any declared spelling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dualprev_rules.facts.kinds.reading import Reading, Refused
from dualprev_rules.facts.kinds.text import normal, one_of
from dualprev_rules.facts.schema import Attribute
from dualprev_rules.facts.shown import shown
from dualprev_rules.facts.types import Enum
from dualprev_rules.problems import Words


class Choice:
    """Reader of an attribute with few possible values."""

    def __init__(
        self, exact: Mapping[str, Any], others: Mapping[str, Any], refusal: str, members: Words | None = None
    ) -> None:
        self.exact = exact
        """The spellings that are the plain form: members and their labels."""
        self.others = others
        """Further spellings: read, and noted."""
        self.spellings = (*exact, *others)
        self.members = members
        self.refusal = refusal
        self.folded: dict[str, Any] = {
            spelling.casefold(): member for spelling, member in {**others, **exact}.items()
        }

    def read(self, raw: Any, unit: str | None) -> Reading:
        """Read one member."""
        member, note = self.member(raw, unit)
        return Reading(frozenset((member,)), note, {"member": shown(member)})

    def partly(self, limits: Mapping[str, Any], unit: str | None) -> Reading:
        """Read ``one_of``."""
        return Reading(frozenset(self.member(value, unit)[0] for value in one_of(limits)))

    def member(self, raw: Any, unit: str | None = None) -> tuple[Any, str | None]:
        """Return the member and the code of a note; raises Refused."""
        if unit is not None:
            raise self._refused(raw)
        if isinstance(raw, bool):
            if self.refusal == "facts.not-a-bool":
                return raw, None
            raise self._refused(raw)
        text = _text(raw)
        if text is None:
            raise self._refused(raw)
        if text in self.exact:
            return self.exact[text], None
        member = self.others.get(text, self.folded.get(text.casefold()))
        if member is None:
            raise self._refused(raw, text)
        return member, "facts.read-member"

    def _refused(self, raw: Any, sought: str | None = None) -> Refused:
        # What is no member puts the declared members in doubt, but there are no others to fall back on.
        return Refused(
            self.refusal,
            given=shown(raw),
            sought=sought,
            among=self.spellings,
            doubt=bool(self.exact),
            members=self.members,
        )


def choice_of(attribute: Attribute, of: Enum | None) -> Choice:
    """Return the reader of a yes-or-no attribute (``of`` None) or of members of an enum."""
    aliases = {normal(spelling): member for spelling, member in attribute.member_aliases.items()}
    if of is None:
        words = {spelling: member == "true" for spelling, member in aliases.items()}
        return Choice({}, words | {"true": True, "false": False}, "facts.not-a-bool")
    # A member's own name goes before another's label.
    exact: dict[str, Any] = {normal(member): member for member in of.members}
    for member, words in attribute.member_labels.items():
        for label in (words.zh, words.en):
            if label:
                exact.setdefault(normal(label), member)
    return Choice(exact, aliases, "facts.not-a-member", _members(attribute, of))


def _members(attribute: Attribute, of: Enum) -> Words:
    """Return the first members as words for people."""
    labels = [attribute.member_labels.get(member, Words(member, member)) for member in of.members[:20]]
    more = "…" if len(of.members) > 20 else ""
    return Words("、".join(w.get("zh") for w in labels) + more, ", ".join(w.get("en") for w in labels) + more)


def _text(raw: Any) -> str | None:
    if isinstance(raw, str):
        return normal(raw)
    if isinstance(raw, float) and raw.is_integer():
        return shown(int(raw))
    return shown(raw) if isinstance(raw, int) else None
