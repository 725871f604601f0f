"""Whether every level that a grade asks for acts, in every profile; and grades that measures worsen."""

from __future__ import annotations

from typing import Any

import pytest

from dualprev_rules import Result
from dualprev_rules.problems import Problem
from tests.engines import loaded

RED = {"method": "lec", "L": 6, "E": 6, "C": 40}
YELLOW = {"method": "lec", "L": 3, "E": 6, "C": 7}
ENGINES = {name: loaded(profile=name) for name in ("national", "liaoning", "shandong", "henan", "fujian")}


def judged(profile: str, **facts: Any) -> Result:
    engine = ENGINES[profile]
    return engine.result_of(engine.read({"enterprise": {"risk_points": [{"id": "R1", **facts}]}}))


def faults(profile: str, code: str, **facts: Any) -> list[Problem]:
    return [fault for fault in judged(profile, **facts).data_problems if fault.code == code]


def control(level: str, **changed: Any) -> dict[str, Any]:
    whole = {"level": level, "person": f"{level} 的人", "assigned": ["person", "measures", "frequency"]}
    return whole | changed


@pytest.mark.parametrize("profile", ENGINES)
def test_a_missing_lower_level_is_pointed_at(profile: str) -> None:
    whole = [control(level) for level in ("company", "workshop", "team", "post")]
    assert not faults(profile, "risk.level-lacking", **RED, level_controls=whole)
    (fault,) = faults(profile, "risk.level-lacking", **RED, level_controls=whole[:1])
    said = fault.text("zh")
    assert "车间级" in said
    assert "班组级、岗位级" in said
    # The grade counts, whatever level the point is said to have.
    low = {"control_level": "team", "level_controls": whole[2:]}
    (fault,) = faults(profile, "risk.level-lacking", **RED, **low)
    assert "公司级" in fault.text("zh")
    assert not faults(profile, "risk.level-lacking", **YELLOW, level_controls=whole[1:])


def test_a_level_without_its_frequency_lacks_it_and_what_is_not_known_does_not() -> None:
    half = control("team", assigned=["person", "measures"])
    others = [control(level) for level in ("company", "department", "post")]
    (fault,) = faults("national", "risk.level-lacking", **RED, level_controls=[*others, half])
    assert "班组级" in fault.text("zh")
    assert "车间级" not in fault.text("zh")
    unsaid = {"level": "team", "person": "丙"}
    assert not faults("national", "risk.level-lacking", **RED, level_controls=[*others, unsaid])
    assert not faults("national", "risk.level-lacking", **RED)
    some = {"items": others[:1], "complete": False}
    assert not faults("national", "risk.level-lacking", **RED, level_controls=some)


def test_one_person_at_several_levels_is_pointed_at() -> None:
    controls = [control(level, person="同一人") for level in ("company", "workshop")]
    (fault,) = faults("national", "risk.level-same-person", **RED, level_controls=controls)
    assert fault.given == "同一人"
    assert "公司级、车间级" in fault.text("zh")


@pytest.mark.parametrize("other", ["同一 人", "同一人（班长）", "车间主任同一人", "同一人、赵六"])
def test_one_person_in_two_spellings_at_two_levels_is_pointed_at(other: str) -> None:
    controls = [control("company", person="同一人"), control("workshop", person=other), control("team")]
    (fault,) = faults("national", "risk.level-same-person", **RED, level_controls=controls)
    assert fault.given == "同一人"
    assert "公司级、车间级" in fault.text("zh")


@pytest.mark.parametrize("blank", ["", "  ", "。", "\u3164", None])
def test_a_level_whose_person_is_blank_lacks_its_person(blank: str | None) -> None:
    controls = [control(level) for level in ("company", "workshop", "team")]
    controls.append(control("post", person=blank))
    (fault,) = faults("national", "risk.level-lacking", **RED, level_controls=controls)
    assert "岗位级" in fault.text("zh")
    # Of one of which nobody has said anything nothing is said.
    controls[-1] = {"level": "post"}
    assert not faults("national", "risk.level-lacking", **RED, level_controls=controls)


def test_measures_make_no_risk_worse() -> None:
    swapped = {"inherent_L": 1, "inherent_E": 1, "inherent_C": 1}
    assert len(faults("national", "risk.worse-with-measures", **RED, **swapped)) == 1
    worse = {"inherent_L": 10, "inherent_E": 10, "inherent_C": 100}
    assert not faults("national", "risk.worse-with-measures", **RED, **worse)
    assert not faults("national", "risk.worse-with-measures", **RED)
