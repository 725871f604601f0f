"""Names of grades that mean another one are told as a doubt."""

from __future__ import annotations

from pathlib import Path

import pytest

from dualprev_rules.risk.naming import name_doubts
from dualprev_rules.risk.resolve import shipped_profiles
from tests.cli.run import run

HEAD = "profile: local\nversion: 1.0.0\ntitle: {zh: 测试}\nextends: national\n"


def doubts(folder: Path, written: str) -> list[tuple[str, str | None]]:
    """Return code and given of the doubts about a profile."""
    file = folder / "local.yaml"
    file.write_text(HEAD + written, "utf-8")
    found = list(name_doubts("local", {**shipped_profiles(), "local": file}))
    assert {each.severity for each in found} <= {"warning"}
    assert all(each.place is not None for each in found)
    return [(each.code, each.given) for each in found]


@pytest.mark.parametrize(
    ("written", "given"),
    [
        ("grades: {1: {name: {zh: 低等风险}, colour: red}}", ["1: 低等风险"]),
        ("grades: {1: {name: {zh: 一级, en: Low risk}, colour: red}}", ["1: Low risk"]),
        ("grades: {2: {name: {zh: 轻微风险}, colour: orange}}", ["2: 轻微风险"]),
        ("grades: {4: {name: {zh: 高度危险}, colour: blue}}", ["4: 高度危险"]),
        ("grades: {3: {name: {zh: 重大安全风险}, colour: yellow}}", ["3: 重大安全风险"]),
        (
            "not_assessed: {name: {zh: 无风险, en: No risk}, colour: grey}",
            ["not_assessed: 无风险", "not_assessed: No risk"],
        ),
        ("not_assessed: {name: {zh: 安全}, colour: grey}", ["not_assessed: 安全"]),
        (
            "grades: {1: {name: {zh: 四级风险（蓝色）, en: Level 4}}, 4: {name: {zh: Ⅰ级, en: Grade A}}}",
            ["1: 四级风险（蓝色）", "1: Level 4", "4: Ⅰ级", "4: Grade A"],
        ),
        ("grades: {2: {name: {zh: 红色风险, en: Yellow}}}", ["2: 红色风险", "2: Yellow"]),
        ("grades: {1: {name: {zh: 可控风险, en: Normal}}}", ["1: 可控风险", "1: Normal"]),
        ("grades: {2: {name: {zh: 普通风险, en: Ordinary}}}", ["2: 普通风险", "2: Ordinary"]),
        ("grades: {4: {name: {zh: 危险, en: Danger}}}", ["4: 危险", "4: Danger"]),
        ("grades: {4: {name: {zh: 不可接受风险, en: Unacceptable}}}", ["4: 不可接受风险", "4: Unacceptable"]),
        (
            "grades: {4: {name: {zh: 低风险或重大风险, en: Low or major}}}",
            ["4: 低风险或重大风险", "4: Low or major"],
        ),
        (
            "not_assessed: {name: {zh: 合格, en: Blue}, colour: grey}",
            ["not_assessed: 合格", "not_assessed: Blue"],
        ),
    ],
)
def test_a_name_that_means_another_grade_is_doubted(tmp_path: Path, written: str, given: list[str]) -> None:
    assert doubts(tmp_path, written) == [("risk.profile-name-meaning", each) for each in given]


@pytest.mark.parametrize(
    "written",
    [
        "grades: {1: {name: {zh: 一级风险, en: Grade I}, colour: red}}",
        "grades: {1: {name: {zh: 特别重大安全风险}, colour: red}, 2: {name: {zh: 较高风险}, colour: orange}}",
        "grades: {3: {name: {zh: 中等风险}, colour: yellow}, 4: {name: {zh: 轻微风险}, colour: blue}}",
        "grades: {3: {name: {zh: 较低风险}, colour: yellow}, 4: {name: {zh: 低安全风险}, colour: blue}}",
        "grades: {1: {name: {zh: 不可接受风险, en: Unacceptable risk}}}",
        "grades: {2: {name: {zh: 非低风险, en: Not low}}}",
        "grades: {1: {name: {zh: 一级（红色）, en: Level I}}, 4: {name: {zh: 不严重, en: Not serious}}}",
        "grades: {1: {name: {zh: 重大安全隐患风险}}, 4: {name: {zh: 极低风险（蓝）, en: Extremely low}}}",
        "not_assessed: {name: {zh: 尚未评估, en: Not assessed yet}, colour: grey}",
    ],
)
def test_a_name_that_means_its_grade_is_not(tmp_path: Path, written: str) -> None:
    assert doubts(tmp_path, written) == []


def test_no_shipped_profile_is_doubted() -> None:
    among = shipped_profiles()
    assert [doubt for name in among for doubt in name_doubts(name, among)] == []


def test_lint_and_show_tell_of_an_installed_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "local.yaml"
    file.write_text(f"{HEAD}grades: {{1: {{name: {{zh: 低等风险}}, colour: red}}}}\n", "utf-8")
    monkeypatch.setattr("dualprev_rules.engine.profile_files", lambda: {**shipped_profiles(), "local": file})
    linted = run("pack", "lint", "fire", "--as-of", "2026-11-21")
    assert linted.exit_code == 0
    assert "risk.profile-name-meaning" in linted.stdout
    shown = run("profile", "show", "local", "--as-of", "2026-11-21")
    assert "risk.profile-name-meaning" in shown.stderr
