"""Rounds as iCalendar (RFC 5545): one event a round, which every calendar shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from hashlib import sha256

from dualprev_rules.control.rounds import Round
from dualprev_rules.problems.words import Lang
from dualprev_rules.report.inspection.sheet import place_of, subject_of
from dualprev_rules.report.phrases import named, phrase

_LONGEST = 75
"""The most octets of a line; a longer one goes on below, behind a space."""


def calendar(rounds: Iterable[Round], made: date, lang: Lang = "zh") -> bytes:
    """Return rounds as an iCalendar file in UTF-8.

    A round of a day or more stands on the day on which it begins, and says until when it can be done;
    a shorter one has its hours. Times have no zone: they are those of the clock on the site. What was done is
    left out. ``made`` is the day of the file; the same rounds give the same bytes.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//dualprev-rules//rounds//ZH", "CALSCALE:GREGORIAN"]
    for each in rounds:
        if each.status != "done":
            lines += _event(each, made, lang)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode("utf-8", "replace")


def _event(each: Round, made: date, lang: Lang) -> Iterator[str]:
    duty = each.duty
    name = f"{duty.checklist.id} {duty.record.path} {each.begins.isoformat()}"
    uid = sha256(name.encode("utf-8", "replace")).hexdigest()[:24]
    subject = subject_of(duty.record).get(lang)
    who = "、".join(duty.posts) or named("control", duty.level.member).get(lang) if duty.level else ""
    said = [
        f"{phrase('ends').get(lang)}: {each.ends.isoformat(' ', 'minutes')}",
        f"{phrase('posts').get(lang)}: {who}",
        *(item.ask.get(lang) for item in duty.checklist.items if item.id in duty.targets),
    ]
    yield "BEGIN:VEVENT"
    yield f"UID:{uid}@dualprev-rules"
    yield f"DTSTAMP:{made:%Y%m%d}T000000Z"
    if each.ends - each.begins >= timedelta(days=1):
        yield f"DTSTART;VALUE=DATE:{each.begins:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{each.begins + timedelta(days=1):%Y%m%d}"
    else:
        yield f"DTSTART:{_local(each.begins)}"
        yield f"DTEND:{_local(each.ends)}"
    yield f"SUMMARY:{_escaped(f'{duty.checklist.title.get(lang)} · {subject}')}"
    yield f"LOCATION:{_escaped(place_of(duty.record))}"
    yield f"DESCRIPTION:{_escaped(chr(10).join(said))}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _local(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%S}"


def _escaped(text: str) -> str:
    """Return a text as a value: what would end it is escaped, what is no character for a text left out."""
    kept = "".join(c for c in text.replace("\r\n", "\n").replace("\r", "\n") if c == "\n" or c >= " ")
    for mark in ("\\", ";", ","):
        kept = kept.replace(mark, f"\\{mark}")
    return kept.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Yield a line in parts of at most 75 octets, never cut within a character."""
    part, size = "", 0
    for character in line:
        octets = len(character.encode("utf-8", "replace"))
        if size + octets > _LONGEST:
            yield part
            part, size = " ", 1
        part += character
        size += octets
    yield part
