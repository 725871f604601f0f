"""What is proposed for a slip means what its author meant, and hides no other slip."""

from __future__ import annotations

from pathlib import Path

import pytest

from dualprev_rules.pack import check_packs, lint_packs
from dualprev_rules.problems.denial import near_unless_denied
from tests.lang.faults import found
from tests.pack.packs import TODAY, changed, small


def _fixes(text: str) -> list[str]:
    return [problem.fix("en") or "" for problem in found({"text": text})]


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("not colour == red or green", "write colour in {red, green}"),
        ("colour in red", "write colour in {red}"),
        ("colour !== red", "write “!=”"),
        ("count(t for t in tanks where t.wet) > 1", "write “if”"),
        ("colour not in red", "write colour not in {red}"),
        ("people in (50..100)", "write 50 < people < 100, with < at an end that does not count"),
        ("people in [50..100)", "write 50 <= people < 100, with < at an end that does not count"),
        ("people not between 3 and 5", "write not 3 <= people <= 5, with < at an end that does not count"),
        (
            "people > 3 unless has_interlock",
            "write the exception of a rule under its key unless; elsewhere and not (…)",
        ),
        ("people > 3 并 has_interlock", "write “and”"),
        ("people exceeds 3", "write “>”"),
        ("people is above 3", "write “>”"),
        ("people not above 3", "write “<=”"),
        ("people is not above 3", "write “<=”"),
        ("people isnt above 3", "write “<=”"),
        ("people never exceeds 3", "write “<=”"),
        ("people does not exceed 3", "write “<=”"),
        ("people not exceeding 3", "write “<=”"),
        ("people not below 3", "write “>=”"),
        ("people not greater than 3", "write “<=”"),
        ("people not equal to 3", "write “!=”"),
        ("people is not less than 3", "write “>=”"),
        ("people !> 3", "write “<=”"),
        ("people is no more than 3", "write “<=”"),
        ("people at least 3", "write “>=”"),
        ("If people > 3", "leave it out"),
        ("氧含量未超过5", "write “氧含量 <= 5”"),
        ("氧含量没有超过5", "write “氧含量 <= 5”"),
        ("氧含量并未大于5", "write “氧含量 <= 5”"),
        ("氧含量非大于5", "write “氧含量 <= 5”"),
        ("氧含量不是大于5", "write “氧含量 <= 5”"),
        ("氧含量没有达到5", "write “氧含量 < 5”"),
        ("氧含量未低于5", "write “氧含量 >= 5”"),
        ("氧含量没有小于5", "write “氧含量 >= 5”"),
        ("氧含量未等于5", "write “氧含量 != 5”"),
        ("氧含量不得超过5", ""),
        ("氧含量不应小于5", ""),
        ("氧含量不大于5", "write “氧含量 <= 5”"),
        ("氧含量未达到5", "write “氧含量 < 5”"),
        ("氧含量超过5", "write “氧含量 > 5”"),
        ("氧含量 未超过 5", "write “<=”"),
        ("kind == 'non_storage'", "write “production”、“storage”"),
        ("kind == 'not storage'", "write “production”、“storage”"),
        ("kind == non_storage", "write “production”、“storage”"),
        ("at_most(2, has_interlock, is_large)", "write “count_true(…) <= n”"),
        ("至多2项(has_interlock, is_large)", "write “count_true(…) <= 2”"),
        ("unknown(people)", "write “not known(…)”"),
        ("not_known(people)", "write “not known(…)”"),
        ("not_any(t.wet for t in tanks)", "write “not any(…)”"),
        ("not_all(t.wet for t in tanks)", "write “not all(…)”"),
        ("none(t.wet for t in tanks)", "write “not any(…)”"),
        ("count_false(has_interlock, is_large)", "write “count_true(not …, not …)”"),
        ("氧含量介于3和5", "write “3 <= 氧含量 <= 5”"),
        ("氧含量在50以上", "write “氧含量 >= 50”"),
    ],
)
def test_the_fix_keeps_the_meaning(text: str, fix: str) -> None:
    assert _fixes(text) == [fix]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("kind not storage", "kind != storage"),
        ("colour !== red", "colour != red"),
        ("colour ~= red", "colour != red"),
        ("people not > 3", "people <= 3"),
        ("level 在 {1, 2} 中", "level in {1, 2}"),
        ("level在{1, 2}之中", "level in {1, 2}"),
        ("colour 不在 {red, green} 里", "colour not in {red, green}"),
        ("colour in {red, green} 中", "colour in {red, green}"),
        ("neither has_interlock nor is_large", "not has_interlock and not is_large"),
        ("neither people > 3 nor is_large or is_large", "not people > 3 and not is_large or is_large"),
        ("both has_interlock and is_large", "has_interlock and is_large"),
        ("any t in tanks: t.wet", "any(t.wet for t in tanks)"),
        ("has_interlock and all(t in tanks: t.wet)", "has_interlock and all(t.wet for t in tanks)"),
        ("any t in tanks if t.wet and t.size > 3", "any(t.wet and t.size > 3 for t in tanks)"),
        ("true if people >= 1", "people >= 1"),
        ("people > 1,000", "people > 1000"),
        ("people in {1,000, 2,000}", "people in {1000, 2000}"),
        ("people > 1,000 or mass > 5 kg", "people > 1000 or mass > '5 kg'"),
        ("people^2 > 3 or people² > 4", "(people * people) > 3 or (people * people) > 4"),
        ("8 / people ** 3 > 1", "8 / (people * people * people) > 1"),
    ],
)
def test_what_is_proposed_is_clean_and_says_what_was_meant(text: str, meant: str) -> None:
    mended = text
    for problem in reversed(found({"text": text})):
        assert problem.place is not None
        assert problem.place.column is not None
        start = problem.place.column - 1
        mended = mended[:start] + (problem.nearest or "") + mended[start + (problem.place.width or 0) :]
    assert mended.replace("in{", "in {").split() == meant.split()
    assert found({"text": mended}) == []


