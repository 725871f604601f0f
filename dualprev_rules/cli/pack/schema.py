"""``dualprev pack schema``: JSON Schemas of the files of a pack, for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.options import Debug, Language


def schema(
    kind: Annotated[
        str | None, typer.Argument(metavar="[KIND]", help="Such as rules, tables; else all. 文件种类。")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FOLDER", help="Write KIND.schema.json there. 写到文件夹。"),
    ] = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Print or write the JSON Schemas of the kinds of file (规则包文件的 JSON Schema)."""
    import json

    from dualprev_rules.cli.output import complain, say_json
    from dualprev_rules.pack import json_schemas
    from dualprev_rules.problems import DualprevError, nearest, problem
    from dualprev_rules.report import write_files
    from dualprev_rules.report.phrases import phrase

    schemas = json_schemas()
    if kind is not None and kind not in schemas:
        near = nearest(kind, schemas) or "rules"
        raise DualprevError(problem("cli.no-kind", given=kind, nearest=near, words=", ".join(schemas)))
    chosen = schemas if kind is None else {kind: schemas[kind]}
    if out is None:
        say_json(chosen if kind is None else chosen[kind])
        return
    files = {
        out / f"{name}.schema.json": (json.dumps(one, ensure_ascii=False, indent=2) + "\n").encode()
        for name, one in chosen.items()
    }
    write_files(files)
    for file in files:
        complain(phrase("wrote", file=file).get(lang))
