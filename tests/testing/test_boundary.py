"""Generated cases: at every figure, each fact missing; until somebody confirms them they test nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml

from dualprev_rules.testing.boundary import Drafts, boundary_cases
from dualprev_rules.testing.mutation import mutate
from dualprev_rules.testing.tried import KINDS, tried
from tests.cli.run import YARD, run
from tests.testing.test_mutation import SHED

DAY = date(2026, 11, 21)


@pytest.fixture
def shed(tmp_path: Path) -> Path:
    return shutil.copytree(SHED, tmp_path / "shed")


@cache
def text() -> str:
    """Return what a process of its own makes: which facts z3 finds depends on what it was asked before."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "made.yaml"
        words = ["pack", "cases", str(SHED), "--boundary", "--as-of", "2026-11-21", "-o", str(file)]
        program = [sys.executable, "-c", "from dualprev_rules.cli import main; main()"]
        done = subprocess.run([*program, *words, "--seconds", "30"], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode("utf-8")
        return file.read_text("utf-8")


def made(pack: Path, *, confirmed: bool) -> Path:
    file = pack / "cases" / "made.yaml"
    file.write_text(text().replace("  confirmed: false\n", "") if confirmed else text(), "utf-8")
    return file


def test_a_figure_has_a_case_at_it_and_one_beside_it() -> None:
    spacings = [
        (case["facts"]["enterprise"]["units"][0].get("spacing"), list(case["expect"].values()))
        for case in yaml.safe_load(text())
        if "spacing <" in case["note"]["zh"]
    ]
    # 10 m for paint or 7.5 m for paper is near enough; what is nearer breaks the rule.
    assert spacings
    assert all(spacing in ("10", "7.5") and said == ["compliant"] for spacing, said in spacings)


def test_each_fact_that_a_rule_reads_is_missing_in_a_case() -> None:
    cases = [case for case in yaml.safe_load(text()) if "missing" in case["note"]["en"]]
    missing = {case["note"]["en"].removeprefix("missing: ") for case in cases}
    assert missing == {"unit.goods", "unit.spacing", "unit.sprinklered", "unit.commissioned_on"}
    assert all(list(case["expect"].values()) == ["undetermined"] for case in cases)


def test_what_was_generated_comes_out_and_tests_nothing_until_it_is_confirmed(shed: Path) -> None:
    before = tried(shed).tried, mutate(shed).killed
    file = made(shed, confirmed=False)
    done = run("pack", "test", str(shed), "--lang", "en")
    assert done.exit_code == 0
    assert "nobody has confirmed" in done.stdout
    assert (tried(shed).tried, mutate(shed).killed) == before
    [warning] = [line for line in run("pack", "lint", str(shed)).output.splitlines() if "unconfirmed" in line]
    assert file.name in warning


def test_confirmed_they_notice_every_figure_moved(shed: Path) -> None:
    made(shed, confirmed=True)
    found = tried(shed)
    assert [point for kind in KINDS if kind != "branch" for point in found.left(kind)] == []
    survivors = [each.id for each in mutate(shed).survivors]
    # What is left moves no figure.
    assert all("→ goods in" in name or "sprinklered" in name for name in survivors), survivors


def test_what_cases_hold_already_is_not_made_again(shed: Path) -> None:
    made(shed, confirmed=False)
    again = boundary_cases(shed, as_of=DAY)
    assert again.drafts == ()
    assert again.held


def test_a_figure_that_a_missing_fact_tells_has_cases_of_its_own(shed: Path) -> None:
    # Of "> 0" and ">= 0" the case without the spacing tells already which it is: there is nothing below 0.
    [rules] = (shed / "rules").glob("*.yaml")
    first, *_ = rules.read_text("utf-8").split("\n- rule:")
    head = [
        line for line in first.splitlines() if not line.startswith(("  applies", "  violated", "  unless"))
    ]
    told = "\n".join(head).replace("shed.2020.01", "shed.2020.09")
    beside = f"{told}\n  applies: spacing > 0\n  violated: goods == paint\n"
    rules.write_text(f"{rules.read_text('utf-8')}\n{beside}", "utf-8")
    found = boundary_cases(shed, as_of=DAY, rules=["shed.2020.09"])
    facts = [draft.facts["enterprise"]["units"][0].get("spacing") for draft in found.drafts]
    assert "0" in facts
    assert any(spacing not in (None, "0") for spacing in facts)


def test_a_figure_that_no_facts_can_tell_is_said() -> None:
    # A quarter of whole drums is never between 5 and 5.1.
    found: Drafts = boundary_cases(YARD, as_of=DAY)
    assert found.open == ("yard.2020.01 applies: 5 → 5.1",)


def test_cases_are_listed_and_those_to_confirm_are_marked(shed: Path) -> None:
    made(shed, confirmed=False)
    listed = run("pack", "cases", str(shed)).output.splitlines()
    assert any(": ? shed.2020.01" in line for line in listed)
    assert any(line.endswith(": 油漆间距9.9米") for line in listed)


def test_coverage_names_what_no_case_tries() -> None:
    done = run("pack", "test", YARD, "--coverage", "--lang", "en")
    assert "outcomes of rules: 4 of 6 expected by a case" in done.stdout
    assert "yard.2020.02: drums > 100: =" in done.stdout
    assert "yard.2020.01: unit.has_bund" in done.stdout
