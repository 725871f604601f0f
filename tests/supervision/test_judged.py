"""A run over many as a regulator's roster and breaches: every enterprise there, every breach once a day."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dualprev_rules import DualprevError
from dualprev_rules.supervision.roster import read_roster
from dualprev_rules.supervision.warnings import read_found
from tests.cli.run import run

BANS = Path(__file__).parents[1] / "risk" / "bans"


@pytest.mark.needs("polars")
def test_what_a_run_over_many_found_is_pooled(tmp_path: Path) -> None:
    sites, out = tmp_path / "sites", tmp_path / "run"
    sites.mkdir()
    (sites / "enterprise.csv").write_text("id,district\nE1,东区\nE2,东区\nE3,西区\n", "utf-8")
    (sites / "unit.csv").write_text("enterprise,id\nE1,U1\nE2,U2\nE3,U3\n", "utf-8")
    rows = ["U1,1,dry_saw", "U1,2,dry_saw", "U2,3,dry_saw", "U3,4,"]
    (sites / "equipment.csv").write_text("\n".join(["unit,id,type", *rows, ""]), "utf-8")
    done = run("batch", str(sites), "-p", str(BANS), "--as-of", "2026-11-21", "-o", str(out))
    assert done.exit_code == 0, done.output
    assert [(one.id, one.area[2], one.reported) for one in read_roster(out)] == [
        ("E1", "东区", False),
        ("E2", "东区", False),
        ("E3", "西区", False),
    ]
    found = read_found(out)
    assert {(one.enterprise, one.on.isoformat()) for one in found} == {
        ("E1", "2026-11-21"),
        ("E2", "2026-11-21"),
    }
    options = ("--recurs", "2", "--days", "30", "--as-of", "2026-11-21", "--json")
    told = json.loads(run("supervise", "pool", str(out), "--found", str(out), *options).stdout)
    # Two machines of one enterprise are one breach of it; the same at two enterprises is systemic.
    assert {one["kind"] for one in told["recurring"]} == {"systemic"}
    assert all(one["enterprises"] == ["E1", "E2"] for one in told["recurring"])


@pytest.mark.needs("polars")
def test_a_run_that_is_damaged_is_told(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"as_of": "2026-11-21"}', "utf-8")
    for read in (read_roster, read_found):
        with pytest.raises(DualprevError, match=r"supervision\.unreadable"):
            read(tmp_path)
