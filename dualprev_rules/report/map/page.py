"""The page of the four-colour map: drawing, legend, work risks, distribution, and what each zone holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from dualprev_rules.problems import DualprevError, problem
from dualprev_rules.problems.words import Lang
from dualprev_rules.report.html import BLANK, environment, packaged
from dualprev_rules.report.map.charts import MOST_BARS, by_grade, legend, spread, work_bars
from dualprev_rules.report.map.label import label_spot
from dualprev_rules.report.map.patch import BASES, patch, patch_of
from dualprev_rules.report.map.plan import Plan, Point
from dualprev_rules.report.map.zones import Zone, elsewhere, zones_of
from dualprev_rules.report.measures import measure_words
from dualprev_rules.report.phrases import phrase
from dualprev_rules.risk.place import Place
from dualprev_rules.risk.point import RiskPoint
from dualprev_rules.risk.profile import Profile

if TYPE_CHECKING:
    from dualprev_rules.result import Result

_WIDTH = 1000.0
_MARGIN = 24.0
_WORD = 110.0
"""How wide a zone is at least in which *not assessed* is written out."""
_TYPE = (26, 22, 18, 14)
_LEADING = 1.2
_FEW_LINES = 2
"""The lines of a name that smaller type is not taken for, but the smallest."""


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
    scale = _Scale(zones)
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
            width=scale.width,
            height=scale.height,
            bar=scale.bar() if plan is not None else None,
            north=plan.north if plan is not None else None,
            legend={basis: legend([zone["patch"][basis] for zone in drawn], profile) for basis in BASES},
            work={basis: work_bars(points, profile, basis) for basis in BASES},
            most_bars=MOST_BARS,
            elsewhere=[_row(point, profile) for point in elsewhere],
            enterprises=enterprises,
            by_grade={basis: by_grade(points, profile, basis) for basis in BASES},
            spread=spread(points),
            title=f"{place.name or phrase('unnamed').get(lang)} · {phrase('map_title').get(lang)}",
            css=packaged("map.css"),
        )
    )
    return BLANK.sub("\n", page)


@dataclass(frozen=True, slots=True)
class _Bar:
    label: str
    length: float


class _Scale:
    """From metres with north up to the units of the drawing, with y downwards."""

    def __init__(self, zones: tuple[Zone, ...]) -> None:
        points = [point for zone in zones for ring in zone.rings for point in ring]
        self.left, self.top = min(x for x, _ in points), max(y for _, y in points)
        across = max(x for x, _ in points) - self.left
        down = self.top - min(y for _, y in points)
        self.factor = (_WIDTH - 2 * _MARGIN) / (max(across, down * 0.8) or 1.0)
        self.width = round(across * self.factor + 2 * _MARGIN, 1)
        self.height = round(down * self.factor + 2 * _MARGIN, 1)

    def at(self, point: Point) -> tuple[float, float]:
        """Return where a point is drawn."""
        x = (point[0] - self.left) * self.factor + _MARGIN
        return round(x, 1), round((self.top - point[1]) * self.factor + _MARGIN, 1)

    def bar(self) -> _Bar:
        """Return a scale bar of a round number of metres, about a fifth of the width."""
        wanted = self.width / 5 / self.factor
        power = 10.0 ** (len(str(int(wanted))) - 1) if wanted >= 1 else 0.1
        metres = next(power * step for step in (5, 2, 1) if power * step <= wanted or step == 1)
        return _Bar(f"{metres:g} m", round(metres * self.factor, 1))


def _drawn(index: int, zone: Zone, scale: _Scale, profile: Profile) -> dict[str, Any]:
    rings = [[scale.at(point) for point in ring] for ring in zone.rings]
    outline = " ".join("M" + " L".join(f"{x:g},{y:g}" for x, y in ring) + "Z" for ring in rings)
    ys = [y for _, y in rings[0]]
    x, y, across = label_spot(rings[0])
    size, lines = _lettering(zone.name, across, max(ys) - min(ys))
    return {
        "id": f"z{index}",
        "name": zone.name,
        "outline": outline,
        "x": round(x, 1),
        "y": round(y, 1),
        "size": size,
        "leading": _LEADING * size,
        "lines": lines,
        "wide": across >= _WORD,
        "group": None if zone.group is None else (*rings[0][0], zone.group),
        "patch": {
            basis: patch(profile, zone.grade(basis) if zone.assessed(basis) else None) for basis in BASES
        },
        "points": [_row(point, profile) for point in zone.points],
    }


def _lettering(name: str, across: float, down: float) -> tuple[int, list[str]]:
    """Return the size of type and the lines of a name that fit a zone, the larger the better.

    No lines where it does not fit at all: its title still says it.
    """
    for size in _TYPE:
        wide = max(1, int(across // (size + 1)))
        lines = [name[start : start + wide] for start in range(0, len(name), wide)]
        fits = wide >= 3 and _LEADING * size * (len(lines) + 1) < down
        if fits and (len(lines) <= _FEW_LINES or size == _TYPE[-1]):
            return size, lines
    return _TYPE[-1], []


def _row(point: RiskPoint, profile: Profile) -> dict[str, Any]:
    return {
        "name": point.name or point.short,
        "patch": {basis: patch_of(point, profile, basis) for basis in BASES},
        "owner": point.owner,
        "department": point.department,
        "measures": [said for each in point.measures if (said := measure_words(each)) is not None],
    }
