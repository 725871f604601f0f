"""Draws: by weight and by nothing else, the same everywhere, with nobody who must not inspect."""

from __future__ import annotations

import hashlib
from collections import Counter
from itertools import permutations
from random import Random

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualprev_rules import DualprevError
from dualprev_rules.supervision.draw import Terms, digest, draw, lot
from dualprev_rules.supervision.inspectors import Inspector
from dualprev_rules.supervision.roster import roster
from dualprev_rules.supervision.scheme import Classified, classify
from tests.cases import cases
from tests.supervision.schemes import SCHEME, classified

AMONG = [classified(f"E{n}", 1 if n < 3 else 2 if n < 6 else 3) for n in range(10)]
PEOPLE = [Inspector(id=f"P{n}") for n in range(5)]
DRAWS = 10_000


def ids(among: list[Classified], seed: str, count: int) -> list[str]:
    return [one.classified.enterprise.id for one in draw(among, PEOPLE, seed=seed, count=count).drawn]


def chi_square(found: Counter[str], expected: dict[str, float]) -> float:
    return sum((found[name] - n) ** 2 / n for name, n in expected.items())


def test_a_lot_is_what_the_page_says() -> None:
    tickets = [
        hashlib.sha256(f"dualprev-draw/1\n2026-001\nenterprise\nE7\n{n}".encode()).hexdigest()
        for n in (1, 2, 3, 4)
    ]
    assert lot("2026-001", " Ｅ7", 4) == int(min(tickets), 16)


def test_ten_thousand_draws_follow_the_weights() -> None:
    weights = {one.enterprise.id: one.counts.visits for one in AMONG}
    # The lowest lot of one draw is the first that is drawn: its chance is its share of the tickets.
    found = Counter(
        min(weights, key=lambda code: lot(str(seed), code, weights[code])) for seed in range(DRAWS)
    )
    total = sum(weights.values())
    expected = {code: DRAWS * weight / total for code, weight in weights.items()}
    assert chi_square(found, expected) < 27.88  # the 0.1 % point at 9 degrees of freedom


def test_ten_thousand_draws_of_two_follow_the_weights() -> None:
    few = {"A": 4, "B": 2, "C": 1, "D": 1}
    total = sum(few.values())
    pairs = {a + b: few[a] / total * few[b] / (total - few[a]) for a, b in permutations(few, 2)}
    found: Counter[str] = Counter()
    for seed in range(DRAWS):
        found["".join(sorted(few, key=lambda code: lot(f"s{seed}", code, few[code]))[:2])] += 1
    expected = {pair: DRAWS * chance for pair, chance in pairs.items()}
    assert chi_square(found, expected) < 31.26  # the 0.1 % point at 11 degrees of freedom


def test_inspectors_are_drawn_evenly() -> None:
    found = Counter(
        draw(AMONG[:1], PEOPLE, seed=str(seed), count=1, each=1).drawn[0].inspectors[0].id
        for seed in range(2_000)
    )
    assert chi_square(found, {person.id: 400 for person in PEOPLE}) < 18.47  # 0.1 % at 4


def test_the_order_of_the_input_changes_nothing() -> None:
    first = draw(AMONG, PEOPLE, seed="x", count=4)
    for turn in range(5):
        among, people = AMONG[:], PEOPLE[:]
        Random(turn).shuffle(among)
        Random(turn).shuffle(people)
        assert draw(among, people, seed="x", count=4) == first
    assert draw(AMONG, PEOPLE, seed="y", count=4) != first


def test_the_draw_of_a_seed_never_changes() -> None:
    assert ids(AMONG, "2026-11-22", 4) == FIXED


FIXED = ["E2", "E1", "E4", "E0"]


def test_nobody_inspects_whom_he_must_not() -> None:
    people = [
        Inspector(id="kin", conflicts=("E0",)),
        Inspector(id="shares", conflicts=("大集团",)),
        Inspector(id="miner", industries=("煤矿",)),
        Inspector(id="free", most=1),
    ]
    among = [
        classified("E0", 1, industries=("化工",), group="大集团"),
        classified("E1", 1, industries=("煤矿",)),
    ]
    for seed in range(50):
        made = draw(among, people, seed=str(seed), count=2)
        by_id = {one.classified.enterprise.id: one for one in made.drawn}
        assert {p.id for p in by_id["E0"].inspectors} <= {"free"}
        taken = Counter(p.id for one in made.drawn for p in one.inspectors)
        assert taken["free"] <= 1
        for one in made.drawn:
            assert len(one.inspectors) + one.wanting == 2
        assert by_id["E0"].wanting >= 1


