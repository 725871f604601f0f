"""``dualprev profile``: what a jurisdiction wants, and how two differ."""

from __future__ import annotations

import typer

from dualprev_rules.cli.profile import compare, list_, show

app = typer.Typer(help="Show and compare profiles. 查看和比较地方口径。", no_args_is_help=True)
app.command("list")(list_.list_)
app.command("show")(show.show)
app.command("compare")(compare.compare)
