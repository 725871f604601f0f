"""The options that several sub-commands share, said once."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from dualprev_rules.cli.guard import DEBUG, LANG
from dualprev_rules.problems import DualprevError, problem


def _keep_lang(ctx: typer.Context, value: str) -> str:
    ctx.meta[LANG] = value
    return value


def _keep_debug(ctx: typer.Context, value: bool) -> bool:
    ctx.meta[DEBUG] = value
    return value


def packs_alone(value: list[str] | None) -> list[str] | None:
    """Return the packs without the ``-`` of ``--json -``: what prints JSON prints it to stdout anyway."""
    named = [pack for pack in value or () if pack != "-"]
    return named or value


NamedPacks = Annotated[
    list[str],
    typer.Argument(metavar="PACK...", help="Names or folders. 名称或文件夹。", callback=packs_alone),
]
Site = Annotated[
    str, typer.Argument(metavar="SITE", help="Facts: YAML, JSON, XLSX or a folder of CSV. 企业数据文件。")
]
Packs = Annotated[
    list[str] | None,
    typer.Option("--pack", "-p", help="Rule pack: its name, or a folder. Repeatable. 规则包，可重复。"),
]
Profile = Annotated[str, typer.Option("--profile", help="Jurisdiction. 地方口径。")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="YYYY-MM-DD",
        help="The day whose law counts; else today. 按哪天的条文。",
    ),
]
Language = Annotated[
    Literal["zh", "en"],
    typer.Option(
        "--lang", envvar="DUALPREV_LANG", is_eager=True, callback=_keep_lang, help="Language of texts. 语言。"
    ),
]
Debug = Annotated[
    bool,
    typer.Option(
        "--debug",
        is_eager=True,
        callback=_keep_debug,
        help="Show the traceback of a fault. 出错时显示调用栈。",
    ),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Refuse facts with data problems (status 2). 数据有问题即拒绝。")
]
Lists = Annotated[
    Literal["assumed", "stated"],
    typer.Option(
        "--lists",
        help="assumed: a list given is complete; stated: only where it says so. 清单视为完整，或须注明。",
    ),
]
Json = Annotated[
    str | None,
    typer.Option(
        "--json", metavar="FILE|-", help="Write the result document; - prints it alone on stdout. 结果 JSON。"
    ),
]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write the report. 写 HTML 报告。")]
Xlsx = Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help="Write the register. 写清单。")]


def read_day(as_of: str | None) -> date:
    """Return the day asked for, or today: only the command line ever reads the clock."""
    if as_of is None:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(as_of)
    except ValueError as error:
        raise DualprevError(problem("cli.day", given=as_of)) from error
