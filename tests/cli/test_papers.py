"""The commands that write papers: registers and cards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.run import YARD, run

DAY = ("--pack", YARD, "--as-of", "2026-11-21", "--lang", "en")
POINT: dict[str, Any] = {"id": "R1", "name": "Drums", "method": "lec", "L": 10, "E": 6, "C": 15}


@pytest.fixture
def site(tmp_path: Path) -> str:
    """Return a site with two risk points."""
    points = [POINT, {"id": "R2", "name": "Gate", "emergency_response": "Leave"}]
    facts = {"enterprise": {"name": "Yard", "units": [{"id": "U1", "risk_points": points}]}}
    file = tmp_path / "site.json"
    file.write_text(json.dumps(facts), "utf-8")
    return str(file)


def test_registers_writes_all_three_as_workbook_and_page(site: str, tmp_path: Path) -> None:
    done = run("registers", site, "-o", str(tmp_path / "new" / "out"), *DAY)
    assert done.exit_code == 0, done.stderr
    assert done.stdout == ""
    files = sorted(file.name for file in (tmp_path / "new" / "out").iterdir())
    names = ("dossier", "graded_control_list", "hidden_hazard_list")
    assert files == sorted(f"{name}.{kind}" for name in names for kind in ("html", "xlsx"))
    assert done.stderr.count("wrote ") == 6
    sheet = openpyxl.load_workbook(tmp_path / "new" / "out" / "graded_control_list.xlsx").worksheets[0]
    assert [cell.value for cell in sheet["B"]] == ["Risk point", "Drums", "Gate"]


def test_registers_writes_one_and_says_how_many_pages(tmp_path: Path) -> None:
    points = [{"id": f"R{n}"} for n in range(600)]
    (tmp_path / "site.json").write_text(json.dumps({"enterprise": {"risk_points": points}}), "utf-8")
    arguments = ("-o", str(tmp_path), "--kind", "graded_control_list")
    done = run("registers", str(tmp_path / "site.json"), *arguments, *DAY)
    assert "graded_control_list.html and further pages, 2 in all" in done.stderr
    assert (tmp_path / "graded_control_list-2.html").is_file()
    assert not (tmp_path / "dossier.html").exists()


def test_a_register_that_there_is_not_is_refused_before_anything_is_written(
    site: str, tmp_path: Path
) -> None:
    done = run("registers", site, "-o", str(tmp_path / "out"), "--kind", "graded", *DAY)
    assert done.exit_code == 2
    assert "report.no-register" in done.stderr
    assert not (tmp_path / "out").exists()


def test_cards_writes_a_page_of_the_size_asked_for(site: str, tmp_path: Path) -> None:
    page = tmp_path / "cards.html"
    done = run("cards", site, "-o", str(page), "--kind", "emergency_card", "--size", "A6", *DAY)
    assert done.exit_code == 0, done.stderr
    written = page.read_text("utf-8")
    assert written.count('<article class="card"') == 2
    assert "@page { size: 210mm 297mm" in written


def test_cards_of_one_grade_or_place(site: str, tmp_path: Path) -> None:
    page = tmp_path / "cards.html"
    run("cards", site, "-o", str(page), "--path", "risk_point[R2]", *DAY)
    assert "Gate" in page.read_text("utf-8")
    assert "Drums" not in page.read_text("utf-8")
    done = run("cards", site, "-o", str(page), "--path", "risk_point[R3]", *DAY)
    assert (done.exit_code, "report.nothing-for-card" in done.stderr) == (2, True)
    done = run("cards", site, "-o", str(page), "--grade", "5", *DAY)
    assert done.exit_code == 2


def test_cards_never_overwrites_the_site_and_names_a_browser_that_is_not_there(
    site: str, tmp_path: Path
) -> None:
    before = Path(site).read_bytes()
    assert run("cards", site, "-o", site, *DAY).exit_code == 2
    assert Path(site).read_bytes() == before
    page = tmp_path / "cards.html"
    done = run("cards", site, "-o", str(page), "--pdf", "--browser", "no-such-browser", *DAY)
    assert done.exit_code == 2
    assert "report.no-browser" in done.stderr
    assert not page.exists()


@pytest.mark.needs("chromium")
def test_cards_writes_the_pdf_beside_the_page(site: str, tmp_path: Path) -> None:
    page = tmp_path / "board.html"
    done = run(
        "cards", site, "-o", str(page), "--kind", "notice_board", "--pdf", "--browser", "chromium", *DAY
    )
    assert done.exit_code == 0, done.stderr
    assert page.with_suffix(".pdf").read_bytes().startswith(b"%PDF")


def test_registers_lists_what_is_on_the_ledger(site: str, tmp_path: Path) -> None:
    found = {"id": "H1", "title": "Leak", "grade": "general", "by": "A", "at": "2026-11-20T08:00:00+08:00"}
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"event": "find", **found}), "utf-8")
    ledger = tmp_path / "ledger.jsonl"
    done = run("hazard", "record", str(ledger), str(event), "--lang", "en")
    assert done.exit_code == 0, done.output
    done = run("registers", site, "-o", str(tmp_path), "--ledger", str(ledger), *DAY)
    assert done.exit_code == 0, done.stderr
    sheet = openpyxl.load_workbook(tmp_path / "hidden_hazard_list.xlsx").worksheets[0]
    row = [cell.value for cell in sheet[2]]
    assert row[:2] == ["H1", "Leak"]
    assert row[7].splitlines() == ["Registered", "to assign, no deadline set, days waiting: 1"]