WIDE = "东方化工（集团）有限公司"


@pytest.mark.parametrize("conflict", [WIDE, "东方化工(集团)有限公司", "Ｅ0", " E0", "东方厂"])
def test_a_conflict_is_seen_in_any_spelling(conflict: str) -> None:
    rows = [{"id": "E0", "name": "东方厂", "group": WIDE, "industry": "危险化学品（生产）"}]
    (one,) = [classify(SCHEME, each) for each in roster(rows)]
    fit = Inspector(id="P1", industries=("危险化学品（生产）",))
    people = [Inspector(id="P0", conflicts=(conflict,)), fit]
    (drawn,) = draw([one], people, seed="s", count=1, each=1).drawn
    assert drawn.inspectors == (fit,)


def test_a_conflict_that_names_nobody_is_told() -> None:
    with pytest.raises(DualprevError, match=r"supervision\.conflict.*E99"):
        draw(AMONG, [*PEOPLE, Inspector(id="P9", conflicts=("E99",))], seed="s", count=1)


def test_nobody_lacks_an_inspector_whom_another_could_do_without() -> None:
    people = [
        Inspector(id="A", most=1),
        Inspector(id="B", most=1, industries=("工贸",)),
        Inspector(id="C", most=1, industries=("危险化学品",)),
        Inspector(id="D", most=1),
    ]
    among = [classified("X1", 1, industries=("危险化学品",)), classified("X2", 1, industries=("工贸",))]
    for seed in range(30):
        made = draw(among, people, seed=str(seed), count=2)
        assert [one.wanting for one in made.drawn] == [0, 0]
        assert sorted(person.id for one in made.drawn for person in one.inspectors) == ["A", "B", "C", "D"]


@settings(max_examples=cases(150), deadline=None)
@given(
    st.lists(st.sets(st.integers(0, 3)), min_size=1, max_size=5),
    st.lists(st.integers(0, 3), min_size=4, max_size=4),
    st.integers(1, 2),
)
def test_as_few_as_can_be_are_lacking(kept: list[set[int]], most: list[int], each: int) -> None:
    among = [classified(f"E{n}", 1) for n in range(len(kept))]
    people = [
        Inspector(id=f"P{p}", most=n, conflicts=tuple(f"E{e}" for e, of in enumerate(kept) if p in of))
        for p, n in enumerate(most)
    ]
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(["from", "to"])
    for e, of in enumerate(kept):
        graph.add_edge("from", f"E{e}", capacity=each)
        graph.add_edges_from((f"E{e}", f"P{p}", {"capacity": 1}) for p in range(4) if p not in of)
    graph.add_edges_from((f"P{p}", "to", {"capacity": n}) for p, n in enumerate(most))
    made = draw(among, people, seed="s", count=len(among), each=each).drawn
    assert sum(len(one.inspectors) for one in made) == nx.maximum_flow_value(graph, "from", "to")
    load = Counter(person.id for one in made for person in one.inspectors)
    assert all(load[f"P{p}"] <= n for p, n in enumerate(most))
    for one, of in zip(sorted(made, key=lambda one: one.classified.enterprise.id), kept, strict=True):
        assert not {person.id for person in one.inspectors} & {f"P{p}" for p in of}


def test_a_digest_binds_all_that_a_draw_depends_on() -> None:
    area = ("省", "市", "县", None)
    among = [classified(f"E{n}", 1, area=area) for n in range(3)]
    changed = [
        (among[:2], PEOPLE, Terms(1)),
        ([*among[:2], classified("E9", 1, area=area)], PEOPLE, Terms(1)),
        ([*among[:2], classified("E2", 4, area=area)], PEOPLE, Terms(1)),
        ([*among[:2], classified("E2", 1, area=("省", "市", "东", None))], PEOPLE, Terms(1)),
        ([*among[:2], classified("E2", 1, area=area, group="团")], PEOPLE, Terms(1)),
        (among, PEOPLE[:4], Terms(1)),
        (among, [*PEOPLE[:4], Inspector(id="P4", most=1)], Terms(1)),
        (among, [*PEOPLE[:4], Inspector(id="P4", conflicts=("E0",))], Terms(1)),
        *((among, PEOPLE, terms) for terms in (Terms(1), Terms(2), Terms(1, 1), Terms(1, 2, 1))),
    ]
    assert len({digest(*each) for each in changed}) == len(changed)
    assert digest(among[::-1], PEOPLE[::-1], Terms(1)) == digest(among, PEOPLE, Terms(1))
    assert draw(among, PEOPLE, seed="x", count=2).digest == digest(among, PEOPLE, Terms(2))


