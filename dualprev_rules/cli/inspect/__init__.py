"""``dualprev inspect``: sheets for inspectors, what they bring back, and when to go."""

from __future__ import annotations

import typer

from dualprev_rules.cli.inspect import new, read, schedule

app = typer.Typer(help="Inspect: what to look at, and when. 检查：看什么、何时看。", no_args_is_help=True)
app.command("new")(new.new)
app.command("read")(read.read)
app.command("schedule")(schedule.schedule)
