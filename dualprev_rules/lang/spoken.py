"""Bounds and ranges as they stand in a standard: ``50人以上``, ``介于50和99之间``, ``50~99``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dualprev_rules.facts.units import find_unit

_FIGURE = r"[0-9]+(?:\.[0-9]+)?"
_REACHES = {"以上": ">=", "以下": "<=", "以内": "<=", "以外": ">"}
_BOUND = re.compile(
    rf"(?:在|达到?)?\s*(?P<figure>{_FIGURE})\s*(?P<unit>[^\s\d()<>=!,]{{0,8}}?)\s*[及或]?(?P<word>{'|'.join(_REACHES)})"
)
_RANGE = re.compile(
    rf"(?:在|介于|为|是|in\b|between\b|BETWEEN\b|={{1,2}})?\s*(?P<low>{_FIGURE})\s*"
    rf"(?:[~～〜—–\-至到和与]|and\b|AND\b)\s*(?P<high>{_FIGURE})(?:之间)?(?![\w.])"
)
_FIGURE_IN_WORDS = re.compile(r"(?:百分之)?[零〇一二两三四五六七八九十百千万亿点]+")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A bound or range that a text holds up to ``end``, and how the language has it."""

    start: int
    end: int
    meant: str


def bound_at(text: str, at: int) -> Spoken | None:
    """Return the bound that begins at ``at``. Whoever is above or below a figure includes it."""
    match = _BOUND.match(text, at)
    if match is None:
        return None
    unit = match["unit"] if match["unit"] and find_unit(match["unit"]) is not None else None
    figure = f"'{match['figure']} {unit}'" if unit else match["figure"]
    return Spoken(match.start(), match.end(), f"{_REACHES[match['word']]} {figure}")


def range_at(text: str, at: int, name: str) -> Spoken | None:
    """Return the range that begins at ``at``, in which ``name`` is said to be."""
    match = _RANGE.match(text, at)
    if match is None:
        return None
    return Spoken(match.start(), match.end(), f"{match['low']} <= {name} <= {match['high']}")


def figure_in_words(name: str) -> bool:
    """Tell whether a name is a figure in Chinese words: ``五十``, ``百分之五``."""
    return _FIGURE_IN_WORDS.fullmatch(name) is not None
