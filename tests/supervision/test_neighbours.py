"""Neighbours: what reaches what, by brute force; chains, clusters, cut points; the unknown is listed."""

from __future__ import annotations

from itertools import permutations
from math import hypot
from pathlib import Path
from random import Random
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualprev_rules import DualprevError
from dualprev_rules.supervision.neighbours import Neighbourhood, TooNear, read_places
from tests.cases import cases
from tests.cli.run import run

COUNTY = Path(__file__).parents[2] / "examples" / "county" / "places.yaml"


def unit(
    name: str, x: float | None, reach: float | None = 0, owner: str | None = None, **more: Any
) -> dict[str, Any]:
    effects = None if reach is None else [{"name": "火", "reach": reach}] if reach else []
    given = {"id": name, "kind": "unit", "enterprise": owner or name.upper(), "effects": effects, **more}
    return given if x is None else {**given, "x": x, "y": 0}


def places(*nodes: dict[str, Any], **more: Any) -> Neighbourhood:
    return read_places({"nodes": list(nodes), **more})


CHAIN = [unit("a", 0, 100), unit("b", 90, 60), unit("c", 140, 30), unit("d", 169, 0), unit("e", 1_000, 10)]


def test_a_chain_goes_on_as_far_as_events_reach() -> None:
    found = places(*CHAIN)
    assert found.chains("a") == {"b": ("a", "b"), "c": ("a", "b", "c"), "d": ("a", "b", "c", "d")}
    told = found.told("a")
    assert (told.direct, told.by_chain, told.enterprises) == (("b",), ("c", "d"), ("B", "C", "D"))
    assert found.clusters() == (("a", "b", "c", "d"),)
    assert found.cut_points() == ("b", "c")
    assert found.told("e").enterprises == ()


def test_its_own_enterprise_is_not_told_but_carries_the_chain() -> None:
    nodes = [unit("a", 0, 100, "A"), unit("b", 90, 60, "A"), unit("c", 140, 0, "C")]
    told = places(*nodes).told("a")
    assert (told.direct, told.by_chain, told.enterprises) == ((), ("c",), ("C",))


def test_an_event_harms_only_what_it_says_and_a_target_harms_nothing() -> None:
    explosion = {"name": "爆炸", "reach": 100, "to": ["target"]}
    found = places(
        unit("a", 0, 0, effects=[explosion, {"name": "火", "reach": 20}]),
        unit("b", 50),
        {"id": "t", "kind": "target", "x": 50, "y": 0, "effects": [{"name": "x", "reach": 500}]},
    )
    assert [*found.chains("a")] == ["t"]
    assert found.chains("t") == {}


def test_a_measured_distance_counts_before_coordinates_and_edges_before_points() -> None:
    links = [{"one": "a", "other": "b", "distance": 200}, {"one": "a", "other": "u", "distance": 99}]
    found = places(*CHAIN[:2], unit("u", None), unit("w", 250, 0, radius=151), links=links)
    assert [*found.chains("a")] == ["u", "w"]
    assert found.distance("a", "w") == 99


def test_what_is_not_known_is_listed() -> None:
    found = places(unit("a", 0, 100), unit("b", 50, None), unit("c", None))
    assert (found.unknown_reach, found.unknown_position) == (("b",), ("c",))
    assert found.told("a").open == ("b", "c")
    assert found.told("b").open == ("b", "c")


def test_one_measured_distance_does_not_say_where_a_place_is() -> None:
    target = {"id": "s", "kind": "target"}
    links = [{"one": name, "other": "far", "distance": 90_000} for name in ("s", "n")]
    nodes = [unit("t", 0, 500), target, unit("n", None), unit("far", 90_000)]
    found = places(*nodes, links=links)
    assert found.told("t").open == ("n", "s")
    assert found.unknown_position == ("s", "n")
    near = [*links, {"one": "t", "other": "n", "distance": 600}]
    assert places(*nodes, links=near).told("t").open == ("s",)


def test_what_reaches_far_from_nobody_knows_where_is_open_itself() -> None:
    assert places(unit("w", None, 3_000), unit("a", 0)).told("w").open == ("w",)


def test_what_harms_nothing_leaves_nothing_open() -> None:
    assert places(unit("a", 0, 0), unit("b", None)).told("a").open == ()


