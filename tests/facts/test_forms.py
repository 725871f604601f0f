"""One site is one set of facts in every form: objects, JSON, YAML, template; and it fits the JSON Schema."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from openpyxl import Workbook, load_workbook

from dualprev_rules.facts import ROOT, Facts, Schema, facts_schema, write_template
from dualprev_rules.facts.plan import Plans
from dualprev_rules.facts.possible import Items
from dualprev_rules.facts.sources.xlsx import CHOICES_SHEET
from dualprev_rules.facts.types import Bool, Enum, Number, Rec, SetOf, Text
from dualprev_rules.problems import DualprevError
from tests.cases import cases
from tests.facts.asserts import codes, read, unit_with
from tests.facts.schema import SCHEMA, attribute, entity, records
from tests.facts.sites import SITES

HEADERS = 3


def digest(facts: Facts) -> dict[str, Any]:
    """Return path → what is possible there, for every given fact."""
    found: dict[str, Any] = {}
    for record in facts.records():
        for name, fact in record.facts.items():
            possible = fact.value.possible
            if isinstance(possible, Items):
                possible = [r.path for r in possible.records], possible.complete
            elif isinstance(possible, tuple):
                possible = [r.path for r in possible]
            found[f"{record.path}.{name}"] = possible
    return found


@given(SITES)
@settings(max_examples=cases(400))
def test_json_and_yaml_say_what_objects_say(
    tmp_path_factory: pytest.TempPathFactory, site: dict[str, Any]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    wanted = digest(read(site))
    (folder / "forms.json").write_text(json.dumps(site, ensure_ascii=False), "utf-8")
    assert digest(read(folder / "forms.json")) == wanted
    (folder / "forms.yaml").write_text(yaml.safe_dump(site, allow_unicode=True), "utf-8")
    assert digest(read(folder / "forms.yaml")) == wanted


@given(SITES)
@settings(max_examples=cases(400))
def test_labels_say_what_names_say(site: dict[str, Any]) -> None:
    plans = Plans(SCHEMA)

    def renamed(entity: str, record: dict[str, Any]) -> dict[str, Any]:
        plan = plans[entity]
        return {
            plan.slots[name].attribute.label.zh: [renamed(plan.slots[name].child or "", r) for r in value]
            if plan.slots[name].child
            else value
            for name, value in record.items()
        }

    labelled = {"企业": renamed(ROOT, site["enterprise"])}
    assert digest(read(labelled)) == digest(read(site))


def fill(path: Path, site: dict[str, Any], lang: Any) -> None:
    """Fill a template in as its user would, by the headers that it has."""
    plans, book = Plans(SCHEMA), load_workbook(path)
    rows: dict[str, int] = {}

    def put(entity: str, record: dict[str, Any], holder: tuple[str, str] | None) -> None:
        plan = plans[entity]
        sheet = book[plan.entity.label.get(lang)]
        row = rows[entity] = rows.get(entity, HEADERS) + 1
        headers = {cell.value: cell.column for cell in sheet[HEADERS]}
        if holder is not None and holder[0] != ROOT:
            sheet.cell(row, headers[SCHEMA.entities[holder[0]].label.get(lang)], holder[1])
        for name, value in record.items():
            slot = plan.slots[name]
            if slot.child is not None:
                for child in value:
                    put(slot.child, child, (entity, record.get("id", "")))
            else:
                sheet.cell(
                    row,
                    headers[slot.attribute.label.get(lang)],
                    "、".join(value) if isinstance(value, list) else value,
                )

    put(ROOT, {"id": "E1", **site["enterprise"]}, None)
    book.save(path)


@given(SITES)
@settings(max_examples=cases(200))
def test_the_template_filled_in_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, site: dict[str, Any]
) -> None:
    path = tmp_path_factory.getbasetemp() / "template.xlsx"
    write_template(SCHEMA, path, lang="zh")
    fill(path, site, "zh")
    site["enterprise"]["id"] = "E1"
    facts = read(path)
    assert facts.problems == ()
    assert digest(facts) == digest(read(site))


def test_the_english_template_reads_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    site: Any = {
        "enterprise": {
            "id": "E1",
            "units": [{"id": "U1", "kind": "Storage", "hazards": ["J1"], "tanks": [{"id": "1"}]}],
        }
    }
    write_template(SCHEMA, path, lang="en")
    fill(path, site, "en")
    assert digest(read(path)) == digest(read(site))


def test_an_empty_template_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_template(SCHEMA, path)
    with pytest.raises(DualprevError) as raised:
        read(path)
    assert [p.code for p in raised.value.problems] == ["facts.nothing"]


def test_a_template_has_text_columns_choices_and_hints(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_template(SCHEMA, path)
    book = load_workbook(path)
    assert book.sheetnames == ["企业", "厂区", "单元", "人员", "物质", "储罐", CHOICES_SHEET]
    assert book[CHOICES_SHEET].sheet_state == "hidden"
    for declared, sheet in ((e, book[e.label.zh]) for e in SCHEMA.entities.values()):
        plan = Plans(SCHEMA)[declared.name]
        headers = {cell.value: cell.column_letter for cell in sheet[HEADERS]}
        offered = {
            cells.coord.split(":")[0]
            for v in sheet.data_validations.dataValidation
            for cells in v.sqref.ranges
        }
        assert "A1" in offered
        for slot in plan.slots.values():
            if slot.child is not None:
                assert slot.attribute.label.zh not in headers
                continue
            column = headers[slot.attribute.label.zh]
            of = slot.attribute.type
            text = isinstance(of, (Text, Rec, Enum, SetOf))
            assert (sheet.column_dimensions[column].number_format == "@") == text
            assert (sheet[f"{column}{HEADERS + 1}"].number_format == "@") == text
            assert (f"{column}{HEADERS + 1}" in offered) == isinstance(of, (Enum, Bool))
    hints = {cell.value for cell in book["单元"][2]}
    assert "%vol\n[0, 30]" in hints
    assert "是 / 否" in hints
    choices = [[c.value for c in column if c.value] for column in book[CHOICES_SHEET].columns]
    assert ["生产", "储存"] in choices
    assert ["本表已填全", "本表未填全"] in choices


def test_the_mark_of_the_template_is_read(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    for mark, complete in (("本表已填全", True), ("本表未填全", False)):
        write_template(SCHEMA, path)
        fill(path, {"enterprise": {"units": [{"id": "U1", "tanks": [{"id": "T1"}]}]}}, "zh")
        book = load_workbook(path)
        book["储罐"]["A1"] = mark
        book.save(path)
        assert digest(read(path))["enterprise.units[U1].tanks"] == (
            ["enterprise.units[U1].tanks[T1]"],
            complete,
        )


def test_labels_that_cannot_head_a_sheet_or_column_give_way_to_names(tmp_path: Path) -> None:
    odd = Schema(
        {
            "enterprise": entity(
                "enterprise",
                "企业/公司",
                attribute("id", Text(), "编号"),
                attribute("code", Text(), "编号"),
                records("teams", "team", "班组"),
                records("posts", "post", "岗位"),
                records("old_posts", "post", "旧岗位"),
            ),
            "team": entity(
                "team",
                "班组",
                attribute("id", Text(), "编号"),
                records("posts", "post", "岗位"),
                records("spare", "post", "备用岗位"),
            ),
            "post": entity(
                "post", "班组", attribute("id", Text(), "编号"), attribute("name", Text(), "班组")
            ),
        }
    )
    path = tmp_path / "template.xlsx"
    write_template(odd, path)
    book: Workbook = load_workbook(path)
    assert book.sheetnames == ["enterprise", "班组", "post", CHOICES_SHEET]
    assert [cell.value for cell in book["enterprise"][HEADERS]] == ["编号", "code"]
    assert [cell.value for cell in book["post"][HEADERS]] == ["team.posts", "team.spare", "编号", "班组"]


def test_a_template_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "template.xlsx"
    path.write_text("what was there", "utf-8")

    def fail(self: Any, file: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Workbook, "save", fail)
    with pytest.raises(DualprevError) as raised:
        write_template(SCHEMA, path)
    assert raised.value.code == "facts.cannot-write"
    assert [file.name for file in tmp_path.iterdir()] == ["template.xlsx"]
    assert path.read_text("utf-8") == "what was there"
    with pytest.raises(DualprevError):
        write_template(SCHEMA, tmp_path / "nowhere" / "template.xlsx")


def test_writing_needs_openpyxl_and_says_so(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['openpyxl'] = None\n"
        "from dualprev_rules.facts import write_template\n"
        "from dualprev_rules.problems import DualprevError\n"
        "from tests.facts.schema import SCHEMA\n"
        "try: write_template(SCHEMA, sys.argv[1])\n"
        "except DualprevError as fault: print(fault.code)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "t.xlsx")]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "facts.needs-openpyxl"
    assert list(tmp_path.iterdir()) == []


# The JSON Schema of input.

VALIDATOR = Draft202012Validator(facts_schema(SCHEMA))


def test_the_json_schema_is_one_and_is_the_same_every_time() -> None:
    Draft202012Validator.check_schema(facts_schema(SCHEMA))
    assert json.dumps(facts_schema(SCHEMA)) == json.dumps(facts_schema(SCHEMA))


def test_the_json_schema_says_in_which_unit_a_bare_figure_is_read() -> None:
    defs = facts_schema(SCHEMA)["$defs"]
    for of in SCHEMA.entities.values():
        for name, each in of.attributes.items():
            unit = each.type.unit.symbol if isinstance(each.type, Number) else ""
            assert defs[f"{of.name}.{name}"].get("x-unit", "") == unit
    assert defs["unit.oxygen"]["x-unit"] == "%vol"


@given(SITES)
@settings(max_examples=cases(400))
def test_what_is_read_without_a_problem_fits_the_json_schema(site: dict[str, Any]) -> None:
    assert read(site).problems == ()
    assert [error.message for error in VALIDATOR.iter_errors(site)] == []


@pytest.mark.parametrize(
    "given_as",
    [
        {"oxygen": {"value": 20, "unit": "%vol", "at": "2026-01-01", "by": "张三", "source": "sensor"}},
        {"oxygen": {"at_least": 18, "at_most": 20, "来源": "传感器"}},
        {"oxygen": {"value": {"between": [18, 20]}, "evidence": "照片"}},
        {"oxygen": {"one_of": [18, "20 %vol"]}},
        {"kind": {"value": "储存"}},
        {"kind": {"one_of": ["production", "储存"]}},
        {"hazards": {"items": ["J1"], "complete": False}},
        {"hazards": "J1、J2"},
        {"substances": {"items": [{"name": "氯"}], "complete": True}},
        {"substances": {"name": "氯"}},
        {"substances": None, "oxygen": None},
        {"commissioned_on": "2019年3月1日", "owner": {"value": None}},
    ],
)
def test_long_forms_fit_the_json_schema(given_as: dict[str, Any]) -> None:
    site = unit_with(**given_as)
    assert codes(read(site)) == []
    assert [error.message for error in VALIDATOR.iter_errors(site)] == []


@pytest.mark.parametrize(
    "given_as",
    [
        {"oxygn": 20},
        {"oxygen": True},
        {"oxygen": "约20"},
        {"oxygen": {"vlaue": 20}},
        {"kind": "transport"},
        {"oxygen": {"at_last": 20}},
        {"hazards": ["J9"]},
        {"has_interlock": "no"},
        {"commissioned_on": "去年"},
        {"substances": "氯"},
        {"substances": [{"nam": "氯"}]},
        {"oxygen": {"value": 20, "source": "hearsay"}},
        {"oxygen": {"source": "sensor"}},
        {"kind": {"at_least": "storage"}},
    ],
)
def test_what_is_wrong_does_not_fit_the_json_schema(given_as: dict[str, Any]) -> None:
    site = unit_with(**given_as)
    assert codes(read(site)) != []
    assert not VALIDATOR.is_valid(site)


def test_dates_of_python_are_read_although_json_has_none() -> None:
    assert codes(read(unit_with(commissioned_on=date(2019, 3, 1)))) == []
