"""How packs are put together: entities, definitions, tables, parameters and profiles."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from dualprev_rules.facts.possible import Interval
from dualprev_rules.facts.types import Bool, Date, Enum, ListOf, Number, Rec, SetOf, Text
from dualprev_rules.facts.units import find_unit
from dualprev_rules.lang.tree import Decide
from dualprev_rules.pack import Ruleset, check_packs, load_ruleset
from dualprev_rules.pack.resolve.tables import key_form
from dualprev_rules.problems import DualprevError, Words
from tests.pack.packs import FIXTURES, TODAY, changed, load, problems, small

TONNE = find_unit("t")
TABLE = "table: x\ncite: {instrument: old-2017, clause: 1}\nkey: {n: n}\n"
HEAD = "pack: other\nversion: 1.0.0\nlanguage: 1\ntitle: {zh: 另一包, en: Other}\n"


def _other(folder: Path, files: dict[str, str]) -> Path:
    pack = folder / "other"
    for name, text in {"pack.yaml": HEAD, **files}.items():
        (pack / name).parent.mkdir(parents=True, exist_ok=True)
        (pack / name).write_text(text, "utf-8")
    return pack


def _codes(*packs: Path) -> list[str]:
    return [problem.code for problem in problems(*packs)]


# --- entities --------------------------------------------------------------------------------------


def test_attributes_are_added_to_the_entity_of_another_pack(tmp_path: Path) -> None:
    text = "unit: {extends: small.unit, attributes: {area: {type: number, unit: m², min: 0, label: 面积}}}\n"
    schema = load(small(tmp_path), _other(tmp_path, {"facts.yaml": text})).schema
    assert schema.entities["unit"].attributes["area"].pack == "other"
    assert schema.entities["unit"].attributes["name"].pack == "small"
    assert schema.entities["unit"].key == "id"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("unit: {extends: small.units, attributes: {}}", "pack.unknown-entity"),
        ("units: {extends: small.unit, attributes: {}}", "pack.unknown-entity"),
        ("unit: {extends: core.unit, attributes: {}}", "pack.unknown-entity"),
        ("unit: {label: 单元, attributes: {}}", "pack.duplicate-entity"),
        ("place: {label: 单元, attributes: {}}", "pack.label-clash"),
        ("place: {attributes: {}}", "pack.missing-key"),
        (
            "unit: {extends: small.unit, attributes: {has_alarm: {type: text, label: 报警器}}}",
            "pack.attribute-conflict",
        ),
        ("unit: {extends: small.unit, attributes: {bell: {type: bool, label: 报警器}}}", "pack.label-clash"),
        ("place: {label: 场所, key: no, attributes: {}}", "pack.unknown-attribute"),
        ("place: {label: 场所, attributes: {a: {type: list, of: unt, label: 甲}}}", "pack.unknown-entity"),
        ("place: {label: 场所, attributes: {a: {type: record, to: unt, label: 甲}}}", "pack.unknown-entity"),
        ("place: {label: 场所, attributes: {a: {type: record, label: 甲}}}", "pack.missing-key"),
        ("place: {label: 场所, attributes: {a: {type: enum, label: 甲}}}", "pack.missing-key"),
        ("place: {label: 场所, attributes: {a: {type: list, label: 甲}}}", "pack.missing-key"),
        ("place: {label: 场所, attributes: {a: {type: text, unit: t, label: 甲}}}", "pack.only-numbers"),
        ("place: {label: 场所, attributes: {a: {type: text, min: 1, label: 甲}}}", "pack.only-numbers"),
        ("place: {label: 场所, attributes: {a: {type: text, either: x, label: 甲}}}", "pack.only-lists"),
        (
            "place: {label: 场所, attributes: {a: {type: number, reads: {x: y}, label: 甲}}}",
            "pack.only-members",
        ),
        (
            "place: {label: 场所, attributes: {a: {type: bool, reads: {x: yes}, label: 甲}}}",
            "pack.unknown-member",
        ),
        (
            "place: {label: 场所, attributes: {a: {type: number, min: 1, above: 0, label: 甲}}}",
            "pack.two-bounds",
        ),
        (
            "place: {label: 场所, attributes: {a: {type: number, unit: t, min: 1 m, label: 甲}}}",
            "pack.not-a-bound",
        ),
        (
            "place: {label: 场所, attributes: {a: {type: number, inherits: unit, label: 甲}}}",
            "pack.not-above",
        ),
        (
            "substance: {extends: small.substance, attributes: {a: {type: bool, inherits: unit, label: 甲}}}",
            "pack.unknown-attribute",
        ),
        (
            """substance:
  {extends: small.substance, attributes: {has_alarm: {type: text, inherits: unit, label: 甲}}}""",
            "pack.inherits-otherwise",
        ),
    ],
)
def test_entities_at_fault(text: str, code: str, tmp_path: Path) -> None:
    found = problems(small(tmp_path), _other(tmp_path, {"facts.yaml": text + "\n"}))
    assert [problem.code for problem in found] == [code]
    assert found[0].fix("zh")
    assert found[0].place is not None
    assert found[0].place.file.endswith("other/facts.yaml")


def test_two_packs_may_declare_the_same_attribute_alike(tmp_path: Path) -> None:
    text = (
        "unit: {extends: small.unit, attributes: {has_alarm: {type: bool, label: {zh: 报警器, en: Alarm}}}}\n"
    )
    assert _codes(small(tmp_path), _other(tmp_path, {"facts.yaml": text})) == []


def test_every_type_of_attribute(tmp_path: Path) -> None:
    text = """place:
  label: 场所
  attributes:
    a: {type: bool, label: 甲, reads: {有: true, 无: false}}
    b: {type: number, unit: 吨, min: 0, below: 2/3, label: 乙}
    c: {type: date, min: 2000-01-01, label: 丙}
    d: {type: {ordered: [1, 2, 3]}, label: 丁}
    e: {type: ordered, values: {bad: 坏, good: 好}, label: 戊}
    f: {type: list, of: {enum: {J1: 急毒, W5.1: 易燃}}, label: 己}
    g: {type: list, of: text, label: 庚}
    h: {type: grade, label: 辛}
    i: {type: list, of: unit, either: x, completeness: stated, label: 壬}
    j: {type: record, to: unit, label: 癸}
    k: {type: text, check: cas, valid_for: 90 d, accept_from: [document], label: 子}
    l: {type: number, whole: true, min: 1, max: 3, label: 丑}
