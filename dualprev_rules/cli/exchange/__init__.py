"""``dualprev exchange``: the tables of the ministry's digital dual prevention system."""

from __future__ import annotations

import typer

from dualprev_rules.cli.exchange import check, export, fields, import_

app = typer.Typer(
    help="Exchange tables: make, check, read back. 部级交换表：生成、检查、读回。", no_args_is_help=True
)
app.command("export")(export.export)
app.command("check")(check.check)
app.command("fields")(fields.fields)
app.command("import")(import_.import_tables)
