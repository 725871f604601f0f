"""``dualprev today``: what the day asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.ledger import Escalate
from dualprev_rules.cli.options import AsOf, Debug, Language, Lists, Packs, Profile, Site

Done = Annotated[
    list[Path] | None,
    typer.Option("--done", metavar="SHEET", help="Saved answers. Repeatable. 已保存的答案，可重复。"),
]


def today(
    site: Site,
    ledger: Annotated[
        Path | None, typer.Option("--ledger", metavar="FILE", help="Hidden hazards. 隐患台账。")
    ] = None,
    done: Done = None,
    escalate: Escalate = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write a page to print and post. 写成可打印张贴的网页。"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON。")] = False,
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    lists: Lists = "assumed",
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Show checks, hazards, red and orange points, what has run out, and the commitment (今日安全)."""
    from dualprev_rules.cli.ledger import open_ledger, read_escalation
    from dualprev_rules.cli.loading import load
    from dualprev_rules.cli.output import complain, console, say_json
    from dualprev_rules.report.inspection import read_files
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.report.today import today as of_day
    from dualprev_rules.report.today_page import today_page
    from dualprev_rules.report.today_text import print_today
    from dualprev_rules.report.writing import write_files

    levels = read_escalation(escalate or [])
    engine = load(packs, profile, as_of, lang, lists)
    result = engine.result_of(engine.read(site))
    held = open_ledger(ledger, lang) if ledger is not None else None
    found = of_day(result, held, read_files(done or [], result.facts), levels)
    if held is not None and (ahead := len(held.records) - len(held.as_of(engine.as_of).records)):
        complain(phrase("events_ahead", n=ahead, day=engine.as_of.isoformat()).get(lang))
    if html is not None:
        page = today_page(found, engine.profile, lang)
        write_files({html: page.encode("utf-8", "replace")})
        complain(phrase("wrote", file=html).get(lang))
    if json:
        say_json(found.to_json())
    elif html is None:
        print_today(found, engine.profile, console(), lang)
