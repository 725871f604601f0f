"""``dualprev profile compare``: two profiles side by side."""

from __future__ import annotations

from typing import Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Packs


def compare(
    first: Annotated[str, typer.Argument(metavar="A", help="A profile. 口径。")],
    second: Annotated[str, typer.Argument(metavar="B", help="Another. 另一口径。")],
    everything: Annotated[bool, typer.Option("--all", help="Also what is the same. 相同的也列出。")] = False,
    packs: Packs = None,
    as_of: AsOf = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Compare two profiles: what each says where they differ (比较两个地方口径)."""
    from rich.text import Text

    from dualprev_rules.cli.loading import trusted
    from dualprev_rules.cli.options import read_day
    from dualprev_rules.cli.output import console
    from dualprev_rules.engine import Engine
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.report.profiles import profile_rows, profile_table

    day = read_day(as_of)
    keys = trusted()
    engines = [Engine.load(packs=packs or [], profile=name, as_of=day, keys=keys) for name in (first, second)]
    columns = [(engine.profile, profile_rows(engine.profile, engine.ruleset)) for engine in engines]
    if not everything and columns[0][1] == columns[1][1]:
        console().print(Text(phrase("no_difference").get(lang)))
        return
    console().print(profile_table(columns, lang, everything=everything))
