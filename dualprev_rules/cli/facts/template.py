"""``dualprev facts template``: the workbook that an enterprise fills in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Packs, Profile


def template(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="Where to write it. 写到哪里。")],
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Write a workbook to fill in, one sheet an entity, as the packs ask for (数据填报模板)."""
    from dualprev_rules.cli.loading import load
    from dualprev_rules.cli.output import complain
    from dualprev_rules.facts.template import write_template
    from dualprev_rules.report.phrases import phrase

    write_template(load(packs, profile, as_of, lang).ruleset.schema, file, lang=lang)
    complain(phrase("wrote", file=file).get(lang))
