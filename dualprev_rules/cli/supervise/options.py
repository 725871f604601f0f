"""What the commands of a regulator share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dualprev_rules.problems.words import Lang

if TYPE_CHECKING:
    from dualprev_rules.supervision.scheme import Classified, Scheme

Roster = Annotated[Path, typer.Argument(metavar="ROSTER", help="Enterprises: CSV, JSON or YAML. 企业名册。")]
SchemeFile = Annotated[
    Path, typer.Option("--scheme", metavar="FILE", help="The scheme of classes. 分类分级方案。")
]
By = Annotated[
    Literal["province", "city", "county", "street", "industry", "group"],
    typer.Option("--by", help="By what. 按层级、行业或集团。"),
]
Areas = Annotated[
    Path | None,
    typer.Option("--areas", metavar="FILE", help="All areas there should be, one a line. 应报地区名单。"),
]
Csv = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the rows as CSV. 另写 CSV。")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON。")]


def classified(roster: Path, scheme: Path) -> tuple[Scheme, list[Classified]]:
    """Return the scheme, and every enterprise of the roster with its classes; raises for every fault."""
    from dualprev_rules.problems import DualprevError, Problem
    from dualprev_rules.supervision.roster import read_roster
    from dualprev_rules.supervision.scheme import classify, read_scheme

    found, faults = read_scheme(scheme), list[Problem]()
    made: list[Classified] = []
    for enterprise in read_roster(roster):
        try:
            made.append(classify(found, enterprise))
        except DualprevError as error:
            faults += error.problems
    if faults:
        raise DualprevError(faults)
    return found, made


def show(heads: Sequence[str], rows: Iterable[Sequence[object]], lang: Lang) -> None:
    """Print rows as a table; ``heads`` are names of phrases."""
    from rich.text import Text

    from dualprev_rules.cli.output import console
    from dualprev_rules.report.inspection.terminal import plain_table
    from dualprev_rules.report.printable import printable

    table = plain_table(tuple(heads), lang)
    for row in rows:
        table.add_row(*(Text(printable(str(cell))) for cell in row))
    console().print(table)


def write_csv(file: Path | None, heads: Sequence[str], rows: Iterable[Sequence[object]], lang: Lang) -> None:
    """Write rows as CSV that Excel opens in Chinese, whole or not at all, and say so."""
    if file is None:
        return
    import csv
    import io

    from dualprev_rules.cli.output import complain
    from dualprev_rules.report import write_files
    from dualprev_rules.report.phrases import phrase

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([phrase(head).get(lang) for head in heads])
    writer.writerows([[_safe(str(cell)) for cell in row] for row in rows])
    write_files({file: text.getvalue().encode("utf-8-sig")})
    complain(phrase("wrote", file=file).get(lang))


def _safe(cell: str) -> str:
    """Keep a spreadsheet from taking a text as a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" and cell[:1] else cell
