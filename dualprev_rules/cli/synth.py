"""``dualprev synth``: a population to try drafts on, and to measure with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Packs, Profile


def synth(
    out: Annotated[Path, typer.Option("--output", "-o", metavar="FILE.parquet", help="Where to. 输出文件。")],
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    enterprises: Annotated[
        int, typer.Option("--enterprises", "-n", min=1, help="How many. 企业数。")
    ] = 10_000,
    industries: Annotated[
        list[str] | None,
        typer.Option("--industry", help="Only of this one. Repeatable. 只要此行业，可重复。"),
    ] = None,
    missing: Annotated[
        float | None,
        typer.Option("--missing", min=0, max=1, help="Share of facts that are not known. 事实缺失率。"),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Another seed, another population. 种子。")] = 1,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Draw synthetic enterprises from the fact schemas of packs, a row each (合成企业数据)."""
    from dualprev_rules.cli.loading import load
    from dualprev_rules.cli.output import complain
    from dualprev_rules.cli.progress import counting
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.supervision.population import population, settings

    chosen = settings().only(tuple(industries or ()), missing)
    engine = load(packs, profile, as_of, lang)
    made = population(engine.ruleset, chosen, out, enterprises=enterprises, seed=seed)
    with counting(lang, phrase("drawing_enterprises"), enterprises) as count:
        for done in made:
            count(done)
    complain(phrase("synthetic", n=enterprises, seed=seed).get(lang))
    complain(phrase("wrote", file=out).get(lang))
