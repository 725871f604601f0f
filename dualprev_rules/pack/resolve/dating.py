"""The guard of an instrument that binds by a date fact: what is of its time, and no other thing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dualprev_rules.pack.model import Instrument


def guard(dated: Sequence[Instrument], day: date) -> str | None:
    """Return the condition under which one of the instruments binds, or None where one always does.

    A building follows the code of its own date; once a transition has run out on ``day``, what is
    older follows the newer code too.
    """
    parts: list[str] = []
    for instrument in dated:
        ends: list[str] = []
        caught_up = instrument.existing_until is not None and instrument.existing_until <= day
        if instrument.start is not None and not caught_up:
            ends.append(f"{instrument.dated_by} >= '{instrument.start}'")
        if instrument.end is not None:
            ends.append(f"{instrument.dated_by} < '{instrument.end}'")
        if not ends:
            return None
        parts.append(" and ".join(ends))
    if len(parts) > 1:
        return " or ".join(f"({part})" for part in parts)
    return parts[0] if parts else None