"""
    attributes = (
        load(small(tmp_path), _other(tmp_path, {"facts.yaml": text})).schema.entities["place"].attributes
    )
    assert TONNE is not None
    assert {name: a.type for name, a in attributes.items()} == {
        "a": Bool(),
        "b": Number(TONNE),
        "c": Date(),
        "d": Enum(("1", "2", "3"), ordered=True),
        "e": Enum(("bad", "good"), ordered=True),
        "f": SetOf(Enum(("J1", "W5.1"))),
        "g": SetOf(Text()),
        "h": Enum(("1", "2", "3", "4"), ordered=True),
        "i": ListOf(Rec("unit")),
        "j": Rec("unit"),
        "k": Text(),
        "l": Number(whole=True),
    }
    assert attributes["a"].member_aliases == {"有": "true", "无": "false"}
    assert attributes["b"].range == Interval(Fraction(0), Fraction(2, 3), False, True)
    assert attributes["f"].member_labels["W5.1"].zh == "易燃"
    assert (attributes["i"].stated, attributes["i"].either) == (True, "x")
    assert (attributes["k"].check, attributes["k"].valid_for) == ("cas", 90)
    assert attributes["k"].accept_from == frozenset({"document"})
    assert [attributes["l"].range.low, attributes["l"].range.high] == [1, 3]


# --- definitions -----------------------------------------------------------------------------------


def test_types_are_inferred_through_other_definitions(tmp_path: Path) -> None:
    definitions = load(small(tmp_path)).definitions
    assert definitions["substance", "limit"].type == Number(TONNE) if TONNE else False
    assert isinstance(definitions["unit", "s_value"].type, Number)
    assert definitions["unit", "is_major"].type == Bool()
    assert definitions["unit", "level"].type == Enum(("1", "2", "3"), ordered=True)
    assert isinstance(definitions["unit", "level"].body.node, Decide)
    assert definitions["unit", "s_value"].range == Interval(Fraction(0), None, False, True)
    assert definitions["unit", "is_major"].citations[0].clause == "5.10"


def test_definitions_stand_after_those_that_they_need(tmp_path: Path) -> None:
    names = [name for _, name in load(small(tmp_path)).definitions]
    assert names == ["limit", "s_value", "is_major", "level"]


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        ("{define: unit.kind, is: has_alarm}", "pack.duplicate-id"),
        ("{define: unit.level, is: 1, cite: {instrument: new-2026, clause: 1}}", "pack.duplicate-id"),
        ("{define: unt.x, is: has_alarm}", "pack.unknown-entity"),
        ("{define: unit.x-y, is: has_alarm}", "pack.not-a-name"),
        ("{define: unit.x, classification: true, is: has_alarm}", "pack.no-citation"),
        ("{define: unit.x}", "pack.is-or-decide"),
        ("{define: unit.x, min: 0, is: has_alarm}", "pack.only-numbers"),
        ("{define: unit.x, type: list, is: has_alarm}", "pack.no-value-type"),
        ("{define: unit.x, type: number, is: has_alarm}", "lang.wrong-type"),
        ("{define: unit.x, is: x}", "pack.cycle"),
        ("{define: unit.x, type: bool, is: not x}", "pack.cycle"),
    ],
)
def test_definitions_at_fault(definition: str, code: str, tmp_path: Path) -> None:
    other = _other(tmp_path, {"definitions.yaml": f"- {definition}\n"})
    assert _codes(small(tmp_path), other) == [code]


def test_a_circle_through_rules_and_tables_is_named(tmp_path: Path) -> None:
    pack = changed(tmp_path, "tables/limits.yaml", "when: is_wet", "when: is_wet and unit.is_major")
    (problem,) = problems(pack)
    assert problem.code == "pack.cycle"
    assert problem.given == "substance.limit → unit.is_major → unit.s_value → substance.limit"


@pytest.mark.parametrize(
    ("status", "said", "confirmed"),
    [
        ("transcription", "", True),
        ("recalled", "", False),
        ("recalled", ", confirmed: true", True),
        ("transcription", ", confirmed: false", False),
    ],
)
def test_the_days_of_what_is_recalled_are_confirmed_only_where_that_is_said(
    status: str, said: str, confirmed: bool, tmp_path: Path
) -> None:
    head = f"""{HEAD}
