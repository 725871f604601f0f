"""Texts of others on our terminal: what could steer it is replaced."""

from __future__ import annotations

_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], "\N{REPLACEMENT CHARACTER}")
del _CONTROLS[0x09], _CONTROLS[0x0A]


def printable(text: str) -> str:
    r"""Replace control characters other than tab and line feed.

    >>> printable("a\x1b[2J")
    'a�[2J'
    """
    return text.translate(_CONTROLS)
