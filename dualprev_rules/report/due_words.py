"""What waits with a hidden hazard, in words: how late it is, or that nobody has set a deadline."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from dualprev_rules.control.due import Due, undated
from dualprev_rules.control.hazard import HazardRecord
from dualprev_rules.control.words import term
from dualprev_rules.problems import Words
from dualprev_rules.report.phrases import joined, named, phrase
from dualprev_rules.risk.deadlines import Step

MOST_NAMED = 5
"""Of what waits without a deadline so many are named; all of it stands in its own row."""


def due_words(each: Due) -> Words:
    """Return what waits with a hidden hazard, how late it is, and who must know."""
    said = _what(each)
    if each.days:
        key = "step_late" if each.what in get_args(Step) else "days_late"
        said = phrase(key, what=said, n=each.days)
    elif each.since is None:
        said = phrase("step_undated", what=said, n=each.waited)
    if each.level is not None:
        said = phrase("who_must_know", what=said, level=named("control", each.level.member))
    return said


def deadline_words(hazard: HazardRecord) -> Words:
    """Return the deadline, with what it was and who extended it last, and who deferred it until when."""
    held = [_extended(hazard)] if hazard.deadline is not None else []
    if hazard.deferral is not None:
        day, by = hazard.deferral.expires.isoformat(), hazard.deferral.approver
        held.append(phrase("deferred", day=day, by=by))
    return joined(held) if held else Words("")


def _extended(hazard: HazardRecord) -> Words:
    assert hazard.deadline is not None
    day = hazard.deadline.isoformat()
    if not hazard.extensions or hazard.extended_from is None:
        return Words(day)
    last, was = hazard.extensions[-1], hazard.extended_from.isoformat()
    by = f"{last.role} {last.approver}"
    return phrase("extended", day=day, was=was, n=len(hazard.extensions), by=by)


def undated_words(waiting: Iterable[Due], key: str = "undated_title") -> Words | None:
    """Return which hidden hazards wait without any deadline, the longest first; None where none do."""
    longest: dict[str, Due] = {}
    for each in undated(waiting):
        longest.setdefault(each.hazard, each)
    if not longest:
        return None
    shown = [
        phrase("undated_one", hazard=each.hazard, what=_what(each), n=each.waited)
        for each in list(longest.values())[:MOST_NAMED]
    ]
    more = [phrase("more_shown", n=len(longest) - MOST_NAMED)] if len(longest) > MOST_NAMED else []
    return phrase(key, n=len(longest), which=joined([*shown, *more]))


def _what(each: Due) -> Words:
    said = named("due", each.what)
    if each.what == "deadline_beyond" and each.since is not None:
        return phrase("past_the_last_day", what=said, day=each.since.isoformat())
    return said if each.to is None else phrase("report_to", what=said, to=term("audiences", each.to).words)
