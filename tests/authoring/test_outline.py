"""Rules with long conditions as numbered lists, on the rules of the packs."""

from __future__ import annotations

import pytest

from dualprev_rules.authoring.outline import LONG, told
from dualprev_rules.authoring.say import say, sentence
from dualprev_rules.pack.model import Ruleset
from tests.cli.run import run
from tests.engines import loaded

COMPUTED = {"fire.2017.7-3-7", "fire.gb55037.4-3-16", "fire.gb50016.5-3-1"}
"""Rules that compare figures which are computed of choices: one line each, however long."""


def ruleset(pack: str) -> Ruleset:
    """Return the rules of a pack."""
    return loaded(pack).ruleset


def lines(pack: str, rule: str, lang: str = "zh") -> list[str]:
    """Return what is told of a rule, line by line."""
    of = ruleset(pack)
    return told(of.rules[rule], of).get("en" if lang == "en" else "zh").split("\n")


@pytest.mark.parametrize(
    "pack",
    [
        "fire",
        "mining",
        *(pytest.param(name, marks=pytest.mark.slow) for name in ("chemicals", "gas", "construction")),
    ],
)
def test_no_line_of_a_long_rule_is_long(pack: str) -> None:
    of = ruleset(pack)
    found: set[str] = set()
    for rule in of.rules.values():
        said = told(rule, of)
        if len(sentence(rule, of).zh) <= LONG:
            assert said == say(rule, of)
            continue
        *conditions, by = said.zh.split("\n")
        assert by.startswith("  由")
        assert len(said.get("en").split("\n")) == len(conditions) + 1
        found |= {rule.id for line in conditions if len(line.strip()) > LONG}
    assert found == (COMPUTED if pack == "fire" else set())


def test_conditions_are_numbered_and_nested() -> None:
    assert lines("mining", "mine.coal2026.06-04d")[:10] == [
        "对每个井下地点，下列情形属于重大事故隐患。",
        "  前提：下列各项都成立",
        "    1 所在煤矿的瓦斯等级是煤与瓦斯突出",
        "    2 位于突出煤层为“是”",
        "    3 正在采掘作业为“是”",
        "    4 采用经考察确定的本矿临界值为“否”",
        "    5 指标超限后采取了补充措施为“否”",
        "    6 地点类别是煤巷掘进工作面、半煤岩巷掘进工作面之一",
        "  情形：下列任何一项成立",
        "    1 钻屑瓦斯解吸指标Δh2达到200 Pa",
    ]
    nested = lines("construction", "con.dbjt15-162.3-7-3")
    assert [line.split()[0] for line in nested[3:-1]] == [
        *("1", "2", "2.1", "2.2", "2.3", "2.3.1", "2.3.2", "2.4", "2.4.1", "2.4.2")
    ]
    assert lines("mining", "mine.coal2026.06-04d", "en")[1:3] == [
        "  Where: all of these hold",
        "    1 Gas grade of its Coal mine is Coal and gas outburst",
    ]


def test_elements_that_are_counted_stand_one_a_line() -> None:
    said = lines("fire", "fire.2017.5-3-3d")
    of = ruleset("fire")
    assert said[2].endswith("成立")
    assert "6项成立" in said[2]
    elements = [rule for rule in of.rules.values() if rule.kind == "element"]
    assert len([line for line in said if line.startswith("    ")]) == len(elements)


def test_a_choice_stands_one_case_a_line() -> None:
    assert lines("mining", "mine.gb16423.speeda")[1:-1] == [
        "  情形：风速小于下列所取",
        "    1 若地点类别是硐室型采场，取0.15 m/s",
        "    2 若地点类别是饰面石材采场，取0.06 m/s",
        "    3 若地点类别是巷道型采场、掘进巷道之一，取0.25 m/s",
        "    4 若地点类别是电耙道和二次破碎巷道，取0.5 m/s",
        "    5 否则取0.2 m/s",
    ]


def test_the_command_breaks_long_rules() -> None:
    shown = run("pack", "say", "mining", "mine.gb16423.speeda", "--as-of", "2026-11-21")
    assert shown.stdout.startswith("mine.gb16423.speeda  对每个井下作业地点，下列情形违反要求。\n  情形：")
