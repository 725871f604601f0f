"""What a run over many enterprises came to, as one page in both languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from dualprev_rules.pack.model import Definition, Rule, Ruleset
from dualprev_rules.problems import Words
from dualprev_rules.problems.words import Lang
from dualprev_rules.report.carriers import Filled
from dualprev_rules.report.carriers.filled import of_texts, of_words
from dualprev_rules.report.html import BLANK, environment, packaged
from dualprev_rules.report.phrases import named, phrase
from dualprev_rules.report.registers.page import MOST_ROWS, Part, stack_style
from dualprev_rules.report.registers.table import Table, table
from dualprev_rules.risk.profile import Profile
from dualprev_rules.supervision.province import CLASSES, Tally

Rows = Iterable[tuple[Filled, ...]]


def province_page(of: Tally, ruleset: Ruleset, profile: Profile, lang: Lang = "zh") -> str:
    """Return the page; of what is long the first rows are shown, and the rest is counted.

    Raises DualprevError where jinja2 is not installed.
    """
    tables = province_tables(of, ruleset)
    packs = "、".join(pack.id for pack in ruleset.packs)
    about = (
        phrase("province_rules", packs=packs, profile=profile.title, day=ruleset.as_of.isoformat()),
        phrase(
            "province_exact", cells=f"{of.cells:,}", asked=f"{of.asked:,}", share=share(of.asked, of.cells)
        ),
        phrase("province_silence"),
    )
    heading = phrase("province_title", n=f"{of.enterprises:,}")
    page = (
        environment()
        .get_template("province.html")
        .render(
            lang=lang,
            title=heading.get(lang),
            heading=heading,
            about=about,
            parts=[Part(each, each.rows[:MOST_ROWS]) for each in tables],
            css=packaged("register.css"),
            stack=stack_style(tables),
        )
    )
    return BLANK.sub("\n", page)


def province_tables(of: Tally, ruleset: Ruleset) -> tuple[Table, ...]:
    """Return the tables of the page."""
    return (
        _table("spread", "province_classes", ("province_class", *_COUNTED), _classes(of)),
        _table("spread", "province_classified", _CLASSIFIED, _classified(of, ruleset)),
        _table("spread", "province_clauses", _CLAUSES, _clauses(of, ruleset)),
        _table("spread", "province_missing", _MISSING, _missing(of, ruleset)),
        _table("spread", "province_districts", ("district", *_BY), _by(of.districts, {})),
        _table("spread", "province_industries", ("industry", *_BY), _by(of.industries, _industries(ruleset))),
        _table("spread", "province_problems", _PROBLEMS, _problems(of)),
    )


_COUNTED = ("enterprises_counted", "share_of_all")
_CLAUSES = (
    "clause_cited",
    "clause_title",
    "clause_kind",
    "enterprises_violating",
    "share_of_all",
    "records_violating",
    "enterprises_named",
)
_CLASSIFIED = ("class_of", "missing_entity", "class_value", "class_records")
_MISSING = ("missing_fact", "missing_entity", "missing_count", "missing_of", "share_of_all")
_BY = ("enterprises_counted", *(f"class_{name}" for name in CLASSES), "share_of_major")
_PROBLEMS = ("problem_place", "problem_kind", "problem_count", "problem_rows")


def share(part: int, whole: int) -> str:
    """Return a share as a percentage of one decimal."""
    return f"{100 * part / whole:.1f} %" if whole else "—"


def _classes(of: Tally) -> Rows:
    for name in CLASSES:
        count = of.classes[name]
        yield (
            of_words([phrase(f"class_{name}")]),
            Filled(value=count),
            of_texts([share(count, of.enterprises)]),
        )


def _classified(of: Tally, ruleset: Ruleset) -> Rows:
    definitions = {each.id: each for each in ruleset.definitions.values()}
    for name, counted in of.classified.items():
        definition = definitions[name]
        for value, count in sorted(counted.items()):
            shown = phrase("class_open") if value == "open" else _value(definition, value)
            entity = ruleset.schema.entities[definition.entity].label
            yield of_words([definition.label]), of_words([entity]), of_words([shown]), Filled(value=count)


def _value(definition: Definition, value: str) -> Words:
    if value in ("true", "false"):
        return phrase("yes" if value == "true" else "no")
    return definition.member_labels.get(value) or Words(value)


def _clauses(of: Tally, ruleset: Ruleset) -> Rows:
    for rule_id, count in of.violating.most_common():
        rule = ruleset.rules[rule_id]
        if rule.kind == "data_check":
            continue  # a doubtful record breaks no clause
        yield (
            of_texts([_cited(rule, ruleset)]),
            of_words([rule.title]),
            of_words([named("kind", rule.kind)]),
            Filled(value=count),
            of_texts([share(count, of.enterprises)]),
            Filled(value=of.rules[rule_id]["violated"]),
            of_texts(["、".join(of.examples.get(rule_id, []))]),
        )


def _cited(rule: Rule, ruleset: Ruleset) -> str:
    if not rule.citations:
        return rule.id
    cited = rule.citations[0]
    return f"{ruleset.instruments[cited.instrument].number} {cited.clause}"


def _missing(of: Tally, ruleset: Ruleset) -> Rows:
    entities = ruleset.schema.entities
    order = sorted(of.missing.items(), key=lambda item: (-item[1][0], item[0]))
    for name, (count, records) in order:
        if count:
            entity, attribute = name.split(".")
            yield (
                of_words([entities[entity].attributes[attribute].label]),
                of_words([entities[entity].label]),
                Filled(value=count),
                Filled(value=records),
                of_texts([share(count, records)]),
            )


def _industries(ruleset: Ruleset) -> Mapping[str, Words]:
    return ruleset.schema.entities["enterprise"].attributes["industries"].member_labels


def _by(counted: Mapping[str, Counter[str]], labels: Mapping[str, Words]) -> Rows:
    order = sorted(counted.items(), key=lambda item: (-item[1]["major"], item[0]))
    for name, classes in order:
        total = classes.total()
        label = labels.get(name) or (Words(name) if name else phrase("not_said"))
        yield (
            of_words([label]),
            Filled(value=total),
            *(Filled(value=classes[each]) for each in CLASSES),
            of_texts([share(classes["major"], total)]),
        )


def _problems(of: Tally) -> Rows:
    for name, (count, rows) in sorted(of.problems.items(), key=lambda item: (-item[1][0], item[0])):
        place, code = name.rsplit(": ", 1)
        shown = ", ".join(str(row + 1) for row in rows)
        yield of_texts([place]), of_texts([code]), Filled(value=count), of_texts([shown])


def _table(key: str, title: str, heads: Iterable[str], rows: Rows) -> Table:
    return table(key, phrase(title), [(phrase(head), 0) for head in heads], rows)
