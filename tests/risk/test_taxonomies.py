"""The shared lists, and the grades of accidents at the ends of their figures."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from dualprev_rules.pack import read_pack
from dualprev_rules.risk import ControlLevel
from dualprev_rules.risk.taxonomies import accident_grades, taxonomies, taxonomy
from tests.packs.parts import ROOT

DAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("deaths", "injuries", "loss", "grade"),
    [
        (30, 0, 0, 1),
        (29, 0, 0, 2),
        (10, 0, 0, 2),
        (9, 0, 0, 3),
        (3, 0, 0, 3),
        (2, 0, 0, 4),
        (0, 100, 0, 1),
        (0, 99, 0, 2),
        (0, 50, 0, 2),
        (0, 49, 0, 3),
        (0, 10, 0, 3),
        (0, 9, 0, 4),
        (0, 0, 100_000_000, 1),
        (0, 0, Decimal("99999999.99"), 2),
        (0, 0, 50_000_000, 2),
        (0, 0, Decimal("49999999.99"), 3),
        (0, 0, 10_000_000, 3),
        (0, 0, 9_999_999, 4),
        (2, 60, 0, 2),
        (1, 9, 100_000_000, 1),
    ],
)
def test_the_worst_grade_that_a_figure_reaches(
    deaths: int, injuries: int, loss: int | Decimal, grade: int
) -> None:
    found = accident_grades(deaths=deaths, serious_injuries=injuries, direct_loss=loss)
    assert [each.grade for each in found] == [grade]


@pytest.mark.parametrize(
    ("known", "possible"),
    [
        ({}, [1, 2, 3, 4]),
        ({"deaths": 30}, [1]),
        ({"deaths": 2, "direct_loss": 0}, [1, 2, 3, 4]),
        ({"deaths": 2, "serious_injuries": 50}, [1, 2]),
        ({"deaths": 2, "serious_injuries": 9, "direct_loss": 0}, [4]),
    ],
)
def test_an_unknown_figure_leaves_every_grade_open_that_it_may_make(
    known: dict[str, int], possible: list[int]
) -> None:
    figures: dict[str, int | None] = {"deaths": None, "serious_injuries": None, "direct_loss": None}
    assert [each.grade for each in accident_grades(**{**figures, **known})] == possible


@pytest.mark.parametrize("figure", [-1, True])
def test_what_is_no_figure_is_refused(figure: int) -> None:
    with pytest.raises(ValueError, match="no figure"):
        accident_grades(deaths=figure, serious_injuries=0, direct_loss=0)


def test_accident_types_go_by_the_day() -> None:
    before, after = (
        taxonomy("accident_types", date(2026, 6, 30)),
        taxonomy("accident_types", date(2026, 7, 1)),
    )
    assert (before.edition, len(before.members)) == ("gb6441-1986", 20)
    assert (after.edition, len(after.members), after.confirmed) == ("gb6441-2025", 27, False)
    assert before.find("07") == before.find("灼烫")
    assert (before.find("滑坡"), after.find("冒顶片帮")) == (None, None)
    # The table of codes of the new edition was not seen.
    assert {member.code for member in after.members} == {None}


def test_codes_and_names_are_unique_and_codes_stand_under_codes() -> None:
    for each in taxonomies():
        for names in ([(m.under, m.zh) for m in each.members], [(m.under, m.en) for m in each.members]):
            assert [name for name, count in Counter(names).items() if count > 1] == [], each.edition
        codes = [m.code for m in each.members if m.code is not None]
        assert len(set(codes)) == len(codes)
        assert {m.under for m in each.members} - {None} <= set(codes)
        assert each.number or each.source, each.edition


def test_editions_side_by_side_are_chosen_by_name() -> None:
    with pytest.raises(KeyError, match="shandong-2016, db37-2882, hazchem-exchange"):
        taxonomy("measure_kinds", DAY)
    assert len(taxonomy("measure_kinds", DAY, edition="shandong-2016").members) == 6
    assert len(taxonomy("measure_kinds", DAY, edition="db37-2882").members) == 5
    assert len(taxonomy("measure_kinds", DAY, edition="hazchem-exchange").members) == 4


def test_the_hierarchy_is_that_of_measures() -> None:
    kinds = {measure.kind for pack in PACKS for measure in read_pack(pack).measures}
    shared = taxonomy("hierarchy_of_controls", DAY).members
    assert {kind.replace("_", " ").split()[0].capitalize() for kind in kinds} <= {
        member.en.split()[0] for member in shared
    }
    assert len(taxonomy("control_levels", DAY, edition="db37").members) == len(ControlLevel)


PACKS = sorted((ROOT / "packs").glob("*/dualprev_pack_*"))


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_the_kinds_of_inspection_of_checklists_are_those_of_the_list(pack: object) -> None:
    known = {member.zh for member in taxonomy("inspection_kinds", DAY).members}
    used = {checklist.inspection for checklist in read_pack(pack).checklists}  # type: ignore[arg-type]
    assert used - known == set()
