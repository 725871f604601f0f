"""A source with facts put into it reads as before, but for these facts."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dualprev_rules import Engine
from dualprev_rules.facts import Reader
from dualprev_rules.facts.editing import in_doubt, put, to_json
from tests.docs.pages import ROOT

DAY = date(2026, 11, 21)
ENGINE = Engine.load(packs=[], as_of=DAY, cache=False)


def again(source: Any) -> dict[str, Any]:
    opened = Reader(ENGINE.ruleset.schema).open(source, as_of=DAY)
    return json.loads(json.dumps(to_json(opened), ensure_ascii=False))


@pytest.mark.parametrize("name", ["site.xlsx", pytest.param("site.yaml", marks=pytest.mark.slow)])
def test_a_source_written_as_json_is_judged_the_same(name: str) -> None:
    engine = Engine.load(packs=["chemicals"], as_of=DAY)
    source = str(ROOT / "examples" / "chlor_alkali_lpg" / name)
    opened = Reader(engine.ruleset.schema).open(source, as_of=DAY)
    before, after = engine.assess(source), engine.assess(json.loads(json.dumps(to_json(opened))))
    assert after.counts == before.counts
    assert [(f.rule.id, f.path, f.code, f.missing) for f in after.findings] == [
        (f.rule.id, f.path, f.code, f.missing) for f in before.findings
    ]


def test_what_a_misspelt_column_holds_never_becomes_a_fact(tmp_path: Path) -> None:
    (tmp_path / "enterprise.csv").write_text("id,name,employes\nE1,厂,12\n", "utf-8")
    read = ENGINE.read(again(str(tmp_path)))
    assert not read.roots[0].value("employees").known
    assert [p.path for p in read.problems] == ["enterprise.employees"]


def test_a_fact_is_put_in_place_of_whatever_stood_under_any_of_its_names() -> None:
    source = {"企业": {"单元": [{"编号": "x", "单元编号": "U1", "责任人": "甲", "owner": "乙"}]}}
    opened = Reader(ENGINE.ruleset.schema).open(source, as_of=DAY)
    (unit,) = (record for record in opened.facts.records() if record.path == "enterprise.units[U1]")
    put(opened, unit, "owner", {"value": "丙", "by": "丁"})
    read = ENGINE.read(to_json(opened))
    unit = read.roots[0].value("units").possible.records[0]
    assert unit.fact("owner").given == "丙"
    assert unit.fact("owner").provenance.by == "丁"
    assert source["企业"]["单元"][0]["责任人"] == "甲"  # the source itself is left alone


@pytest.mark.parametrize("name", ["name", "employees", "industries", "units"])
def test_what_is_in_doubt_is_a_data_problem_and_not_known(name: str) -> None:
    read = ENGINE.read({"enterprise": {name: in_doubt("chemicals", "3")}})
    assert read.problems
    assert not read.roots[0].value(name).known


@pytest.mark.parametrize("figure", ["5.10", "0.1", "1e3", "123456789012345678", "200", "0.30000000000000004"])
def test_figures_keep_their_digits(tmp_path: Path, figure: str) -> None:
    file = tmp_path / "site.yaml"
    file.write_text(f"enterprise: {{risk_points: [{{id: R1, L: {figure}}}]}}\n", "utf-8")
    before, after = ENGINE.read(str(file)), ENGINE.read(again(str(file)))
    point = [read.roots[0].value("risk_points").possible.records[0] for read in (before, after)]
    assert point[0].value("L").possible == point[1].value("L").possible
