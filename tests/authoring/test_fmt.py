"""A pack in Chinese says what it says in English, and comes back."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualprev_rules.authoring.fmt import respelt, same
from dualprev_rules.authoring.spelling import Labels, names, words
from dualprev_rules.engine import Engine, core_pack
from dualprev_rules.lang import Inline, Scope, compile_condition
from dualprev_rules.lang.spelling import OPERATORS
from dualprev_rules.lang.tree import Node
from dualprev_rules.pack import load_ruleset, read_cases, read_pack
from dualprev_rules.pack.model import Ruleset
from dualprev_rules.pack.spec import KINDS, Spec
from dualprev_rules.pack.spec.keys import KEYS, VALUES
from dualprev_rules.problems.words import Lang
from dualprev_rules.testing import run_cases
from tests.cases import cases
from tests.docs.pages import ROOT, blocks
from tests.property import generate
from tests.property.writer import World
from tests.spec import spec
from tests.spec.pack import scope

DAY = date(2026, 11, 21)


def silo(folder: Path) -> Path:
    """Write the pack of the page of formats."""
    for block in blocks(ROOT / "docs" / "formats.md"):
        if block.title is not None and block.title.startswith("silo/"):
            file = folder / block.title
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, "utf-8")
    return folder / "silo"


def put(files: dict[Path, bytes]) -> None:
    for file, data in files.items():
        file.write_bytes(data)


def outcomes(pack: Path) -> list[bool]:
    return [result.passed for result in run_cases(read_cases(read_pack(pack)), [pack])]


def test_a_pack_goes_to_chinese_and_back(tmp_path: Path) -> None:
    pack = silo(tmp_path)
    rules = pack / "rules" / "venting.yaml"
    rules.write_text("# 泄爆\n" + rules.read_text("utf-8"), "utf-8")
    before = {file: file.read_bytes() for file in pack.rglob("*.yaml")}
    put(respelt(pack, "zh", DAY))
    text = rules.read_text("utf-8")
    assert text.startswith("# 泄爆\n- 规则: silo.2026.01\n  类别: 重大事故隐患\n")
    assert "  适用: 结构 == '钢' 且 单元.大型筒仓群\n  违反: 非 泄爆装置\n" in text
    assert "等于: 合计(s.仓容 / s.限量 其中 s 属于 筒仓清单)" in (pack / "definitions.yaml").read_text(
        "utf-8"
    )
    assert outcomes(pack) == [True, True]
    assert respelt(pack, "zh", DAY) == {}
    put(respelt(pack, "en", DAY))
    after = {file: file.read_bytes() for file in pack.rglob("*.yaml")}
    assert after == before


def test_line_ends_stay(tmp_path: Path) -> None:
    pack = silo(tmp_path)
    rules = pack / "rules" / "venting.yaml"
    rules.write_bytes(rules.read_bytes().replace(b"\n", b"\r\n"))
    put(respelt(pack, "zh", DAY))
    data = rules.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") > 10


def test_a_label_that_two_things_have_is_not_written(tmp_path: Path) -> None:
    pack = silo(tmp_path)
    definitions = pack / "definitions.yaml"
    text = definitions.read_text("utf-8").replace(
        "{zh: 限量, en: Limit}\n  cite", "{zh: 仓容, en: Limit}\n  cite"
    )
    definitions.write_text(text, "utf-8")
    put(respelt(pack, "zh", DAY))
    assert "s.capacity / s.limit" in definitions.read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["chemicals", "construction", "fire", "gas", "mining"])
def test_the_packs_go_to_chinese_and_back(name: str, tmp_path: Path) -> None:
    source = ROOT / "packs" / name / f"dualprev_pack_{name}"
    pack = tmp_path / name
    shutil.copytree(source, pack, ignore=shutil.ignore_patterns("*.py*", "__pycache__"))
    languages: tuple[Lang, ...] = ("zh", "en")
    for lang in languages:
        changed = respelt(pack, lang, DAY)
        assert changed
        put(changed)
    files = {file.relative_to(pack): file.read_bytes() for file in sorted(pack.rglob("*.yaml"))}
    assert files == {file: (source / file).read_bytes() for file in files}
    before, after = (load_ruleset([folder], None, DAY, core=core_pack()) for folder in (source, pack))
    for part in ("rules", "definitions", "tables", "checklists", "measures"):
        assert same(getattr(before, part), getattr(after, part))
    of_both = [read_cases(read_pack(folder))[::60] for folder in (source, pack)]
    assert [(case.name, case.facts, case.expect) for case in of_both[0]] == [
        (case.name, case.facts, case.expect) for case in of_both[1]
    ]
    assert all(result.passed for result in run_cases(of_both[1], [pack]))


def respell(text: str, node: Node, labels: Labels, lang: Lang) -> str:
    edits = list(words(text, lang))
    edits += [e for e in names(text, node, labels, lang) if all(e[1] <= a or b <= e[0] for a, b, _ in edits)]
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def check(text: str, scope: Scope, labels: Labels) -> bool:
    """Spell a condition in Chinese and back; tell whether its names were changed, too."""
    node, _ = compile_condition(Inline(text), scope)
    if node is None:
        return False
    chinese = respell(text, node, labels, "zh")
    meant, faults = compile_condition(Inline(chinese), scope)
    assert meant is not None, (text, chinese, [fault.show("en") for fault in faults])
    assert same(node, meant), (text, chinese)
    english = respell(chinese, meant, labels, "en")
    again, _ = compile_condition(Inline(english), scope)
    assert same(node, again), (text, chinese, english)
    assert not set(OPERATORS.values()) & set(english.split())
    return chinese != text


def test_every_condition_of_the_specification_says_the_same_in_chinese() -> None:
    changed = 0
    for case in spec.cases():
        if "ask" not in case.spec:
            continue
        rules = spec.ruleset(case.file, case.spec.get("as_of", spec.AS_OF))
        entity = "enterprise"
        if case.spec.get("of"):
            entity = next(
                r.entity.name for r in spec.read(case, rules).records() if case.spec["of"] in r.path
            )
        of = scope(rules, entity, data_check=case.spec.get("data_check", False))
        changed += check(str(case.spec["ask"]), of, Labels.of([rules]))
    assert changed > 300


@settings(max_examples=cases(1_000))
@given(generate.worlds(), st.booleans())
def test_random_conditions_say_the_same_in_chinese(world: World, brackets: bool) -> None:
    for entity, told in world.head["facts"].items():
        for name, attribute in told["attributes"].items():
            attribute["label"] = {"zh": f"{entity}之{name}" + "（项）" * brackets, "en": name}
    rules: Ruleset = world.ruleset
    labels = Labels.of([rules])
    for rule in rules.rules.values():
        check(rule.violated.text, scope(rules, rule.entity), labels)
    for definition in rules.definitions.values():
        check(definition.body.text, scope(rules, definition.entity), labels)


def test_every_key_has_a_chinese_spelling() -> None:
    waiting, keys = [Spec], set[str]()
    while waiting:
        for model in waiting.pop().__subclasses__():
            keys |= {field.alias or name for name, field in model.model_fields.items()}
            waiting.append(model)
    assert keys - KEYS.keys() == {"en"}
    assert len(set(KEYS.values())) == len(KEYS)
    assert {kind.id_key for kind in KINDS} - {""} <= KEYS.keys()


def test_every_key_is_on_the_page() -> None:
    page = (ROOT / "docs" / "chinese.md").read_text("utf-8")
    assert [f"{en} {zh}" for en, zh in KEYS.items() if f"{en} {zh}" not in page] == []


def test_words_of_closed_lists_are_read_and_written_in_chinese(tmp_path: Path) -> None:
    pack = silo(tmp_path)
    before = Engine.load(packs=[pack], as_of=DAY, cache=False).ruleset
    for path, data in respelt(pack, "zh", DAY).items():
        path.write_bytes(data)
    text = (pack / "rules" / "venting.yaml").read_text("utf-8")
    assert "类别: 重大事故隐患" in text
    assert "判定方式: 数据" in text
    cases = pack / "cases" / "venting.yaml"
    cases.write_text(cases.read_text("utf-8").replace(": presumed", ": 推定违反"), "utf-8")
    assert all(result.passed for result in run_cases(read_cases(read_pack(pack)), [pack]))
    assert same(before, Engine.load(packs=[pack], as_of=DAY, cache=False).ruleset)
    for path, data in respelt(pack, "en", DAY).items():
        path.write_bytes(data)
    assert "kind: major_hidden_hazard" in (pack / "rules" / "venting.yaml").read_text("utf-8")


def test_every_word_of_a_closed_list_has_one_chinese_spelling() -> None:
    assert len(set(VALUES.values())) == len(VALUES)
    page = (ROOT / "docs" / "chinese.md").read_text("utf-8")
    assert [f"{en} {zh}" for en, zh in VALUES.items() if f"{en} {zh}" not in page] == []
