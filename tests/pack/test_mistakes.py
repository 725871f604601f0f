"""Mistakes that authors make: what a run prints, where, what it proposes, and nothing that only follows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from dualprev_rules.pack import lint_packs
from dualprev_rules.problems import Problem
from tests.pack.packs import TODAY, small

MISTAKES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("mistakes.yaml").read_text("utf-8"))
# What dependencies say of a fault is not for authors.
FOREIGN = ("expected", "indicator", "mapping values", "pydantic", "validation", "invalid syntax", "NoneType")


def edited(folder: Path, edits: list[list[str | None]]) -> Path:
    """Write the small pack with places changed; no old text: a new file, no new text: a file that is gone."""
    pack = small(folder)
    for name, old, new in edits:
        assert name is not None
        file = pack / name
        if new is None:
            file.unlink()
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_text("utf-8") if old is not None else ""
        assert (old or "") in text, (name, old)
        file.write_text(text.replace(old, new, 1) if old is not None else new, "utf-8")
    return pack


def said(problem: Problem, pack: Path) -> dict[str, Any]:
    """Return what a problem says, as the file of mistakes writes it."""
    place = problem.place
    assert place is not None
    at = Path(place.file).relative_to(pack).as_posix()
    found: dict[str, Any] = {"code": problem.code, "at": at}
    if place.source is not None:
        assert place.line is not None
        assert place.column is not None
        found["at"] = f"{at}:{place.line}:{place.column}"
        found["under"] = place.source[place.column - 1 : place.column - 1 + place.width]
    if problem.severity != "error":
        found["severity"] = problem.severity
    return found | {"zh": problem.fix("zh"), "en": problem.fix("en")}


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["name"])
def test_a_mistake(mistake: dict[str, Any], tmp_path: Path) -> None:
    pack = edited(tmp_path, mistake["edits"])
    problems = lint_packs([pack], TODAY)
    assert [said(problem, pack) for problem in problems] == mistake["found"]
    for problem in problems:
        shown = problem.show("zh") + problem.show("en")
        assert not [word for word in FOREIGN if word in shown.replace(str(pack), "")]
        assert "—”" not in shown


def test_each_mistake_has_a_name_of_its_own() -> None:
    names = [mistake["name"] for mistake in MISTAKES]
    assert len(names) == len(set(names))
