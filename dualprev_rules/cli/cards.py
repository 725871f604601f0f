"""``dualprev cards``: notice cards, boards, emergency and point-and-say cards, ready to print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Lists, Packs, Profile, Site

Paper = Literal["A3", "A4", "A5", "A6"]


def cards(
    site: Site,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The page. 写到哪个文件。")],
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            help="post_notice, notice_board, emergency_card, point_and_say, … 卡片种类，由口径规定。",
        ),
    ] = "post_notice",
    size: Annotated[Paper, typer.Option("--size", help="Of a card. 卡片幅面。")] = "A5",
    sheet: Annotated[Paper, typer.Option("--sheet", help="Of the paper. 打印纸幅面。")] = "A4",
    grade: Annotated[
        int,
        typer.Option(
            "--grade",
            min=1,
            max=4,
            help="Only points of this grade or worse; 1 is the worst. 只要此级及以上。",
        ),
    ] = 4,
    path: Annotated[
        str | None, typer.Option("--path", help="Only this place or risk point. 只要这个场所或风险点。")
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="A PDF beside each page. 同时写 PDF。")] = False,
    browser: Annotated[
        str | None, typer.Option("--browser", metavar="PROGRAM", help="That writes the PDF. 用哪个浏览器。")
    ] = None,
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    lists: Lists = "assumed",
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Write cards or a board about the risk points of a site, to print (告知卡、公告栏、应急卡)."""
    from dualprev_rules.cli.loading import load
    from dualprev_rules.cli.output import check_files, complain
    from dualprev_rules.cli.progress import watching
    from dualprev_rules.report.cards import card_pages
    from dualprev_rules.report.cards import cards as of_kind
    from dualprev_rules.report.pdf import print_pdf
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.report.writing import write_files

    engine = load(packs, profile, as_of, lang, lists)
    contents: dict[Path, bytes] = {}
    with watching(lang) as watch:
        result = engine.result_of(engine.read(site))
        made = of_kind(result, kind, at_worst=grade, path=path, watch=watch)
        pages = card_pages(made, output.name, lang, size=size, sheet=sheet, watch=watch)
        for name in watch(list(pages), made.title):
            contents[output.with_name(name)] = pages[name].encode("utf-8", "replace")
            if pdf:
                contents[output.with_name(name).with_suffix(".pdf")] = print_pdf(pages[name], browser)
    check_files(list(contents), Path(site))
    write_files(contents)
    for file in (output, *((output.with_suffix(".pdf"),) if pdf else ())):
        said = phrase("wrote" if len(pages) == 1 else "wrote_pages", file=file, n=len(pages))
        complain(said.get(lang))
