"""What is proposed for a slip means what its author meant, and hides no other slip."""

from __future__ import annotations

from pathlib import Path

import pytest

from dualprev_rules.pack import lint_packs
from tests.lang.faults import found
from tests.pack.packs import TODAY, small


def _fixes(text: str) -> list[str]:
    return [problem.fix("en") or "" for problem in found({"text": text})]


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("not colour == red or green", "write colour in {red, green}"),
        ("colour in red", "write colour in {red}"),
        ("colour not in red", "write colour not in {red}"),
        ("people in (50..100)", "write 50 < people < 100, with < at an end that does not count"),
        ("people in [50..100)", "write 50 <= people < 100, with < at an end that does not count"),
        ("people not between 3 and 5", "write not 3 <= people <= 5, with < at an end that does not count"),
        (
            "people > 3 unless has_interlock",
            "write the exception of a rule under its key unless; elsewhere and not (…)",
        ),
        ("people > 3 并 has_interlock", "write “and”"),
        ("people exceeds 3", "write “>”"),
        ("people is no more than 3", "write “<=”"),
        ("people at least 3", "write “>=”"),
        ("If people > 3", "leave it out"),
        ("氧含量介于3和5", "write “3 <= 氧含量 <= 5”"),
        ("氧含量在50以上", "write “氧含量 >= 50”"),
    ],
)
def test_the_fix_keeps_the_meaning(text: str, fix: str) -> None:
    assert _fixes(text) == [fix]


def test_a_word_between_two_conditions_is_no_unit() -> None:
    (problem,) = found({"text": "people > 3 xor has_interlock"})
    assert problem.code == "lang.syntax"


@pytest.mark.parametrize(
    "text", ["colour == 'red and peple > 3", "colour == red' and peple > 3", "mass > '3 t and peple > 3"]
)
def test_a_quote_that_is_not_closed_hides_no_other_slip(text: str) -> None:
    assert [problem.code for problem in found({"text": text})] == ["lang.unbalanced", "lang.unknown-name"]


@pytest.mark.parametrize("word", ["没有", "无", "未", "不"])
def test_a_denial_is_not_mended_into_its_opposite(tmp_path: Path, word: str) -> None:
    pack = small(tmp_path)
    rules = pack / "rules" / "old.yaml"
    text = rules.read_text("utf-8").replace("violated: pressure > limit", f"violated: {word}报警器", 1)
    rules.write_text(text, "utf-8")
    (fault,) = [p for p in lint_packs([pack], TODAY) if p.code == "lang.unknown-name"]
    assert fault.nearest == "not has_alarm"


@pytest.mark.parametrize("blank", ["", ", q: "])
def test_a_row_that_alone_lacks_the_figure_is_told(tmp_path: Path, blank: str) -> None:
    pack = small(tmp_path)
    table = pack / "tables" / "limits.yaml"
    text = table.read_text("utf-8")
    text = text.replace("columns:\n", "columns:\n  gas: {type: text}\n", 1)
    text = text.replace('alias: [液氯], q: "5"}', f'alias: [液氯], gas: "7"{blank}}}', 1)
    table.write_text(text, "utf-8")
    told = [problem.code for problem in lint_packs([pack], TODAY) if "figure" in problem.code]
    assert told == ["pack.cell-without-figure"]
