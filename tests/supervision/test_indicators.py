"""Targets: met or not by exact figures, projected while the year is out, else not decidable."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from dualprev_rules import DualprevError
from dualprev_rules.risk.load import shipped_profiles
from dualprev_rules.supervision.indicators import (
    Cumulative,
    Evaluated,
    evaluate,
    read_figures,
    targets,
)
from tests.cli.run import run

REFERENCE: dict[str, dict[str, Any]] = {
    one["id"]: one
    for document in yaml.safe_load(
        (Path(__file__).parents[1] / "reference" / "profiles.yaml").read_text("utf-8")
    ).values()
    for one in document
}

ON = ("--as-of", "2026-01-01")
COAL = "deaths_per_million_tonnes_coal"


def of(
    target: str,
    base_year: int | None = None,
    on: date | None = None,
    cumulative: Cumulative | None = None,
    **given: Any,
) -> Evaluated:
    """Return what figures say of a target on a day; else on the first day after its year."""
    aim = next(one for one in targets() if one.id == target)
    as_of = on or date(aim.year + 1, 1, 1)
    found = evaluate(
        aim.profile, read_figures(given), as_of=as_of, base_year=base_year, cumulative=cumulative
    )
    return next(one for one in found if one.target.id == target)


def figures(metric: str, **by_year: Any) -> list[dict[str, Any]]:
    return [{"metric": metric, "year": int(year[1:]), "value": value} for year, value in by_year.items()]


@pytest.mark.parametrize("target", targets(), ids=lambda target: target.id)
def test_a_target_is_that_of_its_document(target: Any) -> None:
    said = REFERENCE[target.id]
    parameters = said["parameters"]
    assert target.cite.clause == said["section"].translate(str.maketrans("()、", "（） ")).replace(" ", "、")
    assert f"id: {target.cite.instrument}" in shipped_profiles()[target.profile].read_text("utf-8")
    if target.end_states:
        assert target.year == int(parameters["target_year"])
        wanted = [
            *parameters.get("end_states", []),
            *parameters.get("levels", []),
            *parameters.get("qualities", []),
        ]
        assert len(target.end_states) == len(wanted)
        return
    change = parameters["change_pct"] if "change_pct" in parameters else parameters["change_pct_max"]
    assert target.change == int(change)
    assert target.cumulative == (parameters.get("cumulative") == "true")
    if "base_year" in parameters and parameters["base_year"] != "not_stated":
        assert (target.base, target.year) == (int(parameters["base_year"]), int(parameters["target_year"]))
    else:
        assert (target.base, target.first, target.year) == (None, 2021, 2025)


@pytest.mark.parametrize(
    ("last", "verdict"),
    [("0.7", "met"), ("0.7000001", "not_met"), ("0.69", "met"), ("1.2", "not_met"), (0, "met")],
)
def test_a_target_is_met_to_the_last_digit(last: object, verdict: str) -> None:
    found = of("FJ17-001", figures=figures("deaths_per_gdp", y2015="1.0", y2020=last))
    assert (found.verdict, found.wanting, found.base_chosen) == (verdict, (), False)


def test_what_is_missing_is_named() -> None:
    assert of("FJ17-001").wanting == ("deaths_per_gdp 2015",)
    assert of("FJ17-001", figures=figures("deaths_per_gdp", y2015=1)).wanting == ("deaths_per_gdp 2020",)
    assert of("FJ17-001", figures=figures("deaths_per_gdp", y2015=0, y2020=0)).verdict == "not_decidable"
    assert of("LN21-001", figures=figures("deaths", y2020=100, y2025=80)).wanting == ("base_year",)
    chosen = of("LN21-001", 2020, figures=figures("deaths", y2020=100, y2025=85))
    assert (chosen.verdict, chosen.base, chosen.base_chosen) == ("met", 2020, True)


@pytest.mark.parametrize(
    ("so_far", "verdict"), [(80, "projected_met"), ("82.1", "projected_not_met"), (82, "projected_met")]
)
def test_while_the_year_is_out_the_line_goes_on(so_far: object, verdict: str) -> None:
    # Half of five and a half years at -18 % or less comes to -30 % in five.
    known = figures("deaths_per_gdp", y2015=100, y2018=so_far)
    found = of("FJ17-001", on=date(2020, 12, 31), figures=known)
    assert (found.verdict, found.wanting) == (verdict, ("deaths_per_gdp 2020",))
    over = of("FJ17-001", on=date(2021, 1, 1), figures=known)
    assert (over.verdict, over.change, over.wanting) == ("not_decidable", None, ("deaths_per_gdp 2020",))


@pytest.mark.parametrize(("last", "verdict"), [(85, "projected_met"), (86, "projected_not_met")])
def test_a_figure_of_a_year_that_is_not_over_is_a_projection(last: int, verdict: str) -> None:
    known = figures("deaths", y2020=100, y2025=last)
    assert of("LN21-001", 2020, on=date(2025, 12, 31), figures=known).verdict == verdict
    over = of("LN21-001", 2020, on=date(2026, 1, 1), figures=known)
    assert over.verdict == verdict.removeprefix("projected_")


@pytest.mark.parametrize("year", [2021, 2025, 2026, 2030])
def test_a_base_year_is_before_the_period(year: int) -> None:
    with pytest.raises(DualprevError, match=r"supervision\.base-year"):
        of("LN21-001", year, figures=figures("deaths", y2020=100, y2025=85))
    # Fujian's documents name their own base year: no other is asked for.
    assert of("FJ17-001", year).base == 2015


@pytest.mark.parametrize(
    ("low", "high", "verdict"), [(60, 70, "met"), (60, 71, "not_decidable"), (71, 90, "not_met")]
)
def test_a_figure_known_in_part_decides_where_it_can(low: int, high: int, verdict: str) -> None:
    part = {"metric": "deaths_per_gdp", "year": 2020, "low": low, "high": high}
    assert of("FJ17-001", figures=[*figures("deaths_per_gdp", y2015=100), part]).verdict == verdict


@pytest.mark.parametrize(
    ("base", "last", "verdict", "change"),
    [
        ({"value": 1}, {"low": 2}, "not_met", (100, None)),
        ({"value": 100}, {"low": 70}, "not_decidable", (-30, None)),
        ({"value": 100}, {"low": "70.1"}, "not_met", (Fraction("-29.9"), None)),
        ({"low": 100}, {"value": 70}, "met", (-100, -30)),
        ({"low": 99}, {"value": 70}, "not_decidable", (-100, Fraction(-2900, 99))),
        ({"value": 100}, {}, "not_decidable", None),
        ({}, {"value": 70}, "not_decidable", None),
    ],
)
def test_a_bound_alone_decides_where_it_can(
    base: dict[str, Any], last: dict[str, Any], verdict: str, change: tuple[object, object] | None
) -> None:
    given = [
        {"metric": "deaths_per_gdp", "year": year, **span} for year, span in ((2015, base), (2020, last))
    ]
    found = of("FJ17-001", figures=given)
    assert (found.verdict, found.change) == (verdict, change)
    assert bool(found.wanting) == (verdict == "not_decidable")
    json.dumps(found.to_json())


def coal(*by_year: object) -> list[dict[str, Any]]:
    """Return the rates of 2020 and the years that follow."""
    return [
        {"metric": COAL, "year": 2020 + n, "value": value}
        for n, value in enumerate(by_year)
        if value is not None
    ]


@pytest.mark.parametrize(
    ("rates", "together", "verdict", "wanting"),
    [
        ((100, 90, 90, 90, 90, 90), None, "met", ()),
        ((100, 91, 95, 99, 91, 91), None, "not_met", ()),
        # The last year keeps the target; whether all years together do depends on what was mined in each.
        ((100, 500, 500, 100, 95, 90), None, "not_decidable", (f"{COAL} 2021–2025",)),
        ((100, 500, 500, 100, 95, 90), 250, "not_decidable", ("cumulative",)),
        ((100, 90, None, 90, 90, 90), None, "not_decidable", (f"{COAL} 2022",)),
        ((100, 90, None, 90, 90, 90), 90, "met", ()),
    ],
)
def test_what_is_cumulative_is_met_where_both_readings_say_so(
    rates: tuple[object, ...], together: object, verdict: str, wanting: tuple[str, ...]
) -> None:
    whole = {"metric": COAL, "first": 2021, "year": 2025, "value": together}
    found = of("LN21-006", 2020, figures=[*coal(*rates), *([whole] if together else [])])
    assert (found.verdict, found.wanting, found.cumulative) == (verdict, wanting, None)


@pytest.mark.parametrize(("together", "verdict"), [(90, "met"), ("90.001", "not_met")])
def test_a_reading_of_cumulative_may_be_chosen(together: object, verdict: str) -> None:
    whole = {"metric": COAL, "first": 2021, "year": 2025, "value": together}
    chosen = of("LN21-006", 2020, cumulative="whole-period", figures=[*coal(100), whole])
    assert (chosen.verdict, chosen.cumulative, chosen.wanting) == (verdict, "whole-period", ())
    given = coal(100, 500, 500, 500, 500, 90)
    last = of("LN21-006", 2020, cumulative="last-year", figures=given)
    assert (last.verdict, last.change, last.cumulative) == ("met", (-10, -10), "last-year")
    # Of a target that is not cumulative there is nothing to choose.
    plain = of("LN21-001", 2020, cumulative="whole-period", figures=figures("deaths", y2020=100, y2025=85))
    assert (plain.verdict, plain.cumulative) == ("met", None)


@pytest.mark.parametrize(
    ("rates", "verdict"),
    [
        ((100, 90, 90), "projected_met"),  # The line ends at 75; no year is above 90.
        ((100, 98, 95), "not_decidable"),  # It ends at 87.5, and 2021 and 2022 are above 90.
        ((100, 98, 98), "projected_not_met"),  # It ends at 95.
    ],
)
def test_years_to_come_are_on_the_line(rates: tuple[object, ...], verdict: str) -> None:
    assert of("LN21-006", 2020, on=date(2023, 6, 1), figures=coal(*rates)).verdict == verdict


def accident(year: int, deaths: int | None, injuries: int | None = 0, loss: int | None = 0) -> dict[str, Any]:
    return {"year": year, "deaths": deaths, "serious_injuries": injuries, "direct_loss": loss}


def test_accidents_are_counted_by_their_grade() -> None:
    many = [
        accident(2017, 3),
        accident(2017, 9),
        accident(2017, 10),
        accident(2017, 0, 10),
        accident(2017, 2, 9, 9_999_999),
    ]
    both = {"complete_years": [2017, 2020]}
    # Three of grade 3 in 2017 (3 and 9 deaths, 10 injured); 10 deaths is grade 2, the last is ordinary.
    one = {"accidents": [*many, accident(2020, 3)], **both}
    assert of("HN18-001", **one).verdict == "met"
    assert (
        of("HN18-001", **{**one, "accidents": [*one["accidents"], accident(2020, 0, 10)]}).verdict
        == "not_met"
    )
    assert of("HN18-002", **one).verdict == "met"
    # A loss that is not known may make it graver: one or two of grade 3.
    unknown = {"accidents": [*one["accidents"], accident(2020, 1, 0, None)], **both}
    assert of("HN18-001", **unknown).verdict == "not_decidable"
    assert of("HN18-001", accidents=many).verdict == "not_decidable"


def test_end_states_are_all_wanted() -> None:
    states = ["risks_clear", "hazards_treated", "rescue_ordered", "system_works"]
    reached = dict.fromkeys(states, True)
    assert of("LN16-001", end_states={"LN16-001": reached}).verdict == "met"
    for state in states:
        assert of("LN16-001", end_states={"LN16-001": {**reached, state: False}}).verdict == "not_met"
        found = of("LN16-001", end_states={"LN16-001": {**reached, state: None}})
        assert (found.verdict, found.wanting) == ("not_decidable", (state,))
    levels = ["province", "city", "county", "town", "standardised", "informatised"]
    assert of("SD16-001", end_states={"SD16-001": dict.fromkeys(levels, True)}).verdict == "met"


HALVES = figures(COAL, **{f"y{year}": "0.5" for year in range(2021, 2026)})
WHOLE = {"metric": COAL, "first": 2021, "year": 2025}


@pytest.mark.parametrize(
    "given",
    [
        [*HALVES, {**WHOLE, "value": "0.5"}],
        [*HALVES, {**WHOLE, "low": "0.1", "high": 9}],
        [*HALVES[1:], {**WHOLE, "value": 9}],  # what is not known of 2021 may be more
        [*HALVES[1:], {"metric": COAL, "year": 2021, "low": "0.5"}, {**WHOLE, "value": 9}],
    ],
)
def test_a_figure_that_may_be_is_taken(given: list[dict[str, Any]]) -> None:
    assert len(read_figures({"figures": given}).figures) == len(given)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"figures": [{"metric": "death", "year": 2020, "value": 1}]}, "metric"),
        ({"figures": figures("deaths", y2020=1) * 2}, "figure-twice"),
        ({"end_states": {"LN16-001": {"clear": True}}}, "end-state"),
        ({"figures": [{"metric": "deaths", "year": "last", "value": 1}]}, "value"),
        ({"figures": [{"metric": "deaths", "year": 2020, "value": -1}]}, "value"),
        ({"figures": [{"metric": "deaths", "year": 2020, "low": 9, "high": 5}]}, "figure-bounds"),
        ({"figures": [{"metric": "deaths", "year": 2020, "value": 6, "high": 5}]}, "figure-outside"),
        ({"figures": [{"metric": "deaths", "year": 2020, "value": 1, "low": 5}]}, "figure-outside"),
        ({"figures": [*HALVES, {**WHOLE, "value": 9}]}, "figure-together"),
        ({"figures": [*HALVES, {**WHOLE, "high": "0.4"}]}, "figure-together"),
        ({"figures": [{"metric": "deaths", "first": 2021, "year": 2025, "value": 1}]}, "figure-period"),
        ({"figures": [{"metric": COAL, "first": 2020, "year": 2025, "value": 1}]}, "figure-period"),
    ],
)
def test_a_fault_is_told(given: dict[str, Any], code: str) -> None:
    with pytest.raises(DualprevError, match=rf"supervision\.{code}"):
        read_figures(given)


def test_the_command_says_what_was_chosen(tmp_path: Path) -> None:
    file = tmp_path / "figures.yaml"
    file.write_text(
        "figures:\n- {metric: deaths, year: 2020, value: 100}\n- {metric: deaths, year: 2025, value: 90}\n",
        "utf-8",
    )
    done = run("indicators", str(file), "--profile", "liaoning", "--base-year", "2020", "--lang", "en", *ON)
    assert done.exit_code == 0, done.output
    assert "not met" in done.output
    assert "2020 is the choice of this evaluation" in done.output
    assert run("indicators", str(file), "--profile", "national").exit_code == 2


@pytest.mark.parametrize("target", targets(), ids=lambda target: target.id)
@pytest.mark.parametrize("met", [True, False])
def test_the_command_tells_a_target_that_is_just_met(target: Any, met: bool, tmp_path: Path) -> None:
    base = target.base or 2020
    if target.end_states:
        given: dict[str, Any] = {"end_states": {target.id: dict.fromkeys(target.end_states, met)}}
    else:
        last = 100_000 + 1_000 * Fraction(target.change) + (not met)
        # The years between count only where the document asks for them all.
        years = range(target.first, target.year + 1) if target.cumulative else [target.year]
        by_year = {f"y{year}": str(last) for year in years}
        given = {"figures": figures(target.metric, **{f"y{base}": 100_000}, **by_year)}
    file = tmp_path / "figures.json"
    file.write_text(json.dumps(given), "utf-8")
    done = run("indicators", str(file), "--profile", target.profile, "--base-year", "2020", "--json", *ON)
    (told,) = (one for one in json.loads(done.stdout) if one["target"] == target.id)
    assert told["verdict"] == ("met" if met else "not_met")


def _year(metric: str, year: int = 2020, **bounds: Any) -> dict[str, Any]:
    return {"figures": [{"metric": metric, "year": year, **bounds}]}


@pytest.mark.parametrize(
    ("given", "deaths", "complete", "fault"),
    [
        (_year("accidents_grade_3", value=0), [3], False, "figure-accidents"),
        (_year("accidents_grade_3", value=2), [3], False, None),
        (_year("accidents_grade_3", value=2), [3], True, "figure-accidents"),
        (_year("accidents_grade_3_or_worse", high=0), [40], False, "figure-accidents"),
        (_year("deaths_in_grade_4", value=0), [1], True, "figure-accidents"),
        (_year("deaths_in_grade_4", low=2), [1], True, "figure-accidents"),
        (_year("deaths_in_grade_4", low=1, high=5), [1, 3], True, None),
        (_year("deaths", value=11), [12], False, "figure-accidents"),
        (_year("deaths", value=13), [12], True, None),
        (_year("deaths", value=11, year=2021), [12], True, None),
        (_year("accidents_grade_3", value="4.5"), [], False, "figure-whole"),
        (_year("deaths", high="4.5"), [], False, "figure-whole"),
        (_year("deaths_per_gdp", value="4.5"), [], False, None),
    ],
)
def test_a_figure_agrees_with_the_accidents_listed(
    given: dict[str, Any], deaths: list[int], complete: bool, fault: str | None
) -> None:
    # Deaths alone do not tell a grade where injuries and loss are not known.
    accidents = [{"year": 2020, "deaths": n, "serious_injuries": 0, "direct_loss": 0} for n in deaths]
    yearly = {**given, "accidents": accidents, "complete_years": [2020] if complete else []}
    if fault is None:
        read_figures(yearly)
        return
    with pytest.raises(DualprevError) as told:
        read_figures(yearly)
    assert [one.code for one in told.value.problems] == [f"supervision.{fault}"]


@pytest.mark.parametrize(("worse", "refused"), [(5, True), (50, False), (51, False)])
def test_accidents_of_a_grade_are_among_those_of_it_or_worse(worse: int, refused: bool) -> None:
    given = figures("accidents_grade_3", y2020=50) + figures("accidents_grade_3_or_worse", y2020=worse)
    if not refused:
        read_figures({"figures": given})
        return
    with pytest.raises(DualprevError, match=r"supervision\.figure-grades"):
        read_figures({"figures": given})
