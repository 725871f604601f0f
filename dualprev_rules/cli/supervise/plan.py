"""``dualprev supervise plan``: the annual plan of inspections."""

from __future__ import annotations

from typing import Annotated

import typer

from dualprev_rules.cli.options import Debug, Language
from dualprev_rules.cli.supervise.options import AsJson, Csv, Roster, SchemeFile


def plan(
    roster: Roster,
    scheme: SchemeFile,
    year: Annotated[int, typer.Option("--year", min=2000, max=2999, help="The year. 年度。")],
    per_month: Annotated[
        int,
        typer.Option("--per-month", min=1, help="Inspections of one inspector a month. 每人每月检查次数。"),
    ] = 10,
    csv: Csv = None,
    json: AsJson = False,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Plan a year's inspections by class, spread over its months (年度监督检查计划)."""
    from dualprev_rules.cli.output import say, say_json
    from dualprev_rules.cli.supervise.options import classified, show, write_csv
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.supervision.plan import annual_plan, inspectors_wanted

    made = annual_plan(classified(roster, scheme)[1], year)
    heads = ("enterprise_id", "enterprise_name", "enterprise_class", "month_of_year")
    rows = [
        (
            row.classified.enterprise.id,
            row.classified.enterprise.name,
            row.classified.counts.id,
            " ".join(map(str, row.months)),
        )
        for row in made.rows
    ]
    write_csv(csv, heads, rows, lang)
    if json:
        say_json(
            {
                "year": made.year,
                "load": list(made.load),
                "open": made.open,
                "rows": [
                    {
                        "id": row.classified.enterprise.id,
                        "class": row.classified.counts.id,
                        "months": list(row.months),
                    }
                    for row in made.rows
                ],
            }
        )
        return
    show(("month_of_year", "inspections_counted"), enumerate(made.load, 1), lang)
    visited = sum(bool(row.months) for row in made.rows)
    say(phrase("plan_total", year=year, n=made.visits, of=visited).get(lang))
    say(phrase("plan_people", n=inspectors_wanted(made, per_month), each=per_month).get(lang))
    if made.open:
        say(phrase("classes_open", n=made.open).get(lang))