instruments:
  - {{id: a, number: 1, title: 甲, issuer: 局, force: law, binding: true, encoded: full,
     status: {status}, in_force: {{from: 2000-01-01{said}}}}}
"""
    assert load(_other(tmp_path, {"pack.yaml": head})).instruments["a"].confirmed is confirmed


def test_two_editions_of_a_name_must_not_meet(tmp_path: Path) -> None:
    instrument = """
instruments:
  - {id: a, number: 1, title: 甲, issuer: 局, force: law, binding: true, encoded: full,
     in_force: {from: 2000-01-01, replaced_on: DAY}}
  - {id: b, number: 2, title: 乙, issuer: 局, force: law, binding: true, encoded: full,
     in_force: {from: 2010-01-01}}
"""
    text = "".join(
        f"- {{define: unit.x, is: 1, cite: {{instrument: {name}, clause: 1}}}}\n" for name in ("a", "b")
    )
    for day, codes in (("2010-01-01", []), ("2010-01-02", ["pack.duplicate-id"])):
        head = HEAD + instrument.replace("DAY", day)
        folder = tmp_path / day
        folder.mkdir()
        assert _codes(small(folder), _other(folder, {"pack.yaml": head, "definitions.yaml": text})) == codes


def test_editions_that_bind_by_a_date_fact_hold_side_by_side(tmp_path: Path) -> None:
    text = (FIXTURES / "packs" / "editions" / "definitions.yaml").read_text("utf-8")
    for code in ("2006", "2014"):
        text += f"- {{define: building.least, is: 1, cite: {{instrument: code-{code}, clause: '1'}}}}\n"
    pack = tmp_path / "editions"
    shutil.copytree(FIXTURES / "packs" / "editions", pack)
    (pack / "definitions.yaml").write_text(text, "utf-8")
    assert _codes(pack) == ["pack.duplicate-id"]


# --- tables ----------------------------------------------------------------------------------------


def test_a_table_finds_rows_by_any_spelling(tmp_path: Path) -> None:
    table = load(small(tmp_path)).tables["limits"]
    assert table.index["name"] == {"氯": (0,), "液氯": (0,), "硝化纤维素": (1, 2)}
    assert [row.cells["q"] for row in table.rows] == [5, 10, 1]
    assert [row.when.text if row.when else None for row in table.rows] == [None, "is_wet", "not is_wet"]


def test_keys_are_compared_as_the_evaluators_compare_them() -> None:
    from dualprev_rules.evaluate.lookup import normalise

    for text in ("ＣＯ₂", " Acetone ", "硝化纤维素", "7664-41-7", "W5.1（工作温度高于沸点）"):
        assert key_form(text) == normalise(text)


def test_the_rows_of_a_table_may_stand_in_a_csv_file(tmp_path: Path) -> None:
    yaml_text = """table: limits
