"""Profiles that overlay one another, and what is wrong with those that do not hold together."""

from __future__ import annotations

from pathlib import Path

import pytest

from dualprev_rules.pack.load import read_chain
from dualprev_rules.problems import DualprevError
from dualprev_rules.risk import ControlLevel, Profile
from dualprev_rules.risk.bands import milder_at
from dualprev_rules.risk.resolve import load_profile, shipped_profiles
from tests.risk.core import NATIONAL, RULESET

HEAD = "version: 1.0.0\ntitle: {zh: 测试}\n"


def load(folder: Path, **written: str) -> Profile:
    """Load the profile ``local`` among those written and the shipped ones."""
    files: dict[str, Path] = {}
    for name, text in written.items():
        files[name] = folder / f"{name}.yaml"
        files[name].write_text(f"profile: {name}\n{HEAD}{text}", "utf-8")
    return load_profile("local", RULESET, {**shipped_profiles(), **files})


def faults(folder: Path, **written: str) -> list[tuple[str, int | None]]:
    """Return code and line of every fault."""
    with pytest.raises(DualprevError) as raised:
        load(folder, **written)
    return [(p.code, p.place.line if p.place else None) for p in raised.value.problems]


def test_the_nearest_counts_and_the_rest_is_taken_over(tmp_path: Path) -> None:
    local = load(
        tmp_path,
        middle="extends: national\nchoose: {lec: sd4, because: {zh: 省内口径}}\n",
        local="extends: middle\n"
        "grades:\n  1: {name: {zh: 一级风险}, colour: red}\n"
        "choose: {ls_5x5: mine4, because: {zh: 行业口径}}\n"
        "control_levels: {3: 公司}\n",
    )
    assert local.grades[1].name.zh == "一级风险"
    assert local.grades[1].hex == NATIONAL.grades[1].hex
    assert local.grades[2] == NATIONAL.grades[2]
    assert local.choose == {**NATIONAL.choose, "lec": "sd4", "ls_5x5": "mine4"}
    assert local.choose_because is not None
    assert local.choose_because.zh == "行业口径"
    assert local.control_levels == {**NATIONAL.control_levels, 3: ControlLevel.COMPANY}
    assert local.hash not in ("", NATIONAL.hash)


def test_the_hash_changes_with_every_file_of_the_chain(tmp_path: Path) -> None:
    one = load(tmp_path, middle="extends: national\n", local="extends: middle\n").hash
    other = load(tmp_path, middle="extends: national\nnote: {zh: 改过}\n", local="extends: middle\n").hash
    assert one != other


def test_a_profile_that_extends_nothing_must_say_everything(tmp_path: Path) -> None:
    found = faults(tmp_path, local="basis: inherent\n")
    assert len(found) == 11
    assert {code for code, _ in found} == {"risk.profile-lacks"}


def test_what_does_not_exist_is_named_with_its_place(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        local="extends: national\n"
        "choose: {lec: sd44, lecc: sd4}\n"
        "control_levels: {1: 车问, 5: 公司}\n"
        "grades: {1: {name: {zh: 一级}, colour: red, hex: red, ink: white}}\n",
    )
    assert sorted(found, key=str) == [
        ("risk.profile-colour", 7),
        ("risk.profile-colour", 7),
        ("risk.profile-grade", 6),
        ("risk.profile-level", 6),
        ("risk.unknown-bands", 5),
        ("risk.unknown-method", 5),
    ]


def test_a_colour_that_no_profile_of_the_chain_defines(tmp_path: Path) -> None:
    local = "extends: national\ngrades: {1: {name: {zh: 一级}, colour: violet}}\n"
    assert faults(tmp_path, local=local) == [("risk.profile-lacks", 1)]


@pytest.mark.parametrize(
    "written",
    [
        "grades:\n  1: {name: {zh: 低}, colour: blue}\n  4: {name: {zh: 重}, colour: red}\n",
        "grades:\n  2: {name: {zh: 较大}, colour: red}\n",
        "not_assessed: {name: {zh: 未评估}, colour: blue}\n",
        'not_assessed: {name: {zh: 未评估}, colour: white, hex: "#FFFFFF", ink: "#000000"}\n',
        "control_levels: {1: 岗位, 2: 岗位, 3: 公司, 4: 公司}\n",
    ],
)
def test_neither_colours_nor_levels_can_be_reversed(tmp_path: Path, written: str) -> None:
    assert {code for code, _ in faults(tmp_path, local=f"extends: national\n{written}")} == {
        "risk.profile-reversed"
    }


