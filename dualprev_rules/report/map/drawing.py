"""How outlines are drawn: to one scale, each with its name where that fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dualprev_rules.report.map.label import label_spot
from dualprev_rules.report.map.plan import Point

_WIDTH = 1000.0
_MARGIN = 24.0
_WORD = 110.0
"""How wide a zone is at least in which *not assessed* is written out."""
_TYPE = (26, 22, 18, 14)
_LEADING = 1.2
_FEW_LINES = 2
"""The lines of a name that smaller type is not taken for, but the smallest."""


@dataclass(frozen=True, slots=True)
class Bar:
    """The bar of a scale: what it says, and its length as drawn."""

    label: str
    length: float


class Scale:
    """From metres with north up to the units of the drawing, with y downwards."""

    def __init__(self, shapes: Iterable[Sequence[Sequence[Point]]]) -> None:
        points = [point for rings in shapes for ring in rings for point in ring]
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

    def bar(self) -> Bar:
        """Return a scale bar of a round number of metres, about a fifth of the width."""
        wanted = self.width / 5 / self.factor
        power = 10.0 ** (len(str(int(wanted))) - 1) if wanted >= 1 else 0.1
        metres = next(power * step for step in (5, 2, 1) if power * step <= wanted or step == 1)
        return Bar(f"{metres:g} m", round(metres * self.factor, 1))


def area(ring: Sequence[Point]) -> float:
    """Return the area within an outline."""
    ends = zip(ring, (*ring[1:], ring[0]), strict=True)
    return round(abs(sum(x * v - u * y for (x, y), (u, v) in ends)) / 2, 6)


def drawn_shape(index: int, name: str, rings: Sequence[Sequence[Point]], scale: Scale) -> dict[str, Any]:
    """Return what a template draws of a zone: its outline, and its name where it fits."""
    at = [[scale.at(point) for point in ring] for ring in rings]
    ys = [y for _, y in at[0]]
    x, y, across = label_spot(at[0])
    size, lines = _lettering(name, across, max(ys) - min(ys))
    return {
        "id": f"z{index}",
        "name": name,
        "outline": " ".join("M" + " L".join(f"{x:g},{y:g}" for x, y in ring) + "Z" for ring in at),
        "x": round(x, 1),
        "y": round(y, 1),
        "size": size,
        "leading": _LEADING * size,
        "lines": lines,
        "wide": across >= _WORD,
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
