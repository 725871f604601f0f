"""``dualprev indicators``: the targets of a profile's documents against yearly figures."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal

import typer

from dualprev_rules.cli.options import Debug, Language, read_day
from dualprev_rules.cli.supervise.options import AsJson


def indicators(
    figures: Annotated[
        Path, typer.Argument(metavar="FIGURES", help="Yearly figures: YAML, JSON. 历年数字。")
    ],
    profile: Annotated[str, typer.Option("--profile", help="Whose targets. 哪个口径的目标。")],
    base_year: Annotated[
        int | None,
        typer.Option("--base-year", help="Where a document names none. 文件未写基年时用哪年。"),
    ] = None,
    cumulative: Annotated[
        Literal["last-year", "whole-period"] | None,
        typer.Option(
            "--cumulative",
            help="Of what a cumulative change is; else both must agree. 累计按末年还是全期算，不选须一致。",
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="YYYY-MM-DD",
            help="A target whose year is over then is not projected; else today. 目标年此日已过的不再预计。",
        ),
    ] = None,
    json: AsJson = False,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Say which targets are met, not met, projected or not decidable (指标考核)."""
    from dualprev_rules.cli.output import say, say_json
    from dualprev_rules.cli.supervise.options import show
    from dualprev_rules.problems import DualprevError, nearest, problem
    from dualprev_rules.report.phrases import named, phrase
    from dualprev_rules.supervision.indicators import evaluate, read_figures, targets

    profiles = sorted({target.profile for target in targets()})
    if profile not in profiles:
        near = nearest(profile, profiles)
        raise DualprevError(
            problem("supervision.no-targets", given=profile, nearest=near, allowed=" ".join(profiles))
        )
    found = evaluate(
        profile,
        read_figures(figures),
        as_of=read_day(as_of),
        base_year=base_year,
        cumulative=cumulative,
    )
    if json:
        say_json([one.to_json() for one in found])
        return
    show(
        ("target", "target_title", "target_wanted", "target_change", "target_verdict", "target_wanting"),
        [
            (
                one.target.id,
                one.target.title.get(lang),
                "" if one.target.change is None else f"{one.target.change}%",
                "" if one.change is None else "…".join(dict.fromkeys(map(_percent, one.change))),
                named("verdict", one.verdict).get(lang),
                " ".join(one.wanting),
            )
            for one in found
        ],
        lang,
    )
    if any(one.base_chosen for one in found):
        say(phrase("base_chosen", year=base_year).get(lang))
    if any(one.cumulative is not None for one in found):
        say(phrase("cumulative_chosen", reading=cumulative).get(lang))


def _percent(figure: Fraction | None) -> str:
    return "" if figure is None else f"{float(figure):.1f}%"
