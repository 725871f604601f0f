"""``dualprev pack coverage``: what of each instrument is encoded, and who can decide it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from dualprev_rules.cli.options import Debug, Language, packs_alone
from dualprev_rules.problems.words import Lang

if TYPE_CHECKING:
    from dualprev_rules.testing.coverage import Coverage, Determination

_COLUMNS = (
    "stated",
    "encoded",
    "in_part",
    "declared",
    "facts",
    "mixed",
    "inspector",
    "recalled",
    "left_out",
    "no_determination",
    "uncertain",
)


def coverage(
    packs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PACK...]",
            help="Names or folders; else all. 名称或文件夹，缺省为全部。",
            callback=packs_alone,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON。")] = False,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Show for each instrument what it states, what is encoded, and what is left out and why (覆盖率)."""
    from dualprev_rules.cli.output import say_json
    from dualprev_rules.pack.load import read_packs
    from dualprev_rules.pack.registry import installed_packs
    from dualprev_rules.testing.coverage import coverage as of

    sources = read_packs(packs or [pack.id for pack in installed_packs()])
    found = [one for source in sources for one in of(source)]
    if as_json:
        say_json([_document(one) for one in found])
        return
    _table(found, lang)
    _lists(found, lang)


def _counts(one: Coverage) -> dict[str, int]:
    return {
        "stated": len(one.stated),
        "encoded": one.encoded,
        "in_part": len(one.in_part),
        "declared": one.declared,
        "facts": one.decided("facts"),
        "mixed": one.decided("mixed"),
        "inspector": one.decided("inspector"),
        "recalled": one.recalled,
        "left_out": len(one.left_out),
        "no_determination": len(one.no_determination),
        "uncertain": len(one.uncertain),
    }


def _table(found: list[Coverage], lang: Lang) -> None:
    from rich.table import Table
    from rich.text import Text

    from dualprev_rules.cli.output import console
    from dualprev_rules.report.phrases import phrase

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(phrase("instrument").get(lang), overflow="fold")
    for column in _COLUMNS:
        table.add_column(phrase(f"coverage_{column}").get(lang), justify="right")
    for pack in dict.fromkeys(one.pack for one in found):
        of_pack = [one for one in found if one.pack == pack]
        for one in of_pack:
            table.add_row(Text(one.number), *(str(n) for n in _counts(one).values()))
        sums = [sum(_counts(one)[column] for one in of_pack) for column in _COLUMNS]
        table.add_row(Text(pack, "bold"), *(Text(str(n), "bold") for n in sums), end_section=True)
    console().print(table)


def _lists(found: list[Coverage], lang: Lang) -> None:
    from dualprev_rules.cli.output import say
    from dualprev_rules.report.phrases import phrase

    lists = {
        "in_part": [(one, each, each.in_part) for one in found for each in one.in_part],
        "left_out": [(one, each, each.left_out) for one in found for each in one.left_out],
        "no_determination": [(one, e, e.no_determination) for one in found for e in one.no_determination],
        "uncertain": [(one, each, None) for one in found for each in one.uncertain],
    }
    for name, listed in lists.items():
        if listed:
            say(f"\n{phrase(f'coverage_{name}').get(lang)}")
        for one, each, because in listed:
            why = f"  {because.get(lang)}" if because is not None else ""
            say(f"  {one.number} {each.clause} ({each.id}){why}")


def _document(one: Coverage) -> dict[str, Any]:
    return {
        "pack": one.pack,
        "instrument": one.instrument,
        "number": one.number,
        "title": one.title.to_json(),
        **_counts(one),
        "determinations": [_item(each) for each in one.determinations],
    }


def _item(one: Determination) -> dict[str, Any]:
    return {
        "id": one.id,
        "clause": one.clause,
        "status": "uncertain" if one.uncertain else "recalled" if one.recalled else "checked",
        "by": list(one.by),
        "declared": one.declared,
        "decided_by": one.decided_by,
        "in_part": one.in_part.to_json() if one.in_part else None,
        "no_determination": one.no_determination.to_json() if one.no_determination else None,
        "left_out": one.left_out.to_json() if one.left_out else None,
    }
