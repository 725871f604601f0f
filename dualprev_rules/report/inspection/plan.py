"""Rounds as a workbook: dated tasks for named posts, what has no days, and where a level has no checklist."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING

from dualprev_rules.control.rounds import Duty, Round, duties
from dualprev_rules.evaluate.reference import Reference
from dualprev_rules.facts.possible import Value
from dualprev_rules.pack.registry import functions, plugins
from dualprev_rules.problems.words import Lang
from dualprev_rules.report.inspection.sheet import place_of, subject_of
from dualprev_rules.report.phrases import named, phrase
from dualprev_rules.report.sheets import Content, Painted, Sheet, write_book
from dualprev_rules.risk.grades import RiskGrade
from dualprev_rules.risk.level import ControlLevel
from dualprev_rules.risk.place import Place
from dualprev_rules.risk.profile import Profile

if TYPE_CHECKING:
    from dualprev_rules.result import Result

Unwatched = Sequence[tuple[Place, RiskGrade, ControlLevel]]
_DUTY = (
    ("checklist", 26),
    ("where", 26),
    ("looked_at", 26),
    ("level", 10),
    ("posts", 20),
    ("owner", 12),
    ("department", 14),
    ("residual", 14),
    ("level_acts", 10),
    ("inspection_kind", 14),
)
_ROUND = (("begins", 16), ("ends", 16), ("round_status", 10), ("answered_of", 8))


def rounds_book(
    rounds: Iterable[Round],
    each_time: Iterable[Duty],
    unwatched: Unwatched,
    profile: Profile,
    lang: Lang = "zh",
) -> bytes:
    """Return rounds as XLSX; raises DualprevError where openpyxl is not installed."""
    said = {name: phrase(name).get(lang) for name, _ in (*_ROUND, *_DUTY)}
    head = [(said[name], width) for name, width in _DUTY]
    sheets = (
        Sheet(
            phrase("sheet_rounds").get(lang),
            [(said[name], width) for name, width in _ROUND] + head,
            [[*_times(each, lang), *_duty(each.duty, profile, lang)] for each in rounds],
            phrase("not_confirmed_interval").get(lang),
        ),
        Sheet(phrase("sheet_each_time").get(lang), head, [_duty(d, profile, lang) for d in each_time]),
        Sheet(
            phrase("sheet_unwatched").get(lang),
            [
                (phrase(name).get(lang), width)
                for name, width in (("where", 40), ("residual", 16), ("level", 12))
            ],
            [
                (
                    place.name or place.short,
                    _painted(grade, profile, lang),
                    named("control", level.member).get(lang),
                )
                for place, grade, level in unwatched
            ],
        ),
    )
    return write_book(sheets, title=phrase("sheet_rounds").get(lang), creator="dualprev-rules")


def _times(each: Round, lang: Lang) -> list[Content]:
    return [
        _moment(each.begins),
        _moment(each.ends),
        named("round", each.status).get(lang),
        f"{each.answered} / {each.of}",
    ]


def _moment(moment: datetime) -> Content:
    """Return a midnight as its day, which a sheet sorts and filters as one."""
    return moment.date() if moment.time() == time() else moment.isoformat(" ", "minutes")


def _duty(duty: Duty, profile: Profile, lang: Lang) -> list[Content]:
    return [
        duty.checklist.title.get(lang),
        place_of(duty.record),
        subject_of(duty.record).get(lang),
        named("control", duty.level.member).get(lang) if duty.level is not None else duty.checklist.level,
        "、".join(duty.posts),
        duty.owner or "",
        duty.department or "",
        _painted(duty.grade, profile, lang),
        phrase("yes" if duty.required else "no").get(lang) if duty.grade is not None else "",
        duty.checklist.inspection,
    ]


def _painted(grade: RiskGrade | None, profile: Profile, lang: Lang) -> Painted:
    shown = profile.show(grade, grade is not None)
    return Painted(shown.label.get(lang), shown.swatch.hex, shown.swatch.ink, shown.hatched)


def duties_of(result: Result) -> list[Duty]:
    """Return every checklist at every record of an assessed enterprise that it is for."""
    reference = Reference(result.ruleset, functions(plugins()))
    return duties(
        result.ruleset,
        result.facts,
        result.place,
        result.profile,
        lambda expression, record: reference.run(expression, {"self": Value((record,))}),
        lambda rule, record: reference.outcome(result.ruleset.rules[rule], record).code != "not_applicable",
    )
