"""``dualprev pack new``: a distribution to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, read_day
from dualprev_rules.problems.words import Lang

Force = Literal[
    "law",
    "regulation",
    "ministerial_rule",
    "mandatory_standard",
    "recommended_standard",
    "local_standard",
    "group_standard",
    "normative_document",
    "policy_plan",
]
"""As instruments have it; said again since what reads packs is not loaded for the help of a command."""


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Such as cylinders. 规则包名，小写字母。")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FOLDER", help="Else NAME. 写到此文件夹。")
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help="Title in Chinese. 文件的中文名称。")] = None,
    title_en: Annotated[str | None, typer.Option("--title-en", help="In English. 英文名称。")] = None,
    number: Annotated[str | None, typer.Option("--number", help="Of the document. 文号。")] = None,
    issuer: Annotated[str | None, typer.Option("--issuer", help="Who issued it. 发布单位。")] = None,
    force: Annotated[Force, typer.Option("--force", help="What it is. 文件种类。")] = "group_standard",
    start: Annotated[
        str | None, typer.Option("--from", metavar="YYYY-MM-DD", help="First day in force. 施行日。")
    ] = None,
    as_of: AsOf = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Make a pack to begin with: it can be checked, tested and built at once (新建规则包).

    What no option says is asked, in the language of --lang.
    """
    from dualprev_rules.authoring.new import Plan, skeleton
    from dualprev_rules.cli.output import say
    from dualprev_rules.report import write_files
    from dualprev_rules.report.phrases import phrase

    day = read_day(as_of)
    folder = out or Path(name)
    title = title or _asked("new_title", name, lang)
    plan = Plan(
        name=name,
        title_zh=title,
        title_en=title_en or _asked("new_title_en", name, lang),
        number=number or _asked("new_number", None, lang),
        issuer=issuer or _asked("new_issuer", None, lang),
        force=force,
        start=read_day(start or _asked("new_from", day.isoformat(), lang)),
        day=day,
    )
    files = skeleton(plan, folder)
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
    write_files(files)
    for file in files:
        say(phrase("wrote", file=file.as_posix()).get(lang))
    say(phrase("new_next", pack=(folder / f"dualprev_pack_{name}").as_posix()).get(lang))


def _asked(name: str, default: str | None, lang: Lang) -> str:
    """Ask; what has no default is asked until it is answered, since nobody can guess it."""
    from dualprev_rules.report.phrases import phrase

    return str(typer.prompt(phrase(name).get(lang), default=default))
