"""``dualprev pack lint``: every error of packs, and what their authors should look at."""

from __future__ import annotations

from typing import Annotated

import typer

from dualprev_rules.cli.guard import Status
from dualprev_rules.cli.options import AsOf, Debug, Language, read_day


def lint(
    packs: Annotated[list[str], typer.Argument(metavar="PACK...", help="Names or folders. 名称或文件夹。")],
    as_of: AsOf = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Show every error of packs, with place and fix, and what to look at (检查规则包).

    Exit status 2 where there is an error; warnings keep nothing from being used.
    """
    from dualprev_rules.cli.output import say
    from dualprev_rules.engine import core_pack, profile_files
    from dualprev_rules.pack.lint import lint_packs
    from dualprev_rules.report.phrases import named, phrase

    found = lint_packs(packs, read_day(as_of), core=core_pack(), profiles=profile_files())
    for fault in found:
        say(f"{named('severity', fault.severity).get(lang)} {fault.show(lang)}\n")
    errors = sum(fault.severity == "error" for fault in found)
    say(phrase("lint_found", errors=errors, warnings=len(found) - errors).get(lang))
    if errors:
        raise typer.Exit(Status.UNUSABLE_INPUT)