cite: {instrument: old-2017, clause: 表1}
for: substance
key: {name: [name, alias]}
columns: {q: {type: number, unit: t, above: 0}}
rows: limits.csv
"""
    csv = "no,name,alias,when,q\n1,氯,液氯|氯气,,5\n2,硝化纤维素,,is_wet,10 kg\n"
    pack = small(tmp_path, files={"tables/limits.yaml": yaml_text, "tables/limits.csv": csv})
    table = load(pack).tables["limits"]
    assert table.index["name"] == {"氯": (0,), "液氯": (0,), "氯气": (0,), "硝化纤维素": (1,)}
    assert [row.cells["q"] for row in table.rows] == [5, Fraction(1, 100)]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"tables/more.csv": "a,b\n1,2\n"}, "pack.csv-without-table"),
        (
            {"tables/x.yaml": f"{TABLE}rows: y.csv\n"},
            "pack.no-such-sheet",
        ),
        ({"tables/x.yaml": "table: x\nkey: {n: n}\nrows: []\n"}, "pack.no-citation"),
        (
            {"tables/x.yaml": f"{TABLE}rows: [{{n: a, z: 1}}]\n"},
            "pack.unknown-column",
        ),
        (
            {"tables/x.yaml": f"{TABLE}rows: [{{n: a, when: is_wet}}]\n"},
            "pack.missing-key",
        ),
        ({"rules.yaml": "- rule: x\n"}, "pack.unknown-file"),
        ({"rules/x.yml": "- rule: x\n"}, "pack.unknown-file"),
        ({"rules/x.csv": "a\n"}, "pack.unknown-file"),
        ({"measures/x.yaml": "{measure: x, title: 甲, kind: engineering}\n"}, "pack.list-wanted"),
        ({"measures/x.yaml": "- 文字\n"}, "pack.mapping-wanted"),
    ],
)
def test_files_at_fault(files: dict[str, str], code: str, tmp_path: Path) -> None:
    assert _codes(small(tmp_path, files=files)) == [code]


def test_a_misplaced_file_is_told_where_it_belongs(tmp_path: Path) -> None:
    (problem,) = problems(small(tmp_path, files={"tabels/x.yaml": "table: x\n"}))
    assert problem.nearest == "tables/x.yaml"


def test_other_files_of_a_package_are_no_part_of_the_pack(tmp_path: Path) -> None:
    pack = small(tmp_path)
    before = load(pack).packs[0].hash
    small(
        tmp_path, files={"__init__.py": "", "README.md": "x", "__pycache__/a.yaml": "x", ".git/b.yaml": "x"}
    )
    assert load(pack).packs[0].hash == before
    small(tmp_path, files={"measures/empty.yaml": "# nothing\n"})
    assert load(pack).packs[0].hash != before


# --- rules and profiles ----------------------------------------------------------------------------


def test_a_message_keeps_its_placeholders(tmp_path: Path) -> None:
    rule = load(small(tmp_path)).rules["small.old.1"]
    assert set(rule.placeholders) == {"unit.name", "pressure"}
    assert (
        rule.placeholders["pressure"].node.type
        == load(small(tmp_path)).schema.entities["unit"].attributes["pressure"].type
    )


def test_a_parameter_has_its_unit(tmp_path: Path) -> None:
    limit = load(small(tmp_path)).rules["small.old.2"].parameters["limit"]
    assert (limit.value, limit.shown, limit.stricter) == (Fraction(8, 5), "1.6 MPa", "lower")


PROFILE = """profile: local
version: 1.0.0
title: {zh: 某省, en: Somewhere}
duty_holders: {企业: {en: Enterprise of the place}}
instruments:
  - {id: local-1, number: 1, title: 甲, issuer: 省, force: local_standard, binding: true,
     encoded: full, in_force: {from: 2020-01-01}}
