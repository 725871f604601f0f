"""The sums of money, years and counts of the scales are those of the reference, score by score."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.packs.parts import ROOT, read

FIGURES: dict[str, Any] = read(ROOT / "tests/reference/grading.yaml")
FILES = [ROOT / "dualprev_rules/risk/core/grading.yaml", *sorted(ROOT.glob("packs/*/*/grading.yaml"))]
METHODS: dict[str, Any] = {method["method"]: method for file in FILES for method in read(file)}
SCALES = {
    ("lec", "sd_multi"): ("lec_multi", "C"),
    ("lec", "work_site"): ("lec_construction", "C"),
    ("lec", "construction"): ("lec_construction_20m", "C"),
    ("ls_5x5", "loss_100_50_1_1"): ("ls_multi", "S"),
    ("ls_5x5", "loss_50_25_10_10"): ("ls_loss_50", "S"),
    ("mes", "1亿_1千万_100万_10万_3万"): ("mes_loss_100m", "S"),
    ("mes", "1000万_100万_10万_1万"): ("mes_loss_10m", "S"),
}
LEFT_OUT = {("lec", "water")}  # two of its six sums were seen
LOSSES = {(name, one["id"]): one["cells"] for name, m in FIGURES.items() for one in m.get("losses", ())}
_TIMES = {"": 1, "万": 1, "千万": 1000, "亿": 10000}


def _ends(text: str) -> tuple[int | None, int | None]:
    """Return the least and the most of a loss, in 10,000 yuan; None: open."""
    found = [int(figure) * _TIMES[unit] for figure, unit in re.findall(r"(\d+)(千万|万|亿|)", text)]
    if not found:
        assert "无" in text, text
        return 0, 0
    if len(found) == 2:
        return found[0], found[1]
    return (None, found[0]) if re.search("<|不足|不超过", text) else (found[0], None)


def _scale(method: str, factor: str) -> list[str]:
    scores = METHODS[method]["factors"][factor]["scores"]
    assert [float(one["score"]) for one in scores] == sorted(
        (float(one["score"]) for one in scores), reverse=True
    )
    return [one["meaning"]["zh"] for one in scores]


def test_every_scale_of_losses_is_there_or_left_out() -> None:
    assert LOSSES.keys() == SCALES.keys() | LEFT_OUT


@pytest.mark.parametrize("of", SCALES)
def test_the_losses_of_each_score_are_the_references(of: tuple[str, str]) -> None:
    ours = [re.search(r"无损失|损失[^；，]*元[^；，]*", meaning) for meaning in _scale(*SCALES[of])]
    assert [_ends(found[0]) if found else None for found in ours] == [_ends(cell) for cell in LOSSES[of]]


@pytest.mark.parametrize("factor", ["L", "S"])
def test_the_years_and_scores_of_mines_are_the_references(factor: str) -> None:
    scores = METHODS["ls_mine"]["factors"][factor]["scores"]
    ours = [[one["score"], *re.findall(r"\d+", one["meaning"]["zh"])] for one in scores]
    assert ours == FIGURES["ls_5x5"]["mine_axes"][factor]


def test_the_bands_of_mines_are_those_of_the_matrix() -> None:
    ((mine,), every) = METHODS["ls_mine"]["bands"], METHODS["ls_5x5"]["bands"]
    assert mine in every
