"""``dualprev profile list``: the profiles there are."""

from __future__ import annotations

from dualprev_rules.cli.options import Debug, Language


def list_(lang: Language = "zh", debug: Debug = False) -> None:
    """List the profiles, shipped and installed (列出地方口径)."""
    from rich.table import Table
    from rich.text import Text

    from dualprev_rules.cli.output import console
    from dualprev_rules.engine import profile_files
    from dualprev_rules.pack.load import read_chain
    from dualprev_rules.report.phrases import phrase

    files = profile_files()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("profile", "version", "name"):
        table.add_column(phrase(heading).get(lang))
    for name in files:
        spec = read_chain(name, files)[-1].spec
        if spec is not None:
            table.add_row(Text(name), Text(spec.version), Text(spec.title.get(lang)))
    console().print(table)
