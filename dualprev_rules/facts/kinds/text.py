"""A text, normalised; a named format may be checked."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, cast

from dualprev_rules.facts.cas import valid_cas, without_zeros
from dualprev_rules.facts.kinds.reading import Reading, Refused
from dualprev_rules.facts.shown import shown, visible


def normal(text: str) -> str:
    """Return text in NFKC, trimmed and without what nobody sees: as texts, names and keys are compared."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", visible(text)).strip()


def text_of(raw: Any) -> tuple[str, str | None]:
    """Return the text and the code of a note; raises Refused for what is no text.

    A figure of a file is the text that stands there; a float has lost its last zeros, and is noted.
    """
    if isinstance(raw, str):
        text = normal(raw)
        if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
            raise Refused("facts.broken-text", given=shown(raw))
        return text, None
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return shown(raw), "facts.read-text" if isinstance(raw, float) else None
    raise Refused("facts.not-a-text", given=shown(raw))


class Texts:
    """Reader of a text attribute."""

    def __init__(self, check: str | None) -> None:
        self.check = check

    def read(self, raw: Any, unit: str | None) -> Reading:
        """Read one text."""
        text, note = self._text(raw, unit)
        return Reading(frozenset((text,)), note)

    def partly(self, limits: Mapping[str, Any], unit: str | None) -> Reading:
        """Read ``one_of``."""
        return Reading(frozenset(self._text(value, unit)[0] for value in one_of(limits)))

    def _text(self, raw: Any, unit: str | None) -> tuple[str, str | None]:
        if unit is not None:
            raise Refused("facts.not-a-text", given=f"{shown(raw)} {shown(unit)}")
        text, note = text_of(raw)
        if self.check == "cas" and not valid_cas(text):
            meant = without_zeros(text)
            raise Refused("facts.cas", given=text, sought=meant, among=(meant,) if meant else (), doubt=True)
        return text, note


def one_of(limits: Mapping[str, Any]) -> list[Any]:
    """Return the alternatives where ``one_of`` stands alone and names some; raises Refused otherwise."""
    members = limits.get("one_of")
    if len(limits) != 1 or not isinstance(members, list) or not members:
        raise Refused("facts.partly", given="{" + ", ".join(limits) + "}")
    return cast("list[Any]", members)
