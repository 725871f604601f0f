"""The day on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from dualprev_rules.control.hazard import HazardRecord
from dualprev_rules.control.words import term
from dualprev_rules.problems.words import Lang
from dualprev_rules.report.due_words import due_words, undated_words
from dualprev_rules.report.inspection.sheet import subject_of
from dualprev_rules.report.inspection.terminal import MOST_SHOWN, rounds_table
from dualprev_rules.report.phrases import phrase
from dualprev_rules.report.printable import printable
from dualprev_rules.report.today import Today, not_graded_words
from dualprev_rules.risk.profile import Profile


def print_today(of: Today, profile: Profile, console: Console, lang: Lang = "zh") -> None:
    """Print what a day asks for; of what is long the first ones."""
    console.print(
        Text(printable(f"{of.enterprise} · {phrase('today_title', day=of.day).get(lang)}"), style="bold")
    )
    _part(console, "today_checks", len(of.checks), lang)
    if of.checks:
        console.print(rounds_table(of.checks[:MOST_SHOWN], lang))
        _rest(console, len(of.checks), lang)
    hazards = [_hazard(each, of, lang) for each in of.ledger or ()]
    _part(console, "today_hazards", len(hazards), lang)
    if of.ledger is None:
        console.print(Text(phrase("no_ledger").get(lang), style="dim"))
    _lines(console, hazards, lang)
    if (without := undated_words(of.due)) is not None:
        console.print(Text(printable(f"  {without.get(lang)}"), style="bold"))
    points = [
        " · ".join(
            (
                profile.show(grade).label.get(lang),
                point.name or point.short,
                point.owner or phrase("no_owner").get(lang),
            )
        )
        for point, grade in of.points
    ]
    _part(console, "today_points", len(points), lang)
    _lines(console, points, lang)
    if (open_ones := not_graded_words(of)) is not None:
        console.print(Text(f"  {open_ones.get(lang)}", style="bold"))
    stale = [
        f"{note.path} · {phrase('stale_until', until=note.args['until']).get(lang)}" for note in of.stale
    ]
    _part(console, "today_stale", len(stale), lang)
    _lines(console, stale, lang)
    expired = [
        f"{subject_of(each.record).get(lang)} · "
        f"{phrase('expired_on', what=each.label, day=each.day.isoformat()).get(lang)}"
        for each in of.expired
    ]
    _part(console, "today_expired", len(expired), lang)
    _lines(console, expired, lang)
    console.print()
    if of.commitment is None:
        console.print(Text(phrase("today_refused").get(lang), style="bold red"))
        _lines(console, [said.get(lang) for said in of.refusals], lang)
    else:
        console.print(Text(phrase("today_commitment").get(lang), style="bold"))
        _lines(console, [said.get(lang) for said in of.commitment.lines], lang)


def _hazard(hazard: HazardRecord, of: Today, lang: Lang) -> str:
    waits = [due_words(each).get(lang) for each in of.due if each.hazard == hazard.id]
    grade = term("grades", hazard.grade).words.get(lang)
    return " · ".join((hazard.id, hazard.title, grade, hazard.state.term.words.get(lang), *waits))


def _part(console: Console, key: str, count: int, lang: Lang) -> None:
    console.print()
    console.print(Text(f"{phrase(key).get(lang)} ({count})", style="bold"))


def _lines(console: Console, lines: Sequence[str], lang: Lang) -> None:
    for line in lines[:MOST_SHOWN]:
        console.print(Text(printable(f"  {line}")))
    _rest(console, len(lines), lang)


def _rest(console: Console, count: int, lang: Lang) -> None:
    if count > MOST_SHOWN:
        console.print(Text(f"  {phrase('more_shown', n=count - MOST_SHOWN).get(lang)}", style="dim"))
