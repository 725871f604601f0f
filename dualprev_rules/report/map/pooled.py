"""The map of pooled risk: each area in the colour of its worst enterprise, and what was not reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dualprev_rules.problems import DualprevError, problem
from dualprev_rules.problems.words import Lang
from dualprev_rules.report.html import BLANK, environment, packaged
from dualprev_rules.report.map.charts import legend
from dualprev_rules.report.map.drawing import Scale, drawn_shape
from dualprev_rules.report.map.patch import Patch, patch
from dualprev_rules.report.map.plan import Plan, Point
from dualprev_rules.report.map.zones import A_ROW, block_ring
from dualprev_rules.report.phrases import phrase
from dualprev_rules.risk.profile import Profile
from dualprev_rules.supervision.pool import Area, Pooled, area_names, nothing_from, together


@dataclass(frozen=True, slots=True)
class _Shown:
    """An area with its name and its outlines; none where no plan shows it."""

    name: str
    rings: tuple[tuple[Point, ...], ...]
    of: Pooled


def pooled_map(
    areas: Sequence[Pooled], profile: Profile, day: date, *, plan: Plan | None = None, lang: Lang = "zh"
) -> str:
    """Return areas, as pooled, as one page: a drawing, a legend, a table of every area.

    An area from which no grade came is grey and called not reported; one whose worst grade is open is
    hatched. A zone of the plan that no area has is not reported; an area that no zone shows stands in the
    table, which says so. Without a plan areas are blocks in rows. Raises DualprevError where there is no
    area, or a zone means several.
    """
    if not areas:
        raise DualprevError(problem("report.nothing-to-map"))
    nowhere = phrase("no_one").get(lang)
    names = area_names((each.area for each in areas), nowhere)
    shown = _blocks(areas, names) if plan is None else _on_plan(areas, names, plan)
    drawn = [each for each in shown if each.rings]
    scale = Scale(each.rings for each in drawn)
    zones = [
        {**drawn_shape(number, each.name, each.rings, scale), "patch": _patch(profile, each.of)}
        for number, each in enumerate(shown, 1)
        if each.rings
    ]
    page = (
        environment()
        .get_template("pooled.html")
        .render(
            lang=lang,
            title=phrase("pooled_title").get(lang),
            day=day.isoformat(),
            profile=profile,
            zones=zones,
            width=scale.width,
            height=scale.height,
            bar=scale.bar() if plan is not None else None,
            north=plan.north if plan is not None else None,
            legend=_legend([zone["patch"] for zone in zones], profile),
            rows=[
                {
                    "id": f"z{number}",
                    "name": each.name,
                    "of": each.of,
                    "patch": _patch(profile, each.of),
                    "on_plan": bool(each.rings),
                }
                for number, each in enumerate(shown, 1)
            ],
            total=sum(each.enterprises for each in areas),
            not_reported=sum(each.not_reported for each in areas),
            css=packaged("map.css"),
        )
    )
    return BLANK.sub("\n", page)


def _blocks(areas: Sequence[Pooled], names: Mapping[Area, str]) -> list[_Shown]:
    return [
        _Shown(names[each.area], (block_ring(number // A_ROW, number % A_ROW),), each)
        for number, each in enumerate(areas)
    ]


def _on_plan(areas: Sequence[Pooled], names: Mapping[Area, str], plan: Plan) -> list[_Shown]:
    """Return an entry for each zone of the plan, then one for each area that no zone shows."""
    known: dict[str, list[Pooled]] = {}
    for each in areas:
        for n in range(1, len(each.area) + 1):
            known.setdefault("/".join(name or "" for name in each.area[-n:]), []).append(each)
    faults = [
        problem("supervision.map-several", given=place, n=len(known[place]))
        for outline in plan.outlines
        for place in outline.places
        if len(known.get(place, ())) > 1
    ]
    if faults:
        raise DualprevError(faults)
    found: list[_Shown] = []
    on_plan: set[Area] = set()
    for outline in plan.outlines:
        of = [each for place in outline.places for each in known.get(place, [nothing_from(place)])]
        on_plan |= {each.area for each in of}
        name = outline.name or "、".join(outline.places)
        found.append(_Shown(name, outline.rings, together(name, of)))
    return found + [_Shown(names[each.area], (), each) for each in areas if each.area not in on_plan]


def _patch(profile: Profile, of: Pooled) -> Patch:
    """Return how an area is drawn: grey and *not reported* where no enterprise in it has reported."""
    if of.enterprises > of.not_reported:
        return patch(profile, of.grade)
    return replace(patch(profile, None), label=phrase("not_reported"))


def _legend(shown: Sequence[Patch], profile: Profile) -> list[tuple[Patch, int]]:
    *graded, (none, count) = legend(shown, profile)
    return [*graded, (replace(none, label=phrase("not_reported")), count)]
