"""``dualprev facts``: the facts that the packs ask for."""

from __future__ import annotations

import typer

from dualprev_rules.cli.facts import migrate, schema, standard, template

app = typer.Typer(help="What the packs ask for. 规则包需要的数据。", no_args_is_help=True)
app.command("template")(template.template)
app.command("schema")(schema.schema)
app.command("standard")(standard.standard)
app.command("migrate")(migrate.migrate)
