"""``dualprev what-if``: what a draft does to a population, before it is issued."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dualprev_rules.cli.batch import Population, Query, Rows
from dualprev_rules.cli.options import AsOf, Debug, Language, Packs, Profile
from dualprev_rules.problems.words import Lang

if TYPE_CHECKING:
    from dualprev_rules.engine import Engine
    from dualprev_rules.supervision.province import Migration

_MOST = 20
"""So many rules are shown; all are in the JSON."""


def what_if(
    given: Population,
    draft: Annotated[
        str | None,
        typer.Option(
            "--draft",
            metavar="PACK|PROFILE",
            help="In the place of the one of its name. 草案：规则包或口径。",
        ),
    ] = None,
    draft_as_of: Annotated[
        str | None, typer.Option("--draft-as-of", metavar="YYYY-MM-DD", help="Its day. 草案按哪天的条文。")
    ] = None,
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    query: Query = None,
    rows: Rows = 20_000,
    grades: Annotated[
        bool,
        typer.Option(
            "--grades",
            help="Risk grades too; judges one enterprise after the other. 同时比较风险等级（逐家）。",
        ),
    ] = False,
    changed: Annotated[
        Path | None,
        typer.Option("--changed", metavar="FILE.parquet", help="Write who changes, and why. 写出变动企业。"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON。")] = False,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Judge a population by what is in force and by a draft: who changes, and why (标准变化影响)."""
    from tempfile import TemporaryDirectory

    from dualprev_rules.cli.loading import trusted
    from dualprev_rules.cli.options import read_day
    from dualprev_rules.cli.output import say_json
    from dualprev_rules.cli.progress import counting
    from dualprev_rules.problems import DualprevError, problem
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.supervision.province import Migration, draft_engine, migrate, read_source

    day = read_day(as_of)
    if not packs:
        raise DualprevError(problem("cli.no-pack"))
    if draft is None and draft_as_of is None:
        raise DualprevError(problem("supervision.no-draft"))
    draft_day = day if draft_as_of is None else read_day(draft_as_of)
    before, after = draft_engine(draft, packs, profile, day=day, draft_day=draft_day, keys=trusted())
    found = Migration(graded=Counter() if grades else None)
    with TemporaryDirectory() as folder:
        frame = read_source(before, given, query, Path(folder) / "input.parquet")
        with counting(lang, phrase("judging_enterprises"), None) as count:
            for done in migrate(before, after, frame, rows, found):
                count(done)
    if changed is not None:
        _write(changed, found)
    if json:
        say_json(found.to_json())
    else:
        _show(found, before, after, lang)


def _write(file: Path, found: Migration) -> None:
    from io import BytesIO

    import polars as pl

    from dualprev_rules.report.writing import write_files

    content = BytesIO()
    listed = pl.concat(found.changed, how="vertical_relaxed") if found.changed else pl.DataFrame()
    listed.write_parquet(content)
    write_files({file: content.getvalue()})


def _show(found: Migration, before: Engine, after: Engine, lang: Lang) -> None:
    from dualprev_rules.cli.output import say
    from dualprev_rules.cli.supervise.options import show
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.supervision.province import CLASSES, GRADES

    say(phrase("what_if_changes", n=found.enterprises, changes=found.changes, worse=found.worse).get(lang))
    classes = [phrase(f"class_{name}").get(lang) for name in CLASSES]
    matrix = [
        (label, *(found.moved[one, other] for other in CLASSES))
        for one, label in zip(CLASSES, classes, strict=True)
    ]
    show(("what_if_before", *(f"class_{name}" for name in CLASSES)), matrix, lang)
    if (graded := found.graded) is not None:
        say(phrase("what_if_graded", n=sum(n for (b, a), n in graded.items() if b != a)).get(lang))
        labels = [phrase(f"what_if_grade_{name}").get(lang) for name in GRADES]
        matrix = [
            (label, *(graded[one, other] for other in GRADES))
            for one, label in zip(GRADES, labels, strict=True)
        ]
        show(("what_if_before", *(f"what_if_grade_{name}" for name in GRADES)), matrix, lang)
    titles = {
        rule.id: rule.title.get(lang) for side in (before, after) for rule in side.ruleset.rules.values()
    }
    columns = (found.newly, found.no_longer, found.opened, found.closed)
    counted = {rule: sum(each[rule] for each in columns) for column in columns for rule in column}
    # What is violated or no longer comes before what is only open.
    order = sorted(
        counted, key=lambda rule: (-found.newly[rule] - found.no_longer[rule], -counted[rule], rule)
    )
    rows = [(rule, titles[rule], *(each[rule] for each in columns)) for rule in order[:_MOST]]
    heads = ("what_if_newly", "what_if_no_longer", "what_if_opened", "what_if_closed")
    show(("what_if_rule", "clause_title", *heads), rows, lang)
    if len(order) > _MOST:
        say(phrase("rows_left_out", n=len(order) - _MOST).get(lang))
