"""``dualprev hazard show``: how far each hidden hazard is, what waits, what recurs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.ledger import Escalate
from dualprev_rules.cli.options import AsOf, Debug, Language, read_day


def show(
    ledger: Annotated[Path, typer.Argument(metavar="LEDGER", help="The ledger. 台账。")],
    as_of: AsOf = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Closed and refuted ones too. 含已销号和排除的。")
    ] = False,
    repeated: Annotated[
        int, typer.Option("--repeated", min=2, help="Repeated from so many in one unit. 重复的次数。")
    ] = 2,
    systemic: Annotated[
        int, typer.Option("--systemic", min=2, help="Systemic from so many units. 多处的单元数。")
    ] = 3,
    days: Annotated[
        int, typer.Option("--days", min=1, help="The window for both: an assumption. 天数，假定值。")
    ] = 365,
    escalate: Escalate = None,
    profile: Annotated[
        str, typer.Option("--profile", help="Whose deadlines count. 按哪个口径的隐患时限。")
    ] = "national",
    json: Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON。")] = False,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Verify a ledger and show what is open, due and recurring (查看隐患台账)."""
    from dualprev_rules.cli.ledger import open_ledger, read_escalation
    from dualprev_rules.cli.loading import trusted
    from dualprev_rules.cli.output import complain, console, say_json
    from dualprev_rules.control import RecurrencePolicy, due, recurring
    from dualprev_rules.engine import Engine
    from dualprev_rules.report.ledger import ledger_json, print_ledger
    from dualprev_rules.report.phrases import phrase

    day = read_day(as_of)
    levels = read_escalation(escalate or [])
    every = open_ledger(ledger, lang)
    held = every.as_of(day)
    if ahead := len(every.records) - len(held.records):
        complain(phrase("events_ahead", n=ahead, day=day.isoformat()).get(lang))
    shown = tuple(held.hazards.values()) if everything else held.unfinished
    again = recurring(
        held.hazards.values(), day, RecurrencePolicy(repeated=repeated, systemic=systemic, days=days)
    )
    deadlines = Engine.load([], profile, as_of=day, keys=trusted()).profile.hazard_deadlines
    waiting = {hazard.id: due(hazard, day, levels, deadlines) for hazard in shown}
    if json:
        say_json(ledger_json(shown, again, day, waiting))
    else:
        print_ledger(shown, again, waiting, console(), lang)
