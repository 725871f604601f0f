"""The text of a condition: where it stands, and full-width signs read as their ASCII forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from dualprev_rules.lang.spelling import CHINESE, in_ascii
from dualprev_rules.problems import Place

_SIGNS = {
    "（": "(",
    "）": ")",
    "［": "[",
    "］": "]",
    "｛": "{",
    "｝": "}",
    "，": ",",
    "、": ",",
    "；": ";",
    "：": ":",
    "．": ".",
    "＝": "=",
    "＞": ">",
    "＜": "<",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "⩾": ">=",
    "⩽": "<=",
    "≧": ">=",
    "≦": "<=",
    "≮": ">=",
    "≯": "<=",
    "×": "*",
    "÷": "/",
    "＋": "+",
    "－": "-",
    "−": "-",
    "＊": "*",
    "／": "/",
    "‘": "'",
    "’": "'",
    "＇": "'",
    "“": '"',
    "”": '"',
    "＂": '"',
    "＿": "_",
    "％": "%",
    "！": "!",
    "\u3000": " ",
    "\u00a0": " ",
}
_DIGITS = {chr(ord("０") + n): str(n) for n in range(10)}
_ANY_SIGN = re.compile("|".join((f"[{''.join((*_SIGNS, *_DIGITS))}「]", *CHINESE)))


class Located(Protocol):
    """A text that knows where each part of it stands in its file."""

    @property
    def text(self) -> str:
        """The text as written."""
        ...

    def place(self, start: int, end: int) -> Place:
        """Return the place of ``text[start:end]``."""
        ...


@dataclass(frozen=True, slots=True)
class Inline:
    """A text that stands in no file: an API caller's, or a test's."""

    text: str
    file: str = "<text>"

    def place(self, start: int, end: int) -> Place:
        """Return the place of ``text[start:end]``."""
        line = self.text.count("\n", 0, start)
        first = self.text.rfind("\n", 0, start) + 1
        source = self.text.split("\n")[line]
        return Place(self.file, line + 1, start - first + 1, max(1, end - start), source)


Mend = tuple[int, int, str]
"""A part of a text, by its ends, and what was meant by it."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A text in ASCII signs, and for each of its characters the offset in the text as written."""

    text: str
    offsets: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the text as written of ``text[start:end]``."""
        last = len(self.offsets) - 1
        return self.offsets[min(start, last)], self.offsets[min(end, last)]

    def mended(self, mends: Iterable[Mend]) -> Plain:
        """Return the text with parts of it as they were meant; what is new stands where they stood."""
        text, offsets = self.text, list(self.offsets)
        for start, end, meant in sorted(mends, reverse=True):
            text = f"{text[:start]} {meant} {text[end:]}"
            # The blank behind it ends where the part ends that it stands for.
            offsets[start:end] = [*[offsets[start]] * (len(meant) + 1), offsets[end]]
        return Plain(text, offsets)


def plain(text: str) -> Plain:
    """Read full-width signs and digits, ``≥ ≤ ≠ ×`` and Chinese words as ASCII, but for quoted members."""
    if _ANY_SIGN.search(text) is None:
        return Plain(text, range(len(text) + 1))
    out: list[str] = []
    offsets: list[int] = []
    quote = ""
    for index, char in enumerate(text):
        sign = _SIGNS.get(char) or _DIGITS.get(char) or char
        if quote:
            # What stands between quotes is a name and stays as written; only its end is read.
            if sign == quote:
                quote = ""
            else:
                sign = char
        elif sign in ("'", '"'):
            quote = sign
        elif char == "「":
            quote = "」"
        out.append(sign)
        offsets += [index] * len(sign)
    return _respelt(Plain("".join(out), (*offsets, len(text))))


def _respelt(read: Plain) -> Plain:
    """Return the text with its Chinese words as the language's own; each stands where it stood."""
    text, offsets = read.text, list(read.offsets)
    for start, end, word in sorted(in_ascii(text), reverse=True):
        text = f"{text[:start]}{word}{text[end:]}"
        offsets[start:end] = [offsets[start]] * len(word)
    return Plain(text, offsets) if text != read.text else read
