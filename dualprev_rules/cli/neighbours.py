"""``dualprev neighbours``: what places can do to each other, and who must be told."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.options import Debug, Language
from dualprev_rules.cli.supervise.options import AsJson


def neighbours(
    places: Annotated[Path, typer.Argument(metavar="PLACES", help="Places: YAML, JSON. 地点与影响距离。")],
    changed: Annotated[
        str | None,
        typer.Option(
            "--changed", metavar="PLACE", help="Who must be told of its change. 某处变更，应告知谁。"
        ),
    ] = None,
    json: AsJson = False,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Find chains, clusters, cut points, shared ways out and targets too near (相邻影响与多米诺)."""
    from dualprev_rules.cli.output import say, say_json
    from dualprev_rules.problems import DualprevError, nearest, problem
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.supervision.neighbours import read_places
    from dualprev_rules.supervision.roster import spelled

    found = read_places(places)
    separator, colon = phrase("separator").get(lang), phrase("colon").get(lang)

    def line(key: str, names: tuple[str, ...] | str) -> None:
        listed = separator.join(names) if isinstance(names, tuple) else names
        say(f"{phrase(key).get(lang)}{colon}{listed or phrase('no_one').get(lang)}")

    if changed is not None:
        changed = spelled(changed)
        if changed not in found.nodes:
            near = nearest(changed, found.nodes)
            raise DualprevError(problem("supervision.place", given=changed, nearest=near))
        told, chains = found.told(changed), found.chains(changed)
        if json:
            say_json(
                {
                    "changed": changed,
                    "direct": list(told.direct),
                    "by_chain": {end: list(chains[end]) for end in told.by_chain},
                    "enterprises": list(told.enterprises),
                    "open": list(told.open),
                }
            )
            return
        line("told_direct", told.direct)
        line("told_chain", tuple(" → ".join(chains[end]) for end in told.by_chain))
        line("told_enterprises", told.enterprises)
        line("told_open", told.open)
        return
    near_ones = found.too_near()
    if json:
        say_json(
            {
                "clusters": [list(part) for part in found.clusters()],
                "cut_points": list(found.cut_points()),
                "shared_ways": {way: list(owners) for way, owners in found.shared_ways().items()},
                "too_near": [
                    {"place": one.place, "target": one.target, "distance": one.distance, "keeps": one.keeps}
                    for one in near_ones
                ],
                "unknown_reach": list(found.unknown_reach),
                "unknown_position": list(found.unknown_position),
            }
        )
        return
    for part in found.clusters():
        line("domino_cluster", part)
    line("cut_points", found.cut_points())
    for way, owners in found.shared_ways().items():
        line("shared_way", f"{way}{colon}{separator.join(owners)}")
    for one in near_ones:
        known = one.distance is not None
        apart = f"{one.distance:g} m < {one.keeps:g} m" if known else phrase("unknown_distance").get(lang)
        line("target_too_near" if known else "target_perhaps_near", f"{one.place} → {one.target} ({apart})")
    line("unknown_reach", found.unknown_reach)
    line("unknown_position", found.unknown_position)
