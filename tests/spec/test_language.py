"""The page of the language names a case for each statement, and every case that it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dualprev_rules.lang import FUNCTIONS, spelling
from dualprev_rules.problems import codes
from tests.docs.pages import ROOT
from tests.spec.spec import FOLDER, cases

PAGE = ROOT / "docs" / "language.md"
TOPICS = {file.stem for file in FOLDER.glob("*.yaml")}
NAMED = re.compile(rf"`((?:{'|'.join(sorted(TOPICS))}|lang)\.[\w-]+)`")
WORDS = {**spelling.OPERATORS, **spelling.FUNCTIONS_ZH, **spelling.ARGUMENTS, **spelling.NAMES}
STATEMENT = re.compile(r"^(?:- |\| (?!---|`applies`)).*(?:\n  \S.*)*", re.MULTILINE)


def _text() -> str:
    return re.sub(r"^```.*?^```$", "", PAGE.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def test_every_case_that_the_page_names_is_there() -> None:
    known = {case.id for case in cases()} | set(codes())
    assert [name for name in NAMED.findall(_text()) if name not in known] == []


@pytest.mark.parametrize("statement", STATEMENT.findall(_text()), ids=lambda s: s[2:60])
def test_every_statement_names_a_case(statement: str) -> None:
    assert NAMED.search(statement) or "](facts.md)" in statement, statement


def test_the_page_names_cases_of_every_topic() -> None:
    assert {name.partition(".")[0] for name in NAMED.findall(_text())} >= TOPICS


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_is_on_the_page(function: str) -> None:
    assert re.search(rf"\b{function}\(", PAGE.read_text("utf-8"))


@pytest.mark.parametrize(("english", "chinese"), WORDS.items())
def test_every_chinese_word_is_on_the_page(english: str, chinese: str) -> None:
    assert f"{english} {chinese}" in PAGE.read_text("utf-8")


def test_no_chinese_word_stands_for_two() -> None:
    assert len(set(WORDS.values())) == len(WORDS)
    assert set(FUNCTIONS) <= set(spelling.FUNCTIONS_ZH)


def test_the_folder_holds_only_cases() -> None:
    assert {file.suffix for file in Path(FOLDER).iterdir()} == {".yaml"}
