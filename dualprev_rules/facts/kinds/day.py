"""A day, held as its ordinal."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import Any

from dualprev_rules.facts.document import Figure
from dualprev_rules.facts.kinds.amount import Found
from dualprev_rules.facts.kinds.reading import Refused
from dualprev_rules.facts.shown import shown, visible

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}.*)?", re.ASCII)
_OTHER = re.compile(r"(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?", re.ASCII)


def read_day(raw: Any) -> tuple[date, bool] | None:
    """Return the day and whether it is in the plain form (ISO 8601), or None where it is no day.

    A time of day behind it is dropped: the day is the one that is written.
    """
    try:
        if isinstance(raw, date):
            return date(raw.year, raw.month, raw.day), True
        if isinstance(raw, str) and not isinstance(raw, Figure):
            text = visible(raw).strip()
            iso = _ISO.fullmatch(text)
            found = iso or _OTHER.fullmatch(text)
            if found:
                return date(int(found[1]), int(found[2]), int(found[3])), iso is not None
    except (ValueError, TypeError):
        pass
    return None


def day_point(raw: Any, unit: str | None) -> Found:
    """Read one day; see ``Point``."""
    found = read_day(raw)
    if found is None or unit is not None:
        raise Refused("facts.not-a-date", given=shown(raw))
    day, plain = found
    return Fraction(day.toordinal()), None if plain else "facts.read-date", {"day": day.isoformat()}
