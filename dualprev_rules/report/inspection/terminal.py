"""Sheets and rounds on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dualprev_rules.control.answers import Settled
from dualprev_rules.control.rounds import Round
from dualprev_rules.problems import Problem
from dualprev_rules.problems.words import Lang
from dualprev_rules.report.inspection.plan import Unwatched
from dualprev_rules.report.inspection.sheet import Sheet, place_of, subject_of
from dualprev_rules.report.phrases import named, phrase
from dualprev_rules.report.printable import printable
from dualprev_rules.risk.profile import Profile

MOST_SHOWN = 20
_COUNTED = ("missed", "due", "planned", "done")


def print_sheet(sheet: Sheet, console: Console, lang: Lang = "zh") -> None:
    """Print the sheet as a table, and what it can decide below it."""
    table = plain_table(("line_number", "where", "looked_at", "question"), lang)
    for number, line in enumerate(sheet.lines, 1):
        row = (str(number), line.place, line.subject.get(lang), line.ask.get(lang))
        table.add_row(*(Text(printable(part)) for part in row))
    if sheet.lines:
        console.print(table)
    key = "inspection_can_decide" if sheet.major else "inspection_can_decide_others"
    said = phrase(key, n=len(sheet.lines), minutes=sheet.duration, decides=sheet.can_decide, open=sheet.open)
    console.print(Text(said.get(lang)))


def print_returned(settled: Settled, faults: Sequence[Problem], console: Console, lang: Lang = "zh") -> None:
    """Print what sheets brought back, then everything that is wrong with it."""
    counted = (
        ("read_given", len(settled.given)),
        ("read_doubtful", len(settled.doubtful)),
        ("read_not_applicable", len(settled.not_applicable)),
        ("read_not_checked", settled.not_checked),
    )
    for key, count in counted:
        if count:
            console.print(Text(phrase(key, n=count).get(lang)))
    for answer in settled.not_applicable:
        console.print(Text(printable(f"  {answer.path}: {answer.reason} ({answer.by})"), style="dim"))
    for fault in (*settled.problems, *faults):
        console.print(Text(printable(fault.show(lang))))


def print_rounds(
    rounds: Sequence[Round],
    each_time: int,
    unwatched: Unwatched,
    profile: Profile,
    console: Console,
    lang: Lang = "zh",
) -> None:
    """Print how many rounds are due, done and missed, the due and missed ones first."""
    counts = Counter(each.status for each in rounds)
    said = [
        phrase("rounds_counted", status=named("round", status), n=counts[status]).get(lang)
        for status in _COUNTED
    ]
    console.print(Text("   ".join(said)))
    pressing = [each for each in rounds if each.status in ("missed", "due")]
    pressing.sort(key=lambda each: (each.status == "due", each.ends))
    if pressing:
        console.print(rounds_table(pressing[:MOST_SHOWN], lang))
    if len(pressing) > MOST_SHOWN:
        console.print(Text(phrase("more_shown", n=len(pressing) - MOST_SHOWN).get(lang), style="dim"))
    if not rounds:
        console.print(Text(phrase("nothing_planned").get(lang)))
    if each_time:
        console.print(Text(phrase("each_time_listed", n=each_time).get(lang), style="dim"))
    if unwatched:
        console.print(Text(phrase("unwatched_listed", n=len(unwatched)).get(lang)))
        for place, grade, level in unwatched[:MOST_SHOWN]:
            label = profile.show(grade).label.get(lang)
            called = named("control", level.member).get(lang)
            console.print(Text(printable(f"  {place.name or place.short} · {label} · {called}")))
        if len(unwatched) > MOST_SHOWN:
            console.print(Text(phrase("more_shown", n=len(unwatched) - MOST_SHOWN).get(lang), style="dim"))


def rounds_table(rounds: Sequence[Round], lang: Lang = "zh") -> Table:
    """Return rounds as a table: when, what, where, and who."""
    table = plain_table(("round_status", "ends", "checklist", "looked_at", "where", "posts"), lang)
    for each in rounds:
        duty = each.duty
        level = named("control", duty.level.member).get(lang) if duty.level is not None else ""
        who = "、".join(duty.posts) or " ".join(filter(None, (level, duty.owner)))
        row = (
            named("round", each.status).get(lang),
            each.ends.isoformat(" ", "minutes"),
            duty.checklist.title.get(lang),
            subject_of(duty.record).get(lang),
            place_of(duty.record),
            who,
        )
        table.add_row(*(Text(printable(part)) for part in row))
    return table


def plain_table(headings: Sequence[str], lang: Lang) -> Table:
    """Return a table without rules, headed by phrases."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for key in headings:
        table.add_column(phrase(key).get(lang), overflow="fold")
    return table