def test_a_denied_member_in_a_cell_is_not_called_by_its_opposite() -> None:
    rows = {"hit": "unique", "inputs": [{"name": "kind"}], "rows": [{"kind": "non_storage", "then": 1}]}
    assert [p.nearest for p in found({"decide": rows}) if p.code == "lang.cell"] == ["production、storage"]


@pytest.mark.parametrize(
    "text",
    [
        "people > 1,000 or peple > 3",
        "neither peple > 3 nor is_large",
        "colour not red and peple > 3",
        "people² > peple",
    ],
)
def test_a_proposal_hides_no_other_slip(text: str) -> None:
    assert "lang.unknown-name" in [problem.code for problem in found({"text": text})]


def test_several_figures_between_commas_stay_several() -> None:
    assert found({"text": "people in {1,200, 300} and min(people,100) > 3"}) == []


def test_a_unit_that_does_not_fit_is_not_proposed() -> None:
    assert [(p.code, p.nearest) for p in found({"text": "mass > 50%"})] == [
        ("lang.quantity", None),
        ("lang.units", None),
    ]


def test_an_if_without_else_is_told() -> None:
    assert [p.code for p in found({"text": "people if has_interlock"})] == ["lang.no-else"]


def test_a_word_between_two_conditions_is_no_unit() -> None:
    (problem,) = found({"text": "people > 3 xor has_interlock"})
    assert problem.code == "lang.syntax"


@pytest.mark.parametrize(
    "text", ["colour == 'red and peple > 3", "colour == red' and peple > 3", "mass > '3 t and peple > 3"]
)
def test_a_quote_that_is_not_closed_hides_no_other_slip(text: str) -> None:
    assert [problem.code for problem in found({"text": text})] == ["lang.unbalanced", "lang.unknown-name"]


def _nearest(name: str) -> str | None:
    names = ["id", "has_alarm", "is_protected", "unit_no", "pressure"]
    also = {"has_alarm": ("报警器", "Alarm"), "is_protected": ("无水", "Dry")}
    near, denied = near_unless_denied(name, names, also, lambda name: name in ("has_alarm", "is_protected"))
    return f"not {near}" if denied and near else near


