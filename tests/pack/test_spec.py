"""Scalars as typed, and what a part of a file says by itself."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from dualprev_rules.pack.source import Map, SourceFile
from dualprev_rules.pack.spec import CitationSpec, InstrumentSpec, MeasureSpec, RuleSpec, Spec, read_spec
from dualprev_rules.pack.spec.scalars import (
    read_day,
    read_days,
    read_figure,
    read_flag,
    read_id,
    read_located_words,
    read_name,
    read_words,
)
from dualprev_rules.pack.yaml_reader import read_yaml
from dualprev_rules.problems import Problem, Words


def _tree(text: str) -> Map:
    tree, problems = read_yaml(SourceFile("f.yaml", text))
    assert not problems
    assert isinstance(tree, Map)
    return tree


def _value(text: str) -> Any:
    return _tree(f"a: {text}\n")["a"]


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("0.1", Fraction(1, 10)),
        ('"5.10"', Fraction(51, 10)),
        ("2/3", Fraction(2, 3)),
        ("1e-5", Fraction(1, 100000)),
        ("０．５", Fraction(1, 2)),
        ("010", Fraction(10)),
    ],
)
def test_figures_are_exact(text: str, figure: Fraction) -> None:
    assert read_figure(_value(text)) == figure


@pytest.mark.parametrize(
    ("read", "text", "code", "nearest"),
    [
        (read_figure, "约5", "pack.not-a-figure", None),
        (read_figure, "5 t", "pack.not-a-figure", None),
        (read_figure, ".nan", "pack.not-a-figure", None),
        (read_day, "2025/10/31", "pack.not-a-day", "2025-10-31"),
        (read_day, "2025年10月31日", "pack.not-a-day", "2025-10-31"),
        (read_day, "2025-1-5", "pack.not-a-day", "2025-01-05"),
        (read_day, "20250105", "pack.not-a-day", None),
        (read_day, "2026-02-29", "pack.not-a-day", None),
        (read_flag, "yes", "pack.not-a-flag", "true"),
        (read_flag, "否", "pack.not-a-flag", "false"),
        (read_flag, "True", "pack.not-a-flag", "true / false"),
        (read_days, "三个月", "pack.not-days", None),
        (read_name, "has-alarm", "pack.not-a-name", "has_alarm"),
        (read_name, "压力（MPa）", "pack.not-a-name", "压力_MPa"),
        (read_name, "3d", "pack.not-a-name", "n3d"),
        (read_name, "class", "pack.reserved-name", "class_"),
        (read_name, "as_of", "pack.reserved-name", "as_of_"),
        (read_id, "chem 1", "pack.not-an-id", "chem-1"),
        (read_words, "", "pack.empty-value", None),
        (read_words, "[a]", "pack.words-wanted", None),
        (read_words, "{zn: a}", "pack.unknown-key", "zh"),
    ],
)
def test_what_is_refused_and_what_is_proposed(read: Any, text: str, code: str, nearest: str | None) -> None:
    with pytest.raises(ValueError, match="-") as caught:
        read(_value(text))
    error: Any = caught.value
    assert error.type == code
    assert error.context.get("nearest") == nearest if error.context else nearest is None


def test_words() -> None:
    assert read_words(_value("罐区")) == Words("罐区", "")
    assert read_words(_value("{zh: 罐区, en: Tank farm}")) == Words("罐区", "Tank farm")
    located = read_located_words(_value('{zh: "{x}"}'))
    assert located.zh is not None
    assert located.zh.place().column == 9


def test_days() -> None:
    assert read_day(_value("2025-11-01")) == date(2025, 11, 1)
    assert [read_days(_value(text)) for text in ("90 d", "90天", "1 日")] == [90, 90, 1]


def _read(model: type[Spec], text: str) -> tuple[Any, list[Problem]]:
    problems: list[Problem] = []
    return read_spec(model, _tree(text), problems), problems


def test_a_clause_stays_as_typed() -> None:
    for clause in ("5.10", "'5.10'", "010", "1e3", "no", "5.4.3（1）", "表1"):
        spec, problems = _read(CitationSpec, f"instrument: x\nclause: {clause}\n")
        assert problems == []
        assert spec.clause == clause.strip("'")


RULE = """rule: a.1
kind: check
title: 标题
cite: {instrument: x, clause: 5.10}
for: unit
duty_of: 企业
decided_by: facts
violated: not has_alarm
"""


def test_a_rule_knows_the_place_of_each_key() -> None:
    spec, problems = _read(RuleSpec, RULE)
    assert problems == []
    assert (spec.at("violated").line, spec.at("violated").column) == (8, 11)
    assert spec.at_key("violated").column == 1
    assert spec.cite[0].at("clause").column == 31
    assert spec.violated.place(4, 13).column == 15


def test_all_faults_of_a_part_at_once() -> None:
    text = (
        RULE.replace("kind: check", "kind: checks").replace("duty_of", "duty_off").replace("for: unit\n", "")
    )
    spec, problems = _read(RuleSpec, text + "grace_until: soon\nmeasures: m.1\n")
    # What was plainly meant is read on; what is missing is blank.
    assert (spec.kind, spec.duty_of, spec.for_, spec.grace_until) == ("check", "企业", "", None)
    assert spec.measures == ("m.1",)
    assert spec.violated.text == "not has_alarm"
    found = sorted((problem.code, problem.given) for problem in problems)
    assert found == [
        ("pack.list-wanted", "m.1"),
        ("pack.missing-key", "for"),
        ("pack.not-a-day", "soon"),
        ("pack.not-one-of", "checks"),
        ("pack.unknown-key", "duty_off"),
    ]
    assert {problem.nearest for problem in problems} >= {"duty_of", "check", "for: …"}


def test_a_misspelt_key_is_read_as_the_one_that_was_meant() -> None:
    spec, problems = _read(MeasureSpec, "measure: m.1\ntitel: 标题\nkind: engineering\n")
    assert spec.title == Words("标题", "")
    assert [problem.code for problem in problems] == ["pack.unknown-key"]


def test_until_is_refused_with_the_day_after() -> None:
    text = """id: x
number: 1
title: 标题
issuer: 局
force: law
binding: true
encoded: full
in_force: {from: 2016-01-01, until: 2024-02-29}
"""
    _, problems = _read(InstrumentSpec, text)
    assert [problem.code for problem in problems] == ["pack.until"]
    assert "replaced_on: 2024-03-01" in (problems[0].fix("en") or "")


def test_until_of_a_rule_is_no_grace() -> None:
    spec, problems = _read(RuleSpec, RULE + "until: 2024-02-29\n")
    assert [problem.code for problem in problems] == ["pack.until"]
    assert "in_force: {replaced_on: 2024-03-01}" in (problems[0].fix("en") or "")
    assert spec.grace_until is None


def test_one_citation_or_several() -> None:
    spec, _ = _read(RuleSpec, RULE)
    several = RULE.replace(
        "cite: {instrument: x, clause: 5.10}",
        "cite: [{instrument: x, clause: 1}, {instrument: y, clause: 2}]",
    )
    both, _ = _read(RuleSpec, several)
    assert [c.instrument for c in spec.cite] == ["x"]
    assert [c.instrument for c in both.cite] == ["x", "y"]