def test_a_digest_is_what_the_page_says() -> None:
    (one,) = [classified("E1", 1, name="甲", area=("省", None, "县", None), industries=("煤矿", "化工"))]
    lines = [
        '["dualprev-draw/1",1,2,0,"county"]',
        '["E1",4,["省",null,"县",null],"甲",null,["化工","煤矿"]]',
        '["P1",[],["E1","甲"],3]',
    ]
    people = [Inspector(id="P1", conflicts=("甲", "E1"), most=3)]
    assert digest([one], people, Terms(1)) == hashlib.sha256("\n".join(lines).encode()).hexdigest()


@pytest.mark.parametrize("seed", [" x", "x\n", "ｘ"])
def test_a_seed_that_looks_the_same_is_the_same(seed: str) -> None:
    assert draw(AMONG, PEOPLE, seed=seed, count=4) == draw(AMONG, PEOPLE, seed="x", count=4)


def test_every_area_is_covered() -> None:
    areas = ["东", "东", "东", "西", "西", "南", *["北"] * 4]
    among = [classified(f"E{n}", 3, area=("省", "市", area, None)) for n, area in enumerate(areas)]
    for seed in range(30):
        made = draw(among, PEOPLE, seed=str(seed), count=5, cover=1)
        covered = {one.classified.enterprise.area[2] for one in made.drawn}
        assert covered == {"东", "西", "南", "北"}
        assert len(made.drawn) == 5


def test_too_few_for_every_area_is_refused() -> None:
    among = [classified(f"E{n}", 3, area=("省", "市", f"县{n}", None)) for n in range(5)]
    with pytest.raises(DualprevError, match=r"supervision\.cover"):
        draw(among, PEOPLE, seed="s", count=4, cover=1)


def test_nobody_is_of_no_area_where_areas_are_covered() -> None:
    among = [
        classified("E0", 3, area=("省", "市", None, None)),
        classified("E1", 3, area=("省", "市", "县", None)),
    ]
    with pytest.raises(DualprevError, match=r"supervision\.cover-area.* E0"):
        draw(among, PEOPLE, seed="s", count=2, cover=1)


def test_fairness_shows_what_to_expect() -> None:
    many = [classified(f"E{n}", 1 if n < 100 else 3) for n in range(1_000)]
    totals: Counter[str] = Counter()
    expected: dict[str, float] = {}
    for seed in range(40):
        fairness = draw(many, PEOPLE, seed=str(seed), count=50).fairness
        assert sum(one.drawn for one in fairness) == 50
        assert sum(one.expected for one in fairness) == pytest.approx(50, abs=0.01)
        totals.update({one.label: one.drawn for one in fairness})
        expected = {one.label: one.expected for one in fairness}
    for label, n in expected.items():
        assert totals[label] / 40 == pytest.approx(n, rel=0.08)


@pytest.mark.parametrize(
    ("seed", "count", "people", "code"),
    [
        (" ", 1, PEOPLE, "supervision.no-seed"),
        ("x", 0, PEOPLE, "supervision.count"),
        ("x", 11, PEOPLE, "supervision.count"),
        ("x", 1, [PEOPLE[0], PEOPLE[0]], "supervision.same-inspector"),
    ],
)
def test_what_cannot_be_drawn_is_refused(seed: str, count: int, people: list[Inspector], code: str) -> None:
    with pytest.raises(DualprevError, match=code):
        draw(AMONG, people, seed=seed, count=count)


def test_an_area_that_could_be_either_of_two_is_not_covered_as_a_third() -> None:
    rows = [
        {"id": f"E{n}", "city": city, "county": "东县", "grade": 2}
        for n, city in enumerate(("甲市", "乙市", None))
    ]
    among = [classify(SCHEME, one) for one in roster(rows)]
    with pytest.raises(DualprevError, match=r"supervision\.cover-wider.*E2"):
        draw(among, PEOPLE, seed="1", count=3, cover=1)
    draw(among[:2], PEOPLE, seed="1", count=2, cover=1)
    # Where it can only be one, it is.
    two = [classify(SCHEME, one) for one in roster(rows[1:])]
    (first,) = (one for one in draw(two, PEOPLE, seed="1", count=1, cover=1).drawn)
    assert first.classified.enterprise.area[1] == "乙市"
