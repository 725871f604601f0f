"""``dualprev inspect new``: a short list of what to look at."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Html, Language, Lists, Packs, Profile, Site, Xlsx

if TYPE_CHECKING:
    from dualprev_rules.report.inspection import Sheet
    from dualprev_rules.result import Result


def new(
    site: Site,
    who: Annotated[
        str | None,
        typer.Option("--for", metavar="POST", help="A post of the facts, or a level. 岗位，或管控层级。"),
    ] = None,
    hours: Annotated[float, typer.Option("--hours", help="The time that there is. 有多少小时。")] = 2.0,
    minutes: Annotated[
        float, typer.Option("--minutes", help="What one look takes: an assumption. 每项用时，假定值。")
    ] = 5.0,
    checklist: Annotated[
        str | None,
        typer.Option("--checklist", metavar="ID", help="This checklist, whole. 整张检查表。"),
    ] = None,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="The inspector. 检查人。")] = "",
    plan: Annotated[
        Path | None, typer.Option("--plan", metavar="FILE", help="Zones in walking order. 平面图。")
    ] = None,
    html: Html = None,
    xlsx: Xlsx = None,
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    lists: Lists = "assumed",
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Make the list that decides the most open major outcomes in the time (编制检查表)."""
    from dualprev_rules.cli.loading import load
    from dualprev_rules.cli.output import check_files, complain, console
    from dualprev_rules.problems import DualprevError, problem
    from dualprev_rules.report import write_files
    from dualprev_rules.report.inspection import inspection_book, inspection_page
    from dualprev_rules.report.inspection.terminal import print_sheet
    from dualprev_rules.report.phrases import phrase

    if (who is None) == (checklist is None):
        raise DualprevError(problem("cli.for-or-checklist"))
    check_files([file for file in (html, xlsx) if file is not None], Path(site))
    engine = load(packs, profile, as_of, lang, lists)
    result = engine.result_of(engine.read(site))
    each = Fraction(str(minutes))
    zones = _zones(result, plan)
    if who is not None:
        sheet = _short(result, who, Fraction(str(hours)), each, zones, by)
    else:
        sheet = _whole(result, checklist or "", each, zones, by)
    contents: dict[Path, bytes] = {}
    if html is not None:
        contents[html] = inspection_page(sheet, lang).encode("utf-8", "replace")
    if xlsx is not None:
        contents[xlsx] = inspection_book(sheet, lang)
    write_files(contents)
    if not contents:
        print_sheet(sheet, console(), lang)
    for file in contents:
        complain(phrase("wrote", file=file).get(lang))


def _short(
    result: Result, who: str, hours: Fraction, minutes: Fraction, zones: list[list[str]], by: str
) -> Sheet:
    from dualprev_rules.control.who import find_inspector
    from dualprev_rules.problems import DualprevError, problem
    from dualprev_rules.report.inspection import shortest

    if minutes <= 0 or hours * 60 < minutes:
        raise DualprevError(problem("control.no-time", given=str(float(hours)), minutes=str(float(minutes))))
    return shortest(result, find_inspector(who, result.facts), hours, minutes, zones=zones, by=by)


def _whole(result: Result, checklist: str, minutes: Fraction, zones: list[list[str]], by: str) -> Sheet:
    from dualprev_rules.problems import DualprevError, nearest, problem
    from dualprev_rules.report.inspection import duties_of, whole

    of = [duty for duty in duties_of(result) if duty.checklist.id == checklist]
    if not of:
        known = result.ruleset.checklists
        near = nearest(checklist, known) or "、".join(known) or "—"
        raise DualprevError(problem("control.unknown-checklist", given=checklist, nearest=near))
    return whole(result, of[0].checklist.title, of, minutes, zones=zones, by=by)


def _zones(result: Result, plan: Path | None) -> list[list[str]]:
    if plan is None or result.place is None:
        return []
    from dualprev_rules.report.map import read_plan
    from dualprev_rules.report.map.zones import zones_of

    return [[place.path for place in zone.places] for zone in zones_of(result.place, read_plan(plan))]
