"""``dualprev hazard propose``: what the facts show and the ledger does not have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Lists, Packs, Profile, Site


def propose(
    site: Site,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who will have found it. 登记人。")],
    at: Annotated[str, typer.Option("--at", metavar="TIME", help="When, with its time zone. 时间，带时区。")],
    ledger: Annotated[
        Path | None, typer.Option("--ledger", metavar="FILE", help="Leave out what is on it. 已有的台账。")
    ] = None,
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    lists: Lists = "assumed",
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Print events that would register the hidden hazards that the facts show (拟登记的隐患)."""
    from dualprev_rules.cli.ledger import open_ledger
    from dualprev_rules.cli.loading import load
    from dualprev_rules.cli.output import say_json
    from dualprev_rules.control import Ledger
    from dualprev_rules.report.proposals import proposals

    held = open_ledger(ledger, lang) if ledger is not None else Ledger()
    engine = load(packs, profile, as_of, lang, lists)
    say_json(proposals(engine.result_of(engine.read(site)), held, by=by, at=at, lang=lang))
