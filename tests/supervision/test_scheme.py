"""Classes: what is not known counts at its worst, and worse never means fewer inspections."""

from __future__ import annotations

from itertools import combinations_with_replacement, pairwise, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualprev_rules import DualprevError
from dualprev_rules.risk.load import shipped_profiles
from dualprev_rules.supervision.roster import roster
from dualprev_rules.supervision.scheme import classify, laws, read_scheme
from tests.cases import cases
from tests.supervision.schemes import SCHEME, enterprise, scheme_file, words


@pytest.mark.parametrize(
    ("grade", "state", "counts", "decided"),
    [
        (1, "sound", "I", True),
        (2, "sound", "II", True),
        (4, "weak", "II", True),
        (4, "弱", "II", True),
        (None, "sound", "I", False),
        (4, None, "II", False),
        (1, None, "I", True),
        (None, None, "I", False),
    ],
)
def test_a_class_is_the_strictest_that_it_may_be(
    grade: int | None, state: str | None, counts: str, decided: bool
) -> None:
    found = classify(SCHEME, enterprise("A", grade, state))
    assert (found.counts.id, found.decided) == (counts, decided)


def test_a_label_is_compared_as_rosters_hold_it() -> None:
    wide = [{"id": "weak", "label": words("弱（差）")}, {"id": "sound", "label": words("好")}]
    (given,) = roster([{"id": "A", "grade": 4, "management": "弱（差）"}])
    assert classify(read_scheme(scheme_file(management=wide)), given).counts.id == "II"


def test_a_scheme_of_an_unknown_profile_is_refused() -> None:
    with pytest.raises(DualprevError, match=r"supervision\.profile.*liaoning"):
        read_scheme(scheme_file(profile="lianing"))


def test_a_state_that_the_scheme_lacks_is_no_state() -> None:
    with pytest.raises(DualprevError, match=r"supervision\.state"):
        classify(SCHEME, enterprise("A", 1, "soundly"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"table": {"weak": ["I", "I", "II", "II"]}}, "supervision.no-row"),
        ({"table": {"weak": ["I"] * 4, "sound": ["I", "II", "III", "IV"]}}, "supervision.class"),
        ({"table": {"weak": ["I"] * 4, "sound": ["I"] * 4, "fair": ["I"] * 4}}, "supervision.state"),
        ({"visits": {"I": 1, "II": 2, "III": 3}}, "supervision.class-order"),
        (
            {"table": {"weak": ["II", "I", "II", "II"], "sound": ["II", "II", "III", "III"]}},
            "supervision.not-monotone",
        ),
        ({"table": {"weak": ["II"] * 4, "sound": ["I", "II", "III", "III"]}}, "supervision.not-monotone"),
        ({"tabel": {}}, "supervision.unknown-key"),
        ({"management": [{"id": "weak", "label": words("弱")}] * 2}, "supervision.same-name"),
        ({"classes": []}, "supervision.value"),
    ],
)
def test_a_scheme_with_a_fault_is_refused(change: dict[str, Any], code: str) -> None:
    with pytest.raises(DualprevError) as raised:
        read_scheme(scheme_file(**change))
    assert code in {fault.code for fault in raised.value.problems}


def test_a_document_says_which_way_the_figures_go() -> None:
    flat = {"weak": ["I", "I", "II", "II"], "sound": ["I", "I", "II", "II"]}
    assert read_scheme(scheme_file(table=flat))
    for profile in ("liaoning", "henan"):
        with pytest.raises(DualprevError, match=r"supervision\.does-not-rise"):
            read_scheme(scheme_file(table=flat, profile=profile))
    same = {"weak": ["I"] * 4, "sound": ["II"] * 4}
    for profile in ("liaoning", "henan"):
        with pytest.raises(DualprevError, match=r"supervision\.does-not-rise"):
            read_scheme(scheme_file(table=same, profile=profile))


def test_every_law_is_of_a_profile_and_an_instrument_of_it() -> None:
    for law in laws():
        text = shipped_profiles()[law.profile].read_text("utf-8")
        assert f"id: {law.instrument}" in text
        assert law.says.zh
        assert law.says.en


