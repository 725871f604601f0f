"""Whether the colours and names of a profile's grades can be told apart, and are those of their grades."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from colorsys import rgb_to_hsv
from itertools import combinations
from typing import TYPE_CHECKING

from dualprev_rules.problems import Problem, problem
from dualprev_rules.risk.persons import plain

if TYPE_CHECKING:
    from dualprev_rules.pack.spec.profiles import ProfileSpec, SwatchSpec
    from dualprev_rules.risk.profile import Swatch

NOT_ASSESSED = "not_assessed"
_HUES = {"red": 0, "orange": 30, "yellow": 50, "green": 120, "blue": 210, "violet": 280}
"""In degrees of the circle of colours, of what each word means at its midst."""
_GREY = 0.2
"""The saturation under which a colour has no hue."""
_APART = 60.0
"""The least distance of two colours that are told apart at a glance (of 765 between black and white)."""
_WHITE = "#FFFFFF"
GRADE_HUES = {"1": "red", "2": "orange", "3": "yellow", "4": "blue"}
_NO_HUE = 0.1
"""The saturation under which nothing is seen of a hue beside the colours of the grades."""
_LEGIBLE = 4.5
"""The least contrast of ink, by WCAG AA."""


def against_swatches(
    shown: Mapping[str, Swatch], specs: Mapping[str, SwatchSpec], chain: Iterable[ProfileSpec]
) -> Iterator[Problem]:
    """Yield what is wrong with the swatches of the grades ``1`` to ``4`` and of ``not_assessed``."""
    names = [
        (key, plain(name))
        for profile in chain
        for key, swatch in {**profile.grades, NOT_ASSESSED: profile.not_assessed}.items()
        if swatch is not None
        for name in (swatch.name.zh, swatch.name.en)
        if name
    ]
    for key, swatch in shown.items():
        own = {plain(swatch.name.zh), plain(swatch.name.en)} - {""}
        for other in sorted({held for held, name in names if held != key and name in own}):
            given = f"{key}: {swatch.name.zh}"
            yield problem("risk.profile-alike", place=specs[key].at("name"), given=given, other=other)
        is_grey = key == NOT_ASSESSED
        hue = _hue(swatch.hex, _NO_HUE if is_grey else _GREY)
        # Each grade has the hue of its own colour, whatever that is called; what was not assessed has none.
        if hue != GRADE_HUES.get(key) or (swatch.colour in _HUES and hue != swatch.colour):
            given = f"{key}: {swatch.colour} {swatch.hex}"
            yield problem("risk.profile-hue", place=specs[key].at("hex"), given=given, seen=hue or "grey")
        if contrast(swatch.ink, swatch.hex) < _LEGIBLE:
            given = f"{key}: {swatch.ink} / {swatch.hex}"
            yield problem("risk.profile-contrast", place=specs[key].at("ink"), given=given)
    for one, other in combinations(shown, 2):
        if _distance(shown[one].hex, shown[other].hex) < _APART:
            given = f"{one}: {shown[one].hex}"
            yield problem("risk.profile-alike", place=specs[one].at("hex"), given=given, other=other)
    if NOT_ASSESSED in shown and _distance(shown[NOT_ASSESSED].hex, _WHITE) < _APART:
        place, given = specs[NOT_ASSESSED].at("hex"), f"{NOT_ASSESSED}: {shown[NOT_ASSESSED].hex}"
        yield problem("risk.profile-hue", place=place, given=given, seen="white")


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours by WCAG, from 1 to 21.

    >>> contrast("#000000", "#FFFFFF")
    21.0
    """
    darker, lighter = sorted(map(_luminance, (one, other)))
    return round((lighter + 0.05) / (darker + 0.05), 2)


def _luminance(written: str) -> float:
    parts = (part / 255 for part in _parts(written))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _hue(written: str, grey: float) -> str | None:
    """Return the word for the hue of a colour; None for one without any."""
    hue, saturation, _ = rgb_to_hsv(*(part / 255 for part in _parts(written)))
    if saturation < grey:
        return None
    return min(_HUES, key=lambda word: abs((hue * 360 - _HUES[word] + 180) % 360 - 180))


def _distance(one: str, other: str) -> float:
    """Return how far two colours are apart to the eye, by the usual weights of red, green and blue."""
    (r, g, b), (red, green, blue) = _parts(one), _parts(other)
    mean = (r + red) / 2 / 256
    return float(((2 + mean) * (r - red) ** 2 + 4 * (g - green) ** 2 + (3 - mean) * (b - blue) ** 2) ** 0.5)


def _parts(written: str) -> tuple[int, int, int]:
    return int(written[1:3], 16), int(written[3:5], 16), int(written[5:7], 16)
