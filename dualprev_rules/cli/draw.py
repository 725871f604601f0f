"""``dualprev map``: the four-colour map."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Lists, Packs, Profile, Site


def four_colour_map(
    site: Site,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The page. 写到哪个文件。")],
    plan: Annotated[
        Path | None,
        typer.Option(
            "--plan", metavar="FILE", help="Zones in metres, or GeoJSON. 平面图；没有则按场所排布。"
        ),
    ] = None,
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    lists: Lists = "assumed",
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Draw the four-colour map of a site as one HTML page (绘制四色图)."""
    from dualprev_rules.cli.loading import load
    from dualprev_rules.cli.output import complain
    from dualprev_rules.report import write_files
    from dualprev_rules.report.map import four_colour_map as drawn
    from dualprev_rules.report.map import read_plan
    from dualprev_rules.report.phrases import phrase

    outlines = read_plan(plan) if plan is not None else None
    engine = load(packs, profile, as_of, lang, lists)
    page = drawn(engine.result_of(engine.read(site)), outlines, lang)
    write_files({output: page.encode("utf-8", "replace")})
    complain(phrase("wrote", file=output).get(lang))