@pytest.mark.parametrize("profile", [*shipped_profiles(), None])
@settings(max_examples=cases(400), deadline=None)
@given(
    visits=st.lists(st.integers(0, 12), min_size=3, max_size=3),
    cells=st.lists(st.sampled_from("abc"), min_size=12, max_size=12),
)
def test_in_every_profile_worse_never_means_fewer_inspections(
    profile: str | None, visits: list[int], cells: list[str]
) -> None:
    states = ["poor", "fair", "good"]
    written = {
        "scheme": "random",
        "title": words("任意"),
        "profile": profile,
        "management": [{"id": state, "label": words(state)} for state in states],
        "classes": [
            {"id": name, "label": words(name), "visits": n} for name, n in zip("abc", visits, strict=True)
        ],
        "table": {state: cells[n : n + 4] for state, n in zip(states, (0, 4, 8), strict=True)},
    }
    by_hand = {
        (state, grade): visits["abc".index(written["table"][state][grade - 1])]
        for state, grade in product(states, (1, 2, 3, 4))
    }
    monotone = all(
        by_hand[state, worse] >= by_hand[state, better]
        for state in states
        for worse, better in pairwise((1, 2, 3, 4))
    ) and all(
        by_hand[worse, g] >= by_hand[better, g] for worse, better in pairwise(states) for g in (1, 2, 3, 4)
    )
    try:
        scheme = read_scheme(written)
    except DualprevError:
        assert profile is not None or not monotone or visits != sorted(visits, reverse=True)
        return
    assert monotone
    # What is not known never lowers the number of inspections either.
    for (state, grade), visits_wanted in by_hand.items():
        known = classify(scheme, enterprise("A", grade, state)).counts.visits
        assert known == visits_wanted
        assert classify(scheme, enterprise("A", None, state)).counts.visits >= known
        assert classify(scheme, enterprise("A", grade)).counts.visits >= known


KNOWN = [(grade, state) for grade in (1, 2, 3, 4, None) for state in ("weak", "sound", None)]


def no_better(one: tuple[int | None, str | None], other: tuple[int | None, str | None]) -> bool:
    """Tell whether grade and state are each as bad as the other's, or not known."""
    grade, state = one[0] is None or (other[0] is not None and one[0] <= other[0]), one[1] is None
    return grade and (state or one[1] == other[1] or (one[1], other[1]) == ("weak", "sound"))


@pytest.mark.parametrize("profile", [*shipped_profiles(), None])
def test_every_small_scheme_is_refused_or_keeps_the_promise(profile: str | None) -> None:
    accepted = 0
    for weak, sound in product(combinations_with_replacement("abc", 4), repeat=2):
        rows = {"weak": [*weak], "sound": [*sound]}
        try:
            scheme = read_scheme(scheme_file({"a": 3, "b": 2, "c": 1}, table=rows, profile=profile))
        except DualprevError:
            continue
        accepted += 1
        visits = {known: classify(scheme, enterprise("A", *known)).counts.visits for known in KNOWN}
        for one, other in product(KNOWN, KNOWN):
            assert visits[one] >= visits[other] or not no_better(one, other)
    assert accepted == {"liaoning": 6, "henan": 6}.get(profile or "", 105)


@pytest.mark.needs("z3")
def test_what_is_asked_of_neighbours_holds_for_any_two() -> None:
    import z3

    states, grades = range(7), range(4)
    visits = {(state, grade): z3.Int(f"visits_{state}_{grade}") for state in states for grade in grades}
    solver = z3.Solver()
    solver.add(visits[s, g] >= visits[s, g + 1] for s in states for g in range(3))
    solver.add(visits[s, g] >= visits[s + 1, g] for s in range(6) for g in grades)
    # The worst cell first: in no table that passes has a worse cell fewer inspections than a better one.
    solver.add(
        z3.Or(
            [
                visits[worse] < visits[better]
                for worse, better in product(visits, visits)
                if worse[0] <= better[0] and worse[1] <= better[1]
            ]
        )
    )
    assert solver.check() == z3.unsat
