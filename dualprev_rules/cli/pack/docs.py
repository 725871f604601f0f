"""``dualprev pack docs``: a pack as a page to read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Packs


def docs(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="Name or folder. 名称或文件夹。")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The page. 网页文件。")],
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="OLD", help="The version before. 上一版。"),
    ] = None,
    packs: Packs = None,
    as_of: AsOf = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Write a page of a pack: rules as sentences, clauses, tables, cases, changes (规则包网页)."""
    from dualprev_rules.authoring.diff import changes
    from dualprev_rules.authoring.site import page
    from dualprev_rules.cli.loading import load
    from dualprev_rules.cli.output import complain
    from dualprev_rules.cli.pack.diff import line
    from dualprev_rules.pack.load import read_packs
    from dualprev_rules.report import write_files
    from dualprev_rules.report.phrases import phrase

    ruleset = load([*(packs or ()), pack], "national", as_of, lang).ruleset
    [source] = read_packs([pack])
    old = read_packs([since])[0] if since is not None else None
    history = [line(change, lang) for change in changes(old, source)] if old is not None else []
    write_files({output: page(source, ruleset, lang, history)})
    complain(phrase("wrote", file=output).get(lang))
