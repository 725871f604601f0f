"""``dualprev map`` and ``dualprev region-map``: the four-colour map of a site, and that of many."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

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
    from dualprev_rules.cli.progress import watching
    from dualprev_rules.report import write_files
    from dualprev_rules.report.map import four_colour_map as drawn
    from dualprev_rules.report.map import plan_doubts, read_plan
    from dualprev_rules.report.phrases import phrase

    outlines = read_plan(plan) if plan is not None else None
    engine = load(packs, profile, as_of, lang, lists)
    with watching(lang):
        result = engine.result_of(engine.read(site))
        page = drawn(result, outlines, lang)
    for doubt in plan_doubts(result, outlines) if outlines is not None else ():
        complain(doubt.show(lang))
    write_files({output: page.encode("utf-8", "replace")})
    complain(phrase("wrote", file=output).get(lang))


def region_map(
    sites: Annotated[list[Path], typer.Argument(metavar="SITE...", help="Sites. 各企业的数据文件。")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The page. 写到哪个文件。")],
    by: Annotated[
        Literal["district", "industry"], typer.Option("--by", help="Rows of the map. 按区县或行业分行。")
    ] = "district",
    plan: Annotated[
        Path | None,
        typer.Option("--plan", metavar="FILE", help="Zones by district. 各区县轮廓；没有则按行排布。"),
    ] = None,
    areas: Annotated[
        Path | None,
        typer.Option(
            "--areas", metavar="FILE", help="All districts there should be, one a line. 应报地区名单。"
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="FILE", help="Also the list as JSON. 另写企业清单（JSON）。"),
    ] = None,
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    lists: Lists = "assumed",
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Draw the enterprises of a region or sector by their grades (区域、行业风险分布图)."""
    import json

    from dualprev_rules.cli.loading import load
    from dualprev_rules.cli.output import complain
    from dualprev_rules.cli.progress import watching
    from dualprev_rules.report import write_files
    from dualprev_rules.report.map import enterprises_of, read_plan
    from dualprev_rules.report.map import region_map as drawn
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.supervision.pool import read_names

    outlines = read_plan(plan) if plan is not None else None
    engine = load(packs, profile, as_of, lang, lists)
    with watching(lang) as watch:
        results = [engine.result_of(engine.read(site)) for site in watch(sites, phrase("judging"))]
    page = drawn(results, by=by, plan=outlines, expected=read_names(areas) if areas else (), lang=lang)
    files = {output: page.encode("utf-8", "replace")}
    if data is not None:
        listed = [enterprise.to_json() for enterprise in enterprises_of(results)]
        files[data] = f"{json.dumps(listed, ensure_ascii=False, indent=1)}\n".encode()
    write_files(files)
    for file in files:
        complain(phrase("wrote", file=file).get(lang))
