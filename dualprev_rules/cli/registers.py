"""``dualprev registers``: the graded-control list, the hidden-hazard list and the dossier."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Lists, Packs, Profile, Site

if TYPE_CHECKING:
    from datetime import date

    from dualprev_rules.control import HazardRecord
    from dualprev_rules.problems.words import Lang


def registers(
    site: Site,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Folder to write to. 输出文件夹。")
    ],
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind",
            help="Only graded_control_list, hidden_hazard_list, dossier, … Repeatable. 只写这一种，可重复。",
        ),
    ] = None,
    ledger: Annotated[
        Path | None, typer.Option("--ledger", metavar="FILE", help="Hidden hazards. 隐患台账。")
    ] = None,
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    lists: Lists = "assumed",
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Write the graded-control list, the hidden-hazard list and the dossier (双清单、一企一册)."""
    from dualprev_rules.cli.loading import load
    from dualprev_rules.cli.output import check_files, complain
    from dualprev_rules.cli.progress import watching
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.report.registers import kinds, register, register_pages, register_workbook
    from dualprev_rules.report.writing import make_folder, write_files

    engine = load(packs, profile, as_of, lang, lists)
    held = _held(ledger, engine.as_of, lang)
    contents: dict[Path, bytes] = {}
    written: dict[Path, int] = {}
    with watching(lang) as watch:
        result = engine.result_of(engine.read(site))
        for each in kind or kinds(engine.profile):
            made = register(result, each, held, watch)
            contents[output / f"{each}.xlsx"] = register_workbook(made, lang, watch)
            pages = register_pages(made, f"{each}.html", lang, watch)
            contents |= {output / name: page.encode("utf-8", "replace") for name, page in pages.items()}
            written |= {output / f"{each}.xlsx": 1, output / f"{each}.html": len(pages)}
    check_files(list(contents), Path(site))
    make_folder(output)
    write_files(contents)
    for file, count in written.items():
        complain(phrase("wrote" if count == 1 else "wrote_pages", file=file, n=count).get(lang))


def _held(ledger: Path | None, day: date, lang: Lang) -> tuple[HazardRecord, ...]:
    from dualprev_rules.cli.ledger import open_ledger

    return () if ledger is None else tuple(open_ledger(ledger, lang).as_of(day).hazards.values())
