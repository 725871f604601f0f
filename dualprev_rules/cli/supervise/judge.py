"""``dualprev supervise judge``: an area with its enterprises."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Lists, Packs, Profile
from dualprev_rules.cli.supervise.options import AsJson, Csv


def judge(
    area: Annotated[
        Path,
        typer.Argument(metavar="AREA", help="A region, park or group: JSON, YAML. 地区、园区或集团。"),
    ],
    csv: Csv = None,
    json: AsJson = False,
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    lists: Lists = "assumed",
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Judge each enterprise of an area, then the area by what was found (评判地区、园区、集团)."""
    from dualprev_rules.cli.loading import load
    from dualprev_rules.cli.output import complain, console, say_json
    from dualprev_rules.cli.supervise.options import show, write_csv
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.report.text import print_summary
    from dualprev_rules.supervision.area import judge_area

    made = judge_area(load(packs, profile, as_of, lang, lists), area)
    for fault in made.problems:
        complain(fault.show(lang))
    heads = (
        "enterprise_id",
        "enterprise_name",
        "pooled_grade",
        "rules_violated",
        "rules_open",
        "part_problems",
    )
    rows = [
        (
            one.id or "",
            one.name or phrase("unnamed").get(lang),
            "/".join(map(str, one.grades)),
            len(one.violated),
            len(one.open),
            one.data_problems,
        )
        for one in made.enterprises
    ]
    write_csv(csv, heads, rows, lang)
    document = made.result.document(explained=json)
    if json:
        say_json({"area": document, "enterprises": [one.to_json() for one in made.enterprises]})
        return
    show(heads, rows, lang)
    print_summary(document, console(), lang)
