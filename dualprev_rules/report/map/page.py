"""The page of the four-colour map: drawing, legend, work risks, distribution, and what each zone holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from dualprev_rules.problems import DualprevError, Problem, Words, problem
from dualprev_rules.problems.words import Lang
from dualprev_rules.report.html import BLANK, environment, packaged
from dualprev_rules.report.map.charts import MOST_BARS, by_grade, legend, spread, work_bars
from dualprev_rules.report.map.drawing import Scale, area, drawn_shape
from dualprev_rules.report.map.overlap import overlaps
from dualprev_rules.report.map.patch import BASES, patch, patch_of
from dualprev_rules.report.map.plan import Plan, Point
from dualprev_rules.report.map.zones import Zone, elsewhere, zones_of
from dualprev_rules.report.measures import measure_words
from dualprev_rules.report.phrases import phrase
from dualprev_rules.risk.grades import LOW
from dualprev_rules.risk.place import Place
from dualprev_rules.risk.point import RiskPoint
from dualprev_rules.risk.profile import Basis, Profile

if TYPE_CHECKING:
    from dualprev_rules.result import Result


def four_colour_map(result: Result, plan: Plan | None = None, lang: Lang = "zh") -> str:
    """Return the four-colour map of an assessed enterprise as one page of HTML.

    Zones are coloured by the worst risk in them; one with no assessed point is grey, one whose worst
    grade is not decided is hatched. Without a plan the places are laid out as blocks. Raises
    DualprevError where no enterprise was given, or the plan names a place that the facts do not have.
    """
    place = result.place
    if place is None:
        raise DualprevError(problem("report.nothing-to-map"))
    zones = zones_of(place, plan)
    outside = elsewhere(place, zones)
    return draw(place, zones, result.profile, result.ruleset.as_of, lang, plan=plan, elsewhere=outside)


def plan_doubts(result: Result, plan: Plan) -> tuple[Problem, ...]:
    """Return a warning for each zone of a plan that hides another, or may."""
    place = result.place
    return overlaps(zones_of(place, plan), result.profile.basis) if place is not None else ()


def draw(
    place: Place,
    zones: tuple[Zone, ...],
    profile: Profile,
    day: date,
    lang: Lang,
    *,
    plan: Plan | None = None,
    elsewhere: Sequence[RiskPoint] = (),
    enterprises: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Return the page of zones: of one enterprise, or of a region with the enterprises in it."""
    scale = Scale(zone.rings for zone in zones)
    drawn = [_drawn(index, zone, scale, profile) for index, zone in enumerate(zones, 1)]
    points = tuple(place.all_points())
    page = (
        environment()
        .get_template("map.html")
        .render(
            lang=lang,
            name=place.name,
            day=day.isoformat(),
            profile=profile,
            bases=BASES,
            counted=profile.basis,
            zones=drawn,
            layers={basis: [drawn[at] for at in _layers(zones, basis)] for basis in BASES},
            width=scale.width,
            height=scale.height,
            bar=scale.bar() if plan is not None else None,
            north=plan.north if plan is not None else None,
            legend={basis: legend([zone["patch"][basis] for zone in drawn], profile) for basis in BASES},
            work={basis: work_bars(points, profile, basis) for basis in BASES},
            most_bars=MOST_BARS,
            elsewhere=[_row(point, profile) for point in elsewhere],
            doubts=[
                Words(doubt.text("zh"), doubt.text("en"))
                for doubt in (overlaps(zones, profile.basis) if plan is not None else ())
            ],
            enterprises=enterprises,
            by_grade={basis: by_grade(points, profile, basis) for basis in BASES},
            spread=spread(points),
            title=f"{place.name or phrase('unnamed').get(lang)} · {phrase('map_title').get(lang)}",
            css=packaged("map.css"),
        )
    )
    return BLANK.sub("\n", page)


def _layers(zones: Sequence[Zone], basis: Basis) -> list[int]:
    """Return the order in which zones are drawn, so that none is hidden by one other that covers it.

    The large come before the small, and of one outline the mild before the grave.
    """
    first: dict[frozenset[Point], int] = {}

    def key(at: int) -> tuple[float, int, int, bool]:
        zone, grade = zones[at], zones[at].grade(basis)
        same = first.setdefault(frozenset(zone.rings[0]), at)
        return -area(zone.rings[0]), same, -grade.at_worst if grade else -LOW - 1, zone.assessed(basis)

    return sorted(range(len(zones)), key=key)


def _drawn(index: int, zone: Zone, scale: Scale, profile: Profile) -> dict[str, Any]:
    first = scale.at(zone.rings[0][0])
    return {
        **drawn_shape(index, zone.name, zone.rings, scale),
        "group": None if zone.group is None else (*first, zone.group),
        "patch": {
            basis: patch(profile, zone.grade(basis) if zone.assessed(basis) else None) for basis in BASES
        },
        "points": [_row(point, profile) for point in zone.points],
    }


def _row(point: RiskPoint, profile: Profile) -> dict[str, Any]:
    return {
        "name": point.name or point.short,
        "patch": {basis: patch_of(point, profile, basis) for basis in BASES},
        "owner": point.owner,
        "department": point.department,
        "measures": [said for each in point.measures if (said := measure_words(each)) is not None],
    }
