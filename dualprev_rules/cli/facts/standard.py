"""``dualprev facts standard``: the data standard of a province, and what a new version changes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Packs, Profile


def standard(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE.json", help="Where to. 写到哪个文件。")
    ],
    since: Annotated[
        Path | None,
        typer.Option(
            "--since", metavar="FILE.json", help="The version before: its changes. 上一版，列出变化。"
        ),
    ] = None,
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Publish the JSON Schema of facts under a version that follows from its changes (数据标准)."""
    import json

    from dualprev_rules.cli.loading import load
    from dualprev_rules.cli.output import complain, say
    from dualprev_rules.report import write_files
    from dualprev_rules.report.phrases import named, phrase
    from dualprev_rules.supervision.data_standard import (
        data_standard,
        next_version,
        read_standard,
        schema_changes,
    )

    before = read_standard(since) if since is not None else None
    engine = load(packs, profile, as_of, lang)
    made = data_standard(engine, "1.0")
    if before is not None:
        found = schema_changes(before, made)
        made = data_standard(engine, next_version(before["x-standard"]["version"], found))
        for change in found:
            detail = f" ({change.detail})" if change.detail else ""
            say(f"{named('schema', change.kind).get(lang)}{phrase('colon').get(lang)}{change.path}{detail}")
    write_files({output: (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()})
    say(phrase("standard_version", version=made["x-standard"]["version"]).get(lang))
    complain(phrase("wrote", file=output).get(lang))
