"""``dualprev pack to-xlsx`` and ``from-xlsx``: a pack as a workbook, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Packs, read_day


def to_xlsx(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="Name or folder. 名称或文件夹。")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The workbook. 工作簿。")],
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Write a pack as a workbook to edit: rules, tables, checklists, cases (写成 Excel)."""
    from dualprev_rules.authoring.xlsx import workbook_of
    from dualprev_rules.cli.output import complain
    from dualprev_rules.pack.load import read_packs
    from dualprev_rules.problems import DualprevError
    from dualprev_rules.report import write_files
    from dualprev_rules.report.phrases import phrase

    [source] = read_packs([pack])
    errors = [fault for fault in source.problems if fault.severity == "error"]
    if errors:
        raise DualprevError(errors)
    write_files({output: workbook_of(source)})
    complain(phrase("wrote", file=output).get(lang))


def from_xlsx(
    workbook: Annotated[Path, typer.Argument(metavar="FILE", help="A workbook of a pack. 工作簿。")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Empty, or new. 空的或新的文件夹。")
    ],
    packs: Packs = None,
    as_of: AsOf = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Make a pack of a workbook; every fault is told with its sheet and cell (由 Excel 生成规则包)."""
    from dualprev_rules.authoring.xlsx import checked
    from dualprev_rules.cli.output import complain, say
    from dualprev_rules.problems import DualprevError, problem
    from dualprev_rules.report import write_files
    from dualprev_rules.report.phrases import named, phrase

    if not workbook.is_file():
        raise DualprevError(problem("authoring.no-workbook", given=str(workbook)))
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise DualprevError(problem("authoring.not-empty", given=str(output)))
    files, faults = checked(workbook, read_day(as_of), packs or ())
    for fault in faults:
        say(f"{named('severity', fault.severity).get(lang)} {fault.show(lang)}\n")
    for name in files:
        (output / name).parent.mkdir(parents=True, exist_ok=True)
    write_files({output / name: data for name, data in files.items()})
    complain(phrase("wrote", file=output).get(lang))
