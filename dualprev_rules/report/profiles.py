"""A profile as rows of a table, one or several side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.table import Table
from rich.text import Text

from dualprev_rules.control.words import term
from dualprev_rules.pack.model import Citation, Ruleset
from dualprev_rules.problems import Words
from dualprev_rules.problems.words import Lang
from dualprev_rules.report.phrases import named, phrase
from dualprev_rules.risk.deadlines import Deadlines
from dualprev_rules.risk.level import ControlLevel
from dualprev_rules.risk.profile import Carrier, Listed, Profile

Rows = Mapping[str, tuple[Words, Words]]
"""Key of a row → what it is about, what the profile says."""


def profile_rows(profile: Profile, ruleset: Ruleset) -> Rows:
    """Return what a profile says, row by row, each with the clause that says it."""
    rows: dict[str, tuple[Words, Words]] = {}
    for grade, swatch in profile.grades.items():
        about = phrase("grade_number", grade=grade)
        colour = named("colour", swatch.colour)
        rows[f"grade.{grade}"] = about, _joined((swatch.name, colour), phrase("comma"))
        level = named("control", profile.control_levels[grade].member)
        rows[f"control.{grade}"] = phrase("controlled_by", grade=grade), level
    if profile.graded_by:
        rows["graded_by"] = phrase("graded_by"), _clauses(profile.graded_by, ruleset)
    rows["basis"] = phrase("grade_basis"), named("basis", profile.basis)
    for method, bands in profile.choose.items():
        of = ruleset.methods[method]
        title = of.bands[bands].title
        rows[f"choose.{method}"] = of.title, _joined((title, Words(f"({bands})")), Words(" "))
    if profile.choose_because is not None:
        rows["choose.because"] = phrase("chosen_because"), profile.choose_because
    rows["levels"] = phrase("levels"), _joined([_level(level) for level in profile.levels])
    rows["hazard_deadlines"] = phrase("hazard_deadlines"), _deadlines(profile.hazard_deadlines, ruleset)
    if profile.warnings_raise.grades:
        rows["warnings_raise"] = phrase("warnings_raise"), _raising(profile, ruleset)
    for name in profile.direct_major:
        definition = ruleset.definitions["risk_point", name]
        rows[f"direct.{name}"] = (
            phrase("directly_major"),
            _with_clause(definition.label, definition.citations, ruleset),
        )
    for key in ("identify", "measure_kinds", "change_triggers"):
        listed: Listed = getattr(profile, key)
        if listed.items:
            rows[key] = phrase(key), _with_clause(_joined(listed.items), listed.citations, ruleset)
    if profile.negative_lists.items:
        sectors = _joined([sector.label for sector in profile.negative_lists.items])
        cited = profile.negative_lists.citations
        rows["negative_lists"] = phrase("negative_lists"), _with_clause(sectors, cited, ruleset)
    for kind in ("registers", "cards"):
        carriers: Mapping[str, Carrier] = getattr(profile, kind)
        for id_, carrier in carriers.items():
            rows[f"{kind}.{id_}"] = carrier.title, _carrier(carrier, ruleset)
    for left in profile.pruned:
        by = Words(f"{left.reason.zh}（{left.authority}）", f"{left.reason.get('en')} ({left.authority})")
        rows[f"pruned.{left.rule}"] = phrase("rule_left_out", rule=left.rule), by
    packs = {pack.id for pack in ruleset.packs}
    for rule in ruleset.rules.values():
        if rule.pack not in packs:
            said = _joined((named("kind", rule.kind), rule.title), phrase("colon"))
            rows[f"rule.{rule.id}"] = Words(rule.id), _with_clause(said, rule.citations, ruleset)
    return rows


def profile_table(columns: Sequence[tuple[Profile, Rows]], lang: Lang, *, everything: bool = True) -> Table:
    """Return a table of one profile, or of several side by side; by default also what they share."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("", overflow="fold", ratio=1)
    for profile, _ in columns:
        table.add_column(profile.title.get(lang), overflow="fold", ratio=2)
    keys = list(dict.fromkeys(key for _, rows in columns for key in rows))
    for key in keys:
        cells = [rows.get(key) for _, rows in columns]
        said = [cell[1].get(lang) if cell is not None else "—" for cell in cells]
        if everything or len(set(said)) > 1:
            about = next(cell[0] for cell in cells if cell is not None)
            table.add_row(Text(about.get(lang), style="dim"), *(Text(text) for text in said))
    return table


def _carrier(carrier: Carrier, ruleset: Ruleset) -> Words:
    parts = [_joined([field.label for field in carrier.fields])] if carrier.fields else []
    parts += [words for words in (carrier.place, carrier.note) if words is not None]
    text = _joined(parts, phrase("semicolon")) if parts else phrase("named_only")
    return _with_clause(text, carrier.citations, ruleset)


def _deadlines(of: Deadlines, ruleset: Ruleset) -> Words:
    if not of.days:
        return phrase("hazard_deadlines_none")
    said = [
        phrase("days_of_step", grade=term("grades", grade).words, what=named("due", step), n=days)
        for (grade, step), days in of.days.items()
    ]
    return _with_clause(_joined([*said, *([of.because] if of.because else [])]), of.citations, ruleset)


def _raising(profile: Profile, ruleset: Ruleset) -> Words:
    of = profile.warnings_raise
    said = [
        phrase("raised_to", warning=warning, grade=profile.grades[grade].name)
        for warning, grade in of.grades.items()
    ]
    text = _joined([*said, *([of.because] if of.because else [])], phrase("semicolon"))
    return _with_clause(text, of.citations, ruleset)


def _level(level: ControlLevel) -> Words:
    return named("control", level.member)


def _with_clause(text: Words, citations: Sequence[Citation], ruleset: Ruleset) -> Words:
    if not citations:
        return text
    clause = _clauses(citations, ruleset)
    return Words(f"{text.zh}（{clause.zh}）", f"{text.get('en')} ({clause.get('en')})")


def _clauses(citations: Sequence[Citation], ruleset: Ruleset) -> Words:
    numbers = [Words(f"{ruleset.instruments[c.instrument].number} {c.clause}") for c in citations]
    return _joined(numbers, phrase("semicolon"))


def _joined(parts: Sequence[Words], by: Words | None = None) -> Words:
    between = by if by is not None else phrase("separator")
    zh = between.zh.join(part.zh for part in parts)
    return Words(zh, between.get("en").join(part.get("en") for part in parts))
