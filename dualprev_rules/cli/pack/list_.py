"""``dualprev pack list``: what is installed."""

from __future__ import annotations

from typing import Annotated

import typer

from dualprev_rules.cli.options import Debug, Language


def list_(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON。")] = False,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """List the packs that are installed (列出已安装的规则包)."""
    from rich.table import Table
    from rich.text import Text

    from dualprev_rules.cli.output import complain, console, say_json
    from dualprev_rules.pack.registry import installed_packs
    from dualprev_rules.report.phrases import phrase

    packs = installed_packs()
    if as_json:
        say_json([{"id": p.id, "version": p.version, "title": p.title.to_json()} for p in packs])
        return
    if not packs:
        complain(phrase("no_packs").get(lang))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("pack", "version", "name"):
        table.add_column(phrase(heading).get(lang))
    for pack in packs:
        table.add_row(Text(pack.id), Text(pack.version), Text(pack.title.get(lang)))
    console().print(table)
