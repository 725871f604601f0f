"""What a profile calls a major risk directly, and that every level controls what a higher one controls."""

from __future__ import annotations

from typing import Any

import pytest

from dualprev_rules import DualprevError, Engine, Result
from dualprev_rules.risk import RiskPoint
from dualprev_rules.risk.resolve import load_profile
from tests.engines import loaded

SHANDONG = loaded(profile="shandong")
WITH_CHEMICALS = loaded("chemicals", profile="shandong")
LOW = {"id": "1", "method": "lec", "L": 1, "E": 6, "C": 1}
NOTHING = {
    "breaks_mandatory_clause": False,
    "grave_events_here": [],
    "minor_events_here": 0,
    "in_major_hazard_installation": False,
    "place_dangers": [],
    "workers_present": 0,
}


def judged(**facts: Any) -> Result:
    return SHANDONG.assess({"enterprise": {"units": [{"id": "U", "risk_points": [{**LOW, **facts}]}]}})


@pytest.mark.parametrize(
    ("tonnes", "said", "grade"), [(85, False, 1), (8.5, False, 4), (8.5, True, 1), (85, None, 1)]
)
def test_a_determination_of_the_unit_counts_where_the_point_denies_it(
    tonnes: float, said: bool | None, grade: int
) -> None:
    ammonia = {"name": "氨", "cas": "7664-41-7", "quantity": tonnes}
    facts = {**LOW, **NOTHING, "in_major_hazard_installation": said}
    unit = {"id": "U", "kind": "storage", "substances": [ammonia], "risk_points": [facts]}
    result = WITH_CHEMICALS.assess({"enterprise": {"name": "厂", "units": [unit]}})
    (found,) = result.place.all_points() if result.place is not None else ()
    assert found.grade("residual").at_worst == grade
    codes = [fault.code for fault in result.data_problems if fault.code == "risk.determined-otherwise"]
    assert len(codes) == (tonnes == 85 and said is False)


@pytest.mark.parametrize("tonnes", [None, "5..12 t"])
def test_a_denial_decides_nothing_while_the_determination_is_open(tonnes: str | None) -> None:
    ammonia = {"name": "氨", "cas": "7664-41-7", "quantity": tonnes}
    facts = {**LOW, **NOTHING, "in_major_hazard_installation": False}
    unit = {"id": "U", "kind": "storage", "substances": [ammonia], "risk_points": [facts]}
    result = WITH_CHEMICALS.assess({"enterprise": {"name": "厂", "units": [unit]}})
    (found,) = result.place.all_points() if result.place is not None else ()
    grade = found.grade("residual")
    assert (grade.level, grade.at_best, grade.at_worst) == (None, 4, 1)
    assert any(cause.path.endswith("quantity") for cause in grade.causes)
    assert result.profile.show(grade).hatched


def point(**facts: Any) -> RiskPoint:
    place = judged(**facts).place
    assert place is not None
    (found,) = place.all_points()
    return found


@pytest.mark.parametrize(
    ("facts", "by"),
    [
        ({"breaks_mandatory_clause": True}, "major_by_law"),
        ({"grave_events_here": ["death"], "conditions_remain": True}, "major_by_history"),
        ({"grave_events_here": ["serious_injury"], "conditions_remain": True}, "major_by_history"),
        ({"grave_events_here": ["occupational_disease"], "conditions_remain": True}, "major_by_history"),
        ({"grave_events_here": ["major_loss"], "conditions_remain": True}, "major_by_history"),
        ({"minor_events_here": 3, "conditions_remain": True}, "major_by_history"),
        ({"in_major_hazard_installation": True}, "major_by_installation"),
        *(
            ({"workers_present": 10, "place_dangers": [danger]}, "major_by_people")
            for danger in ("poisoning", "explosion", "fire", "collapse")
        ),
    ],
)
def test_a_point_is_a_major_risk_directly_whatever_its_score(facts: dict[str, Any], by: str) -> None:
    found = point(**NOTHING | facts)
    assert found.directly == (by,)
    # With measures as without: they do not lower it.
    assert (found.grade("residual").level, found.grade("inherent").level) == (1, 1)
    derived = judged(**NOTHING | facts).derived[f"risk_point[1].{by}"]
    assert derived.value is True
    (citation,) = derived.definition.citations
    assert citation.instrument == "sd-2882"
    assert citation.status == ("transcription" if by == "major_by_law" else "recalled")


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"minor_events_here": 2, "conditions_remain": True},
        {"minor_events_here": 3, "conditions_remain": False},
        {"grave_events_here": ["death"], "conditions_remain": False},
        {"workers_present": 9, "place_dangers": ["fire"]},
        {"workers_present": 50, "place_dangers": []},
    ],
)
def test_short_of_it_the_score_decides(facts: dict[str, Any]) -> None:
    found = point(**NOTHING | facts)
    assert (found.directly, found.grade("residual").level) == ((), 4)


