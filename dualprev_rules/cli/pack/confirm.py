"""``dualprev pack confirm``: figures compared with the official text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Packs, read_day


def confirm(
    pack: Annotated[Path, typer.Argument(metavar="PACK", help="A folder. 规则包文件夹。")],
    rule: Annotated[str, typer.Argument(metavar="RULE", help="Its id. 规则编号。")],
    against: Annotated[
        str, typer.Option("--against", metavar="TEXT", help="Edition and page. 核对的版本和页码。")
    ],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who compared it. 核对人。")],
    packs: Packs = None,
    as_of: AsOf = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Make a rule's citations official, with who compared them with which text (核对原文)."""
    from dualprev_rules.authoring.confirm import confirmed
    from dualprev_rules.cli.output import complain
    from dualprev_rules.pack.load import read_packs
    from dualprev_rules.report import write_files
    from dualprev_rules.report.phrases import phrase

    [source] = read_packs([pack])
    files = confirmed(source, pack, rule, against, by, read_day(as_of), packs or ())
    write_files(files)
    for file in files:
        complain(phrase("wrote", file=file).get(lang))
