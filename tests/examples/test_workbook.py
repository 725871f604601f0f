"""The example and its twin: the workbook is made from the YAML file, and says the same."""

from __future__ import annotations

import importlib.util
import io
import sys
from functools import cache
from types import ModuleType
from typing import Any

import pytest
from openpyxl import load_workbook

from dualprev_rules.result import Result
from tests.examples.example import DAYS, ROOT, SITE, TWIN, engine, judged


@cache
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_workbook", ROOT / "examples" / "make_workbook.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cells(book: Any) -> dict[str, dict[str, tuple[Any, ...]]]:
    return {
        sheet.title: {
            cell.coordinate: (cell.value, cell.number_format, cell.comment and cell.comment.text)
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None or cell.comment is not None
        }
        for sheet in book.worksheets
    }


def outcomes(result: Result) -> dict[tuple[str, str], tuple[Any, ...]]:
    return {(o.rule.id, o.record.path): (o.code, o.possible, o.presumed) for o in result.outcomes}


def made() -> bytes:
    return maker().workbook(SITE, engine(2026).ruleset.schema)


def test_the_workbook_is_the_one_that_the_yaml_file_makes() -> None:
    # Not the bytes: another release of openpyxl or zlib packs the same cells otherwise.
    assert cells(load_workbook(io.BytesIO(made()))) == cells(load_workbook(TWIN))


def test_the_same_file_gives_the_same_bytes() -> None:
    assert made() == made()


@pytest.mark.parametrize("year", DAYS)
def test_both_give_the_same_outcomes_and_values(year: int) -> None:
    # The stale observation is left blank in the workbook: a cell cannot say until when it holds. On the days
    # before it was made it is no sensor's rule that asks, so that both agree on all three.
    text, book = judged(year), judged(year, TWIN)
    assert outcomes(text) == outcomes(book)
    assert {k: f.value for k, f in text.derived.items()} == {k: f.value for k, f in book.derived.items()}
    assert text.document()["grade"]["possible"] == book.document()["grade"]["possible"]
    assert [(q.path, q.decides) for q in text.questions] == [(q.path, q.decides) for q in book.questions]


def test_both_have_the_same_data_problems() -> None:
    text, book = ({(p.code, p.given) for p in judged(2026, source).data_problems} for source in (SITE, TWIN))
    # A misspelt key of a record is a misspelt column of a sheet.
    assert text - book == {("facts.unknown-key", "has_water_injecton")}
    assert book - text == {("facts.unknown-column", "has_water_injecton")}


def test_a_data_problem_names_the_cell() -> None:
    (about,) = [p for p in judged(2026, TWIN).data_problems if p.given == "约200"]
    book = load_workbook(TWIN)
    sheet, cell = str(about.place).rpartition("[")[2].rstrip("]").split("!")
    assert book[sheet][cell].value == "约200"


def test_where_a_fact_comes_from_is_the_comment_of_its_cell() -> None:
    told = [c for _, _, c in cells(load_workbook(TWIN))["储罐"].values() if c is not None]
    assert len(told) == 1
    assert "切断阀试验记录 11-03" in told[0]


def test_the_site_is_of_the_size_that_it_is_for() -> None:
    records = judged(2026).document()["statement"]["assessed"]["records"]
    assert records["unit"] >= 8
    assert records["risk_point"] >= 20
    substances = [r for r in judged(2026).facts.records() if r.entity.name == "substance"]
    assert len({r.facts["name"].given for r in substances}) >= 30
    assert all("cas" in r.facts for r in substances)
