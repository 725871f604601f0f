"""Zones of a plan that lie on one another, where one may hide what another shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from dualprev_rules.problems import Problem, problem
from dualprev_rules.report.map.drawing import area
from dualprev_rules.report.map.label import cuts
from dualprev_rules.report.map.plan import Point
from dualprev_rules.report.map.zones import Zone
from dualprev_rules.risk.profile import Basis

_COVERED = 0.9
"""Of a zone of which this share is covered by those in it nothing is left to see or to click."""

_MOST_SIDES = 200
"""Of outlines with more sides only points well within are tried: surveyed borders cross a little."""


def overlaps(zones: Sequence[Zone], basis: Basis) -> tuple[Problem, ...]:
    """Return a warning for each two zones that overlap, unless one's places lie in the other's.

    A zone that is covered by those that lie in it, none of which is as grave, is pointed at too.
    """
    boxes = [_Box.of(zone.rings[0]) for zone in zones]
    paths = [{path for place in zone.places for path in _paths(zone, place.path)} for zone in zones]
    found: list[Problem] = []
    inside: dict[int, list[int]] = {}
    for one, other in combinations(range(len(zones)), 2):
        if not boxes[one].meets(boxes[other]) or not _overlap(zones[one].rings, zones[other].rings):
            continue
        if _within(zones[other], paths[one]):
            inside.setdefault(one, []).append(other)
        elif _within(zones[one], paths[other]):
            inside.setdefault(other, []).append(one)
        else:
            found.append(_warning("report.zones-overlap", zones[one].name, zones[other].name))
    for outer, inner in inside.items():
        grade = zones[outer].grade(basis)
        if grade is None or any(_as_grave(zones[at], grade.at_worst, basis) for at in inner):
            continue
        if sum(area(zones[at].rings[0]) for at in inner) >= _COVERED * area(zones[outer].rings[0]):
            names = "、".join(zones[at].name for at in inner)
            found.append(_warning("report.zone-covered", zones[outer].name, names))
    return tuple(found)


class _Box(NamedTuple):
    west: float
    south: float
    east: float
    north: float

    @classmethod
    def of(cls, ring: Sequence[Point]) -> _Box:
        xs, ys = [x for x, _ in ring], [y for _, y in ring]
        return cls(min(xs), min(ys), max(xs), max(ys))

    def meets(self, other: _Box) -> bool:
        across = self.west < other.east and other.west < self.east
        return across and self.south < other.north and other.south < self.north


def _warning(code: str, one: str, other: str) -> Problem:
    return problem(code, severity="warning", given=one, other=other)


def _paths(zone: Zone, path: str) -> Iterator[str]:
    yield path
    for place in zone.places:
        yield from (each.path for each in place.all_places())


def _within(zone: Zone, paths: set[str]) -> bool:
    return all(place.path in paths for place in zone.places)


def _as_grave(zone: Zone, level: int, basis: Basis) -> bool:
    grade = zone.grade(basis)
    return grade is not None and grade.at_worst <= level


def _overlap(one: Sequence[Sequence[Point]], other: Sequence[Sequence[Point]]) -> bool:
    """Return whether two outlines share room; those that only touch do not."""
    if any(_inside(point, other) for point in _trials(one)) or any(
        _inside(point, one) for point in _trials(other)
    ):
        return True
    if max(len(one[0]), len(other[0])) > _MOST_SIDES:
        return False
    return any(_cross(side, each) for side in _sides(one[0]) for each in _sides(other[0]))


def _trials(rings: Sequence[Sequence[Point]]) -> Iterator[Point]:
    """Yield points within an outline; where it has few sides its corners and their midsts, too."""
    for left, right, y in cuts(rings[0]):
        points = [((left * (4 - part) + right * part) / 4, y) for part in (1, 2, 3)]
        yield from (point for point in points if len(rings) == 1 or _inside(point, rings))
    if len(rings[0]) <= _MOST_SIDES:
        for (x1, y1), (x2, y2) in _sides(rings[0]):
            yield x1, y1
            yield (x1 + x2) / 2, (y1 + y2) / 2


def _sides(ring: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    yield from zip(ring, (*ring[1:], ring[0]), strict=True)


def _inside(point: Point, rings: Sequence[Sequence[Point]]) -> bool:
    """Return whether a point is within an outline and not in a hole of it, nor on its edge."""
    x, y = point
    within = False
    for start, end in (side for ring in rings for side in _sides(ring)):
        if (start[1] < y and end[1] < y) or (start[1] > y and end[1] > y):
            continue
        if _side_of(start, end, point) == 0 and _between(start, end, point):
            return False
        (x1, y1), (x2, y2) = start, end
        if (y1 <= y) != (y2 <= y) and x1 + (y - y1) * (x2 - x1) / (y2 - y1) > x:
            within = not within
    return within


def _cross(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Return whether each side has an end on either side of the other."""
    first, second = (_side_of(*one, end) for end in other)
    third, fourth = (_side_of(*other, end) for end in one)
    return first * second < 0 and third * fourth < 0


def _side_of(start: Point, end: Point, point: Point) -> int:
    turn = (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])
    least = 1e-9 * (1 + abs(end[0] - start[0]) + abs(end[1] - start[1]))
    return 0 if abs(turn) <= least else (1 if turn > 0 else -1)


def _between(start: Point, end: Point, point: Point) -> bool:
    (x1, y1), (x2, y2), (x, y) = start, end, point
    return min(x1, x2) - 1e-9 <= x <= max(x1, x2) + 1e-9 and min(y1, y2) - 1e-9 <= y <= max(y1, y2) + 1e-9
