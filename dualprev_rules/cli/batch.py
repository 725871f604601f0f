"""``dualprev batch``: judge a province."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Lists, Packs, Profile

Population = Annotated[
    str,
    typer.Argument(
        metavar="IN",
        help="Enterprises: Parquet, CSV, a folder of CSV by entity, XLSX, a DuckDB database, or the URL of "
        "another one. 企业数据。",
    ),
]
Query = Annotated[
    str | None, typer.Option("--query", metavar="SQL", help="What of a database. 从数据库取哪些。")
]
Rows = Annotated[
    int, typer.Option("--rows", min=1, help="Enterprises judged at once: bounds the memory. 每批企业数。")
]


def batch(
    given: Population,
    out: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where to. 输出文件夹。")],
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    lists: Lists = "assumed",
    query: Query = None,
    rows: Rows = 30_000,
    outcomes: Annotated[
        str, typer.Option("--outcomes", metavar="WORDS", help="Which outcomes to write. 写出哪些结果。")
    ] = "violated,presumed",
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the run in the folder. 接着上次继续。")
    ] = False,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Judge many enterprises, a row each, and sum them up on one page (成批评估)."""
    from dualprev_rules.cli.loading import load
    from dualprev_rules.cli.output import complain
    from dualprev_rules.cli.progress import counting
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.report.province_page import province_page
    from dualprev_rules.report.writing import make_folder, write_files
    from dualprev_rules.supervision.province import SNAPSHOT, goes_on, open_batch, read_source, source_of

    engine = load(packs, profile, as_of, lang, lists)
    make_folder(out)
    source = source_of(given, query)
    keep = goes_on(out, source, resume=resume)
    frame = read_source(engine, given, query, out / SNAPSHOT, keep=keep)
    # Violations are what the page names enterprises by.
    wanted = ("violated", *(word.strip() for word in outcomes.replace("，", ",").split(",") if word.strip()))
    named = tuple(dict.fromkeys(wanted))
    run = open_batch(engine, frame, out, rows=rows, outcomes=named, resume=resume, source=source)
    with counting(lang, phrase("judging_enterprises"), run.total, run.done()) as count:
        for done in run.run():
            count(done)
    page = province_page(run.tally(), engine.ruleset, engine.profile, lang)
    write_files({out / "summary.html": page.encode("utf-8", "replace")})
    complain(phrase("batch_stands", n=run.total, out=out).get(lang))
    complain(phrase("wrote", file=out / "summary.html").get(lang))
