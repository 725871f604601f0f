"""Words that people write: what is blank, and when two names are those of one person."""

from __future__ import annotations

import re
from unicodedata import category, normalize

_BRACKETED = re.compile(r"\([^()]*\)$")
_LED = re.compile(r"^\([^()]*\)")
_BRACKETS = str.maketrans("[{【〔〖「『《〈<]}】〕〗」』》〉>", "((((((((((" + "))))))))))")
_EACH = re.compile(r"(?:\([^()]*\)|[^、,;/|])+")
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]+")
_LEAST = 2
"""The letters that a name, and a post, has at least."""
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800") | {chr(0xFE00 + n) for n in range(16)}
"""Fillers and marks of variation: letters and marks to Unicode, nothing to the eye."""


_NONE = frozenset(
    ("无", "没", "没有", "暂无", "无证据", "略", "待补", "none", "no", "nil", "na", "nothing", "tbd")
)
"""What is written where there is nothing."""


def plain(written: str) -> str:
    """Return a text without what the eye does not tell apart: spaces, invisible characters, width, case."""
    shown = "".join(letter for letter in written if category(letter)[0] not in "CZ" and letter not in _BLANKS)
    return normalize("NFKC", shown).casefold()


def blank(written: str) -> bool:
    """Return whether a text says nothing: it has no letter and no figure."""
    return not _letters(written)


def shows_nothing(written: str) -> bool:
    """Return whether a text is no evidence: it is blank, or says that there is none (无, n/a)."""
    return blank(written) or _letters(written) in _NONE


def same_person(one: str, other: str) -> bool:
    """Return whether two names may be one person's: 王五 is 王五（班长）, 班长王五, and in 王五、赵六.

    Two names that differ in their brackets are two persons: so namesakes are told apart.
    """
    return any(_same(first, second) for first in _each(one) for second in _each(other))


def _each(written: str) -> list[str]:
    """Return the names of a list, their brackets of one kind."""
    return _EACH.findall(normalize("NFKC", written).translate(_BRACKETS)) or [""]


def _same(one: str, other: str) -> bool:
    first, second = _name(one), _name(other)
    if _BRACKETED.search(first) and _BRACKETED.search(second):
        return first == second
    first, second = _BRACKETED.sub("", first), _BRACKETED.sub("", second)
    return first == second or first in _words(other) or second in _words(one) or _titled(first, second)


def _titled(one: str, other: str) -> bool:
    """Return whether one is the other with a post before or after it, of two letters or more: 班长王五."""
    name, whole = sorted((one, other), key=len)
    if not _HAN.fullmatch(whole) or len(name) < _LEAST or len(whole) - len(name) < _LEAST:
        return False
    return whole.startswith(name) or whole.endswith(name)


def _name(written: str) -> str:
    """Return a name without punctuation, and without brackets before it; those after it stay."""
    return _LED.sub("", _letters(written, "()"))


def _letters(written: str, besides: str = "") -> str:
    """Return a text without its punctuation, marks and symbols."""
    return "".join(each for each in plain(written) if each in besides or category(each)[0] not in "PSM")


def _words(written: str) -> list[str]:
    """Return the words that may be names by themselves, as after a post: of two letters or more."""
    names = (_BRACKETED.sub("", _name(word)) for word in written.split())
    return [name for name in names if len(name) >= _LEAST]
