"""The terminal: a summary, and reasons as a tree."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from dualprev_rules.problems.words import Lang
from dualprev_rules.report.text import explanation, print_summary, questions_table
from tests.report.sample import sample


def summary(lang: Lang = "zh", document: dict[str, Any] | None = None) -> str:
    out = StringIO()
    print_summary(document or sample(), Console(file=out, width=200), lang)
    return out.getvalue()


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "zh",
            (
                "不优于较大风险，最坏为重大风险",
                "推定违反 1",
                "储罐 T1 无紧急切断",
                "121号 第5项",
                "重大危险源级别：2",
                "是否设有报警器？",
            ),
        ),
        (
            "en",
            (
                "at worst Major risk",
                "Presumed violated 1",
                "Tank T1 has no emergency shut-off",
                "Is there an alarm?",
            ),
        ),
    ],
)
def test_the_summary_says_what_matters(lang: Lang, said: tuple[str, ...]) -> None:
    shown = summary(lang)
    assert [part for part in said if part not in shown] == []
    assert sample()["statement"]["words"][lang] in shown


def test_a_long_list_is_cut_and_counted() -> None:
    document = sample()
    document["findings"] += [document["findings"][1]] * 20
    assert "另有 11 项" in summary("zh", document)


def test_a_name_with_control_characters_does_not_steer_the_terminal() -> None:
    document = sample()
    document["enterprise"]["name"] = "厂\x1b[2J\x07\x9b名[bold]"
    finding = document["findings"][1]
    finding["because"][0]["what"] = "\x1b]0;owned\x07"
    shown = summary("zh", document) + explanation(finding, document)
    assert not set(shown) & {"\x1b", "\x07", "\x9b"}
    assert "名[bold]" in shown


def test_the_tree_goes_down_to_facts_rows_and_clauses() -> None:
    document = sample()
    shown = explanation(document["findings"][1], document, "zh")
    assert shown.splitlines()[0] == "unit[U1]: chem.mh2017.05a"
    for said in (
        "《重大生产安全事故隐患判定标准（试行）》 安监总管三〔2017〕121号 第5项 (起止日期未核实) (数值来自转录本)",  # noqa: E501
        "└─ 违反  any(not t.has_emergency_shutoff for t in tanks) = 是",
        "enterprise.units[U1].tanks[T1].has_emergency_shutoff · 填写为“否” · 检查人员 · 王工 · 2026-11-01",
        "表 危险化学品名称及其临界量 第 57 行：name 氯、液氯，临界量 5 t",
        "lookup('t', cas=cas).q = 5 t",
        "数量  quantity = 300 kg = 0.3 t",
        "storage_kind = 储罐区、open_yard 之一",
        "GB 18218-2018 表6 (数值来自转录本)",
    ):
        assert said in shown, shown


def test_a_derived_value_is_explained_once() -> None:
    document = sample()
    finding = document["findings"][1]
    finding["because"].append(finding["because"][0])
    shown = explanation(finding, document, "en")
    assert shown.count("r_value = 60") == 1
    assert shown.count("see unit[U1].hazard_level") == 1


def test_questions_are_ranked() -> None:
    out = StringIO()
    Console(file=out, width=200).print(questions_table(sample()["questions"], "en"))
    lines = out.getvalue().splitlines()
    assert lines[1].split()[0] == "1"
    assert "Is there an alarm?" in lines[1]
    assert "Consequence C" in lines[2]


def test_the_exception_is_named_and_so_is_what_the_rule_may_miss() -> None:
    document = sample()
    presumed, violated = (explanation(document["findings"][at], document, "zh") for at in (0, 1))
    assert "除非能证明：经省级部门认可的除外" in presumed
    assert "除非能证明：经省级部门认可的除外" in summary("zh", document)
    assert "可能漏报：只问储罐" in violated
