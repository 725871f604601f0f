"""Names that deny: ``has_no_alarm`` and 报警器缺失 mean the opposite of the fact that they are like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from dualprev_rules.problems.nearest import nearest

_WORDS = frozenset(
    (
        "not",
        "no",
        "non",
        "without",
        "lack",
        "lacks",
        "lacking",
        "missing",
        "never",
        "hasnt",
        "isnt",
        "arent",
        "doesnt",
    )
)
_BROKEN = frozenset(("absent", "broken", "disabled", "failed", "failing", "fails", "out", "off"))
"""Words that may say that something does not do; what they are said of is not plain."""
_GLUED = ("not", "non", "no", "un", "an")
_SIGNS = ("没", "未", "无", "非", "不", "缺", "失效", "故障", "损坏", "停用", "拆除")
_SET_UP = "(?:设置|设(?![备施计])|安装|装(?!置)|配备)?"
_AHEAD = re.compile(f"^(?:没有|没|未|无|非|不是|不|缺少|缺失|缺乏|缺){_SET_UP}(?=.)")
_BEHIND = re.compile(f"(?<=.)(?:没有|没|未|无|缺少|缺失|缺乏){_SET_UP}$")


def near_unless_denied(
    text: str, names: Sequence[str], also: Mapping[str, tuple[str, ...]], is_truth: Callable[[str], bool]
) -> tuple[str | None, bool]:
    """Return the name that a wrong one is near to, and whether it is denied.

    What is near to a denial but for the denial is its opposite: of ``has_no_alarm`` the name is
    ``has_alarm``, denied. Where it is not plain what is denied there is no name, and that is denied.
    """
    near = nearest(text, names, also)
    plain = _unglued(text, names, also)
    if plain is None:
        if not _signs(text) - _signs(*_called(near, also)):
            return near, False
        plain = _undenied(text)
    meant = nearest(plain, names, also)
    if meant is not None and is_truth(meant) and not _signs(plain) - _signs(*_called(meant, also)):
        return meant, True
    return None, near is not None


def nearest_in_meaning(text: str, names: Iterable[str]) -> str | None:
    """Return the name nearest to a wrong one, or None where one of the two denies the other.

    >>> nearest_in_meaning("out_of_service", ["is_in_service"])
    >>> nearest_in_meaning("is_in_servise", ["is_in_service"])
    'is_in_service'
    """
    near = nearest(text, names)
    return None if near is None or opposed(text, near) else near


def opposed(text: str, *spellings: str) -> bool:
    """Tell whether a text that is like a name denies what its spellings say, or lacks a denial of theirs."""
    if _signs(text) - _signs(*spellings):
        return True
    return any(_is_denial(text, name) or _is_denial(name, text) for name in spellings)


def _is_denial(text: str, name: str) -> bool:
    """Tell whether a text without the denial in it is the name."""
    undenied = _undenied(re.sub("[- ]", "_", text))
    plain = _bare(undenied) == _bare(name) != _bare(text)
    return plain or _unglued(text, [name], {}) is not None


def _called(name: str | None, also: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return (name, *also.get(name, ())) if name is not None else ()


def _signs(*spellings: str) -> set[str]:
    """Return the signs of denial in names and labels."""
    found = {sign for text in spellings for sign in _SIGNS if sign in text}
    words = {word for text in spellings for word in re.split("[_ -]", text.casefold())}
    return found | (words & (_WORDS | _BROKEN))


def _undenied(text: str) -> str:
    """Return a name without the word that denies: the first English one, or a Chinese one at an end."""
    words = text.split("_")
    denying = next((word for word in words if word.casefold() in _WORDS), None)
    if denying is not None:
        words.remove(denying)
        return "_".join(words)
    return _AHEAD.sub("", text) if _AHEAD.match(text) else _BEHIND.sub("", text)


def _unglued(text: str, names: Iterable[str], also: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return a name without a denial that is glued to a word of it, where just what is left is known."""
    known = {_bare(spelling) for name in names for spelling in _called(name, also)}
    for at in (0, *(match.end() for match in re.finditer("_", text))):
        for glued in _GLUED:
            rest = text[:at] + text[at + len(glued) :]
            if text.casefold().startswith(glued, at) and rest[at : at + 1] != "_" and _bare(rest) in known:
                return rest
    return None


def _bare(text: str) -> str:
    return "".join(c for c in text.casefold() if c not in "_- ")