def test_an_unknown_profile_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(DualprevError) as raised:
        load_profile("nationl", RULESET)
    (fault,) = raised.value.problems
    assert (fault.code, fault.nearest) == ("pack.unknown-profile", "national")
    assert faults(tmp_path, local="extends: nationl\n") == [("pack.unknown-profile", 4)]


def test_profiles_in_a_circle_are_refused(tmp_path: Path) -> None:
    found = faults(tmp_path, middle="extends: local\n", local="extends: middle\n")
    assert [code for code, _ in found] == ["pack.cycle"]


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    assert faults(tmp_path, local="extends: [national\n")
    assert faults(tmp_path, local="colours: {}\nextends: national\n")[0][0] == "pack.unknown-key"


def test_milder_bands_take_reason_and_authority(tmp_path: Path) -> None:
    milder = "extends: national\nchoose:\n  lec: upper_inclusive4\n  because: {zh: 省内口径}\n"
    assert faults(tmp_path, local=milder) == [("risk.profile-milder", 6)]
    weakens = "  weakens: {reason: {zh: 端点归轻一级}, authority: 甲省应急管理厅}\n"
    assert load(tmp_path, local=milder + weakens).choose["lec"] == "upper_inclusive4"
    nobody = "  weakens: {reason: {zh: 端点归轻一级}, authority: ' '}\n"
    assert faults(tmp_path, local=milder + nobody) == [("risk.profile-milder", 6)]
    # Back to the stricter ends nobody needs any leave.
    strict = "extends: middle\nchoose: {lec: lower_inclusive4}\n"
    assert load(tmp_path, middle=milder + weakens, local=strict).choose["lec"] == "lower_inclusive4"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("grades: {1: {name: {zh: 一级}, colour: red, hex: '#0066B3', ink: '#FFFFFF'}}", "risk.profile-hue"),
        ("grades: {1: {name: {zh: 一级}, colour: red, hex: '#F07F22', ink: '#000000'}}", "risk.profile-hue"),
        (
            "grades: {1: {name: {zh: 一级}, colour: 深红, hex: '#F58321', ink: '#000000'}}",
            "risk.profile-alike",
        ),
        ("grades: {1: {name: {zh: 低风险, en: Low}, colour: red}}", "risk.profile-alike"),
        ("grades: {1: {name: {zh: 较大 风险}, colour: red}}", "risk.profile-alike"),
        ("grades: {1: {name: {zh: 未评估}, colour: red}}", "risk.profile-alike"),
        # The names of two grades exchanged.
        (
            "grades: {1: {name: {zh: 低风险}, colour: red}, 4: {name: {zh: 重大风险}, colour: blue}}",
            "risk.profile-alike",
        ),
        (
            "not_assessed: {name: {zh: 未评}, colour: grey, hex: '#0067B1', ink: '#FFFFFF'}",
            "risk.profile-hue",
        ),
        (
            "not_assessed: {name: {zh: 未评}, colour: grey, hex: '#4488CC', ink: '#000000'}",
            "risk.profile-hue",
        ),
        (
            "not_assessed: {name: {zh: 未评}, colour: grey, hex: '#FAFAFA', ink: '#000000'}",
            "risk.profile-hue",
        ),
        (
            "not_assessed: {name: {zh: 未评}, colour: grey, hex: '#A8B4D0', ink: '#000000'}",
            "risk.profile-hue",
        ),
        (
            "grades: {1: {name: {zh: 一级}, colour: green, hex: '#00A000', ink: '#000000'}}",
            "risk.profile-hue",
        ),
        (
            "grades: {1: {name: {zh: 一级}, colour: violet, hex: '#8000FF', ink: '#FFFFFF'}}",
            "risk.profile-hue",
        ),
    ],
)
def test_names_and_colours_of_grades_are_their_own(tmp_path: Path, written: str, code: str) -> None:
    found = faults(tmp_path, local=f"extends: national\n{written}\n")
    assert {of for of, _ in found} <= {"risk.profile-hue", "risk.profile-alike"}
    assert (code, 5) in found


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (
            "grades: {1: {name: {zh: 一级}, colour: red, hex: '#C8102E', ink: '#C8102E'}}",
            "risk.profile-contrast",
        ),
        (
            "grades: {3: {name: {zh: 三级}, colour: yellow, hex: '#FFD500', ink: '#FFFFFF'}}",
            "risk.profile-contrast",
        ),
        (
            "grades: {1: {name: {zh: 一级}, colour: 蓝, hex: '#C8102E', ink: '#FFFFFF'}}",
            "risk.profile-reversed",
        ),
        ("undecided: {zh: 低风险, en: low}", "risk.profile-undecided"),
        ("undecided: {zh: '不优于{worst}，最坏为{best}'}", "risk.profile-undecided"),
        ("undecided: {zh: '{best}～{worst}', en: low}", "risk.profile-undecided"),
    ],
)
def test_what_cannot_be_read_or_says_another_grade_is_refused(
    tmp_path: Path, written: str, code: str
) -> None:
    assert faults(tmp_path, local=f"extends: national\n{written}\n") == [(code, 5)]


