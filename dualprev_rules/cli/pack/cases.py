"""``dualprev pack cases``: the cases of a pack, and those that it lacks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Packs, Profile, read_day


def cases(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="Name or folder. 名称或文件夹。")],
    boundary: Annotated[
        bool,
        typer.Option(
            "--boundary", help="Make those at figures, and with facts missing. 生成界值和缺数据用例。"
        ),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE.yaml", help="Where to; else printed. 写入文件。"),
    ] = None,
    rule: Annotated[
        list[str] | None,
        typer.Option("--rule", metavar="ID", help="Only this rule or definition. Repeatable. 只做这一部分。"),
    ] = None,
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    records: Annotated[
        int, typer.Option("--records", min=0, max=5, help="Others in each list. 每个清单另有几条记录。")
    ] = 3,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0.1, help="For each question. 每个问题的秒数。")
    ] = 2.0,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """List the cases of a pack; or make those that it lacks, for a person to confirm (用例)."""
    if not boundary:
        _list(pack)
        return
    from dualprev_rules.authoring.cases import case_file
    from dualprev_rules.cli.output import complain, say
    from dualprev_rules.engine import Engine
    from dualprev_rules.report import write_files
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.testing.boundary import boundary_cases

    day = read_day(as_of)
    found = boundary_cases(
        pack,
        as_of=day,
        also=packs or (),
        profile=profile,
        rules=rule or (),
        records=records,
        seconds=seconds,
    )
    ruleset = Engine.load([*(packs or ()), pack], profile, as_of=day).ruleset
    text = case_file(found.drafts, ruleset, profile, lang)
    if output is None:
        say(text)
    elif found.drafts:
        write_files({output: text.encode()})
        complain(phrase("wrote", file=output).get(lang))
    complain(phrase("cases_made", n=len(found.drafts), held=found.held).get(lang))
    if found.open:
        complain(phrase("cases_open", n=len(found.open)).get(lang))
    for change in found.open:
        complain(f"    {change}")


def _list(pack: str) -> None:
    from dualprev_rules.cli.output import say
    from dualprev_rules.pack.load import read_cases, read_packs

    [source] = read_packs([pack])
    for case in read_cases(source):
        say(f"{case.place.file}:{case.place.line}: {'' if case.confirmed else '? '}{case.name}")
