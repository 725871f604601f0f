"""Places, full width, limits: how the text of a condition is read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualprev_rules.facts.types import Bool
from dualprev_rules.lang import Inline, compile_condition
from dualprev_rules.lang.parse import DEEPEST, LONGEST
from dualprev_rules.lang.text import plain
from dualprev_rules.lang.tree import Compare, Logic, Node, walk
from dualprev_rules.problems import Problem
from tests.cases import cases
from tests.lang.scope import scope


def compiled(text: str, entity: str = "unit") -> Node:
    node, problems = compile_condition(Inline(text), scope(entity), Bool())
    assert node is not None, [problem.show("en") for problem in problems]
    return node


def test_every_node_knows_the_text_that_it_came_from() -> None:
    text = "（氧含量 ＜ 19.5 or people ≥ ３） and\n  not any(t.wet for t in tanks)"
    written = {text[node.span.start : node.span.end] for node in walk(compiled(text))}
    assert {"氧含量 ＜ 19.5", "people ≥ ３", "any(t.wet for t in tanks)", "t.wet", "３", "19.5"} <= written


def test_a_sign_that_is_two_in_ascii_keeps_its_one_place() -> None:
    read = plain("a ≥ 5")
    assert (read.text, read.original(2, 4)) == ("a >= 5", (2, 3))


def test_a_chinese_word_keeps_its_place() -> None:
    text = "非（氧含量 < 19.5 且 people 不属于 {1， 2}）"
    read = plain(text)
    assert read.text == "not(氧含量 < 19.5 and people not in {1, 2})"
    written = {text[node.span.start : node.span.end] for node in walk(compiled(text))}
    assert {text, "氧含量 < 19.5", "people 不属于 {1， 2}", "2"} <= written


def test_what_stands_in_quotes_stays_as_written() -> None:
    assert plain("name == '（甲）＞'").text == "name == '（甲）＞'"


def test_a_difference_of_bracketed_figures_is_no_range() -> None:
    assert compiled("people == (50) - (99)")


def test_signs_of_both_widths_give_one_tree() -> None:
    wide, narrow = compiled("people ＞＝ ３ and （mass ＜ 5）"), compiled("people >= 3 and (mass < 5)")
    assert isinstance(wide, Logic)
    assert isinstance(narrow, Logic)
    for a, b in zip(wide.operands, narrow.operands, strict=True):
        assert isinstance(a, Compare)
        assert isinstance(b, Compare)
        assert (a.op, getattr(a.right, "value", None)) == (b.op, getattr(b.right, "value", None))


@pytest.mark.parametrize(
    "text", ["people > 3\n", "\npeople > 3", "people\r\n> 3", "people >\u2028 3 or", "\x0c people > 3"]
)
def test_odd_line_ends_are_read_or_refused_with_a_place(text: str) -> None:
    node, problems = compile_condition(Inline(text), scope(), Bool())
    assert (node is None) == bool(problems)
    assert all(problem.place is not None and problem.show("zh") for problem in problems)


def test_the_longest_condition_is_read() -> None:
    text = "has_interlock" + " or has_interlock" * ((LONGEST - 13) // 17)
    assert compiled(text.ljust(LONGEST))
    assert [p.code for p in _problems(text.ljust(LONGEST + 1))] == ["lang.too-long"]


@pytest.mark.parametrize("times", [1, 2])
def test_a_limit_and_twice_its_size(times: int) -> None:
    deep = "not " * (DEEPEST * times) + "has_interlock"
    assert [p.code for p in _problems(deep)] == ["lang.too-deep"]
    nested = "abs(" * 60 * times + "people" + ")" * 60 * times + " > 1"
    assert [p.code for p in _problems(nested)] == ["lang.too-deep"]


def _problems(text: str) -> list[Problem]:
    node, problems = compile_condition(Inline(text), scope(), Bool())
    assert (node is None) == bool(problems)
    for problem in problems:
        assert problem.code.startswith("lang.")
        assert problem.place is not None
        assert problem.show("zh")
        assert problem.show("en")
    return problems


WORDS = """
people mass volume temp boiling built name kind level hazards tanks total has_interlock limit unit self parent
and or not in if else for is lambda None True false any all sum count min max coalesce abs known rule rules
lookup ancestor at_least count_true days_between add_months halve t x as_of enterprise 氧含量 't' 'storage'
'2026-01-31' '5 kg' 'unit.rule-one' 'beta' 'limits' 1 2.5 1e3 0x1 1_0 5j ( ) [ ] { } , . : ; = == != < <= > >=
+ - * / // % ** @ & | ^ ~ ! && || <> => ? $ # \\ ' \" “ ” ‘ ’ （ ） ， ≥ ≤ ≠ × ÷ default= kind= cas= * ** :=
storage production red f'{x}' b'x' '\''
"""


@settings(max_examples=cases(5_000))
@given(st.lists(st.sampled_from([*WORDS.split(), "\n", "\t", "\u3000"]), max_size=14).map(" ".join))
def test_words_of_the_language_in_any_order_give_a_tree_or_problems(text: str) -> None:
    _problems(text)


@settings(max_examples=cases(5_000))
@given(st.text(max_size=60))
def test_any_text_gives_a_tree_or_problems(text: str) -> None:
    _problems(text)


@settings(max_examples=cases(2_000))
@given(st.text(st.characters(categories=["Nd", "Lu", "Po", "Ps", "Pe", "Zs", "Sm", "Cc"]), max_size=40))
def test_any_signs_give_a_tree_or_problems(text: str) -> None:
    _problems(text)


@settings(max_examples=cases(2_000))
@given(st.sampled_from("([{'\"-+x1.,aA（").flatmap(lambda c: st.integers(1, 5_000).map(lambda n: c * n)))
def test_one_sign_many_times_gives_problems(text: str) -> None:
    _problems(text)
