"""A control measure in words, as registers, cards and maps say it."""

from __future__ import annotations

import re

from dualprev_rules.problems import Words
from dualprev_rules.report.phrases import phrase
from dualprev_rules.risk.point import ControlMeasure

_WIDE = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_AFTER_HAN = re.compile(r"(?<=[\u4e00-\u9fff])[,;:?!]")


def measure_words(measure: ControlMeasure) -> Words | None:
    """Return a measure in words; one that fails, or of which nobody says whether it is there, says so."""
    if measure.name is None:
        return None
    name = chinese(measure.name)
    category = measure.category
    if category is not None:
        return phrase("measure_of_kind", kind=category, measure=_state(measure, name))
    return _state(measure, name)


def _state(measure: ControlMeasure, name: str) -> Words:
    if measure.in_place is False:
        return phrase("measure_not_in_place", measure=name)
    if measure.is_effective is False:
        return phrase("measure_not_effective", measure=name)
    if measure.in_place is None:
        return phrase("measure_unsaid", measure=name)
    return Words(name)


def chinese(said: str) -> str:
    """Return a text with the punctuation of Chinese, which reading has made that of ASCII."""
    return _AFTER_HAN.sub(lambda mark: _WIDE[mark[0]], said)
