"""``dualprev profile show``: one profile as a table."""

from __future__ import annotations

from typing import Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Packs


def show(
    profile: Annotated[str, typer.Argument(metavar="PROFILE", help="Such as shandong. 口径名称。")],
    packs: Packs = None,
    as_of: AsOf = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Show what a profile names, chooses and asks for, with its clauses (查看地方口径)."""
    from dualprev_rules.cli.loading import trusted
    from dualprev_rules.cli.options import read_day
    from dualprev_rules.cli.output import complain, console
    from dualprev_rules.engine import Engine, profile_files
    from dualprev_rules.report.profiles import profile_rows, profile_table
    from dualprev_rules.risk.naming import name_doubts

    for doubt in name_doubts(profile, profile_files()):
        complain(doubt.show(lang))
    engine = Engine.load(packs=packs or [], profile=profile, as_of=read_day(as_of), keys=trusted())
    console().print(profile_table([(engine.profile, profile_rows(engine.profile, engine.ruleset))], lang))
