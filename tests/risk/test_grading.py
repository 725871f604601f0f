"""Gradings against worked examples, and the laws of every method and variant of its bands."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dualprev_rules.evaluate.render import number
from dualprev_rules.evaluate.values import decided
from dualprev_rules.facts.possible import Cause, Finite, Interval, Value
from dualprev_rules.facts.record import Record
from dualprev_rules.facts.schema import Entity
from dualprev_rules.pack.model import Factor, GradingMethod
from dualprev_rules.problems import Words
from dualprev_rules.risk import Grading, grade_factors
from tests.risk.core import METHODS, REFERENCE

VECTORS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "vectors.yaml").read_text("utf-8"))
GRADED = {
    method.id: method for method in METHODS.values() if not any(b.levels for b in method.bands.values())
}
VARIANTS = [(method.id, bands) for method in GRADED.values() for bands in method.bands]
LEVELLED = [method for method in METHODS.values() if any(b.levels for b in method.bands.values())]
POINT = Record(
    Entity("risk_point", Words("风险点"), None, {}), "enterprise.risk_points[1]", "risk_point[1]", None
)


def grade(method: str, bands: str, factors: dict[str, Value]) -> Grading:
    """Grade factors by a method of the core."""
    of = METHODS[method]
    return grade_factors(REFERENCE, of, of.bands[bands], factors, POINT)


def exactly(factors: dict[str, Any]) -> dict[str, Value]:
    """Return factors that are known."""
    return {name: decided(Fraction(score)) for name, score in factors.items()}


def scores(method: str) -> dict[str, list[Fraction]]:
    """Return the scores of each factor, sorted."""
    return {name: sorted(s for s, _ in f.scores) for name, f in METHODS[method].factors.items()}


def points(method: str) -> list[dict[str, Fraction]]:
    """Return every combination of scores."""
    scale = scores(method)
    return [dict(zip(scale, chosen, strict=True)) for chosen in product(*scale.values())]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v['method']}-{v['result']}")
def test_worked_example(vector: dict[str, Any]) -> None:
    for bands, expected in vector["grades"].items():
        grading = grade(vector["method"], bands, exactly(vector["factors"]))
        assert grading.result is not None
        assert grading.result.known
        assert number(grading.result.possible.low) == vector["result"]
        if expected == "gap":
            assert grading.grade.level is None
            assert grading.grade.causes == {Cause(f"{vector['method']}.{bands}", "gap")}
            assert grading.band == ()
        elif isinstance(expected, str):
            assert [level.id for level in grading.levels] == [expected]
            assert grading.without_grade
            assert grading.grade.level is None
        else:
            assert grading.grade.level == expected, bands
            assert not grading.grade.causes


def test_every_variant_has_a_worked_example() -> None:
    of_levels = {(method.id, bands) for method in LEVELLED for bands in method.bands}
    assert {(v["method"], bands) for v in VECTORS for bands in v["grades"]} == set(VARIANTS) | of_levels


@pytest.mark.parametrize(("method", "bands"), VARIANTS)
def test_only_the_classic_mes_has_a_reachable_gap(method: str, bands: str) -> None:
    results = {
        grading.result.possible.low
        for scored in points(method)
        if (grading := grade(method, bands, exactly(scored))).grade.level is None and grading.result
    }
    assert results == ({Fraction(180)} if (method, bands) == ("mes", "person5") else set())


@pytest.mark.parametrize(("method", "bands"), VARIANTS)
def test_raising_a_factor_never_gives_a_milder_grade(method: str, bands: str) -> None:
    scale = scores(method)
    worst_of = {
        tuple(scored.values()): grade(method, bands, exactly(scored)).grade.at_worst
        for scored in points(method)
    }
    for at, grade_there in worst_of.items():
        for position, name in enumerate(scale):
            for higher in (score for score in scale[name] if score > at[position]):
                raised = (*at[:position], higher, *at[position + 1 :])
                assert worst_of[raised] <= grade_there


@st.composite
def partly_known(draw: st.DrawFn) -> tuple[str, str, dict[str, list[Fraction]]]:
    """Draw a variant, and for each factor the scores that it may still have."""
    method, bands = draw(st.sampled_from(VARIANTS))
    possible = {
        name: sorted(draw(st.sets(st.sampled_from(scale), min_size=1)))
        for name, scale in scores(method).items()
    }
    return method, bands, possible


def unknown(possible: dict[str, list[Fraction]]) -> dict[str, Value]:
    """Return factors of which only the scores that they may have are known."""
    return {
        name: Value(Finite(tuple(scale)), causes=frozenset((Cause(f"enterprise.risk_points[1].{name}"),)))
        if len(scale) > 1
        else decided(scale[0])
        for name, scale in possible.items()
    }


@given(partly_known(), st.data())
def test_an_open_grade_holds_every_completion(
    case: tuple[str, str, dict[str, list[Fraction]]], data: st.DataObject
) -> None:
    method, bands, possible = case
    open_one = grade(method, bands, unknown(possible)).grade
    scored = {name: data.draw(st.sampled_from(scale)) for name, scale in possible.items()}
    known = grade(method, bands, exactly(scored)).grade
    assert set(known.possible) <= set(open_one.possible)
    if open_one.level is not None:
        assert known.level == open_one.level


@given(partly_known(), st.data())
def test_raising_a_partly_known_factor_never_gives_a_milder_grade(
    case: tuple[str, str, dict[str, list[Fraction]]], data: st.DataObject
) -> None:
    method, bands, possible = case
    name = data.draw(st.sampled_from(sorted(possible)))
    higher = [score for score in scores(method)[name] if score >= possible[name][-1]]
    raised = grade(method, bands, unknown({**possible, name: [data.draw(st.sampled_from(higher))]})).grade
    before = grade(method, bands, unknown(possible)).grade
    assert raised.at_worst <= before.at_worst
    if before.level is not None and raised.level is not None:
        assert raised.level <= before.level


def test_an_unknown_consequence_leaves_what_its_scores_can_give() -> None:
    grading = grade("lec", "lower_inclusive4", exactly({"L": 6, "E": 10}))
    assert grading.result is not None
    assert [number(v) for v in grading.result.possible.values] == ["60", "180", "420", "900", "2400", "6000"]
    assert grading.grade.possible == (1, 2, 4)
    assert grading.grade.level is None
    assert grading.grade.at_worst == 1
    assert grading.grade.causes == {Cause("enterprise.risk_points[1].C")}
    assert grading.band == (">= 320", "[160..320)", "< 70")


def test_a_factor_that_is_partly_known_narrows_the_scale() -> None:
    at_least_40 = Value(Interval(Fraction(40), None, low_open=False), causes=frozenset((Cause("C"),)))
    grading = grade("lec", "lower_inclusive4", {**exactly({"L": 6, "E": 10}), "C": at_least_40})
    assert grading.factors["C"].possible == Finite((Fraction(40), Fraction(100)))
    assert grading.grade.level == 1
    assert not grading.grade.causes


@pytest.mark.parametrize("off", ["4", "0", "100", "-3", "2/3"])
def test_a_score_off_the_scale_is_a_problem_and_unknown(off: str) -> None:
    grading = grade("lec", "lower_inclusive4", exactly({"L": off, "E": 6, "C": 15}))
    (fault,) = grading.problems
    assert fault.code == "risk.off-scale"
    assert fault.path == "enterprise.risk_points[1].L"
    assert fault.given == off
    assert fault.effect == "unknown"
    assert "10 6 3 1 0.5 0.2 0.1" in fault.text("zh")
    assert "10 6 3 1 0.5 0.2 0.1" in fault.text("en")
    assert grading.grade.level is None
    assert grading.grade.causes == {Cause("enterprise.risk_points[1].L", "data_problem")}


@pytest.mark.parametrize(("off", "near"), [("4", "3"), ("2", "3"), ("100", "10"), ("0", "0.1"), ("8", "10")])
def test_the_nearest_score_is_proposed_and_of_two_the_worse(off: str, near: str) -> None:
    (fault,) = grade("lec", "lower_inclusive4", exactly({"L": off, "E": 6, "C": 15})).problems
    assert fault.nearest == near


def test_a_factor_off_the_scale_cannot_undo_what_the_others_decide() -> None:
    # Even the smallest likelihood gives 0.1 · 10 · 100 = 100, which is grade 3: never grade 4.
    grading = grade("lec", "lower_inclusive4", exactly({"L": 4, "E": 10, "C": 100}))
    assert grading.grade.possible == (1, 2, 3)


def test_a_method_without_bands_gives_a_figure_and_no_grade() -> None:
    of = METHODS["rpn"]
    grading = grade_factors(REFERENCE, of, None, exactly({"S": 8, "O": 4, "D": 5}), POINT)
    assert grading.result is not None
    assert number(grading.result.possible.low) == "160"
    assert grading.without_grade
    assert grading.grade.causes == {Cause("rpn", "gap")}


def test_a_layer_that_is_not_named_is_not_there_and_every_other_factor_is_asked_for() -> None:
    bare = grade("lopa", "tolerable", exactly({"fI": "0.1", "Ft": "0.1"}))
    assert [level.id for level in bare.levels] == ["tolerable"]
    still_open = grade("lopa", "tolerable", exactly({"fI": "0.1", "PFD1": "0.1"}))
    assert [level.id for level in still_open.levels] == ["reduce", "tolerable"]
    ft, no_grade = Cause("enterprise.risk_points[1].Ft"), Cause("lopa.tolerable", "gap")
    assert still_open.grade.causes == {ft, no_grade}


@pytest.mark.parametrize(
    ("factors", "name", "allowed"),
    [
        ({"fI": 0, "Ft": 1}, "fI", "> 0"),
        ({"fI": 1, "Ft": 0}, "Ft", "> 0"),
        ({"fI": 1, "PFD1": 0, "Ft": 1}, "PFD1", "> 0, ≤ 1"),
    ],
)
def test_a_layer_that_never_fails_and_a_frequency_of_zero_are_impossible(
    factors: dict[str, int], name: str, allowed: str
) -> None:
    (fault,) = grade("lopa", "tolerable", exactly(factors)).problems
    assert (fault.code, fault.args["factor"], fault.args["allowed"]) == ("risk.off-scale", name, allowed)
    assert fault.nearest is None


def fire_index(low: str, high: str | None = None) -> list[str]:
    """Return the levels of the Dow index for a material factor that lies between two figures."""
    factor = Value(
        Interval(Fraction(low), Fraction(high or low), False, False), causes=frozenset((Cause("MF"),))
    )
    known = decided(Fraction(low)) if high is None else factor
    grading = grade("dow_fei", "five", {**exactly({"F1": 10, "F2": 1}), "MF": known})
    return [level.id for level in grading.levels]


def test_a_result_between_two_bands_is_of_one_of_them_where_the_bands_rise() -> None:
    assert fire_index("9.6") == ["moderate"]
    assert fire_index("9.65") == ["intermediate", "moderate"]
    assert fire_index("9.7") == ["intermediate"]
    assert fire_index("9.65", "9.7") == ["intermediate", "moderate"]
    assert fire_index("9.5", "9.65") == ["intermediate", "moderate"]
    assert fire_index("6.05", "12.75") == ["heavy", "intermediate", "moderate", "light"]
    classic = grade("mes", "person5", exactly({"M": 3, "E": 6, "S": 10})).grade
    assert classic.possible == (1, 2)
    lone = exactly({"nature": 2, "exposure": 2, "persons": 50})
    assert [level.id for level in grade("occupational_class", "three", lone).levels] == ["III"]


def test_a_measured_factor_out_of_its_range_is_a_problem_that_says_the_range() -> None:
    grading = grade("dow_fei", "five", exactly({"MF": 41, "F1": 1, "F2": 1}))
    (fault,) = grading.problems
    assert (fault.code, fault.args["allowed"]) == ("risk.off-scale", "1–40")
    (fault,) = grade("dow_fei", "five", exactly({"MF": 4, "F1": "0.5", "F2": 1})).problems
    assert (fault.args["allowed"], fault.nearest) == ("≥ 1", "1")


@pytest.mark.parametrize(("persons", "nearest"), [("49.5", "50"), ("0.5", "1"), ("50.2", "50")])
def test_half_a_person_is_none(persons: str, nearest: str) -> None:
    grading = grade("occupational_class", "three", exactly({"nature": 1, "exposure": 2, "persons": persons}))
    (fault,) = grading.problems
    assert (fault.code, fault.nearest) == (
        "risk.factor-not-whole" if persons != "0.5" else "risk.off-scale",
        nearest,
    )
    assert [level.id for level in grading.levels] == ["III", "II"]
    (fault,) = grade("occupational_class", "three", exactly({"persons": 0})).problems
    assert (fault.code, fault.args["allowed"]) == ("risk.off-scale", "≥ 1")


@pytest.mark.parametrize("method", LEVELLED, ids=lambda m: m.id)
@given(st.data())
def test_a_worse_factor_never_gives_a_milder_level(method: GradingMethod, data: st.DataObject) -> None:
    """Of every method with levels of its own; a factor says itself where more of it is safer."""

    def drawn(factor: Factor) -> Fraction:
        if factor.scores:
            return data.draw(st.sampled_from([score for score, _ in factor.scores]))
        low, high = factor.within.low or Fraction(0), factor.within.high or Fraction(200)
        return low + (high - low) * Fraction(data.draw(st.integers(1, 50)), 50)

    order = list(next(iter(method.bands.values())).levels)
    before = {name: drawn(factor) for name, factor in method.factors.items()}
    name = data.draw(st.sampled_from(sorted(before)))
    other = drawn(method.factors[name])
    falling = method.factors[name].monotone == "falling"
    worse = min(other, before[name]) if falling else max(other, before[name])
    for bands in method.bands:
        first, second = (
            grade(method.id, bands, exactly(factors)).levels for factors in (before, {**before, name: worse})
        )
        if first and second and len(first) == len(second) == 1:
            assert order.index(second[0].id) <= order.index(first[0].id)
