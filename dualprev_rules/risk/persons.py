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
    (
        *("无", "没", "没有", "暂无", "无证据", "没有证据", "无照片", "没有照片", "没拍", "未拍", "空", "略"),
        *("同上", "同前", "待补", "待上传", "待定", "none", "no", "nil", "na", "nothing", "null", "tbd"),
        *("ditto", "sameasabove", "nophoto", "nophotos"),
    )
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
    if _han(first) == _han(second) or _titled(first, second):
        return True
    words, others = _words(one), _words(other)
    return _han(first) in others or _han(second) in words or _within(words, others) or _within(others, words)


def _titled(one: str, other: str) -> bool:
    """Return whether one is the other with a post before or after it, of two letters or more: 班长王五."""
    one, written = sorted((one, other), key=lambda each: len(_han(each)))
    name, whole = _han(one), _han(written)
    if not _HAN.fullmatch(whole) or len(name) < _LEAST:
        return False
    if len(whole) - len(name) >= _LEAST and (whole.startswith(name) or whole.endswith(name)):
        return True
    # The number or letter of a team belongs to the post: A班王五.
    return written.endswith(name) and len(written) - len(name) >= _LEAST


def _han(name: str) -> str:
    """Return a Chinese name without the figures and letters at it, such as those of a team or a telephone."""
    kept = "".join(_HAN.findall(name))
    return kept if len(kept) >= _LEAST else name


def _within(words: list[str], others: list[str]) -> bool:
    """Return whether a name of two words or more is a part of the other's words: Wang Wu, Mr Wang Wu."""
    count = len(words)
    return count > 1 and any(words == others[at : at + count] for at in range(len(others) - count + 1))


def _name(written: str) -> str:
    """Return a name without punctuation, and without brackets before it; those after it stay."""
    return _LED.sub("", _letters(written, "()"))


def _letters(written: str, besides: str = "") -> str:
    """Return a text without its punctuation, marks and symbols."""
    return "".join(each for each in plain(written) if each in besides or category(each)[0] not in "PSM")


def _words(written: str) -> list[str]:
    """Return the words that may be names by themselves, as after a post: of two letters or more."""
    names = (_han(_BRACKETED.sub("", _name(word))) for word in written.split())
    return [name for name in names if len(name) >= _LEAST]
