"""What a change does, as text: problems of the data, facts, outcomes, grades, what to assess again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from dualprev_rules.problems.words import Lang, Words
from dualprev_rules.report.phrases import named, phrase, value_words
from dualprev_rules.report.text import print_problems
from dualprev_rules.result.difference import Difference, FactChange, OutcomeChange
from dualprev_rules.result.grade_changes import ClassChange
from dualprev_rules.risk.grades import RiskGrade
from dualprev_rules.risk.profile import Profile

if TYPE_CHECKING:
    from rich.console import Console

_WAYS = {"gets_worse": (True, False), "gets_better": (False, True), "no_breach": (False, False)}
"""Under which heading an outcome stands that is worse, or better."""


def print_difference(of: Difference, profile: Profile, console: Console, lang: Lang) -> None:
    """Print a difference; what gets worse stands first."""
    if any(of.problem_counts):
        (before, after), new = of.problem_counts, len(of.problems)
        console.print(Text(phrase("problems_of_change", before=before, after=after, new=new).get(lang)))
        print_problems({"data_problems": [fault.to_json() for fault in of.problems]}, console, lang)
    if not (of.facts or of.outcomes or of.grades or of.classes):
        console.print(Text(phrase("nothing_changes").get(lang)))
        return
    if of.by_position:
        which = ", ".join(
            pair.after.path
            if pair.after.path == pair.before.path
            else f"{pair.before.path} → {pair.after.path}"
            for pair in of.by_position
        )
        console.print(Text(phrase("paired_by_position", n=len(of.by_position), which=which).get(lang)))
    facts = [
        (
            f"{change.label.get(lang)}  {change.path}",
            _shown(change, change.before, lang),
            _shown(change, change.after, lang) + _way(change.worse, lang),
        )
        for change in of.facts
    ]
    _print(console, "facts_changed", facts, lang)
    for title, way in _WAYS.items():
        shown = [_outcome(c, lang) for c in of.outcomes if (c.worse, c.better) == way]
        _print(console, title, shown, lang)
    doubled = _doubled({(change.name, change.path) for change in of.grades})
    grades = [
        (
            f"{_named(change.name, change.path, doubled)}  {named('basis', change.basis).get(lang)}",
            _grade(profile, change.before, lang),
            _grade(profile, change.after, lang),
        )
        for change in of.grades
    ]
    _print(console, "grades_changed", grades, lang)
    _print(console, "classes_changed", [_class(change, lang) for change in of.classes], lang)
    if of.to_assess:
        doubled = _doubled((point.name, point.path) for point in of.to_assess)
        names = "、".join(_named(point.name, point.path, doubled) for point in of.to_assess)
        console.print(Text(f"\n{phrase('assess_again', n=len(of.to_assess)).get(lang)}{names}"))


def _outcome(change: OutcomeChange, lang: Lang) -> tuple[str, str, str]:
    because = f"\n  ← {', '.join(change.because)}" if change.because else ""
    what = f"{change.rule.title.get(lang)}  {change.rule.id}\n  {change.path}{because}"
    return what, _code(change.before, lang), _code(change.after, lang)


def _class(change: ClassChange, lang: Lang) -> tuple[str, str, str]:
    called = _called(change.called)
    before, after = (
        "—"
        if fact is None
        else phrase("outcome_undetermined").get(lang)
        if fact.open
        else value_words(fact.value, change.unit, called).get(lang)
        for fact in (change.before, change.after)
    )
    return f"{change.fact.definition.label.get(lang)}  {change.fact.key}", before, after


def _doubled(named: Iterable[tuple[str | None, str]]) -> set[str]:
    """Return the names of more than one."""
    return {name for name, n in Counter(name for name, _ in named if name).items() if n > 1}


def _named(name: str | None, path: str, doubled: Container[str]) -> str:
    """Return the name of a place or point, with its path where that name is another's too."""
    return path if not name else f"{name} {path}" if name in doubled else name


def _code(code: str | None, lang: Lang) -> str:
    return named("outcome", code).get(lang) if code is not None else "—"


def _grade(profile: Profile, grade: RiskGrade | None, lang: Lang) -> str:
    """Return a grade in words; what is not there, or holds no risk point, has none."""
    return "—" if grade is None else profile.show(grade).label.get(lang)


def _shown(change: FactChange, value: object, lang: Lang) -> str:
    return "—" if value is None else value_words(value, change.unit, _called(change.called)).get(lang)


def _called(members: Mapping[str, Words]) -> dict[str, dict[str, str]]:
    return {member: words.to_json() for member, words in members.items()}


def _way(worse: bool | None, lang: Lang) -> str:
    return "" if worse is None else phrase("fact_worse" if worse else "fact_milder").get(lang)


def _print(console: Console, title: str, rows: Sequence[tuple[str, str, str]], lang: Lang) -> None:
    if not rows:
        return
    console.print(Text(f"\n{phrase(title).get(lang)} ({len(rows)})", style="bold"))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(overflow="fold", ratio=4)
    table.add_column(overflow="fold", ratio=1)
    table.add_column(overflow="fold", ratio=1)
    for what, before, after in rows:
        table.add_row(Text(what), Text(before), Text(f"→ {after}"))
    console.print(table)
