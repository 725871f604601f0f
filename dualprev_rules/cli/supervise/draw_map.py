"""``dualprev supervise map``: the grades of a roster, pooled by area, as a map."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Profile, read_day
from dualprev_rules.cli.supervise.options import Areas, By, Roster


def draw_map(
    roster: Roster,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The page. 写到哪个文件。")],
    by: By = "county",
    plan: Annotated[
        Path | None,
        typer.Option(
            "--plan", metavar="FILE", help="Outlines of areas, GeoJSON. 各地区轮廓，没有则排成方块。"
        ),
    ] = None,
    areas: Areas = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Draw the pooled grades of a roster by area, what is not reported in grey (区域风险分布图)."""
    from dualprev_rules.cli.output import complain
    from dualprev_rules.engine import Engine
    from dualprev_rules.report import write_files
    from dualprev_rules.report.map import pooled_map, read_plan
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.supervision.pool import pool, read_areas
    from dualprev_rules.supervision.roster import read_roster

    day, every = read_day(as_of), read_roster(roster)
    pooled = pool(every, by, read_areas(areas, every, by) if areas is not None else ())
    shown = Engine.load(packs=[], profile=profile, as_of=day).profile
    page = pooled_map(pooled, shown, day, plan=read_plan(plan) if plan is not None else None, lang=lang)
    write_files({output: page.encode("utf-8", "replace")})
    complain(phrase("wrote", file=output).get(lang))