@pytest.mark.parametrize(("distance", "near"), [(299.9, True), (300, False), (None, True)])
def test_a_target_within_the_external_distance_is_too_near(distance: float | None, near: bool) -> None:
    target = {"id": "t", "kind": "target", **({"x": distance, "y": 0} if distance is not None else {})}
    found = places(unit("a", 0, 0, keeps=300), target).too_near()
    assert found == ((TooNear("a", "t", distance, 300),) if near else ())


def test_a_place_without_position_may_be_too_near_to_any_target() -> None:
    found = places(unit("a", None, 0, keeps=300), {"id": "t", "kind": "target", "x": 9e6, "y": 0})
    assert found.too_near() == (TooNear("a", "t", None, 300),)


def test_enterprises_that_share_a_way_out_are_named() -> None:
    found = places(
        unit("a", 0, evacuates_by=["北路"]),
        unit("b", 9, evacuates_by=["北路", "南路"]),
        unit("c", 5, owner="B", evacuates_by=["南路"]),
    )
    assert found.shared_ways() == {"北路": ("A", "B")}


def test_a_way_is_one_however_it_is_written() -> None:
    found = places(
        unit("a", 0, evacuates_by=["滨海路（北段）"]),
        unit("b", 9, owner="Ｂ ", evacuates_by=["滨海路(北段)"]),
        unit("c", 5, owner="B", evacuates_by=["滨海路(北段) "]),
    )
    assert found.shared_ways() == {"滨海路(北段)": ("A", "B")}


POINT = st.tuples(st.integers(-300, 300), st.integers(-300, 300), st.integers(0, 40), st.integers(0, 250))


@settings(max_examples=cases(1_000), deadline=None)
@given(st.lists(POINT, min_size=1, max_size=9))
def test_the_grid_finds_what_looking_at_every_pair_finds(points: list[tuple[int, int, int, int]]) -> None:
    nodes = [
        unit(str(n), x, reach, y=y, radius=radius) | {"y": y}
        for n, (x, y, radius, reach) in enumerate(points)
    ]
    edges = {
        (str(a), str(b))
        for a, b in permutations(range(len(points)), 2)
        if points[a][3]
        and max(
            0, hypot(points[a][0] - points[b][0], points[a][1] - points[b][1]) - points[a][2] - points[b][2]
        )
        <= points[a][3]
    }
    assert {*places(*nodes).graph.edges} == edges


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"nodes": [unit("a", 0), unit("a", 1)]}, "same-place"),
        ({"nodes": [{"id": "a", "kind": "unit", "x": 1}]}, "half-position"),
        ({"nodes": [unit("a", 0)], "links": [{"one": "a", "other": "b", "distance": 1}]}, "place"),
        ({"nodes": [unit("a", 0)], "links": [{"one": "a", "other": "a", "distance": 1}]}, "link-twice"),
        ({"nodes": [unit("a", 0, -1)]}, "value"),
        ({"nodes": [unit("a", 0, float("inf"))]}, "value"),
        ({"nodes": [unit("a", float("nan"))]}, "value"),
        ({"nodes": [unit("a", 1e308, 1e308)]}, "value"),
    ],
)
def test_a_fault_is_told(given: dict[str, Any], code: str) -> None:
    with pytest.raises(DualprevError, match=rf"supervision\.{code}"):
        read_places(given)


def test_the_command_names_who_must_be_told() -> None:
    done = run("neighbours", str(COUNTY), "--changed", "T1", "--lang", "en")
    assert "Enterprises to be told: E002, E003" in done.output
    assert "T1 → T2 → P1" in done.output
    shown = run("neighbours", str(COUNTY), "--lang", "en").output
    assert "T1 → S1 (250 m < 300 m)" in shown
    assert "T1 → S2 (distance not known)" in shown
    assert run("neighbours", str(COUNTY), "--changed", "T9").exit_code == 2


@pytest.mark.slow
def test_twenty_thousand_places_answer_in_seconds() -> None:
    random = Random(1)
    nodes = [
        unit(f"n{n}", random.uniform(0, 30_000), random.choice([0, 50, 150, 400]))
        | {"y": random.uniform(0, 30_000)}
        for n in range(20_000)
    ]
    start = process_time()
    found = places(*nodes)
    assert found.graph.number_of_nodes() == 20_000
    assert found.clusters()
    found.cut_points()
    for name in list(found.nodes)[:100]:
        found.told(name)
    assert process_time() - start < 20
