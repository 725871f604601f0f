"""Texts of others on our terminal: what could steer it is replaced."""

from __future__ import annotations

from typing import Any, cast

_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], "\N{REPLACEMENT CHARACTER}")
del _CONTROLS[0x09], _CONTROLS[0x0A]


def printable(text: str) -> str:
    r"""Replace control characters other than tab and line feed.

    >>> printable("a\x1b[2J")
    'a�[2J'
    """
    return text.translate(_CONTROLS)


def printable_values(value: Any) -> Any:
    """Return JSON values with every text in them printable."""
    match value:
        case str():
            return printable(value)
        case list():
            return [printable_values(each) for each in cast("list[Any]", value)]
        case dict():
            held = cast("dict[str, Any]", value)
            return {printable(key): printable_values(each) for key, each in held.items()}
        case _:
            return value
