"""``dualprev inspect schedule``: dated tasks from checklists, what was done and what was missed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Lists, Packs, Profile, Site, Xlsx, read_day


def schedule(
    site: Site,
    first: Annotated[
        str | None,
        typer.Option("--from", metavar="YYYY-MM-DD", help="The first day; else the day itself. 从哪天起。"),
    ] = None,
    days: Annotated[int, typer.Option("--days", help="So many days. 共几天。")] = 30,
    who: Annotated[
        str | None, typer.Option("--for", metavar="POST", help="Only this post or level. 只列此岗位或层级。")
    ] = None,
    done: Annotated[
        list[Path] | None,
        typer.Option("--done", metavar="SHEET", help="Saved answers. Repeatable. 已保存的答案，可重复。"),
    ] = None,
    xlsx: Xlsx = None,
    ics: Annotated[
        Path | None, typer.Option("--ics", metavar="FILE", help="Write an iCalendar file. 写日历文件。")
    ] = None,
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    lists: Lists = "assumed",
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Plan rounds of the checklists: what is due, done, missed (排定检查任务)."""
    from dualprev_rules.cli.loading import load
    from dualprev_rules.cli.output import check_files, complain, console
    from dualprev_rules.control.rounds import rounds, unwatched
    from dualprev_rules.control.who import find_inspector
    from dualprev_rules.report import write_files
    from dualprev_rules.report.inspection import calendar, duties_of, read_files, rounds_book
    from dualprev_rules.report.inspection.terminal import print_rounds
    from dualprev_rules.report.phrases import phrase

    check_files([file for file in (xlsx, ics) if file is not None], Path(site))
    engine = load(packs, profile, as_of, lang, lists)
    result = engine.result_of(engine.read(site))
    start = read_day(first) if first is not None else engine.as_of
    every = duties_of(result)
    lacking = unwatched(every, result.place, result.profile)
    if who is not None:
        inspector = find_inspector(who, result.facts)
        every = [d for d in every if d.level is inspector.level and inspector.sees(d.record)]
    answers = read_files(done or [], result.facts)
    planned = rounds(every, answers, first=start, until=start + timedelta(days=days), today=engine.as_of)
    each_time = [duty for duty in every if duty.interval is None]
    contents: dict[Path, bytes] = {}
    if xlsx is not None:
        contents[xlsx] = rounds_book(planned, each_time, lacking, result.profile, lang)
    if ics is not None:
        contents[ics] = calendar(planned, engine.as_of, lang)
    write_files(contents)
    print_rounds(planned, len(each_time), lacking, result.profile, console(), lang)
    for file in contents:
        complain(phrase("wrote", file=file).get(lang))
