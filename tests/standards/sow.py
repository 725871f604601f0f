"""Random tables that partition all there is, and faults planted in them; brute force says what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, pairwise, permutations, product
from random import Random
from typing import Any, Literal

from dualprev_rules.lang.tree import Decide
from dualprev_rules.standards.tables import output
from tests.standards.yard import Point, answer, hits

Planted = Literal["nothing", "gap", "overlap", "masked", "redundant"]
PLANTED: tuple[Planted, ...] = ("gap", "overlap", "masked", "redundant")
MEMBERS = ("tank", "store", "pipe", "shop", "yard")
Box = tuple[frozenset[int], ...]
"""By input, the slots that a row takes."""


@dataclass(frozen=True)
class Side:
    """An input: how it is declared, the words of each slot, and points that lie in each slot."""

    name: str
    fact: Mapping[str, Any]
    ordered: bool
    slots: tuple[Any, ...]
    points: tuple[tuple[Any, ...], ...]

    def cell(self, taken: frozenset[int]) -> str:
        """Return slots as a cell; empty where they are all."""
        if len(taken) == len(self.slots):
            return ""
        if not self.ordered:
            return ", ".join(str(self.slots[at]) for at in sorted(taken))
        first, last = self.slots[min(taken)], self.slots[max(taken)]
        left, low = first[0], first[1]
        high, right = last[2], last[3]
        if low is None:
            return f"{'<=' if right == ']' else '<'} {high}"
        if high is None:
            return f"{'>=' if left == '[' else '>'} {low}"
        return f"{left}{low}..{high}{right}"


@dataclass(frozen=True)
class Sown:
    """A table as the tests write it, with the points of its grid."""

    facts: dict[str, Any]
    table: dict[str, Any]
    points: tuple[Point, ...]
    rises: tuple[Mapping[Any, int], ...] = ()
    """By input, how high each of its values is."""


def sow(seed: int, planted: Planted, rows: int = 12, sides: int = 3) -> Sown:
    """Return a random table of ``rows`` rows or fewer, clean but for one fault of the kind."""
    chance = Random(seed)
    along = [_side(chance, f"i{number}") for number in range(chance.randint(1, sides))]
    boxes = _partition(chance, along, rows)
    outputs = [str(number % 4) for number in range(len(boxes))]
    hit = "unique" if planted in ("gap", "overlap") else chance.choice(["unique", "first"])
    if planted == "gap":
        at = chance.randrange(len(boxes))
        del boxes[at], outputs[at]
        hit = chance.choice(["unique", "first", "any"])
    elif planted == "overlap":
        _widen(chance, along, boxes)
    elif planted in ("masked", "redundant"):
        hit = "first"
        at = chance.randrange(len(boxes))
        box = _part(chance, boxes[at])
        if planted == "masked":
            boxes.insert(at + 1, box)
            outputs.insert(at + 1, "9")
        else:
            boxes.insert(at, box)
            outputs.insert(at, outputs[at])
    return Sown(
        {side.name: side.fact for side in along},
        {
            "hit": hit,
            "inputs": [side.name for side in along],
            "rows": [_row(along, box, then) for box, then in zip(boxes, outputs, strict=True)],
        },
        tuple(product(*([p for slot in side.points for p in slot] for side in along))),
    )


def sow_monotone(seed: int, planted: bool) -> Sown:
    """Return a table that answers more wherever an input is higher, or all but in one place."""
    chance = Random(seed)
    along: list[Side] = []
    cells: list[tuple[int, ...]] = []
    while len(cells) < 2:
        along = [_side(chance, f"i{number}") for number in range(chance.randint(1, 3))]
        cells = list(product(*(range(len(side.slots)) for side in along)))
    along = [replace(s, fact={**s.fact, "type": "ordered"}) if s.fact["type"] == "enum" else s for s in along]
    # Of ordered members, the first is the worst: the highest.
    mirrored = [side.fact["type"] == "ordered" for side in along]
    up = [
        [len(s.slots) - 1 - at if m else at for at in range(len(s.slots))]
        for s, m in zip(along, mirrored, strict=True)
    ]
    step = chance.randint(1, 3)
    outputs = {cell: sum(up[side][at] for side, at in enumerate(cell)) // step for cell in cells}
    top = max(outputs.values())
    if planted:
        highest, *_, lowest = sorted(
            cells, key=lambda cell: -sum(up[side][at] for side, at in enumerate(cell))
        )
        at, wrong = chance.choice([(highest, -1), (lowest, top + 1)])
        outputs[at] = wrong
    declared = chance.choice(["rising", "falling"])
    sign = 1 if declared == "rising" else -1
    rows = [
        _row(along, tuple(frozenset((at,)) for at in cell), str(sign * answer))
        for cell, answer in outputs.items()
    ]
    chance.shuffle(rows)
    hit = chance.choice(["unique", "first", "any"])
    if hit == "first":
        # A last row that nothing reaches but what the row before it leaves out.
        rows.append({"then": rows.pop()["then"]})
    heights = tuple(
        {
            point: up[number][at]
            for at, points in enumerate(side.points)
            for (point,) in [(p,) for p in points]
        }
        for number, side in enumerate(along)
    )
    return Sown(
        {side.name: side.fact for side in along},
        {
            "hit": hit,
            "inputs": [side.name for side in along],
            "monotone": {side.name: declared for side in along},
            "rows": rows,
        },
        tuple(product(*([slot[0] for slot in side.points] for side in along))),
        heights,
    )


def _row(along: Sequence[Side], box: Box, then: str) -> dict[str, str]:
    cells = {side.name: side.cell(taken) for side, taken in zip(along, box, strict=True)}
    return {**{name: text for name, text in cells.items() if text}, "then": then}


def _side(chance: Random, name: str) -> Side:
    kind = chance.choice(["number", "whole", "enum", "bool"])
    if kind == "bool":
        return Side(name, {"type": "bool"}, False, ("false", "true"), ((False,), (True,)))
    if kind == "enum":
        members = MEMBERS[: chance.randint(2, 5)]
        fact = {"type": "enum", "values": list(members)}
        return Side(name, fact, False, members, tuple((member,) for member in members))
    bounds = sorted(chance.sample(range(1, 30), chance.randint(1, 4)))
    whole = kind == "whole"
    if not whole and chance.random() < 0.5:
        bounds = [Fraction(bound, 10) for bound in bounds]
    closed = [chance.random() < 0.5 for _ in bounds]
    # The bound belongs to the slot below it where it is closed, else to the one above.
    ends = [(None, False), *zip(bounds, closed, strict=True), (None, False)]
    slots: list[Any] = []
    points: list[tuple[Any, ...]] = []
    for (low, taken), (high, takes) in pairwise(ends):
        slots.append(("(" if taken else "[", _text(low), _text(high), "]" if takes else ")"))
        points.append(_within(low, not taken, high, takes, whole))
    kept = [at for at, some in enumerate(points) if some]
    fact = {"type": "number", "whole": whole}
    return Side(name, fact, True, tuple(slots[at] for at in kept), tuple(points[at] for at in kept))


def _text(bound: Any) -> str | None:
    return None if bound is None else str(float(bound)) if isinstance(bound, Fraction) else str(bound)


def _within(low: Any, with_low: bool, high: Any, with_high: bool, whole: bool) -> tuple[Fraction, ...]:
    """Return the ends that belong to a slot, and something between them."""
    first: Fraction = Fraction(low) if low is not None else Fraction(high) - 5
    last: Fraction = Fraction(high) if high is not None else first + 5
    found = {(first + last) / 2, first + 1, last - 1}
    found |= {first} if low is not None and with_low else set()
    found |= {last} if high is not None and with_high else set()
    if whole:
        found = {value for value in found if value.denominator == 1}
    return tuple(
        sorted(
            value
            for value in found
            if (low is None or value > first or (with_low and value == first))
            and (high is None or value < last or (with_high and value == last))
        )
    )


def _partition(chance: Random, along: Sequence[Side], rows: int) -> list[Box]:
    boxes: list[Box] = [tuple(frozenset(range(len(side.slots))) for side in along)]
    for _ in range(rows - 1):
        at = chance.randrange(len(boxes))
        axis = chance.randrange(len(along))
        taken = sorted(boxes[at][axis])
        if len(taken) < 2:
            continue
        if not along[axis].ordered:
            chance.shuffle(taken)
        cut = chance.randrange(1, len(taken))
        parts = (frozenset(taken[:cut]), frozenset(taken[cut:]))
        boxes[at : at + 1] = [(*boxes[at][:axis], part, *boxes[at][axis + 1 :]) for part in parts]
    return boxes


def _widen(chance: Random, along: Sequence[Side], boxes: list[Box]) -> None:
    """Let one row take one more slot on one input, where some row does not take all."""
    places = [
        (at, axis, slot)
        for at, box in enumerate(boxes)
        for axis, side in enumerate(along)
        for slot in range(len(side.slots))
        if slot not in box[axis] and (not side.ordered or {slot - 1, slot + 1} & box[axis])
    ]
    if places:
        at, axis, slot = chance.choice(places)
        boxes[at] = (*boxes[at][:axis], boxes[at][axis] | {slot}, *boxes[at][axis + 1 :])


def _part(chance: Random, box: Box) -> Box:
    """Return a box within a box."""
    return tuple(
        frozenset((chance.choice(sorted(taken)),)) if chance.random() < 0.5 else taken for taken in box
    )


# --- brute force -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Truth:
    """What is wrong with a table, by trying every point of a grid."""

    gaps: frozenset[Point]
    pairs: frozenset[tuple[int, int]]
    masked: frozenset[int]
    redundant: frozenset[int]

    @property
    def clean(self) -> bool:
        """True where nothing is wrong."""
        return not (self.gaps or self.pairs or self.masked or self.redundant)


def truth(table: Decide, points: Sequence[Point]) -> Truth:
    """Return what every point of the grid says."""
    at = {point: hits(table, point) for point in points}
    every = range(len(table.rows))
    gaps = frozenset(point for point, hit in at.items() if not hit)
    outputs = [output(row) for row in table.rows]
    pairs = {pair for hit in at.values() for pair in combinations(hit, 2)}
    if table.hit == "any":
        pairs = {(a, b) for a, b in pairs if outputs[a] != outputs[b]}
    if table.hit == "unique":
        return Truth(gaps, frozenset(pairs), frozenset(), frozenset())
    masked = frozenset(every) - {min(hit) for hit in at.values() if hit}
    left = [row for row in every if row not in masked]
    redundant = frozenset(
        row
        for row in left
        if all(answer(table, h) == answer(table, [r for r in h if r != row]) for h in _live(at, masked))
    )
    if table.hit == "any":
        return Truth(gaps, frozenset(pairs), frozenset(), redundant | masked)
    return Truth(gaps, frozenset(), masked, redundant)


def falls(
    table: Decide, points: Sequence[Point], rises: Sequence[Mapping[Any, int]]
) -> set[tuple[int, tuple[int, int]]]:
    """Return inputs by number with pairs of rows between which the answer falls though the input rises."""
    first = {point: hit[0] for point in points if (hit := sorted(hits(table, point)))}
    found: set[tuple[int, tuple[int, int]]] = set()
    for along, column in enumerate(table.inputs):
        sign = 1 if column.monotone == "rising" else -1
        lines: dict[Point, list[Point]] = {}
        for point in first:
            lines.setdefault((*point[:along], *point[along + 1 :]), []).append(point)
        for line in lines.values():
            for a, b in permutations(line, 2):
                low, high = (rises[along][point[along]] for point in (a, b))
                answers = [Fraction(str(output(table.rows[first[point]]))) for point in (a, b)]
                if low < high and sign * answers[0] > sign * answers[1]:
                    found.add((along, (first[a], first[b])))
    return found


def _live(at: Mapping[Point, list[int]], masked: frozenset[int]) -> list[list[int]]:
    return [[row for row in hit if row not in masked] for hit in at.values()]
