"""Plans: outlines of zones in metres, or in degrees as GeoJSON has them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, isfinite, radians
from pathlib import Path
from typing import Any, cast

from dualprev_rules.problems import DualprevError, Problem, problem
from dualprev_rules.report.map.crossing import crossing

Point = tuple[float, float]
"""East and north, in metres."""
_METRES_A_DEGREE = 111_320.0
"""Of latitude; of longitude it is this times the cosine of the latitude. Exact enough to draw a site."""
MOST_POINTS = 200_000


@dataclass(frozen=True, slots=True)
class Outline:
    """The outline of a zone, and the places of the facts that lie in it."""

    places: tuple[str, ...]
    """Paths of places, full or short (``unit[U1]``), or their names."""
    rings: tuple[tuple[Point, ...], ...]
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Outlines on one plane; ``north`` is by how many degrees north is turned clockwise from the top."""

    outlines: tuple[Outline, ...]
    north: float = 0.0


def read_plan(source: Path | str | Mapping[str, Any]) -> Plan:
    """Read a plan from a file or its JSON values.

    Either ``{"zones": [{"place": "unit[U1]", "outline": [[x, y], …]}], "north": 0}`` in metres, or a
    GeoJSON FeatureCollection of polygons in degrees whose features have the property ``place``, or ``name``.
    Raises DualprevError with every fault of the plan.
    """
    written = source if isinstance(source, Mapping) else _parsed(Path(source))
    faults: list[Problem] = []
    if written.get("type") == "FeatureCollection":
        outlines = _of_features(written.get("features"), faults)
    elif isinstance(written.get("zones"), list):
        outlines = _of_zones(written["zones"], faults)
    else:
        faults.append(problem("report.no-plan"))
        outlines = []
    north = written.get("north", 0)
    if not _is_number(north):
        faults.append(problem("report.plan-number", path="north", given=str(north)))
    if not faults and not outlines:
        faults.append(problem("report.no-plan"))
    if faults:
        raise DualprevError(faults)
    return Plan(tuple(outlines), float(north))


def _parsed(path: Path) -> Mapping[str, Any]:
    try:
        written = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise DualprevError(
            problem("report.plan-unreadable", given=str(path), reason=error.strerror or str(error))
        ) from error
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", "JSON")
        raise DualprevError(problem("report.plan-unreadable", given=str(path), reason=str(reason))) from error
    if not isinstance(written, dict):
        raise DualprevError(problem("report.no-plan"))
    return _mapping(written)


def _of_zones(zones: list[Any], faults: list[Problem]) -> list[Outline]:
    found: list[Outline] = []
    for number, zone in enumerate(zones, 1):
        path = f"zones[{number}]"
        if not isinstance(zone, Mapping):
            faults.append(problem("report.plan-zone", path=path, given=str(zone)[:40]))
            continue
        entry = _mapping(zone)
        ring = _ring(entry.get("outline"), f"{path}.outline", faults)
        places = _places(entry.get("place"), path, faults)
        if ring and places:
            found.append(Outline(places, (ring,), _name(entry.get("name"))))
    return found


def _of_features(features: Any, faults: list[Problem]) -> list[Outline]:
    found: list[Outline] = []
    for number, feature in enumerate(_list(features), 1):
        path = f"features[{number}]"
        geometry, properties = (_mapping(_mapping(feature).get(key)) for key in ("geometry", "properties"))
        coordinates = _list(geometry.get("coordinates"))
        match geometry.get("type"):
            case "Polygon":
                written = coordinates
            case "MultiPolygon":
                written = [ring for polygon in coordinates for ring in _list(polygon)]
            case _:
                faults.append(problem("report.plan-zone", path=path, given=str(geometry.get("type"))))
                continue
        rings = [_ring(ring, f"{path}.geometry", faults) for ring in written]
        places = _places(properties.get("place", properties.get("name")), f"{path}.properties", faults)
        if places and rings and all(rings):
            found.append(Outline(places, tuple(rings), _name(properties.get("name"))))
    return _in_metres(found)


def _in_metres(outlines: list[Outline]) -> list[Outline]:
    """Return outlines in degrees as metres on a plane through their midst."""
    points = [point for outline in outlines for ring in outline.rings for point in ring]
    if not points:
        return outlines
    west, south = min(x for x, _ in points), min(y for _, y in points)
    across = _METRES_A_DEGREE * cos(radians((south + max(y for _, y in points)) / 2))
    return [
        Outline(
            outline.places,
            tuple(
                tuple(((x - west) * across, (y - south) * _METRES_A_DEGREE) for x, y in ring)
                for ring in outline.rings
            ),
            outline.name,
        )
        for outline in outlines
    ]


def _ring(written: Any, path: str, faults: list[Problem]) -> tuple[Point, ...]:
    points = _list(written)
    if len(points) > MOST_POINTS:
        faults.append(problem("report.plan-too-large", path=path, given=str(len(points)), most=MOST_POINTS))
        return ()
    ring: list[Point] = []
    for number, point in enumerate(points, 1):
        pair = _list(point)
        if len(pair) < 2 or not (_is_number(pair[0]) and _is_number(pair[1])):
            faults.append(problem("report.plan-number", path=f"{path}[{number}]", given=str(point)[:40]))
            return ()
        ring.append((float(pair[0]), float(pair[1])))
    if len(set(ring)) < 3:
        faults.append(problem("report.plan-outline", path=path, given=str(len(set(ring)))))
        return ()
    crossed = crossing(ring)
    if crossed is not None:
        first, second = crossed
        faults.append(problem("report.plan-crossing", path=path, given=str(first), other=second))
    return tuple(ring)


def _list(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _places(written: Any, path: str, faults: list[Problem]) -> tuple[str, ...]:
    listed = _list(written) or [written]
    places = tuple(place.strip() for place in listed if isinstance(place, str) and place.strip())
    if not places:
        faults.append(problem("report.plan-no-place", path=path))
    return places


def _name(written: Any) -> str | None:
    return written if isinstance(written, str) and written.strip() else None
