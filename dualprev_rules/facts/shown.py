"""How something given is shown in a problem: as short text that can always be printed."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from dualprev_rules.facts.possible import Finite, Numbers

_MOST = 80
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
"""Signs that nobody sees and that text brings along: of no width, of direction, byte order marks."""


def visible(text: str) -> str:
    """Return text without the signs that nobody sees."""
    return text if text.isascii() else INVISIBLE.sub("", text)


def shown(raw: Any) -> str:
    """Return what was given as one printable line of at most 80 characters."""
    if type(raw) is str and len(raw) <= _MOST and raw.isprintable():
        return raw
    match raw:
        case None:
            text = "null"
        case bool():
            text = "true" if raw else "false"
        case str():
            text = raw
        case int():
            text = int.__repr__(raw) if raw.bit_length() < 4 * _MOST else f"<{raw.bit_length()} bit>"
        case float():
            text = float.__repr__(raw)
        case Fraction():
            text = f"{shown(raw.numerator)}/{shown(raw.denominator)}"
        case Decimal():
            text = Decimal.__str__(raw)
        case date():
            text = _day(raw)
        case dict():
            keys = [shown(key) for key in list(cast("dict[Any, Any]", raw))[:5]]
            text = "{" + ", ".join(keys) + "}"
        case list() | tuple():
            text = _listed(cast("list[Any]", raw))
        case _:
            text = f"<{type(raw).__name__}>"
    return printable(text)


def _listed(items: list[Any] | tuple[Any, ...]) -> str:
    """Show a few values; of records, how many there are."""
    few = items[:5]
    if any(isinstance(item, dict | list | tuple) for item in few):
        return f"[{len(items)}]"
    return f"[{', '.join([*(shown(item) for item in few), *(['…'] if len(items) > 5 else [])])}]"


def within_curly(text: str) -> str | None:
    """Return what stands within curly quotes around a whole text, or None where there are none.

    >>> within_curly("“氯”"), within_curly("“氯”或“氨”")
    ('氯', None)
    """
    inner = text[1:-1]
    paired = text[:1] + text[-1:] in ("“”", "‘’", "””", "““", "「」")
    return inner if len(text) > 1 and paired and not any(c in inner for c in "“”‘’「」") else None


def printable(text: str, most: int | None = _MOST) -> str:
    """Return text on one line, cut to ``most`` characters, with what cannot be printed escaped."""
    cut = text if most is None or len(text) <= most else text[: most - 1] + "…"
    if cut.isprintable():
        return cut
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode("ascii") for c in cut
    )


def _day(raw: date) -> str:
    try:
        return date.isoformat(raw)
    except (ValueError, TypeError):
        return f"<{type(raw).__name__}>"


def figure(value: Fraction) -> str:
    """Return a number as text: a finite decimal, else ``p/q``.

    >>> figure(Fraction(5, 4)), figure(Fraction(1, 3)), figure(Fraction(-20))
    ('1.25', '1/3', '-20')
    """
    twos = (value.denominator & -value.denominator).bit_length() - 1
    rest, fives = value.denominator >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def span(numbers: Numbers, days: bool = False) -> str:
    """Return a range as text, such as ``[0, 30]``, ``(0, ∞)`` or ``{1, 3, 5}``; ``days``: as dates."""

    def end(value: Fraction | None, unbounded: str) -> str:
        if value is None:
            return unbounded
        return date.fromordinal(int(value)).isoformat() if days else figure(value)

    if isinstance(numbers, Finite):
        return "{" + ", ".join(end(value, "") for value in numbers.values) + "}"
    left, right = "(" if numbers.low_open else "[", ")" if numbers.high_open else "]"
    return f"{left}{end(numbers.low, '-∞')}, {end(numbers.high, '∞')}{right}"
