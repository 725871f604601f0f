"""Days in conditions: how they are written, and which day another spelling means."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from dualprev_rules.facts.kinds import read_day
from dualprev_rules.lang.text import Located, Mend, Plain
from dualprev_rules.problems import Problem, problem

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DIGITS = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_BARE = re.compile(
    r"'[^']*'|\"[^\"]*\""
    r"|(?<![\w.])(?P<day>[0-9]{4}(?:(?P<sign>[-/.])[0-9]{1,2}(?P=sign)[0-9]{1,2}|年[0-9]{1,2}月[0-9]{1,2}日?))(?![\w.])"
)
_ANY_DAY = "'2000-01-01'"


def read_date(text: str) -> Fraction | None:
    """Return a day written ``2026-01-31`` as its ordinal, or None."""
    try:
        return Fraction(date.fromisoformat(text).toordinal()) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def day_meant(text: str) -> str | None:
    """Return the day that a text means, as conditions have it, or None where it means none.

    >>> day_meant("2020年1月1日")
    "'2020-01-01'"
    """
    found = read_day("-".join(match.groups()) if (match := _DIGITS.fullmatch(text)) else text)
    return f"'{found[0].isoformat()}'" if found is not None else None


def bare_days(read: Plain, source: Located) -> tuple[list[Problem], list[Mend]]:
    """Find days without quotes, which are sums of figures to a parser, and how to mend the text."""
    faults: list[Problem] = []
    mends: list[Mend] = []
    for match in _BARE.finditer(read.text):
        if match["day"] is None:
            continue
        start, end = match.span()
        first, last = read.original(start, end)
        place, meant = source.place(first, last), day_meant(match["day"])
        faults.append(problem("lang.bare-day", place=place, given=source.text[first:last], nearest=meant))
        mends.append((start, end, meant or _ANY_DAY))
    return faults, mends
