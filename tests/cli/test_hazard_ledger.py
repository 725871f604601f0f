"""The ledger on the command line: who records at once, and what counts on a day."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from dualprev_rules.cli.ledger import alone
from dualprev_rules.problems import DualprevError
from tests.cli.run import program, run

FIND: dict[str, Any] = {
    "event": "find",
    "at": "2026-11-21T08:00:00+08:00",
    "by": "张三",
    "id": "YH-1",
    "title": "密封破损",
    "grade": "general",
    "evidence": ["前.jpg"],
}


def events(folder: Path, *given: dict[str, Any]) -> str:
    file = folder / f"{given[0].get('id', 'more')}.json"
    file.write_text(json.dumps(given, ensure_ascii=False), "utf-8")
    return str(file)


def test_what_several_record_at_once_is_all_on_the_ledger(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    files = [events(tmp_path, FIND | {"id": f"YH-{number}"}) for number in range(4)]
    with ThreadPoolExecutor() as at_once:
        done = list(at_once.map(lambda file: program("hazard", "record", str(ledger), file), files))
    assert [each.returncode for each in done] == [0, 0, 0, 0]
    told = json.loads(run("hazard", "show", str(ledger), "--as-of", "2026-11-21", "--json").stdout)
    assert {each["id"] for each in told["hazards"]} == {"YH-0", "YH-1", "YH-2", "YH-3"}
    assert not list(tmp_path.glob("*.lock"))


def test_a_ledger_that_another_keeps_is_not_written(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    with alone(ledger), pytest.raises(DualprevError) as refused, alone(ledger, patience=0):
        raise AssertionError
    assert refused.value.code == "control.ledger-in-use"
    with pytest.raises(DualprevError) as nowhere, alone(tmp_path / "no" / "ledger.jsonl"):
        raise AssertionError
    assert nowhere.value.code == "report.cannot-write"
