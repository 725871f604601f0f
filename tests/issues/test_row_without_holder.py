"""A row whose holder there is not may belong to any unit: none of them is decided without it."""

from __future__ import annotations

from pathlib import Path

from dualprev_rules import Engine

PACK = Path(__file__).parents[2] / "packs" / "chemicals" / "dualprev_pack_chemicals"


def test_a_unit_is_not_cleared_while_a_substance_hangs_on_nothing(tmp_path: Path) -> None:
    engine = Engine.load([PACK], as_of="2026-11-21")
    sheets = {"enterprise": "name\n甲厂\n", "unit": "id,name\nU1,液氯库\n"}
    head = "unit,name,cas,quantity\nU1,氯,7782-50-5,1\n"

    def is_installation(rows: str) -> object:
        for title, text in {**sheets, "substance": head + rows}.items():
            (tmp_path / f"{title}.csv").write_text(text, "utf-8")
        return engine.assess(tmp_path).derived["unit[U1].is_major_hazard_installation"].value

    assert is_installation("") is False
    assert is_installation("U1,氯,7782-50-5,9\n") is True
    # Misspelt, or left out: the nine tonnes may be those of U1.
    for holder in ("U9", ""):
        assert is_installation(f"{holder},氯,7782-50-5,9\n") == {"values": [False, True]}
