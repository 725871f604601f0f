"""``dualprev hazard``: the ledger of hidden hazards."""

from __future__ import annotations

import typer

from dualprev_rules.cli.hazard import propose, record, show

app = typer.Typer(help="Keep the ledger of hidden hazards. 隐患台账。", no_args_is_help=True)
app.command("propose")(propose.propose)
app.command("record")(record.record)
app.command("show")(show.show)
