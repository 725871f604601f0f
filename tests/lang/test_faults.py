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


@pytest.mark.parametrize(
    ("text", "under"),
    [
        # A sign, a word for a sign, a quantity, a missing operand or bracket hides no wrong name.
        ("people = 3 and massx > 2", ["=", "massx"]),
        ("people > 3 同时 massx > 2", ["同时", "massx"]),
        ("mass > 2 t and peple > 3", ["2 t", "peple"]),
        ("people > and peple > 3", ["and", "peple"]),
        ("class > 3 and peple > 3", ["class", "peple"]),
        ("people > 3 and (mass > 2 and volum > 3", ["(", "volum"]),
        # One side at fault does not hide the other, nor a filter what is counted.
        ("peple > volum", ["peple", "volum"]),
        ("kindd in {storag, storage}", ["kindd", "storag"]),
        ("mass + volume > peple", ["mass + volume", "peple"]),
        ("peple if volum else 3", ["volum", "peple"]),
        ("any(t.siz > 3 for t in tanks if t.wett)", ["wett", "siz"]),
        ("any(peple > 1 and t.size > 1 for t in tankss)", ["tankss", "peple"]),
        ("halve(peple, volum) > 1", ["halve(peple, volum)", "peple", "volum"]),
        ("lookup('betta', kind=kindd).b > 1", ["'betta'", "kindd"]),
        ("foo(peple) > 1", ["foo", "peple"]),
    ],
)
def test_no_fault_hides_another(text: str, under: list[str]) -> None:
    places = [problem.place for problem in found({"text": text})]
    assert [text[at.column - 1 :][: at.width] for at in places if at and at.column] == under


@pytest.mark.parametrize(
    "text",
    [
        "kindd == storage",  # a member of whatever was meant
        "any(t.whatever > 3 for t in tankss)",  # what the members are is not known
        "has_interlokc == 是",
        "rule(small.old.1) and has_interlock",
    ],
)
def test_nothing_is_said_that_only_follows(text: str) -> None:
    assert len(found({"text": text})) == 1
