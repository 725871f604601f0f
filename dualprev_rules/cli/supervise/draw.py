"""``dualprev supervise draw``: a double-random draw from a published seed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.options import Debug, Language
from dualprev_rules.cli.supervise.options import AsJson, Csv, Roster, SchemeFile


def draw(
    roster: Roster,
    scheme: SchemeFile,
    inspectors: Annotated[
        Path, typer.Option("--inspectors", metavar="FILE", help="Inspectors: YAML, JSON. 检查人员名录。")
    ],
    count: Annotated[int, typer.Option("--count", min=1, help="How many enterprises. 抽多少家。")],
    seed: Annotated[
        str | None,
        typer.Option(
            "--seed", help="The published seed; without it the digest only. 公布的随机种子；不给则只出摘要。"
        ),
    ] = None,
    each: Annotated[int, typer.Option("--each", min=1, help="Inspectors for each. 每家几人。")] = 2,
    cover: Annotated[
        int, typer.Option("--cover", min=0, help="At least so many of each county. 每个区县至少几家。")
    ] = 0,
    csv: Csv = None,
    json: AsJson = False,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Draw enterprises by the weight of their class, and inspectors for them (双随机抽查)."""
    from dualprev_rules.cli.output import say, say_json
    from dualprev_rules.cli.supervise.options import classified, show, write_csv
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.supervision.draw import Terms, digest
    from dualprev_rules.supervision.draw import draw as drawn_by_lot
    from dualprev_rules.supervision.inspectors import read_inspectors

    _, every = classified(roster, scheme)
    people = read_inspectors(inspectors)
    if seed is None:
        bound = digest(every, people, Terms(count, each, cover))
        if json:
            say_json({"digest": bound, "count": count, "each": each, "cover": cover})
        else:
            say(phrase("draw_digest", digest=bound).get(lang))
        return
    made = drawn_by_lot(every, people, seed=seed, count=count, each=each, cover=cover)
    heads = ("enterprise_id", "enterprise_name", "enterprise_class", "drawn_inspectors")
    separator = phrase("separator").get(lang)
    rows = [
        (
            one.classified.enterprise.id,
            one.classified.enterprise.name,
            one.classified.counts.id,
            separator.join(
                [
                    *(person.name or person.id for person in one.inspectors),
                    *([phrase("inspectors_lacking", n=one.wanting).get(lang)] if one.wanting else []),
                ]
            ),
        )
        for one in made.drawn
    ]
    write_csv(csv, heads, rows, lang)
    if json:
        say_json(made.to_json())
        return
    show(heads, rows, lang)
    fair = [(one.label, one.enterprises, f"{one.expected:.1f}", one.drawn) for one in made.fairness]
    show(("enterprise_class", "enterprises_counted", "fair_expected", "fair_drawn"), fair, lang)
    say(phrase("draw_again", seed=made.seed, digest=made.digest).get(lang))