def test_what_is_not_known_of_it_leaves_the_grade_open() -> None:
    grade = point().grade("residual")
    assert grade.possible == (1, 4)
    asked = {cause.path.rpartition(".")[2] for cause in grade.causes}
    assert asked == {*NOTHING, "conditions_remain"}
    # A score that is major needs no answer.
    assert point(L=10, E=10, C=100).grade("residual").level == 1


def test_other_profiles_do_not_ask() -> None:
    for name in ("national", "liaoning", "henan", "fujian"):
        assert loaded(profile=name).profile.direct_major == ()


def test_a_profile_names_definitions_that_there_are(tmp_path: Any) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(
        "profile: own\nversion: '1'\ntitle: {zh: 甲, en: A}\nextends: shandong\n"
        "direct_major: [major_by_lawe]\n",
        "utf-8",
    )
    from dualprev_rules.engine import profile_files

    with pytest.raises(DualprevError) as caught:
        load_profile("own", SHANDONG.ruleset, {**profile_files(), "own": file})
    (fault,) = caught.value.problems
    assert (fault.code, fault.nearest) == ("risk.profile-direct", "major_by_law")


ALL = ["person", "measures", "frequency"]


def level_outcome(highest: str, **assigned: list[str]) -> str:
    controls = [{"level": level, "person": f"{level} 的人", "assigned": of} for level, of in assigned.items()]
    return levels_found(highest, controls)


def levels_found(highest: str, controls: list[dict[str, Any]]) -> str:
    result = judged(**NOTHING, control_level=highest, level_controls=controls)
    (found,) = (f.code for f in result.findings if f.rule.id == "sd.2882.levels")
    return found


def test_every_level_below_has_its_own_person_measures_and_frequency() -> None:
    whole = {"company": ALL, "workshop": ALL, "team": ALL, "post": ALL}
    assert level_outcome("company", **whole) == "compliant"
    lacking = (
        ("company", "company"),
        ("company", "workshop"),
        ("workshop", "team"),
        ("team", "post"),
    )
    for highest, level in lacking:
        others = {name: of for name, of in whole.items() if name != level}
        assert level_outcome(highest, **others) == "violated"
        for part in ALL:
            assert level_outcome(highest, **whole | {level: [p for p in ALL if p != part]}) == "violated"
    assert level_outcome("team", team=ALL, post=ALL) == "compliant"


def test_one_person_at_two_levels_is_nobody_s_own() -> None:
    team, post = ({"level": level, "assigned": ALL} for level in ("team", "post"))
    assert levels_found("team", [team | {"person": "甲"}, post | {"person": "甲"}]) == "violated"
    assert levels_found("team", [team | {"person": "甲"}, post | {"person": "乙"}]) == "compliant"
    # A name that is wanting, or blank, is nobody's.
    assert levels_found("team", [team | {"person": ""}, post | {"person": "乙"}]) == "undetermined"


def test_a_clause_is_found_broken_or_kept_by_an_inspector() -> None:
    said = {"value": False, "source": "declared", "by": "老板"}
    assert point(**NOTHING | {"breaks_mandatory_clause": said}).grade("residual").level is None
    by_inspector = {"value": False, "source": "inspector", "by": "检查员"}
    result = judged(**NOTHING | {"breaks_mandatory_clause": by_inspector})
    assert not result.data_problems
    # A bare word is taken, and pointed at.
    (fault,) = judged(**NOTHING).data_problems
    assert (fault.code, fault.path.rpartition(".")[2]) == ("risk.unsourced", "breaks_mandatory_clause")


def test_a_measure_has_the_kind_that_the_notice_lists() -> None:
    kinds = [words.zh for words in SHANDONG.profile.measure_kinds.items]
    measures = [{"name": f"措施{at}", "措施类别": kind} for at, kind in enumerate(kinds)]
    found = point(**NOTHING, measures=[*measures, {"name": "培训"}]).measures
    assert [each.category.zh for each in found if each.category] == kinds
    assert found[-1].category is None


def test_before_its_documents_the_profile_calls_nothing_major_directly() -> None:
    assert Engine.load([], "shandong", as_of="2015-12-31").profile.direct_major == ()


def test_a_level_below_the_one_wanted_is_pointed_at() -> None:
    result = judged(**NOTHING | {"breaks_mandatory_clause": True}, control_level="team")
    (fault,) = (p for p in result.data_problems if p.code == "risk.level-too-low")
    assert (fault.given, fault.nearest) == ("班组级", "公司级")
    at_its_level = judged(**NOTHING, control_level="team").data_problems
    assert not any(p.code == "risk.level-too-low" for p in at_its_level)