def test_another_red_and_another_name_are_taken(tmp_path: Path) -> None:
    own = "grades: {1: {name: {zh: 特大风险}, colour: red, hex: '#E60012', ink: '#FFFFFF'}}\n"
    assert load(tmp_path, local=f"extends: national\n{own}").grades[1].hex == "#E60012"


DAYS = "hazard_deadlines:\n  general: {assign: 3 d}\n  because: {zh: 本企业的规定}\n"


def test_no_shipped_profile_sets_days_for_hidden_hazards() -> None:
    """No document of the reference states any; who sets them says whose they are."""
    chains = {name: read_chain(name, shipped_profiles()) for name in shipped_profiles()}
    assert NATIONAL.hazard_deadlines.days == {}
    set_ = {
        of.spec.profile for chain in chains.values() for of in chain if of.spec and of.spec.hazard_deadlines
    }
    assert set_ == set()


def test_an_enterprise_sets_its_own_days_and_only_shortens_those_it_extends(tmp_path: Path) -> None:
    local = load(
        tmp_path,
        middle=f"extends: national\n{DAYS}",
        local="extends: middle\nhazard_deadlines:\n  general: {assign: 2 d}\n  major: {confirm: 1 d}\n"
        "  because: {zh: 车间的规定}\n",
    ).hazard_deadlines
    assert local.days == {("general", "assign"): 2, ("major", "confirm"): 1}
    assert local.because is not None
    assert local.because.zh == "车间的规定"
    longer = "extends: middle\n" + DAYS.replace("3 d", "9 d")
    assert faults(tmp_path, middle=f"extends: national\n{DAYS}", local=longer) == [("risk.deadline-later", 6)]
    weakens = "  weakens: {reason: {zh: 停产检修}, authority: 县应急管理局}\n"
    middle = f"extends: national\n{DAYS}"
    assert load(tmp_path, middle=middle, local=longer + weakens).hazard_deadlines.of("general", "assign") == 9
    unfounded = "extends: national\nhazard_deadlines:\n  general: {assign: 3 d}\n"
    assert faults(tmp_path, local=unfounded)[0][0] == "risk.deadlines-unfounded"


RAISE = "warnings_raise:\n  grades: {1: 2, 2: 3}\n  because: {zh: 本企业的规定}\n"


def test_no_shipped_profile_lets_a_warning_raise_a_grade() -> None:
    """No document of the reference says that one does."""
    chains = {name: read_chain(name, shipped_profiles()) for name in shipped_profiles()}
    assert not [of for chain in chains.values() for of in chain if of.spec and of.spec.warnings_raise]


def test_who_extends_a_profile_only_raises_further(tmp_path: Path) -> None:
    middle = f"extends: national\n{RAISE}"
    own = "extends: middle\nwarnings_raise:\n  grades: {1: 1, 2: 4, 3: 3}\n  because: {zh: 车间的规定}\n"
    raising = load(tmp_path, middle=middle, local=own).warnings_raise
    assert raising.grades == {1: 1, 2: 3, 3: 3}
    assert raising.because is not None
    assert raising.because.zh == "车间的规定"
    assert (raising.of(4), raising.of(None)) == (None, None)
    unfounded = "extends: national\nwarnings_raise:\n  grades: {1: 1}\n"
    assert faults(tmp_path, local=unfounded)[0][0] == "risk.raising-unfounded"
    assert faults(tmp_path, local=f"extends: national\n{RAISE.replace('1: 2', '5: 2')}") == [
        ("risk.profile-grade", 6)
    ]


def test_the_milder_of_two_tables_is_found_at_their_bounds() -> None:
    bands = RULESET.methods["lec"].bands
    assert milder_at(bands["upper_inclusive4"], bands["lower_inclusive4"]) == 70
    assert milder_at(bands["lower_inclusive4"], bands["upper_inclusive4"]) is None
    assert milder_at(bands["sd4"], bands["lower_inclusive4"]) is None
