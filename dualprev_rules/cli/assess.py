"""``dualprev assess``: judge a site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.guard import Status
from dualprev_rules.cli.options import (
    AsOf,
    Debug,
    Html,
    Json,
    Language,
    Lists,
    Packs,
    Profile,
    Site,
    Strict,
    Xlsx,
)

FailOn = Annotated[
    str | None,
    typer.Option(
        "--fail-on",
        metavar="WORDS",
        help="Exit with 1 on any of violated, major, undetermined, presumed, data-problem, red, orange"
        " (commas between). 命中任一项则退出码为 1。",
    ),
]


def assess(
    site: Site,
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    lists: Lists = "assumed",
    strict: Strict = False,
    json: Json = None,
    html: Html = None,
    xlsx: Xlsx = None,
    fail_on: FailOn = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Judge a site: what is violated, what is open, what to ask (评估企业)."""
    from dualprev_rules.cli.fail_on import met, read_words
    from dualprev_rules.cli.loading import judge, load
    from dualprev_rules.cli.output import STDOUT, complain, console, save
    from dualprev_rules.report.phrases import phrase

    words = read_words(fail_on)
    engine = load(packs, profile, as_of, lang, lists)
    # Reasons are most of the work: the summary and the register show none.
    explained = json is not None or html is not None
    document = judge(engine, site, strict=strict).document(explained=explained)
    files = save(document, lang, json=json, html=html, xlsx=xlsx, site=Path(site))
    from dualprev_rules.report.text import print_summary

    print_summary(document, console(stderr=json == STDOUT), lang)
    for file in files:
        complain(phrase("wrote", file=file).get(lang))
    found = met(words, document)
    if found:
        complain(phrase("fail_on_met", words=", ".join(found)).get(lang))
        raise typer.Exit(Status.FAIL_ON_MET)
