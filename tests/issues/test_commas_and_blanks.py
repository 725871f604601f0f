"""A comma that moved a row, a blank that says nothing: neither may clear a unit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engines import loaded

ENGINE = loaded("chemicals")
CHLORINE: dict[str, Any] = {"name": "氯", "cas": "7782-50-5", "quantity": "4 t"}


def installation(facts: Any) -> Any:
    """Return whether the unit is a major hazard installation, as JSON."""
    return ENGINE.assess(facts).derived["unit[U1].is_major_hazard_installation"].value


def folder(at: Path, substances: str) -> Path:
    """Write a folder of CSV files."""
    at.mkdir()
    (at / "enterprise.csv").write_text("id,name\nE1,厂\n", "utf-8")
    (at / "unit.csv").write_text("id,name\nU1,罐\n", "utf-8")
    (at / "substance.csv").write_text(substances, "utf-8")
    return at


def test_a_comma_in_a_figure_leaves_the_whole_row_open(tmp_path: Path) -> None:
    # 1,234 t without quotes: 1 t would be below the 5 t of chlorine.
    spoilt = folder(tmp_path / "a", "unit,name,cas,quantity\nU1,氯,7782-50-5,1,234 t\n")
    assert installation(spoilt) is not False
    sound = folder(tmp_path / "b", 'unit,name,cas,quantity\nU1,氯,7782-50-5,"1234 t"\n')
    assert installation(sound) is True


@pytest.mark.parametrize("nothing", ["", "  ", None])
def test_an_empty_text_is_unknown_where_silence_means_none(nothing: Any) -> None:
    # The basis may be the stock of the day, and then 4 t is only what is there today.
    facts = {"unit": {"id": "U1", "substances": [{**CHLORINE, "quantity_basis": nothing}]}}
    assert installation(facts) == {"values": [False, True]}
    assert installation({"unit": {"id": "U1", "substances": [CHLORINE]}}) is False


def test_a_question_mark_in_a_sheet_says_that_it_is_not_known(tmp_path: Path) -> None:
    head = "unit,name,cas,quantity,quantity_basis\n"
    asked = folder(tmp_path / "a", f"{head}U1,氯,7782-50-5,4 t,?\n")
    assert installation(asked) == {"values": [False, True]}
    blank = folder(tmp_path / "b", f"{head}U1,氯,7782-50-5,4 t,\n")
    assert installation(blank) is False
