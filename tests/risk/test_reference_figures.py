"""Every scale, band and cell of the reference of grading methods is in the core's data as it is there."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from dualprev_rules.evaluate.values import decided
from dualprev_rules.facts.possible import Absent, Value
from dualprev_rules.facts.record import Record
from dualprev_rules.facts.schema import Entity
from dualprev_rules.problems import Words
from dualprev_rules.risk import grade_factors
from tests.risk.core import METHODS, REFERENCE

FIGURES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[1] / "reference" / "grading.yaml").read_text("utf-8")
)
CALLED = {"fmea": "rpn", "hazop_lopa": "lopa", "wxd": "danger_degree"}
"""What the core calls a method that has another name in the reference."""
MOVED = {("mes", "property5"): "mes_property", ("lec", "sd_multi"): "lec_multi"}
LEFT_OUT = {
    "bowtie": "a diagram, no grading",
    "iec_31010": "a list of techniques, no grading",
    ("ls_6x6", "coal5"): "uncertain",
    ("lec", "letters_AE"): "names of levels, without bands of their own",
    ("lec", "variant_1_3_7_15_40_100"): "what it says of 3 and of 1 was not seen",
    ("lec", "construction"): "lec_construction_20m of the construction pack",
    ("lec", "work_site"): "lec_construction of the construction pack",
    ("lec", "water"): "two of six scores seen",
    "GBZ/T 229.3-2010": "its table was not seen",
    "三维综合法(个人博客)": "a private page, no document",
}
OCCUPATIONAL = {
    "GBZ/T 229.1-2010": "occupational_dust",
    "GBZ/T 229.2-2010": "occupational_chemical",
    "GBZ/T 229.4-2012": "occupational_noise",
    "用人单位职业病危害风险分级方法": "occupational_class",
}
WORST_LAST = {"dow_fei"}
"""Methods whose reference counts its levels from the mildest."""
POINT = Record(Entity("risk_point", Words("风险点"), None, {}), "p", "p", None)
VARIANTS = [
    (name, variant)
    for name, method in FIGURES.items()
    for variant in method.get("variants", ())
    if (name, variant.get("id")) not in LEFT_OUT
]


def test_every_method_and_variant_is_there_or_left_out_for_a_reason() -> None:
    seen: set[object] = set()
    for name, method in FIGURES.items():
        if name == "occupational":
            for item in method["items"]:
                seen.add(item["no"])
                assert item["no"] in LEFT_OUT or OCCUPATIONAL[item["no"]] in METHODS
            continue
        seen.add(name)
        assert name in LEFT_OUT or CALLED.get(name, name) in METHODS, name
        for variant in method.get("variants", ()):
            if "id" in variant:
                seen.add((name, variant["id"]))
                of = METHODS[MOVED.get((name, variant["id"]), CALLED.get(name, name))]
                known = (name, variant["id"]) in LEFT_OUT or "scores" in variant
                assert known or variant["id"] in of.bands
    assert seen >= LEFT_OUT.keys()


def test_every_scale_is_the_references() -> None:
    for name, method in FIGURES.items():
        for factor, scores in method.get("scores", {}).items():
            ours = METHODS[name].factors[factor.partition("_")[0].rstrip("12")]
            assert sorted(s for s, _ in ours.scores) == sorted(map(Fraction, scores)), (name, factor)
        for variant in method.get("variants", ()):
            if "scores" in variant and (name, variant["id"]) in MOVED:
                ours = METHODS[MOVED[name, variant["id"]]].factors["C"]
                assert sorted(s for s, _ in ours.scores) == sorted(map(Fraction, variant["scores"]))


def within(value: Fraction, band: dict[str, Any]) -> bool:
    low, high = (Fraction(band[end]) if end in band else None for end in ("lo", "hi"))
    above = low is None or value > low or (value == low and band["lo_inclusive"] == "true")
    return above and (high is None or value < high or (value == high and band["hi_inclusive"] == "true"))


@pytest.mark.parametrize(
    ("name", "variant"), VARIANTS, ids=[f"{name}-{variant.get('id', '')}" for name, variant in VARIANTS]
)
def test_the_bands_give_the_level_of_the_reference_at_every_end_and_between(
    name: str, variant: dict[str, Any]
) -> None:
    if "bands" not in variant:
        return
    of = METHODS[MOVED.get((name, variant.get("id")), CALLED.get(name, name))]
    bands = of.bands[variant.get("id", of.default_bands)]
    ends = sorted({Fraction(band[end]) for band in variant["bands"] for end in ("lo", "hi") if end in band})
    tried = {
        *ends,
        *((a + b) / 2 for a, b in pairwise(ends)),
        ends[-1] + 1,
        ends[0] / 2 + 1,
    }
    order = [*bands.levels]
    for value in tried - {v for v in tried if v < 0}:
        found = REFERENCE.run(bands.decide, {"self": Value((POINT,)), of.result: decided(value)})
        levels = [int(band["level"]) for band in variant["bands"] if within(value, band)]
        if not levels:
            assert found.absent is not Absent.NEVER, value
        elif order:
            position = len(order) - levels[0] if name in WORST_LAST else levels[0] - 1
            assert found.possible == {order[position]}, value
        else:
            assert {int(member) for member in found.possible} == {min(levels[0], 4)}, value


def test_the_cells_of_the_matrix_are_the_references() -> None:
    of = METHODS["sinopec_8x7"]
    for severity, cells in enumerate(FIGURES["sinopec_8x7"]["cells"].values(), start=1):
        for likelihood, cell in enumerate(cells, start=1):
            factors = {"L": decided(Fraction(likelihood)), "S": decided(Fraction(severity))}
            result = grade_factors(REFERENCE, of, None, factors, POINT).result
            assert result is not None
            assert result.possible.low == Fraction(cell)
    rows = list(FIGURES["sinopec_8x7"]["cells"].values())
    for along in (*rows, *zip(*rows, strict=True)):
        assert all(int(milder) <= int(worse) for milder, worse in pairwise(along))


def test_the_class_of_an_employer_is_the_references() -> None:
    (item,) = (i for i in FIGURES["occupational"]["items"] if "table" in i)
    of = METHODS["occupational_class"]
    rank = {"一般": 1, "符合": 1, "严重": 2, "不符合": 2}
    for nature, exposure, *grades in item["table"]:
        for (few, many), wanted in zip(((1, 9), (10, 49), (50, 900)), grades, strict=True):
            for persons in (few, many):
                given = {"nature": rank[nature], "exposure": rank[exposure], "persons": persons}
                factors = {factor: decided(Fraction(score)) for factor, score in given.items()}
                grading = grade_factors(REFERENCE, of, of.bands["three"], factors, POINT)
                # The cell that was not seen is no milder than the one beside it.
                levels = [level.id for level in grading.levels]
                assert levels == [wanted if wanted and wanted != "null" else "III"]
