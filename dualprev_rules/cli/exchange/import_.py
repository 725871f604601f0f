"""``dualprev exchange import``: facts from exchange tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.exchange.check import Folder
from dualprev_rules.cli.options import Debug, Language


def import_tables(
    folder: Folder,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE.json", help="The facts. 数据文件。")
    ],
    whole: Annotated[bool, typer.Option("--whole", help="The tables hold all there is. 表是全量。")] = False,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Write the facts of units, risk points, events and measures that tables hold (读入交换表)."""
    import json

    from dualprev_rules.cli.exchange.check import tell
    from dualprev_rules.cli.guard import Status
    from dualprev_rules.cli.output import complain
    from dualprev_rules.report import write_files
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.supervision.exchange import check, facts_of, read_tables

    tables = read_tables(folder)
    faulty = tell(check(tables), sum(map(len, tables.values())), lang)
    facts = facts_of(tables, whole=whole)
    write_files({output: (json.dumps(facts, ensure_ascii=False, indent=1) + "\n").encode()})
    complain(phrase("wrote", file=output).get(lang))
    if faulty:
        raise typer.Exit(Status.FAIL_ON_MET)
