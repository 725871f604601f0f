"""``dualprev exchange export``: exchange tables from facts and ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Lists, Packs, Profile, Site


def export(
    site: Site,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where to. 写到哪个文件夹。")
    ],
    company: Annotated[str, typer.Option("--company", help="The code of nine digits. 九位企业编码。")],
    at: Annotated[str, typer.Option("--at", metavar="TIME", help="Time of making, ISO 8601. 生成时间。")],
    by: Annotated[str, typer.Option("--by", help="Who makes it. 创建人。")],
    ledger: Annotated[
        Path | None, typer.Option("--ledger", metavar="FILE", help="Hidden hazards. 隐患台账。")
    ] = None,
    more: Annotated[
        Path | None,
        typer.Option(
            "--more", metavar="FILE", help="Fields by measure or hazard id. 按措施、隐患补充的字段。"
        ),
    ] = None,
    rows: Annotated[
        Path | None,
        typer.Option(
            "--rows",
            metavar="FOLDER",
            help="Own tasks, records, outages, hazards. 自有的任务、记录、停用、隐患表。",
        ),
    ] = None,
    tasks: Annotated[
        bool, typer.Option("--tasks", help="Tasks from the checklists of packs. 由检查表生成任务。")
    ] = False,
    since: Annotated[
        Path | None,
        typer.Option(
            "--since", metavar="FOLDER", help="The state of last time: only changes. 上次的全量，只发变化。"
        ),
    ] = None,
    form: Annotated[Literal["json", "csv"], typer.Option("--form", help="The files. 文件格式。")] = "json",
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    lists: Lists = "assumed",
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Write exchange tables from facts, ledger and own rows (生成交换表)."""
    from datetime import datetime

    from dualprev_rules.cli.exchange.check import tell
    from dualprev_rules.cli.guard import Status
    from dualprev_rules.cli.ledger import open_ledger
    from dualprev_rules.cli.loading import load
    from dualprev_rules.cli.output import complain
    from dualprev_rules.problems import DualprevError, problem
    from dualprev_rules.report.inspection import duties_of
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.report.writing import make_folder, write_files
    from dualprev_rules.supervision.exchange import (
        check,
        increment,
        read_more,
        read_tables,
        state_faults,
        strange_ids,
        table_files,
        tables_of,
        unknown_of,
    )

    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise DualprevError(problem("supervision.stamp", given=at)) from error
    engine = load(packs, profile, as_of, lang, lists)
    every = open_ledger(ledger, lang) if ledger is not None else None
    held = every.as_of(engine.as_of) if every is not None else None
    if every is not None and held is not None and (ahead := len(every.records) - len(held.records)):
        complain(phrase("events_ahead", n=ahead, day=engine.as_of.isoformat()).get(lang))
    hazards = held.hazards.values() if held is not None else None
    facts = engine.read(site)
    fields = read_more(more) if more is not None else {}
    for strange in strange_ids(fields, facts, hazards or (), engine.ruleset.checklists.values()):
        complain(strange.show(lang))
    duties = duties_of(engine.result_of(facts)) if tasks else None
    made = tables_of(
        facts,
        hazards,
        company=company,
        at=moment,
        by=by,
        more=fields,
        rows=read_tables(rows) if rows is not None else None,
        duties=duties,
    )
    contents: dict[Path, bytes] = {}
    if since is not None:
        checklists = engine.ruleset.checklists.values() if tasks else None
        unknown = unknown_of(facts, company, checklists)
        before = read_tables(since)
        if strange := state_faults(before, company=company, at=moment):
            raise DualprevError(strange)
        send, made = increment(before, made, unknown, at=moment, by=by)
        make_folder(output / "send")
        contents |= table_files(send, output / "send", form)
    make_folder(output)
    contents |= table_files(made, output, form)
    other = ".csv" if form == "json" else ".json"
    both = [file.stem for file in contents if file.with_suffix(other).exists()]
    if both:
        raise DualprevError([problem("supervision.exchange-two-files", given=name) for name in both])
    write_files(contents)
    for file in contents:
        complain(phrase("wrote", file=file).get(lang))
    if tell(check(made), sum(map(len, made.values())), lang):
        raise typer.Exit(Status.FAIL_ON_MET)
