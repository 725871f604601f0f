"""The words around the data: both languages, and values of every kind."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import Any

import pytest

import dualprev_rules.report as report
from dualprev_rules.problems import Words
from dualprev_rules.report.phrases import _phrases, named, phrase, value_words


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (True, "是", "yes"),
        (False, "否", "no"),
        (None, "不适用", "does not apply"),
        ("1/3", "1/3", "1/3"),
        (3, "3 项", "3 items"),
        (["J1", "W5.1"], "J1、W5.1", "J1, W5.1"),
        ([], "无", "none"),
        ({"values": ["30", "60"]}, "30、60 之一", "one of 30, 60"),
        ({"values": [False, True]}, "未知", "unknown"),
        ({"values": None}, "未知", "unknown"),
        ({"values": ["2"], "or_none": True}, "2，或不适用", "2, or does not apply"),
        ({"low": "1", "high": None, "low_open": False, "high_open": True}, "≥ 1", "≥ 1"),
        ({"low": "1", "high": None, "low_open": True, "high_open": True}, "> 1", "> 1"),
        ({"low": None, "high": "5", "low_open": True, "high_open": False}, "≤ 5", "≤ 5"),
        ({"low": "1", "high": "6", "low_open": False, "high_open": True}, "1 ≤ 值 < 6", "1 ≤ value < 6"),
        ({"low": None, "high": None, "low_open": True, "high_open": True}, "未知", "unknown"),
        ({"at_least": 2}, "至少 2 项", "at least 2"),
        ({"sure": [], "possible": None}, "未知", "unknown"),
        ({"sure": [], "possible": ["J1", "J2"]}, "可能有 J1、J2", "possibly J1, J2"),
        ({"sure": ["J1"], "possible": ["J1", "J2"]}, "确有 J1；可能还有 J2", "surely J1; possibly J2"),
        ({"sure": ["J1"], "possible": None}, "确有 J1；可能还有 其他", "surely J1; possibly others"),
    ],
)
def test_values_in_words(value: Any, zh: str, en: str) -> None:
    assert value_words(value) == Words(zh, en)


def test_a_unit_stands_after_figures_only() -> None:
    assert value_words("1.5", "t").zh == "1.5 t"
    assert value_words({"low": "1", "high": None, "low_open": False}, "t").zh == "≥ 1 t"
    assert value_words({"values": ["1", "5"], "or_none": True}, "t").zh == "1、5 之一 t，或不适用"
    assert value_words(None, "t").zh == "不适用"


def test_a_member_that_has_no_words_stands_for_itself() -> None:
    assert named("role", "decides").en == "decides"
    assert named("control", "custom") == Words("custom", "custom")


@pytest.mark.parametrize("name", sorted(_phrases()))
def test_both_languages_say_the_same(name: str) -> None:
    words = _phrases()[name]
    fields = [
        {field for _, field, _, _ in string.Formatter().parse(text) if field} for text in (words.zh, words.en)
    ]
    assert fields[0] == fields[1]
    assert words.zh
    assert words.en
    assert not re.search(r"[\u4e00-\u9fff]", words.en)


def test_every_phrase_is_used_and_every_phrase_used_is_there() -> None:
    package = Path(report.__file__).parents[1]
    files = [
        *package.glob("report/**/*.py"),
        *package.glob("cli/**/*.py"),
        *package.glob("authoring/**/*.py"),
        *package.glob("testing/**/*.py"),
        *package.glob("report/templates/*.html"),
        *package.glob("authoring/templates/*.html"),
    ]
    source = "\n".join(file.read_text("utf-8") for file in files)
    used = set(re.findall(r'(?:phrase|say|cell)\(\s*"([a-z_]+)"(?=[,)])', source))
    assert {name for name in used if name not in _phrases()} == set()
    families = (
        "outcome_",
        "reason_",
        "kind_",
        "status_",
        "role_",
        "source_",
        "control_",
        "colour_",
        "map_basis_",
        "point_kind_",
        "encoded_",
        "severity_",
    )
    families += ("basis_", "count_", "part_", "mark_", "intro_", "sheet_", "confirmation_", "by_", "may_")
    families += ("verdict_", "entry_", "recurs_", "schema_", "advice_", "comments_")
    families += (
        "coverage_",
        "ban_",
        "negative_list_to_",
        "round_",
        "due_",
        "say_",
        "pack_",
        "tried_",
        "class_",
        "what_if_grade_",
    )
    unused = {
        n
        for n in _phrases()
        if f'"{n}"' not in source and f"'{n}'" not in source and not n.startswith(families)
    }
    assert unused == set()
    assert phrase("yes").en == "yes"


def test_no_phrase_stands_twice() -> None:
    folder = Path(report.__file__).parent
    keys = [
        line.partition(":")[0]
        for file in sorted(folder.glob("*words.yaml"))
        for line in file.read_text("utf-8").splitlines()
        if re.match(r"[a-z\"'_0-9]+:", line)
    ]
    assert [key for key in sorted(set(keys)) if keys.count(key) > 1] == []
