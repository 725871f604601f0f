"""What to expect of a draw: exactly where it is small, and near the mean of many draws where it is not."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import permutations

import pytest

from dualprev_rules.supervision.draw import draw
from dualprev_rules.supervision.fairness import Sizes, expected
from dualprev_rules.supervision.inspectors import Inspector
from tests.supervision.schemes import classified

PEOPLE = [Inspector(id="P")]
A, B, C = ("A", 4), ("B", 2), ("C", 1)


def by_every_order(areas: list[Sizes], count: int, cover: int) -> dict[str, float]:
    """Return what to expect by every order in which lots can come, each as probable as tickets make it."""
    many = [(n, kind) for n, sizes in enumerate(areas) for kind, size in sizes for _ in range(size)]
    sizes = Counter(area for area, _ in many)
    others = count - sum(min(cover, n) for n in sizes.values())
    hopes: dict[str, float] = defaultdict(float)
    for order in permutations(many):
        chance, left = 1.0, sum(weight for _, (_, weight) in many)
        for _, (_, weight) in order:
            chance, left = chance * weight / left, left - weight
        seen: Counter[int] = Counter()
        rest = others
        for area, (label, _) in order:
            seen[area] += 1
            if seen[area] <= cover:
                hopes[label] += chance
            elif rest > 0:
                rest -= 1
                hopes[label] += chance
    return hopes


@pytest.mark.parametrize(
    ("areas", "count", "cover"),
    [
        ([((A, 1), (C, 2))], 1, 0),
        ([((A, 2), (B, 2), (C, 2))], 3, 0),
        ([((A, 1), (C, 2)), ((B, 1), (C, 1)), ((A, 1),)], 4, 1),
        ([((A, 1), (C, 2)), ((B, 2), (C, 1))], 2, 1),
        ([((A, 1), (B, 1), (C, 1)), ((A, 2), (C, 1))], 5, 2),
    ],
)
def test_a_small_draw_is_followed_exactly(areas: list[Sizes], count: int, cover: int) -> None:
    wanted = by_every_order(areas, count, cover)
    assert expected(areas, count, cover) == pytest.approx(wanted)
    assert sum(wanted.values()) == pytest.approx(count)


def test_coverage_counts_in_what_is_to_be_expected() -> None:
    areas: list[Sizes] = [((A, 90),), *([((C, 1),)] * 10)]
    assert expected(areas, 20, 1) == pytest.approx({"A": 10, "C": 10}, abs=0.01)


@pytest.mark.parametrize(("count", "cover"), [(12, 1), (30, 2)])
def test_a_larger_draw_is_near_the_mean_of_many(count: int, cover: int) -> None:
    among = [
        classified(f"E{n}", 1 if n % 5 == 0 else 3 if n % 3 else 2, area=("省", "市", f"县{n % 12}", None))
        for n in range(84)
    ]
    totals: Counter[str] = Counter()
    draws = 150
    hopes: dict[str, float] = {}
    for seed in range(draws):
        fared = draw(among, PEOPLE, seed=str(seed), count=count, each=1, cover=cover).fairness
        totals.update({one.label: one.drawn for one in fared})
        hopes = {one.label: one.expected for one in fared}
    assert sum(hopes.values()) == pytest.approx(count, abs=0.01)
    for label, hope in hopes.items():
        assert totals[label] / draws == pytest.approx(hope, abs=0.4)
