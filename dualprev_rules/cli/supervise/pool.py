"""``dualprev supervise pool``: risk pooled by area or industry, its trend and its warnings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from dualprev_rules.cli.options import Debug, Language
from dualprev_rules.cli.supervise.options import AsJson, Csv, Roster


def pool(
    roster: Roster,
    by: Annotated[
        Literal["province", "city", "county", "street", "industry", "group"],
        typer.Option("--by", help="By what. 按层级、行业或集团。"),
    ] = "county",
    areas: Annotated[
        Path | None,
        typer.Option(
            "--areas", metavar="FILE", help="Names of all areas there should be, one a line. 应报地区名单。"
        ),
    ] = None,
    before: Annotated[
        Path | None,
        typer.Option("--before", metavar="ROSTER", help="An earlier roster: the trend. 上次的名册。"),
    ] = None,
    warn: Annotated[
        Path | None, typer.Option("--warn", metavar="FILE", help="Rules for warnings. 预警规则。")
    ] = None,
    csv: Csv = None,
    json: AsJson = False,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Pool the grades of enterprises; what is not reported is shown (区域风险汇集与预警)."""
    from collections import Counter

    from dualprev_rules.cli.output import say, say_json
    from dualprev_rules.cli.supervise.options import show, write_csv
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.supervision.files import read_model
    from dualprev_rules.supervision.pool import pool as pooled_by
    from dualprev_rules.supervision.pool import read_areas, trend
    from dualprev_rules.supervision.roster import read_roster
    from dualprev_rules.supervision.warnings import WarningPolicy, raised

    now = read_roster(roster)
    then = read_roster(before) if before is not None else None
    found = pooled_by(now, by, read_areas(areas, now, by) if areas is not None else ())
    policy = read_model(warn, WarningPolicy) if warn is not None else None
    warnings = raised(now, by, policy, before=then) if policy is not None else ()
    changes = Counter(one.change for one in trend(then, now)) if then is not None else None
    heads = ("pooled_area", "pooled_grade", "enterprises_counted")
    columns = ("pooled_1", "pooled_2", "pooled_3", "pooled_4")
    nowhere = phrase("no_one").get(lang)
    rows = [
        (
            "/".join(name or nowhere for name in each.area[-1:]),
            "/".join(map(str, each.grade.possible)),
            each.enterprises,
            *each.decided,
            each.open,
            each.not_reported,
        )
        for each in found
    ]
    every = (*heads, *columns, "pooled_open", "not_reported")
    write_csv(csv, every, rows, lang)
    if json:
        say_json(
            {
                "by": by,
                "areas": [each.to_json() for each in found],
                "trend": dict(sorted(changes.items())) if changes is not None else None,
                "warnings": [one.to_json() for one in warnings],
            }
        )
        return
    show(every, rows, lang)
    if changes is not None:
        names = ("worse", "better", "same", "open", "new", "gone")
        say(phrase("trend_counted", **{name: changes[name] for name in names}).get(lang))
    if warnings:
        separator = phrase("separator").get(lang)
        show(
            ("warning_level", "warning_name", "pooled_area", "enterprises_counted", "must_know"),
            [
                (
                    one.rule.level,
                    one.rule.warning,
                    one.area[-1] or nowhere,
                    len(one.enterprises),
                    separator.join(words.get(lang) for words in one.rule.audience),
                )
                for one in warnings
            ],
            lang,
        )
