"""``dualprev exchange check``: what is wrong with exchange tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.options import Debug, Language
from dualprev_rules.problems import Problem
from dualprev_rules.problems.words import Lang

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="One JSON or CSV a table. 每表一个文件。")]


def check(folder: Folder, lang: Language = "zh", debug: Debug = False) -> None:
    """Check types, lengths, codes and parents; ends with 1 where something is wrong (检查交换表)."""
    from dualprev_rules.cli.guard import Status
    from dualprev_rules.supervision.exchange import check as checked
    from dualprev_rules.supervision.exchange import read_tables

    tables = read_tables(folder)
    if tell(checked(tables), sum(map(len, tables.values())), lang):
        raise typer.Exit(Status.FAIL_ON_MET)


def tell(faults: Sequence[Problem], rows: int, lang: Lang) -> bool:
    """Print every fault, how many there are and what a check does not say; return whether there is one."""
    from dualprev_rules.cli.output import say
    from dualprev_rules.report.phrases import phrase

    for fault in faults:
        say(fault.show(lang))
    say(phrase("exchange_checked", rows=rows, n=len(faults)).get(lang))
    return bool(faults)
