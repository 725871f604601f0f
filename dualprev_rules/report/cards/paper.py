"""Sizes of paper, and how large the type of a card may be."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Literal

from dualprev_rules.problems import DualprevError, problem
from dualprev_rules.report.cards.cards import Card, Cards

Size = Literal["A3", "A4", "A5", "A6"]
SIZES: dict[Size, tuple[int, int]] = {"A3": (297, 420), "A4": (210, 297), "A5": (148, 210), "A6": (105, 148)}
"""Width and height in millimetres, upright (ISO 216)."""
_TYPE = (20.0, 18.0, 16.0, 14.0, 13.0, 12.0, 11.0, 10.0, 9.0, 8.0, 7.5, 7.0)
"""The sizes of type to choose from, in points."""
_LARGEST = 0.12
"""The largest type of a card, in points for each millimetre of its width."""
_MM = 0.3528
"""A point in millimetres."""
_PADDING = 7.0
"""Around a card, in millimetres."""
_LEADING, _BETWEEN, _GAP = 1.5, 0.8, 0.7
"""The height of a line, the room between fields and beside their headings, in characters."""
_LABELS = (4.2, 8.2)
"""The narrowest and the widest that the headings of fields may be, in characters."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet of paper and the cards on it, in millimetres."""

    width: int
    height: int
    across: int
    down: int
    card_width: int
    card_height: int


def layout(size: Size, sheet: Size) -> Layout:
    """Return how cards of a size lie upright on a sheet: one, or as many as fit, the sheet turned for it.

    Raises DualprevError for a card that is larger than the sheet.
    """
    names = list(SIZES)
    halvings = names.index(size) - names.index(sheet)
    if halvings < 0:
        raise DualprevError(problem("report.card-too-large", given=size, nearest=sheet))
    across, down = 2 ** ((halvings + 1) // 2), 2 ** (halvings // 2)
    width, height = SIZES[sheet]
    if halvings % 2:
        width, height = height, width
    return Layout(width, height, across, down, width // across, height // down)


def label_width(made: Cards) -> float:
    """Return how wide the headings of fields are, in characters, so that the longest keeps to its line."""
    longest = max((_ems(label.zh) for card in made.cards for label, _ in card.fields), default=0.0)
    return min(max(_LABELS[0], longest + 0.2), _LABELS[1])


def type_size(card: Card, on: Layout, labels: float) -> float:
    """Return the largest type in which a card fits its place, else the smallest: then it grows."""
    sizes = [points for points in _TYPE if points <= on.card_width * _LARGEST]
    return next(
        (points for points in sizes if _height(card, on, points, labels) <= on.card_height), sizes[-1]
    )


def _height(card: Card, on: Layout, points: float, labels: float) -> float:
    """Return about how high a card gets, rather too much: a Chinese character is as wide as it is high."""
    em = points * _MM
    across = (on.card_width - 2 * _PADDING) / em
    head = 3.6 + 2 * ceil(_ems(card.heading) * 1.5 / (0.5 * across))
    beside = across - labels - _GAP
    lines = 0
    for label, filled in card.fields:
        text = sum(ceil(max(1.0, _ems(one.zh), _ems(one.en)) / beside) for one in filled.lines)
        lines += max(1, text, ceil(_ems(label.zh) / labels), 2 * filled.empty)
    body = lines * _LEADING + len(card.fields) * _BETWEEN
    return 2 * _PADDING + 8 + (head + body + 2.2) * em


def _ems(text: str) -> float:
    return sum(1.0 if ord(c) > 0x2E7F else 0.55 for c in text)
