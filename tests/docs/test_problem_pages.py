"""The catalogue of problems, the code and the documentation say the same."""

from __future__ import annotations

import ast
import re
import string
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from docs.hooks.problems import pages
from dualprev_rules.problems import codes, entry
from tests.docs.pages import ROOT

LIBRARY = sorted((ROOT / "dualprev_rules").rglob("*.py"))
CODE = re.compile(r"[a-z]+\.[a-z0-9]+(?:-[a-z0-9]+)*")


def _texts(file: Path) -> set[str]:
    tree = ast.parse(file.read_text("utf-8"))
    return {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def _raised(file: Path) -> set[str]:
    """Return the codes written as first argument of ``problem(…)``."""
    calls = (n for n in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(n, ast.Call))
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Name)
        and call.func.id == "problem"
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def test_every_code_raised_is_in_the_catalogue() -> None:
    raised = {code: file for file in LIBRARY for code in _raised(file)}
    assert {code: raised[code] for code in raised.keys() - set(codes())} == {}


def test_every_code_in_the_catalogue_is_used() -> None:
    used = set().union(*(_texts(file) for file in LIBRARY))
    assert sorted(set(codes()) - used) == []


def test_every_code_has_a_page() -> None:
    made = pages()
    assert {f"problems/{code}.md" for code in codes()} <= made.keys()
    assert all(f"({code}.md)" in made["problems/index.md"] for code in codes())


@pytest.mark.parametrize("code", codes())
def test_an_entry_speaks_both_languages(code: str) -> None:
    said = entry(code)
    assert CODE.fullmatch(code)
    for words in (said.message, said.page, said.fix or said.page, said.otherwise or said.page):
        assert re.search(r"[\u4e00-\u9fff]", words.zh)
        assert re.search(r"[a-z]", words.en)
        assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"“[^”]*”", "", words.en)), words.en
    for words in filter(None, (said.message, said.fix, said.otherwise)):
        fields = [
            {name for _, name, _, _ in string.Formatter().parse(t) if name} for t in (words.zh, words.en)
        ]
        assert fields[0] == fields[1], code


def test_a_code_stands_in_the_file_of_its_room() -> None:
    for file in files("dualprev_rules.problems").iterdir():
        if file.name.endswith(".yaml"):
            rooms = {code.partition(".")[0] for code in yaml.safe_load(file.read_text("utf-8"))}
            assert rooms == {file.name.removesuffix(".yaml")}
