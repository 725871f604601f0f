"""Where the name of a zone is written: inside its outline, where it is wide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dualprev_rules.report.map.plan import Point

_HEIGHTS = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)
"""Where an outline is cut across, as shares of its height; of cuts as long the first counts."""


def label_spot(ring: Sequence[Point]) -> tuple[float, float, float]:
    """Return the middle and the length of the longest cut across an outline.

    The middle of all corners may lie outside of an outline that is bent or hollow; that of a cut does not.

    >>> label_spot([(0, 0), (40, 0), (40, 10), (10, 10), (10, 30), (0, 30)])
    (20.0, 9.0, 40.0)
    """
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    low, high = min(ys), max(ys)
    best = (min(xs) / 2 + max(xs) / 2, (low + high) / 2, 0.0)
    for left, right, y in cuts(ring):
        if right - left > best[2] * 1.01:
            best = ((left + right) / 2, y, right - left)
    return best


def cuts(ring: Sequence[Point]) -> Iterator[tuple[float, float, float]]:
    """Yield where an outline begins and ends from west to east, and at what height, at several heights."""
    low, high = min(y for _, y in ring), max(y for _, y in ring)
    for share in _HEIGHTS:
        y = low + share * (high - low)
        crossed = sorted(_crossings(ring, y))
        yield from ((left, right, y) for left, right in zip(crossed[::2], crossed[1::2], strict=False))


def _crossings(ring: Sequence[Point], y: float) -> list[float]:
    """Return where the sides of an outline cross a height."""
    found: list[float] = []
    for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (y1 <= y) != (y2 <= y):
            found.append(x1 + (y - y1) * (x2 - x1) / (y2 - y1))
    return found
