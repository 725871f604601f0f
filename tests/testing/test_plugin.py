"""The pytest plugin, run as an author runs it; random sites."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings

from dualprev_rules import Engine
from dualprev_rules.testing import sites
from tests.authoring.test_fmt import silo
from tests.cases import cases

YARD = Path(__file__).parents[1] / "cli" / "yard"
ENGINE = Engine.load(packs=[YARD], as_of="2026-11-21")


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "dualprev_rules.testing.plugin",
        "-p",
        "no:cacheprovider",
    ]
    return subprocess.run(
        [*command, "-q", *arguments, str(folder)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=folder,
    )


def test_each_case_is_a_test(tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "other.yaml").write_text("a: 1", "utf-8")
    silo(tmp_path)
    done = run(tmp_path, "-vv", "--pack-coverage")
    assert done.returncode == 0, done.stdout
    assert "silo/cases/venting.yaml::是否设有抑爆装置不明，推定违反 PASSED" in done.stdout
    assert "2 passed" in done.stdout
    assert "规则的结果：用例预期了 4 / 6\n" in done.stdout
    assert ": silo.2026.02: 违反\n" in done.stdout
    assert "缺少的数据：" in done.stdout


def test_a_failure_shows_expected_got_and_why(tmp_path: Path) -> None:
    pack = silo(tmp_path)
    file = pack / "cases" / "venting.yaml"
    file.write_text(file.read_text("utf-8").replace(": presumed", ": violated"), "utf-8")
    done = run(pack)
    assert done.returncode == 1
    assert "1 failed, 1 passed" in done.stdout
    for part in (
        "silo[A]: silo.2026.01",
        "预期：violated",
        "得到：presumed",
        "泄爆装置  has_explosion_vent = 否",
    ):
        assert part in done.stdout


def test_a_pack_at_fault_is_told_as_to_its_author(tmp_path: Path) -> None:
    pack = silo(tmp_path)
    file = pack / "rules" / "venting.yaml"
    file.write_text(file.read_text("utf-8").replace("kind: check", "kind: chek"), "utf-8")
    done = run(pack)
    assert done.returncode == 2
    assert "pack.not-one-of" in done.stdout


@settings(max_examples=cases(100), suppress_health_check=list(HealthCheck))
@given(sites(ENGINE, most=1))
def test_every_random_site_is_assessed_and_its_facts_are_sound(site: dict[str, Any]) -> None:
    # Figures and keys are drawn one by one: they may contradict one another, and are never misread.
    wrong = {problem.code for problem in ENGINE.assess(site).data_problems}
    assert wrong <= {"facts.keys-disagree", "evaluate.keys-disagree", "risk.off-scale"}
