"""Signs that nobody sees, curly quotes, lock files, days to come: read right, or said to be wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dualprev_rules.pack import lint_packs
from dualprev_rules.problems import DualprevError
from tests.facts.asserts import at, codes, fact, notes, read, said, unit_with
from tests.pack.packs import TODAY, changed

UNIT = "enterprise.units[U1]"


def test_keys_ids_and_cells_with_signs_that_nobody_sees(tmp_path: Path) -> None:
    site = {"enterprise": {"units": [{"id": "U1\u200b", "oxy\ufeffgen": 20}]}}
    (tmp_path / "enterprise.csv").write_text("name\n甲\n", "utf-8")
    (tmp_path / "unit.csv").write_text("\u200bid,oxygen\u200b\nU1\ufeff,20\u200b\n", "utf-8")
    for source in (site, tmp_path):
        facts = read(source)
        assert (codes(facts), said(fact(facts, f"{UNIT}.oxygen").value)) == ([], ["20"])


@pytest.mark.parametrize(
    ("line", "attribute"),
    [("name: “氯气”", "name"), ("hazards: [“J1”]", "hazards"), ("built: ‘2020-01-01’", None)],
)
def test_curly_quotes_around_a_value_of_yaml(tmp_path: Path, line: str, attribute: str | None) -> None:
    file = tmp_path / "site.yaml"
    file.write_text(f"enterprise:\n  units:\n    - id: U1\n      {line}\n", "utf-8")
    facts = read(file)
    (problem, *_) = facts.problems
    assert problem.code == "facts.curly-quotes"
    assert problem.place is not None
    assert problem.place.line == 4
    inner = line.split(": ")[1].strip("[]“”‘’")
    assert f'"{inner}"' in (problem.fix("en") or "")
    if attribute is not None:
        value = fact(facts, f"{UNIT}.{attribute}").value
        assert not value.known
        assert {cause.reason for cause in value.causes} == {"data_problem"}


def test_quotes_within_a_text_belong_to_it(tmp_path: Path) -> None:
    file = tmp_path / "site.yaml"
    file.write_text("enterprise: {units: [{id: U1, name: “甲”与“乙”}]}", "utf-8")
    assert said(fact(read(file), f"{UNIT}.name").value) == ["“甲”与“乙”"]


def test_lock_files_of_office(tmp_path: Path) -> None:
    (tmp_path / "enterprise.csv").write_text("name\n甲\n", "utf-8")
    (tmp_path / "~$unit.csv").write_bytes(b"\x05admin" + bytes(40))
    assert codes(read(tmp_path)) == []
    (tmp_path / "~$site.xlsx").write_bytes(b"\x05admin" + bytes(40))
    with pytest.raises(DualprevError) as caught:
        read(tmp_path / "~$site.xlsx")
    assert [problem.code for problem in caught.value.problems] == ["facts.lock-file"]
    assert "“site.xlsx”" in (caught.value.problems[0].fix("en") or "")


def test_a_fact_from_after_the_day_is_said_to_be_so() -> None:
    facts = read(unit_with(oxygen={"value": 20, "at": "2026-11-22"}))
    assert (codes(facts), notes(facts)) == ([], ["facts.after-the-day"])
    assert "2026-11-22" in facts.notes[0].text("en")
    assert fact(facts, f"{UNIT}.oxygen").value.known


@pytest.mark.parametrize("complete", [None, "", "null"])
def test_a_list_that_may_be_complete_is_open(complete: Any, tmp_path: Path) -> None:
    site = {"enterprise": {"units": {"items": [{"id": "U1"}], "complete": complete}}}
    (tmp_path / "site.json").write_text(json.dumps(site), "utf-8")
    for source in (site, tmp_path / "site.json"):
        facts = read(source)
        assert codes(facts) == []
        units: Any = at(facts, "enterprise").value("units").possible
        assert ([record.path for record in units.records], units.complete) == ([UNIT], False)


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "fix"),
    [
        ("rules/old.yaml", "clause: 第1项", "clause: “第1项”", "pack.curly-quotes", '"第1项"'),
        ("rules/old.yaml", "zh: 压力过高", "zh: “压力过高”", "pack.curly-quotes", '"压力过高"'),
        ("rules/old.yaml", "pressure > limit", "pres\u200bsure > limit", "pack.unprintable", "type it again"),
        ("tables/limits.yaml", "[氯]", "[氯\ufeff]", "pack.unprintable", "type it again"),
        ("pack.yaml", "from: 2026-09-30", "from: 2026-02-30", "pack.not-a-day", "as in"),
        ("pack.yaml", "from: 2026-09-30", "from: 2026/9/30", "pack.not-a-day", "write 2026-09-30"),
    ],
)
def test_in_the_files_of_a_pack(tmp_path: Path, name: str, old: str, new: str, code: str, fix: str) -> None:
    found = lint_packs([changed(tmp_path, name, old, new)], TODAY)
    assert [problem.code for problem in found if problem.severity == "error"] == [code]
    place = found[0].place
    assert place is not None
    assert place.source is not None
    assert new in place.source
    assert fix in (found[0].fix("en") or "")
