"""The choice of what to look at: within the time, by what it decides for each minute, the same each time."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from dualprev_rules.control.choosing import Bundle, choose, covered

FACTS = "abcdef"


def bundle(facts: str, decides: str) -> Bundle:
    return Bundle(frozenset(facts), frozenset(decides))


def each(minutes: int) -> dict[str, Fraction]:
    return dict.fromkeys(FACTS, Fraction(minutes))


def test_what_decides_most_for_each_minute_goes_first() -> None:
    bundles = [bundle("a", "123"), bundle("b", "12"), bundle("c", "34")]
    assert choose(bundles, each(5), Fraction(5)) == {"a"}
    assert choose(bundles, {"a": Fraction(20), "b": Fraction(5), "c": Fraction(5)}, Fraction(20)) == {
        "b",
        "c",
    }


def test_facts_that_decide_only_together_are_taken_together_or_not_at_all() -> None:
    bundles = [bundle("ab", "1"), bundle("c", "2")]
    assert choose(bundles, each(5), Fraction(10)) == {"c"}
    assert choose(bundles, each(5), Fraction(15)) == {"a", "b", "c"}


def test_what_others_make_needless_is_given_back() -> None:
    # The greedy first choice covers 1234 and is covered in turn by the two that 5 and 6 ask for.
    bundles = [bundle("a", "1234"), bundle("b", "125"), bundle("c", "346")]
    assert choose(bundles, each(5), Fraction(15)) == {"b", "c"}


def test_equals_are_taken_in_their_order() -> None:
    assert choose([bundle("b", "1"), bundle("a", "1")], each(5), Fraction(60)) == {"b"}


BUNDLES = st.lists(
    st.builds(
        Bundle,
        st.frozensets(st.sampled_from(FACTS), min_size=1, max_size=2),
        st.frozensets(st.sampled_from("12345678"), min_size=1),
    ),
    max_size=7,
)


@given(BUNDLES, st.lists(st.integers(1, 9), min_size=6, max_size=6), st.integers(0, 40))
def test_the_choice_fits_the_time_and_is_never_far_from_the_best(
    bundles: list[Bundle], minutes: list[int], budget: int
) -> None:
    cost = {fact: Fraction(m) for fact, m in zip(FACTS, minutes, strict=True)}
    chosen = choose(bundles, cost, Fraction(budget))
    assert sum(cost[fact] for fact in chosen) <= budget
    assert chosen == choose(list(bundles), cost, Fraction(budget))
    affordable = [
        frozenset(some)
        for n in range(len(FACTS) + 1)
        for some in combinations(FACTS, n)
        if sum(cost[f] for f in some) <= budget
    ]
    best = max(len(covered(bundles, some)) for some in affordable)
    assert (len(covered(bundles, chosen)) > 0) == (best > 0)
    # With time for everything, everything that can be decided is, and no bundle is without use.
    if budget >= sum(minutes):
        assert covered(bundles, chosen) == covered(bundles, frozenset(FACTS))
