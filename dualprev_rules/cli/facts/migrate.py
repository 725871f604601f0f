"""``dualprev facts migrate``: facts of one version of a data standard as facts of another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.options import Debug, Language


def migrate(
    facts: Annotated[Path, typer.Argument(metavar="FACTS", help="JSON or YAML. 旧版数据。")],
    old: Annotated[Path, typer.Option("--from", metavar="FILE.json", help="Their version. 旧版标准。")],
    new: Annotated[Path, typer.Option("--to", metavar="FILE.json", help="The new version. 新版标准。")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE.json", help="Where to. 写到哪个文件。")
    ],
    moves: Annotated[
        Path | None,
        typer.Option("--moves", metavar="FILE", help="What took over from what. 字段和取值的对应。"),
    ] = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Move facts from one version of a data standard to another (数据迁移)."""
    import json

    from dualprev_rules.cli.guard import Status
    from dualprev_rules.cli.output import complain, say
    from dualprev_rules.report import write_files
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.supervision.data_standard import read_standard
    from dualprev_rules.supervision.migrate import migrate as migrated
    from dualprev_rules.supervision.migrate import read_document
    from dualprev_rules.supervision.moves import Moves, read_moves

    before, after = read_standard(old), read_standard(new)
    said = read_moves(moves, before, after) if moves is not None else Moves()
    made = migrated(read_document(facts), before, after, said)
    write_files({output: (json.dumps(made.document, ensure_ascii=False, indent=1) + "\n").encode()})
    for one in made.left:
        complain(one.show(lang))
    versions = {"old": before["x-standard"]["version"], "new": after["x-standard"]["version"]}
    say(phrase("migrated", **versions, moved=made.moved, left=len(made.left)).get(lang))
    complain(phrase("wrote", file=output).get(lang))
    if made.left:
        raise typer.Exit(Status.FAIL_ON_MET)
