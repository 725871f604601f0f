"""The risk points of the example: products by hand, grades by the bands that the national profile takes."""

from __future__ import annotations

import pytest

from tests.examples.example import judged

# LEC: 320 and above is grade 1, 160 to below 320 2, 70 to below 160 3, below 70 4.
# LS 5×5: 20 to 25 is grade 1, 15 and 16 2, 9 to 12 3, 1 to 8 4.
# Point → (factors as they are, grade), (factors as if there were no measures, grade).
POINTS: dict[str, tuple[tuple[str, int], tuple[str, int]]] = {
    "E-1": (("1 × 6 × 15 = 90", 3), ("3 × 6 × 15 = 270", 2)),
    "U01-1": (("1 × 6 × 15 = 90", 3), ("3 × 6 × 40 = 720", 1)),
    "U01-2": (("2 × 3 = 6", 4), ("4 × 4 = 16", 2)),
    "U02-1": (("0.5 × 6 × 40 = 120", 3), ("3 × 6 × 40 = 720", 1)),
    "U02-2": (("0.5 × 3 × 40 = 60", 4), ("3 × 3 × 100 = 900", 1)),
    "U03-1": (("1 × 6 × 40 = 240", 2), ("3 × 6 × 100 = 1800", 1)),
    "U03-2": (("3 × 5 = 15", 2), ("5 × 5 = 25", 1)),
    "U04-1": (("1 × 6 × 15 = 90", 3), ("6 × 6 × 40 = 1440", 1)),
    "U04-2": (("2 × 4 = 8", 4), ("4 × 4 = 16", 2)),
    "U05-1": (("0.5 × 6 × 40 = 120", 3), ("3 × 6 × 40 = 720", 1)),
    "U06-1": (("1 × 6 × 40 = 240", 2), ("6 × 6 × 40 = 1440", 1)),
    "U07-1": (("0.5 × 6 × 40 = 120", 3), ("3 × 6 × 100 = 1800", 1)),
    "U08-1": (("1 × 6 × 15 = 90", 3), ("6 × 6 × 40 = 1440", 1)),
    "U08-2": (("2 × 5 = 10", 3), ("4 × 5 = 20", 1)),
    "U09-1": (("2 × 4 = 8", 4), ("3 × 5 = 15", 2)),
    "U10-1": (("3 × 5 = 15", 2), ("4 × 5 = 20", 1)),
    "U10-2": (("1 × 6 × 7 = 42", 4), ("3 × 6 × 7 = 126", 3)),
    "U11-1": (("1 × 6 × 15 = 90", 3), ("3 × 6 × 40 = 720", 1)),
    "U12-1": (("1 × 2 × 40 = 80", 3), ("6 × 2 × 40 = 480", 1)),
    "U12-2": (("2 × 4 = 8", 4), ("3 × 4 = 12", 3)),
    "U13-1": (("1 × 5 = 5", 4), ("2 × 5 = 10", 3)),
    "U21-1": (("0.5 × 6 × 100 = 300", 2), ("3 × 6 × 100 = 1800", 1)),
    "U21-2": (("1 × 6 × 40 = 240", 2), ("6 × 6 × 40 = 1440", 1)),
}


@pytest.fixture(scope="module")
def points() -> dict[str, dict]:
    return {p["short"][len("risk_point[") : -1]: p for p in judged(2026).document()["risk_points"]}


@pytest.mark.parametrize("point", POINTS)
def test_a_point_has_the_grade_of_its_product(point: str, points: dict[str, dict]) -> None:
    (residual, grade), (_, inherent) = POINTS[point]
    assert [g["result"] for g in points[point]["gradings"]] == [residual.rpartition("= ")[2]]
    assert points[point]["grade"]["level"] == grade
    assert points[point]["inherent"]["level"] == inherent


def test_a_point_has_the_worst_grade_of_its_events(points: dict[str, dict]) -> None:
    # 0.5 × 10 × 15 = 75 (LEC, grade 3) and 2 × 3 = 6 (LS, grade 4).
    filling = points["U22-1"]
    assert sorted(g["result"] for g in filling["gradings"]) == ["6", "75"]
    assert filling["grade"]["level"] == 3


def test_a_missing_factor_leaves_every_grade_that_its_scores_reach(points: dict[str, dict]) -> None:
    # 1 × 6 × C with C in {1, 3, 7, 15, 40, 100}.
    pipe = points["U06-2"]
    assert pipe["gradings"][0]["result"] == {"values": ["6", "18", "42", "90", "240", "600"]}
    assert pipe["grade"]["level"] is None
    assert pipe["grade"]["possible"] == [1, 2, 3, 4]


def test_the_enterprise_is_no_better_than_its_worst_point() -> None:
    # The worst known grade is 2; the pipe of which C is missing may be 1.
    grade = judged(2026).document()["grade"]
    assert (grade["level"], grade["possible"], grade["at_worst"]) == (None, [1, 2], 1)
    assert grade["hatched"] is True
    assert grade["missing"] == ["enterprise.sites[S1].units[U06].risk_points[U06-2].C"]


def test_every_point_is_computed_here(points: dict[str, dict]) -> None:
    assert points.keys() == POINTS.keys() | {"U06-2", "U22-1"}
    for point in points.values():
        assert point["owner"]
        assert point["control_level"]
