"""Whether an outline crosses itself, as one does whose points were written in the wrong order."""

from __future__ import annotations

from collections.abc import Sequence

Point = tuple[float, float]
Edge = tuple[Point, Point]


def crossing(ring: Sequence[Point]) -> tuple[int, int] | None:
    """Return the numbers of two edges that cross, from 1; None where none do. What only touches does not.

    >>> crossing([(0, 0), (2, 2), (2, 0), (0, 2)])
    (1, 3)
    """
    points = [point for at, point in enumerate(ring) if point != ring[at - 1]]
    edges = [(point, points[(at + 1) % len(points)]) for at, point in enumerate(points)]
    # From the west to the east: only edges that reach into one another's width are compared.
    order = sorted(range(len(edges)), key=lambda at: min(edges[at][0][0], edges[at][1][0]))
    reaching: list[int] = []
    for at in order:
        west = min(edges[at][0][0], edges[at][1][0])
        reaching = [other for other in reaching if max(edges[other][0][0], edges[other][1][0]) > west]
        for other in reaching:
            if _cross(edges[at], edges[other]):
                first, second = sorted((at + 1, other + 1))
                return first, second
        reaching.append(at)
    return None


def _cross(one: Edge, other: Edge) -> bool:
    """Return whether each edge has an end on either side of the other."""
    return _side(one, other[0]) * _side(one, other[1]) < 0 and _side(other, one[0]) * _side(other, one[1]) < 0


def _side(edge: Edge, point: Point) -> int:
    (x1, y1), (x2, y2) = edge
    turn = (x2 - x1) * (point[1] - y1) - (y2 - y1) * (point[0] - x1)
    return (turn > 0) - (turn < 0)
