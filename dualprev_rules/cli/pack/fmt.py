"""``dualprev pack fmt``: write a pack in Chinese or in English."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.guard import Status
from dualprev_rules.cli.options import AsOf, Debug, Language, read_day


def fmt(
    pack: Annotated[Path, typer.Argument(metavar="PACK", help="A folder. 规则包文件夹。")],
    also: Annotated[
        list[str] | None,
        typer.Option("--pack", "-p", help="Packs that it builds on. 所依赖的规则包。"),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; status 1 if it would. 只检查，不写。")
    ] = False,
    as_of: AsOf = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Write keys, words and names of a pack in the language of --lang; comments stay (改写语种).

    What was written is loaded again and compared, part by part: nothing that the pack says changes.
    """
    from dualprev_rules.authoring.fmt import respelt
    from dualprev_rules.cli.output import say
    from dualprev_rules.report import write_files
    from dualprev_rules.report.phrases import phrase

    changed = respelt(pack, lang, read_day(as_of), also or ())
    if not check:
        write_files(changed)
    for file in changed:
        say(phrase("would_write" if check else "wrote", file=file.as_posix()).get(lang))
    if check and changed:
        raise typer.Exit(Status.FAIL_ON_MET)
