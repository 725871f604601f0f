"""``dualprev diff``: what a change does, before it is made."""

from __future__ import annotations

from typing import Annotated

import typer

from dualprev_rules.cli.guard import Status
from dualprev_rules.cli.options import AsOf, Debug, Language, Lists, Packs, Profile

_Site = typer.Argument(help="Facts: YAML, JSON, XLSX or a folder of CSV. 企业数据文件。")


def diff(
    before: Annotated[str, _Site],
    after: Annotated[str, _Site],
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    lists: Lists = "assumed",
    json: Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON。")] = False,
    fail_on_worse: Annotated[
        bool,
        typer.Option(
            "--fail-on-worse",
            help="Exit with 1 if an outcome, a grade or a class gets worse. 变坏则退出码 1。",
        ),
    ] = False,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Show what a change of facts does to outcomes and grades (变更前后对比)."""
    from dualprev_rules.cli.loading import load
    from dualprev_rules.cli.output import console, say_json
    from dualprev_rules.report.change import print_difference
    from dualprev_rules.result.difference import difference

    engine = load(packs, profile, as_of, lang, lists)
    found = difference(engine.assess(before), engine.assess(after))
    if json:
        say_json(found.to_json())
    else:
        print_difference(found, engine.profile, console(), lang)
    if fail_on_worse and found.worse:
        raise typer.Exit(Status.FAIL_ON_MET)
