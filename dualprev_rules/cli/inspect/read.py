"""``dualprev inspect read``: what filled sheets say, put into the facts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Lists, Packs, Profile, Site


def read(
    site: Site,
    sheets: Annotated[
        list[Path], typer.Argument(metavar="SHEET…", help="Saved answers, JSON or XLSX. 保存的答案。")
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="FILE.json", help="The facts with the answers. 写到哪个文件。"
        ),
    ],
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    lists: Lists = "assumed",
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Take sheets back: the site's facts with what was seen, by whom and when (读回检查表)."""
    from json import dumps

    from dualprev_rules.cli.loading import load
    from dualprev_rules.cli.output import check_files, complain, console
    from dualprev_rules.facts import Reader
    from dualprev_rules.report import write_files
    from dualprev_rules.report.inspection import read_back, read_files
    from dualprev_rules.report.inspection.terminal import print_returned
    from dualprev_rules.report.phrases import phrase

    check_files([output], Path(site))
    engine = load(packs, profile, as_of, lang, lists)
    opened = Reader(engine.ruleset.schema).open(site, as_of=engine.as_of, lists=lists)
    returned = read_back(opened, read_files(sheets, opened.facts))
    text = dumps(returned.facts, ensure_ascii=False, indent=1) + "\n"
    write_files({output: text.encode("utf-8", "backslashreplace")})
    # Reading the facts again shows what was answered and cannot be used, as a figure out of range.
    given = {answer.path for answer in returned.settled.given}
    faults = [fault for fault in engine.read(returned.facts).problems if fault.path in given]
    print_returned(returned.settled, faults, console(), lang)
    complain(phrase("wrote", file=output).get(lang))