@pytest.mark.parametrize("word", ["没有{}", "无{}", "未设{}", "缺少{}", "{}缺失", "{}未设", "{}没有"])
def test_a_chinese_denial_is_not_mended_into_its_opposite(word: str) -> None:
    assert _nearest(word.format("报警器")) == "not has_alarm"


@pytest.mark.parametrize(
    "name",
    [
        "has_no_alarm",
        "no_alarm",
        "hasnt_alarm",
        "not_has_alarm",
        "has_not_alarm",
        "without_alarm",
        "nothas_alarm",
        "noalarm",
        "alarm_missing",
        "lacks_alarm",
        "not_has_alrm",
    ],
)
def test_an_english_denial_is_not_mended_into_its_opposite(name: str) -> None:
    assert _nearest(name) == "not has_alarm"


def test_a_prefix_that_denies_is_told_from_a_name_that_begins_so() -> None:
    assert _nearest("is_unprotected") == "not is_protected"
    assert (_nearest("unit_noo"), _nearest("无水分"), _nearest("has_alrm")) == (
        *("unit_no", "is_protected", "has_alarm"),
    )


@pytest.mark.parametrize(
    "name", ["报警器不足", "报警器故障", "不得无报警器", "not_without_alarm", "no_pressure"]
)
def test_what_is_not_plainly_a_denial_gets_no_name(name: str) -> None:
    assert _nearest(name) is None


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("报警器缺失", "not has_alarm"),
        ("has_no_alarm", "not has_alarm"),
        ("any(s.is_not_wet for s in substances)", "not s.is_wet"),
        ("报警器不足", None),
        ("any(s.is_wet_never_mind_lacking for s in substances)", None),
    ],
)
def test_the_fix_of_a_denial_in_a_pack(tmp_path: Path, text: str, fix: str | None) -> None:
    pack = changed(tmp_path, "rules/old.yaml", "violated: pressure > limit", f"violated: {text}")
    (fault,) = [p for p in lint_packs([pack], TODAY) if p.code == "lang.unknown-name"]
    assert fault.nearest == fix


@pytest.mark.parametrize("blank", ["", ", q: "])
def test_a_row_that_alone_lacks_the_figure_is_told(tmp_path: Path, blank: str) -> None:
    pack = small(tmp_path)
    table = pack / "tables" / "limits.yaml"
    text = table.read_text("utf-8")
    text = text.replace("columns:\n", "columns:\n  gas: {type: text}\n", 1)
    text = text.replace('alias: [液氯], q: "5"}', f'alias: [液氯], gas: "7"{blank}}}', 1)
    table.write_text(text, "utf-8")
    told = [problem.code for problem in lint_packs([pack], TODAY) if "figure" in problem.code]
    assert told == ["pack.cell-without-figure"]


@pytest.mark.parametrize("kind", ["", "kind: {type: text, label: {zh: 种类, en: Sort}}"])
def test_a_forgotten_extends_is_one_fault(tmp_path: Path, kind: str) -> None:
    other = tmp_path / "other"
    other.mkdir()
    attributes = "{bell: {type: bool, label: {zh: 警铃, en: Bell}}" + f", {kind}}}"
    for name, text in {
        "pack.yaml": (small(tmp_path) / "pack.yaml").read_text("utf-8").replace("pack: small", "pack: other"),
        "facts.yaml": f"unit: {{label: {{zh: 单元, en: Unit}}, attributes: {attributes}}}\n",
        "definitions.yaml": "- {define: unit.rings, is: bell and kind == storage}\n",
    }.items():
        (other / name).write_text(text, "utf-8")
    _, found = check_packs([tmp_path / "small", other], None, TODAY)
    assert [problem.code for problem in found] == ["pack.duplicate-entity"]


def test_a_list_of_members_is_proposed_as_an_enum(tmp_path: Path) -> None:
    old = "has_shutoff: {type: bool, "
    pack = changed(
        tmp_path,
        "facts.yaml",
        old,
        f"kinds: {{type: list, of: [wet, dry], label: {{zh: 种类, en: Kinds}}}}\n    {old}",
    )
    (fault,) = lint_packs([pack], TODAY)
    assert (fault.code, fault.fix("en")) == ("pack.members-listed", "write “{enum: [wet, dry]}”")
