"""Words that people write: what is blank, and when two names are those of one person."""

from __future__ import annotations

import re
from unicodedata import category, normalize

_BRACKETED = re.compile(r"\(.*\)$")


def plain(written: str) -> str:
    """Return a text without what the eye does not tell apart: spaces, invisible characters, width, case."""
    shown = "".join(letter for letter in written if category(letter)[0] not in "CZ")
    return normalize("NFKC", shown).casefold()


def blank(written: str) -> bool:
    """Return whether a text shows nothing."""
    return not plain(written)


def same_person(one: str, other: str) -> bool:
    """Return whether two names may be one person's: 王五 is 王 五, and 王五（班长） too.

    Two names that differ in their brackets are two persons: so namesakes are told apart.
    """
    first, second = plain(one), plain(other)
    if _BRACKETED.search(first) and _BRACKETED.search(second):
        return first == second
    return _BRACKETED.sub("", first) == _BRACKETED.sub("", second)
