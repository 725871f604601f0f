"""Every broken pack prints its one defect, at its place, with a fix in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from dualprev_rules.pack import lint_packs
from dualprev_rules.problems import Problem
from tests.pack.packs import BROKEN, TODAY, small

EXPECTED: dict[str, list[dict[str, Any]]] = yaml.safe_load((BROKEN / "expected.yaml").read_text("utf-8"))
FOLDERS = sorted(folder.name for folder in BROKEN.iterdir() if folder.is_dir() and folder.name != "_base")


def _found(name: str, folder: Path) -> list[Problem]:
    return list(lint_packs([small(folder, BROKEN / name)], TODAY))


def _said(problem: Problem, pack: Path) -> dict[str, Any]:
    place = problem.place
    assert place is not None
    said: dict[str, Any] = {"code": problem.code, "file": Path(place.file).relative_to(pack).as_posix()}
    if place.source is not None:
        assert place.line is not None
        assert place.column is not None
        under = place.source[place.column - 1 : place.column - 1 + place.width]
        said |= {"line": place.line, "column": place.column, "under": under}
    if problem.severity != "error":
        said["severity"] = problem.severity
    return said


def test_the_base_is_without_fault(tmp_path: Path) -> None:
    assert list(lint_packs([small(tmp_path)], TODAY)) == []


def test_every_folder_is_expected_to_print_something() -> None:
    assert sorted(EXPECTED) == FOLDERS
    assert sum(len(found) == 1 for found in EXPECTED.values()) >= 20


@pytest.mark.parametrize("name", FOLDERS)
def test_a_broken_pack_prints_its_defects_each_with_a_fix(name: str, tmp_path: Path) -> None:
    found = _found(name, tmp_path)
    assert [_said(problem, tmp_path / "small") for problem in found] == EXPECTED[name]
    for problem in found:
        for lang in ("zh", "en"):
            fix = problem.fix(lang)
            assert fix
            assert "?" not in fix
            shown = problem.show(lang)
            assert problem.place is not None
            assert fix in shown
            if problem.place.source is not None:
                assert f"    {problem.place.source}\n" in shown
                assert "^" in shown


def test_ten_defects_in_one_run(tmp_path: Path) -> None:
    assert len({problem.code for problem in _found("ten_defects", tmp_path)}) == 10
