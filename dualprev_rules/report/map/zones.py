"""What each zone of a map shows: its places, their risk points, and the worst grade among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dualprev_rules.problems import DualprevError, nearest, problem
from dualprev_rules.report.map.plan import Outline, Plan, Point
from dualprev_rules.risk.grades import RiskGrade, worst
from dualprev_rules.risk.place import Place
from dualprev_rules.risk.point import RiskPoint
from dualprev_rules.risk.profile import Basis

_BLOCK = 100.0
"""The side of a block where there is no plan, in no unit: such a map has no scale."""
_BETWEEN = 16.0
_APART = 0.25
"""The room above the name of a group, in rows."""
A_ROW = 8
"""The blocks of a row."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone: its outline, the places in it, and every risk point that they hold."""

    name: str
    rings: tuple[tuple[Point, ...], ...]
    places: tuple[Place, ...]
    points: tuple[RiskPoint, ...]
    group: str | None = None
    """What is written above it: the place to which it and those beside and below it belong."""

    def grade(self, basis: Basis) -> RiskGrade | None:
        """Return the worst grade; None where no place of the zone holds a risk point."""
        grades = [grade for place in self.places if (grade := place.grade(basis)) is not None]
        return worst(grades)

    def assessed(self, basis: Basis) -> bool:
        """Return whether any of its points was assessed."""
        return any(point.assessed(basis) for point in self.points)


def zones_of(place: Place, plan: Plan | None) -> tuple[Zone, ...]:
    """Return the zones of a plan, or a block for each innermost place where there is none.

    Raises DualprevError for each zone that names a place which the facts do not have.
    """
    if plan is None:
        return tuple(_blocks(place))
    known = _by_name(place)
    names = sorted(known)
    faults = [
        problem("report.plan-unknown-place", given=name, nearest=nearest(name, names) or "、".join(names[:9]))
        for outline in plan.outlines
        for name in outline.places
        if name not in known
    ]
    if faults:
        raise DualprevError(faults)
    return tuple(_zone(outline, known) for outline in plan.outlines)


def elsewhere(place: Place, zones: tuple[Zone, ...]) -> tuple[RiskPoint, ...]:
    """Return the risk points that lie in no zone: work that has no place, and places not on the plan."""
    shown = {point.path for zone in zones for point in zone.points}
    return tuple(point for point in place.all_points() if point.path not in shown)


def _zone(outline: Outline, known: Mapping[str, Place]) -> Zone:
    places = tuple({known[name].path: known[name] for name in outline.places}.values())
    points = tuple(point for place in places for point in place.all_points())
    name = outline.name or "、".join(place.name or place.short for place in places)
    return Zone(name, outline.rings, places, points)


def _by_name(place: Place) -> dict[str, Place]:
    """Return every place by its path, its short path, and its name where no other has the same."""
    found: dict[str, Place] = {}
    named: dict[str, list[Place]] = {}
    for each in place.all_places():
        found |= {each.path: each, each.short: each}
        if each.name:
            named.setdefault(each.name, []).append(each)
    return {name: places[0] for name, places in named.items() if len(places) == 1} | found


def _blocks(place: Place) -> Iterator[Zone]:
    """Lay the innermost places out in rows, rows of their own, under its name, for each that holds them."""
    groups = [(each, [below for below in each.places if not below.places]) for each in place.all_places()]
    groups = [(over, inner) for over, inner in groups if inner] or [(place, [place])]
    down = 0.0
    for over, inner in groups:
        heading = over.name or over.short if len(groups) > 1 else None
        for at, each in enumerate(inner):
            yield block(each, down + at // A_ROW, at % A_ROW, group=None if at else heading)
        down += (len(inner) - 1) // A_ROW + 1 + _APART


def block(place: Place, down: float, across: int, name: str | None = None, group: str | None = None) -> Zone:
    """Return a place as a block in a row, where no plan says where it lies."""
    shown = name or place.name or place.short
    return Zone(shown, (block_ring(down, across),), (place,), tuple(place.all_points()), group)


def block_ring(down: float, across: int) -> tuple[Point, ...]:
    """Return the outline of a block in a row."""
    left, top = across * (_BLOCK * 1.6 + _BETWEEN), -down * (_BLOCK + _BETWEEN)
    right, bottom = left + _BLOCK * 1.6, top - _BLOCK
    return ((left, top), (right, top), (right, bottom), (left, bottom))
