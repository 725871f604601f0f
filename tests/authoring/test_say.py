"""Rules as sentences."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from dualprev_rules import Engine
from dualprev_rules.authoring.say import Teller, say
from dualprev_rules.facts.types import Number
from dualprev_rules.facts.units import find_unit, spellings
from dualprev_rules.lang import Inline, compile_condition
from dualprev_rules.lang.tree import Const, Span
from dualprev_rules.pack.model import RULE_KINDS, RuleKind
from dualprev_rules.problems import Words
from tests.authoring.test_fmt import silo
from tests.cli.run import run
from tests.spec import spec
from tests.spec.pack import scope


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine.load(packs=[silo(tmp_path_factory.mktemp("silo"))], as_of="2026-11-21")


def test_a_rule_is_a_sentence(engine: Engine) -> None:
    said = say(engine.ruleset.rules["silo.2026.01"], engine.ruleset)
    assert said.zh == (
        "对每个筒仓：凡结构是钢，且所在单元的大型筒仓群为“是”，而泄爆装置为“否”的，属于重大事故隐患；"
        "但防爆措施中有抑爆的除外。由生产经营单位负责。依据：示例〔2026〕1号 5.2。"
    )
    assert said.en == (
        "For each Silo: where Built of is Steel, and Large group of silos of its Unit: yes, "
        "Explosion vent: no. This is a major hidden hazard; "
        "except where Explosion protections has Suppression. "
        "Duty of: business. By: 示例〔2026〕1号 5.2."
    )


def test_less_than_a_requirement_breaks_it(engine: Engine) -> None:
    rule = replace(engine.ruleset.rules["silo.2026.02"], kind="requirement")
    said = say(rule, engine.ruleset)
    assert "3 mm的，违反要求。" in said.zh
    assert "This breaks a requirement." in said.en


@pytest.mark.parametrize("kind", RULE_KINDS)
def test_each_kind_of_rule_has_an_ending(engine: Engine, kind: RuleKind) -> None:
    said = say(replace(engine.ruleset.rules["silo.2026.02"], kind=kind), engine.ruleset)
    assert "的，属于要求" not in said.zh
    assert said.zh.count("的，") == 1


def test_a_parameter_stands_with_its_figure(engine: Engine) -> None:
    said = say(engine.ruleset.rules["silo.2026.02"], engine.ruleset)
    assert "积尘厚度超过积尘厚度限值3 mm的" in said.zh


def figure(engine: Engine, value: int, unit: str) -> Words:
    declared = find_unit(unit)
    assert declared is not None
    return Teller(engine.ruleset).tell(Const(Fraction(value), type=Number(declared), span=Span(0, 0)))


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [(5, "年", "5 years"), (1, "年", "1 year"), (50, "人", "50 people"), (3, "mm", "3 mm")],
)
def test_an_english_sentence_names_units_in_english(engine: Engine, value: int, unit: str, told: str) -> None:
    assert figure(engine, value, unit) == Words(f"{value} {unit}", told)


def test_every_unit_declared_in_chinese_has_its_english_word(engine: Engine) -> None:
    symbols = {unit.symbol for spelling in spellings() if (unit := find_unit(spelling)) is not None}
    chinese = {symbol for symbol in symbols if re.search("[一-鿿]", symbol)}
    assert len(chinese) > 30
    assert {symbol for symbol in chinese if re.search("[一-鿿]", figure(engine, 5, symbol).en)} == set()


def test_values_and_lists_are_told(engine: Engine) -> None:
    load = engine.ruleset.definitions["unit", "load"].body.node
    assert Teller(engine.ruleset).tell(load).zh == "筒仓清单的仓容 ÷ 限量之和"


def test_every_condition_of_the_specification_can_be_said() -> None:
    told = 0
    for case in spec.cases():
        rules = spec.ruleset(case.file, case.spec.get("as_of", spec.AS_OF))
        of = scope(rules, "enterprise", data_check=case.spec.get("data_check", False))
        node, _ = compile_condition(Inline(str(case.spec.get("ask", ""))), of)
        if node is not None:
            words = Teller(rules).tell(node)
            assert words.zh
            assert words.en
            told += 1
    assert told > 600


def test_the_command_says_one_or_all(tmp_path: Path) -> None:
    pack = str(silo(tmp_path))
    one = run("pack", "say", pack, "silo.2026.02", "--as-of", "2026-11-21", "--lang", "en")
    assert one.stdout.startswith("silo.2026.02  For each Silo: Dust layer is more than")
    assert run("pack", "say", pack, "--as-of", "2026-11-21").stdout.count("对每个筒仓") == 2
    wrong = run("pack", "say", pack, "silo.2026.03", "--as-of", "2026-11-21")
    assert wrong.exit_code == 2
    assert "cli.no-rule" in wrong.stderr
