"""The day as one HTML page: the commitment to print, sign and post, then what the day asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dualprev_rules.control.hazard import HazardRecord
from dualprev_rules.control.rounds import Round
from dualprev_rules.control.words import term
from dualprev_rules.problems import Words
from dualprev_rules.problems.words import Lang
from dualprev_rules.report.carriers import Filled
from dualprev_rules.report.carriers.filled import of_texts, of_words
from dualprev_rules.report.due_words import due_words, undated_words
from dualprev_rules.report.html import BLANK, environment, packaged
from dualprev_rules.report.inspection.sheet import subject_of
from dualprev_rules.report.inspection.terminal import place_of
from dualprev_rules.report.phrases import joined, named, phrase
from dualprev_rules.report.registers.page import MOST_ROWS, Part, stack_style
from dualprev_rules.report.registers.table import Table, table
from dualprev_rules.report.today import Today, not_graded_words
from dualprev_rules.risk.profile import Profile


def today_page(of: Today, profile: Profile, lang: Lang = "zh") -> str:
    """Return what a day asks for as a page in both languages that opens in ``lang``.

    The draft of the commitment fills the first sheet when it is printed; where none may be drafted the page
    begins with why. Of what is long the first rows are shown, and the rest is counted. Raises DualprevError
    where jinja2 is not installed.
    """
    name = of.enterprise or phrase("unnamed").get(lang)
    tables = (_checks(of.checks), _hazards(of), _points(of, profile), _stale(of), _expired(of))
    page = (
        environment()
        .get_template("today.html")
        .render(
            of=of,
            profile=profile.title,
            lang=lang,
            title=f"{name} · {phrase('today_title', day=of.day).get(lang)}",
            parts=[Part(each, each.rows[:MOST_ROWS]) for each in tables],
            css=packaged("register.css") + packaged("today.css"),
            stack=stack_style(tables),
        )
    )
    return BLANK.sub("\n", page)


def _checks(rounds: Sequence[Round]) -> Table:
    keys = ("round_status", "ends", "checklist", "looked_at", "where", "posts")
    rows = (
        (
            of_words([named("round", each.status)]),
            of_texts([each.ends.isoformat(" ", "minutes")]),
            of_words([each.duty.checklist.title]),
            of_words([subject_of(each.duty.record)]),
            of_texts([place_of(each.duty.record)]),
            _who(each),
        )
        for each in rounds
    )
    return _table("checks", phrase("today_checks"), keys, rows)


def _who(each: Round) -> Filled:
    duty = each.duty
    if duty.posts:
        return of_texts(duty.posts)
    level = named("control", duty.level.member) if duty.level is not None else None
    return of_words([level, Words(duty.owner) if duty.owner else None])


def _hazards(of: Today) -> Table:
    keys = ("hazard_id", "hazard_title", "hazard_grade", "hazard_state", "hazard_deadline", "hazard_next")
    source = phrase("no_ledger") if of.ledger is None else undated_words(of.due)
    return _table("hazards", phrase("today_hazards"), keys, (_hazard(h, of) for h in of.ledger or ()), source)


def _hazard(hazard: HazardRecord, of: Today) -> tuple[Filled, ...]:
    return (
        of_texts([hazard.id]),
        of_texts([hazard.title]),
        of_words([term("grades", hazard.grade).words]),
        of_words([hazard.state.term.words]),
        Filled(value=hazard.deadline),
        of_words([due_words(each) for each in of.due if each.hazard == hazard.id]),
    )


def _points(of: Today, profile: Profile) -> Table:
    rows = (
        (
            Filled((profile.show(grade).label,), shown=profile.show(grade)),
            of_texts([point.name or point.short]),
            of_texts([point.department]),
            of_words([Words(point.owner) if point.owner else phrase("no_owner")]),
        )
        for point, grade in of.points
    )
    keys = ("level", "point", "department", "owner")
    return _table("points", phrase("today_points"), keys, rows, not_graded_words(of))


def _stale(of: Today) -> Table:
    rows = (
        (of_texts([fault.path]), of_words([phrase("stale_until", until=fault.args["until"])]))
        for fault in of.stale
    )
    return _table("stale", phrase("today_stale"), ("fact_name", "value_is"), rows)


def _expired(of: Today) -> Table:
    rows = (
        (
            of_texts([place_of(each.record)]),
            of_words([joined([subject_of(each.record), each.label], "space")]),
            Filled(value=each.day),
        )
        for each in of.expired
    )
    return _table("expired", phrase("today_expired"), ("where", "looked_at", "day"), rows)


def _table(
    key: str,
    title: Words,
    heads: Iterable[str],
    rows: Iterable[tuple[Filled, ...]],
    source: Words | None = None,
) -> Table:
    return table(key, title, [(phrase(head), 0) for head in heads], rows, source)