tailor:
  - {rule: small.old.2, set: {limit: FIGURE}, reason: 从严, cite: {instrument: local-1, clause: "1"}}
rules:
  - {rule: local.1, kind: requirement, title: 要求, cite: {instrument: local-1, clause: "2"}, for: unit,
     duty_of: 企业, decided_by: facts, violated: not has_alarm}
"""


def _local(folder: Path, figure: str, change: tuple[str, str] = ("", "")) -> tuple[Ruleset | None, list[str]]:
    file = folder / "local.yaml"
    file.write_text(PROFILE.replace("FIGURE", figure).replace(*change), "utf-8")
    ruleset, found = check_packs([small(folder)], "local", TODAY, profiles={"local": file})
    return ruleset, [problem.code for problem in found]


@pytest.mark.parametrize(
    ("figure", "value"), [('"1.5"', Fraction(3, 2)), ("1.6", Fraction(8, 5)), ("500 kPa", Fraction(1, 2))]
)
def test_a_profile_moves_a_figure_the_stricter_way(figure: str, value: Fraction, tmp_path: Path) -> None:
    ruleset, codes = _local(tmp_path, figure)
    assert codes == []
    assert ruleset is not None
    limit = ruleset.rules["small.old.2"].parameters["limit"]
    assert limit.value == value
    assert limit.cite is not None
    assert limit.cite.instrument == "local-1"
    assert ruleset.rules["local.1"].pack == "local"
    assert ruleset.rules["local.1"].duty_of == Words("企业", "Enterprise of the place")
    assert ruleset.rules["small.old.2"].duty_of == Words("生产经营单位", "Enterprise")


@pytest.mark.parametrize(
    ("figure", "change", "code"),
    [
        ("1.7", ("", ""), "pack.weaker"),
        ("约1", ("", ""), "pack.not-a-figure"),
        ("1 t", ("", ""), "pack.not-a-figure"),
        ("1", ("limit:", "limt:"), "pack.unknown-parameter"),
        ("1", ("rule: small.old.2", "rule: small.old.3"), "pack.unknown-rule"),
        ("1", ("tailor:", "indicators: {}\ntailor:"), "pack.unknown-key"),
    ],
)
def test_a_profile_at_fault(figure: str, change: tuple[str, str], code: str, tmp_path: Path) -> None:
    ruleset, codes = _local(tmp_path, figure, change)
    assert ruleset is None
    assert codes == [code]


def test_a_figure_is_weakened_only_with_reason_and_authority(tmp_path: Path) -> None:
    ruleset, codes = _local(
        tmp_path, "2", ("reason: 从严", "reason: 试点, weakens: {reason: 试点, authority: 某令}")
    )
    assert codes == []
    assert ruleset is not None
    assert ruleset.rules["small.old.2"].parameters["limit"].value == 2


def test_a_figure_that_does_not_say_which_way_is_stricter_stays(tmp_path: Path) -> None:
    pack = changed(tmp_path, "rules/old.yaml", "stricter: lower, ", "")
    file = tmp_path / "local.yaml"
    file.write_text(PROFILE.replace("FIGURE", "1"), "utf-8")
    _, found = check_packs([pack], "local", TODAY, profiles={"local": file})
    assert [problem.code for problem in found] == ["pack.no-stricter-way"]


def test_profiles_extend_profiles_until_they_come_round(tmp_path: Path) -> None:
    files = {}
    for name, base in (("a", "b"), ("b", "a")):
        files[name] = tmp_path / f"{name}.yaml"
        files[name].write_text(f"profile: {name}\nversion: 1\ntitle: x\nextends: {base}\n", "utf-8")
    _, found = check_packs([small(tmp_path)], "a", TODAY, profiles=files)
    assert [(problem.code, problem.given) for problem in found] == [("pack.cycle", "a → b → a")]
    _, found = check_packs([small(tmp_path)], "c", TODAY, profiles=files)
    assert [problem.code for problem in found] == ["pack.unknown-profile"]


def test_a_fault_is_raised_with_all_the_others(tmp_path: Path) -> None:
    pack = changed(tmp_path, "rules/new.yaml", "for: unit", "for: units")
    with pytest.raises(DualprevError) as caught:
        load_ruleset([pack], None, TODAY)
    assert caught.value.code == "pack.unknown-entity"
    assert "units" in str(caught.value)


def test_a_prohibition_says_what_it_prohibits(tmp_path: Path) -> None:
    pack = changed(tmp_path, "rules/old.yaml", "kind: check", "kind: prohibition")
    assert _codes(pack) == ["pack.missing-key"]


def test_a_warning_keeps_nothing_from_being_loaded(tmp_path: Path) -> None:
    pack = changed(tmp_path, "definitions.yaml", '"< 10"', '"< 9"')
    ruleset = load(pack)
    assert [problem.code for problem in ruleset.warnings] == ["pack.gap"]


def _table(rows: str, inputs: str, more: str = "") -> str:
    table = f"hit: unique\n    inputs: [{inputs}]\n    rows: [{rows}]\n    {more}"
    return f"- define: unit.x\n  decide:\n    {table}\n"


@pytest.mark.parametrize(
    ("inputs", "rows", "more", "gaps"),
    [
        ("{name: pressure}", '{pressure: "< 1", then: 1}, {pressure: ">= 1", then: 2}', "", 0),
        ("{name: pressure}", '{pressure: "< 1", then: 1}, {pressure: "> 1", then: 2}', "", 1),
        ("{name: pressure}", '{pressure: "[0..1]", then: 1}', "", 1),
        ("{name: pressure, max: 1}", '{pressure: "[0..1]", then: 1}', "", 0),
        ("{name: pressure}", '{pressure: "[0..1]", then: 1}', "default: 2", 0),
        ("{name: pressure}", '{pressure: "[0..1]", then: 1}', "gap: 原表没有", 0),
        ("{name: people}", '{people: "[0..9]", then: 1}, {people: ">= 10", then: 2}', "", 0),
        ("{name: has_alarm}", '{has_alarm: "true", then: 1}', "", 1),
        (
            "{name: kind}, {name: has_alarm}",
            '{kind: storage, then: 1}, {kind: production, has_alarm: "true", then: 2}',
            "",
            1,
        ),
        ("{name: kind}", '{kind: "not(storage)", then: 1}, {kind: storage, then: 2}', "", 0),
        ("{name: name}", "{name: a, then: 1}", "", 0),
    ],
)
def test_gaps_of_a_decision_table(inputs: str, rows: str, more: str, gaps: int, tmp_path: Path) -> None:
    people = "{people: {type: number, whole: true, min: 0, label: 人数}}"
    facts = f"unit: {{extends: small.unit, attributes: {people}}}\n"
    other = _other(tmp_path, {"facts.yaml": facts, "definitions.yaml": _table(rows, inputs, more)})
    found = problems(small(tmp_path), other)
    assert [(p.code, p.severity, p.args["count"]) for p in found] == (
        [("pack.gap", "warning", gaps)] if gaps else []
    )


@pytest.mark.parametrize(
    ("hit", "second", "overlaps"),
    [
        ("unique", '{pressure: "<= 1", then: 2}', True),
        ("any", '{pressure: "<= 1", then: 2}', True),
        ("any", '{pressure: "<= 1", then: 1}', False),
        ("first", '{pressure: "<= 1", then: 2}', False),
        ("collect(max)", '{pressure: "<= 1", then: 2}', False),
        ("unique", '{pressure: "< 1", then: 2}', False),
    ],
)
def test_overlaps_of_a_decision_table(hit: str, second: str, overlaps: bool, tmp_path: Path) -> None:
    text = _table(f'{{pressure: ">= 1", then: 1}}, {second}', "{name: pressure}").replace(
        "hit: unique", f"hit: {hit}"
    )
    found = _codes(small(tmp_path), _other(tmp_path, {"definitions.yaml": text}))
    assert found == (["pack.overlapping-rows"] if overlaps else [])
