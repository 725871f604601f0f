"""What authors are asked to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from dualprev_rules.pack import lint_packs
from tests.pack.packs import FIXTURES, TODAY, changed, small


def _lint(pack: Path) -> list[tuple[str, str | None]]:
    found = lint_packs([pack], TODAY)
    assert {problem.severity for problem in found} <= {"warning"}
    return [(problem.code, problem.given) for problem in found]


CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("lint.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["new"][:30])
def test_findings(case: dict[str, Any], tmp_path: Path) -> None:
    pack = changed(tmp_path, case["file"], case["old"], case["new"])
    if "is_open" in case["new"]:
        facts = pack / "facts.yaml"
        line = "    is_open: {type: bool, label: {zh: 开启, en: Open}}\n    has_alarm:"
        facts.write_text(facts.read_text("utf-8").replace("    has_alarm:", line), "utf-8")
    assert sorted(_lint(pack), key=str) == [tuple(found) for found in case["found"]]


def test_an_entity_that_no_list_leads_to(tmp_path: Path) -> None:
    facts = (small(tmp_path) / "facts.yaml").read_text("utf-8")
    attributes = "{name: {type: text, label: {zh: 名称, en: Name}}}"
    place = f"place:\n  label: {{zh: 场所, en: Place}}\n  attributes: {attributes}\n"
    pack = small(tmp_path, files={"facts.yaml": f"{facts}\n{place}"})
    assert _lint(pack) == [("pack.unreachable-entity", "place")]


def test_every_edition_is_looked_at() -> None:
    codes = {problem.code for problem in lint_packs([FIXTURES / "packs" / "editions"], TODAY)}
    assert "pack.no-english" in codes
    assert not {code for code in codes if code.startswith("lang.")}


def test_a_fault_of_another_edition_is_found(tmp_path: Path) -> None:
    pack = changed(tmp_path, "pack.yaml", "in_force: {from: 2026-09-30}", "in_force: {from: 2030-01-01}")
    rules = pack / "rules" / "new.yaml"
    rules.write_text(rules.read_text("utf-8").replace("not has_alarm", "not has_alram"), "utf-8")
    found = lint_packs([pack], TODAY)
    assert [(problem.code, problem.given) for problem in found] == [("lang.unknown-name", "has_alram")]


CASE = (
    "- {case: 高压, as_of: 2026-11-21, facts: {enterprise: {units: [{id: U1, FACT: 2}]}}, expect: {EXPECT}}\n"
)


@pytest.mark.parametrize(
    ("fact", "expect", "found"),
    [
        ("pressure", '"unit[U1]: small.old.2": violated', []),
        ("pressure", '"enterprise.units[U1].s_value": 0, "unit[U1].is_major": false', []),
        ("presure", '"unit[U1]: small.old.2": violated', [("facts.unknown-key", "presure", "pressure")]),
        ("pressure", '"unit[U2]: small.old.2": violated', [("pack.case-record", "unit[U2]", "unit[U1]")]),
        ("pressure", '"unit[U2].is_major": false', [("pack.case-record", "unit[U2]", "unit[U1]")]),
        ("pressure", '"unit[U1].is_major": maybe', [("pack.case-value", "maybe", None)]),
        ("pressure", '"unit[U1].is_major": undetermined', []),
    ],
)
def test_what_cases_name(tmp_path: Path, fact: str, expect: str, found: list[Any]) -> None:
    text = CASE.replace("FACT", fact).replace("EXPECT", expect)
    pack = small(tmp_path, files={"cases/all.yaml": text})
    told = lint_packs([pack], TODAY)
    assert [(problem.code, problem.given, problem.nearest) for problem in told] == found
    assert all(problem.severity == "error" and problem.place is not None for problem in told)


def test_two_cases_of_one_name(tmp_path: Path) -> None:
    text = CASE.replace("FACT", "pressure").replace("EXPECT", '"unit[U1]: small.old.2": violated')
    assert _lint(small(tmp_path, files={"cases/all.yaml": text * 2})) == [("pack.case-twice", "高压")]


def test_a_version_is_figures(tmp_path: Path) -> None:
    (fault,) = lint_packs([changed(tmp_path, "pack.yaml", "version: 1.0.0", "version: one")], TODAY)
    assert (fault.code, fault.given) == ("pack.version", "one")
