"""Each fault of a condition: its code, exact place, words and fix in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from dualprev_rules.problems import codes
from tests.lang.faults import faults, found

ALL = faults()


@pytest.mark.parametrize("fault", ALL, ids=lambda f: f"{f['code']}: {f.get('text') or f.get('decide')}"[:70])
def test_fault(fault: dict[str, Any]) -> None:
    (problem,) = found(fault)
    place = problem.place
    assert place is not None
    assert (problem.code, f"{place.line}:{place.column}:{place.width}") == (fault["code"], fault["at"])
    said = {lang: {"says": problem.text(lang), "fix": problem.fix(lang)} for lang in ("zh", "en")}
    assert said == {"zh": fault["zh"], "en": fault["en"]}


def test_every_code_of_the_language_is_here() -> None:
    assert {code for code in codes() if code.startswith("lang.")} == {fault["code"] for fault in ALL}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_left_open_in_a_message(lang: str) -> None:
    """Where there is no near name, a message lists what there is; it never says “?”."""
    assert [fault[lang] for fault in ALL if "?" in fault[lang]["says"] + fault[lang]["fix"]] == []


def test_the_caret_stands_under_the_fault() -> None:
    (problem,) = found({"text": "氧含量 < 19.5 and peple > 3"})
    line, caret = problem.show("zh").splitlines()[1:3]
    assert line == "    氧含量 < 19.5 and peple > 3"
    # A Chinese character is two columns wide on a terminal.
    assert caret == "    " + "\u3000" * 3 + " " * len(" < 19.5 and ") + "^^^^^"


def test_all_faults_of_a_condition_are_found() -> None:
    problems = found({"text": "peple > 3 and mass > volume or kind == storag and built > '2019-3-1'"})
    assert [p.code for p in problems] == [
        "lang.unknown-name",
        "lang.units",
        "lang.unknown-member",
        "lang.date",
    ]
