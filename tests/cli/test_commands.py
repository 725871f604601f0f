"""The other commands: explain, ask, grade, facts, pack, demo."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import openpyxl
import pytest
from jsonschema import Draft202012Validator

from dualprev_rules.report import result_schema
from tests.cli.run import DAY, SITE, YARD, run


def test_explain_goes_down_to_facts_and_clauses() -> None:
    shown = run("explain", SITE, "yard.2020.01", "--path", "unit[U1]", *DAY).stdout
    for said in (
        "unit[U1]: yard.2020.01",
        "《堆场要求（测试虚构）》 测试〔2020〕1号 3.1",
        "适用  drum_load > 5 = 是",
        "桶载荷  drum_load = 5.25",
        "测试〔2020〕1号 2",
        "enterprise.units[U1].drums · 填写为“21”",
        "围堰  has_bund = 否",
    ):
        assert said in shown, said
    assert "unit[U2]" not in shown


def test_explain_speaks_english_and_shows_every_record() -> None:
    shown = run("explain", SITE, "yard.2020.02", *DAY, "--lang", "en").stdout
    assert [line.split(":")[0] for line in shown.splitlines() if line.startswith("unit[")] == [
        "unit[U2]",
        "unit[U3]",
        "unit[U1]",
    ]
    assert "presumed violated · Above the limit" in shown
    assert "given as “约三十”" in shown


@pytest.mark.parametrize(
    ("arguments", "code", "near"),
    [
        (("yard.2020.1",), "result.unknown-rule", "yard.2020.01"),
        (("yard.2020.01", "--path", "unit[u1]"), "result.no-such-finding", "unit[U1]"),
    ],
)
def test_explain_of_what_there_is_not(arguments: tuple[str, ...], code: str, near: str) -> None:
    done = run("explain", SITE, *arguments, *DAY, "--lang", "en")
    assert done.exit_code == 2
    assert code in done.stderr
    assert near in done.stderr


def test_explain_of_a_derived_value_goes_down_to_facts() -> None:
    for name in ("unit.drum_load", "drum_load", "桶载荷", "unit[U1].drum_load"):
        shown = run("explain", SITE, name, "--path", "unit[U1]", *DAY).stdout
        assert "桶载荷  unit[U1].drum_load = 5.25" in shown
        assert "enterprise.units[U1].drums · 填写为“21”" in shown
        assert "unit[U2]" not in shown


def test_explain_leads_to_the_name_of_a_derived_value_and_to_the_record() -> None:
    assert "unit.drum_load" in run("explain", SITE, "unit.drum_lode", *DAY).stderr
    assert "unit[U1]" in run("explain", SITE, "drum_load", "--path", "unit[u1]", *DAY).stderr
    assert "yard.2020.01" in run("explain", SITE, "zzz", *DAY).stderr


def test_what_is_said_can_be_had_as_json() -> None:
    one = json.loads(run("explain", SITE, "yard.2020.01", "--json", "-", *DAY, "--lang", "en").stdout)
    assert {finding["rule"] for finding in one["findings"]} == {"yard.2020.01"}
    assert json.loads(run("ask", SITE, "--json", "-", *DAY).stdout)["questions"]
    assert json.loads(run("grade", "lec", "L=6", "E=3", "C=15", "--json", "-").stdout)["result"] == "270"


def test_ask_ranks_and_cuts() -> None:
    lines = run("ask", SITE, *DAY, "--lang", "en").stdout.splitlines()
    assert lines[1].split()[0] == "1"
    assert "How many drums are kept?" in lines[1]
    assert "enterprise.units[U3].drums" in lines[1]
    cut = run("ask", SITE, *DAY, "--lang", "en", "--top", "1").stdout.splitlines()
    assert "more questions" in cut[2]


def test_ask_says_what_is_wrong_with_the_data(tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"
    site.write_text("enterprise: {units: [{id: U1, drumss: 3}]}", "utf-8")
    done = run("ask", str(site), *DAY, "--lang", "en")
    assert done.exit_code == 0
    assert "Problems in the data (1)" in done.stdout
    assert "there is no attribute “drumss”" in done.stdout


def test_the_template_may_be_read_by_whom_a_plain_file_may(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("", "utf-8")
    assert run("facts", "template", str(tmp_path / "t.xlsx"), *DAY).exit_code == 0
    assert (tmp_path / "t.xlsx").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_ask_where_nothing_is_open(tmp_path: Path) -> None:
    unit = {"id": "U1", "drums": 5, "has_bund": True, "is_exempt": False}
    site = tmp_path / "site.json"
    site.write_text(json.dumps({"enterprise": {"units": [unit], "sites": []}}), "utf-8")
    done = run("ask", str(site), *DAY, "--lang", "en")
    assert (done.exit_code, done.stdout) == (0, "There is nothing to ask.\n")


@pytest.mark.parametrize(
    ("factors", "said"),
    [
        (("L=6", "E=10", "C=15"), ("D = L * E * C = 900", "重大风险")),
        (("L=6", "E=10"), ("60、180、420、900、2400、6000 之一", "不优于低风险，最坏为重大风险")),
        (("L＝1", "E=1", "C=1"), ("= 1", "低风险")),
    ],
)
def test_grade(factors: tuple[str, ...], said: tuple[str, ...]) -> None:
    done = run("grade", "lec", *factors, "--as-of", "2026-11-21")
    assert done.exit_code == 0
    assert [part for part in said if part not in done.stdout] == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("lec", "L"), "cli.factor"),
        (("lec", "L=6", "L=0.1", "E=6", "C=15"), "cli.factor-twice"),
        (("lec", "L=", "=3"), "cli.factor"),
        (("lecc",), "risk.unknown-method"),
        (("lec", "L=7"), "risk.off-scale"),
        (("lec", "Q=1"), "risk.unknown-factor"),
        (("lec", "--bands", "nosuch"), "risk.unknown-bands"),
    ],
)
def test_grade_of_what_cannot_be(arguments: tuple[str, ...], code: str) -> None:
    done = run("grade", *arguments, "--as-of", "2026-11-21")
    assert done.exit_code == 2
    assert code in done.stderr


def test_facts_template_is_a_workbook_that_asks_for_the_pack(tmp_path: Path) -> None:
    file = tmp_path / "template.xlsx"
    assert run("facts", "template", str(file), *DAY).exit_code == 0
    cells = {str(cell.value) for sheet in openpyxl.load_workbook(file) for row in sheet for cell in row}
    assert any("桶数" in cell for cell in cells)


def test_facts_schema_is_a_schema() -> None:
    done = run("facts", "schema", *DAY)
    found = json.loads(done.stdout)
    Draft202012Validator.check_schema(found)
    assert "has_bund" in done.stdout


def test_pack_lint_shows_warnings_and_ends_well() -> None:
    done = run("pack", "lint", YARD, "--as-of", "2026-11-21", "--lang", "en")
    assert done.exit_code == 0
    assert "pack.lone-fact" in done.stdout
    assert done.stdout.endswith("Errors: 0. Warnings: 1.\n")


def test_pack_lint_shows_errors_with_line_caret_and_fix(tmp_path: Path) -> None:
    pack = tmp_path / "yard"
    shutil.copytree(YARD, pack)
    rules = pack / "rules" / "yard.yaml"
    rules.write_text(rules.read_text("utf-8").replace("not has_bund", "not has_bnud"), "utf-8")
    done = run("pack", "lint", str(pack), "--as-of", "2026-11-21", "--lang", "en")
    assert done.exit_code == 2
    for said in ("rules/yard.yaml:9:", "violated: not has_bnud", "^^^^^^^^", "“has_bund”", "Errors: 1."):
        assert said in done.stdout, done.stdout


def test_pack_test_passes() -> None:
    done = run("pack", "test", YARD, "--lang", "en")
    assert (done.exit_code, done.stdout) == (0, "3 cases: 3 passed, 0 failed\n")


def test_pack_test_shows_expected_got_and_why(tmp_path: Path) -> None:
    pack = tmp_path / "yard"
    shutil.copytree(YARD, pack)
    cases = pack / "cases" / "yard.yaml"
    cases.write_text(cases.read_text("utf-8").replace('01": violated', '01": compliant'), "utf-8")
    done = run("pack", "test", str(pack), "--lang", "en")
    assert done.exit_code == 1
    for said in (
        "cases/yard.yaml:1:",
        "unit[U1]: yard.2020.01",
        "expected: compliant",
        "got: violated",
        "Bund  has_bund = no",
        "3 cases: 2 passed, 1 failed",
    ):
        assert said in done.stdout, done.stdout


@pytest.mark.parametrize("where", ["no/such/folder", "nosuchpack"])
def test_pack_test_of_no_pack(where: str) -> None:
    assert run("pack", "test", where).exit_code == 2


def test_pack_list_shows_what_is_installed() -> None:
    done = run("pack", "list")
    assert done.exit_code == 0


@pytest.mark.parametrize("kind", ["pack", "facts", "definitions", "tables", "rules", "cases", "profile"])
def test_pack_schema_prints_one_schema(kind: str) -> None:
    found = json.loads(run("pack", "schema", kind).stdout)
    Draft202012Validator.check_schema(found)
    assert found["title"]


def test_pack_schema_writes_all(tmp_path: Path) -> None:
    assert run("pack", "schema", "--out", str(tmp_path)).exit_code == 0
    names = {file.name for file in tmp_path.iterdir()}
    assert "rules.schema.json" in names
    assert json.loads(run("pack", "schema").stdout).keys() == {n.partition(".")[0] for n in names}


def test_pack_schema_of_an_unknown_kind() -> None:
    done = run("pack", "schema", "rule", "--lang", "en")
    assert done.exit_code == 2
    assert "“rules”" in done.stderr


def test_demo_writes_all_three_and_says_where(tmp_path: Path) -> None:
    out = tmp_path / "some" / "out"
    done = run("demo", "--out", str(out), "--lang", "en")
    assert done.exit_code == 0, done.stderr
    assert {file.name for file in out.iterdir()} == {"report.html", "register.xlsx", "result.json"}
    assert all(str(file) in done.stdout for file in out.iterdir())
    found = json.loads((out / "result.json").read_text("utf-8"))
    assert [e.message for e in Draft202012Validator(result_schema()).iter_errors(found)] == []
    assert found["engine"]["as_of"] == "2026-11-21"
    assert found["enterprise"]["name"] in (out / "report.html").read_text("utf-8")
    assert "重大危险源" in (out / "report.html").read_text("utf-8")


def test_demo_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run("demo", "--out", str(tmp_path / "file" / "out"))
    assert done.exit_code == 2
    assert "report.cannot-write" in done.stderr


def test_what_is_said_of_packs_can_be_had_as_json(tmp_path: Path) -> None:
    assert {"id", "version", "title"} <= json.loads(run("pack", "list", "--json").stdout)[0].keys()
    assert all(case["passed"] for case in json.loads(run("pack", "test", YARD, "--json").stdout))
    broken = shutil.copytree(YARD, tmp_path / "yard")
    rules = broken / "rules" / "yard.yaml"
    rules.write_text(rules.read_text("utf-8").replace("violated: ", "violated: nothing_such or ", 1), "utf-8")
    done = run("pack", "lint", str(broken), "--json")
    faults = [fault for fault in json.loads(done.stdout) if fault["severity"] == "error"]
    assert done.exit_code == 2
    assert [(f["code"], f["place"].split(":")[-2].isdigit(), f["fix"].keys()) for f in faults] == [
        ("lang.unknown-name", True, {"zh", "en"})
    ]


def test_pack_test_of_a_pack_without_cases_says_so(tmp_path: Path) -> None:
    pack = tmp_path / "yard"
    shutil.copytree(YARD, pack)
    shutil.rmtree(pack / "cases")
    done = run("pack", "test", str(pack), "--lang", "en")
    assert done.exit_code == 2
    assert "pack.no-cases" in done.stderr


def test_diff_names_members_and_tells_points_of_one_name_apart(tmp_path: Path) -> None:
    unit = "enterprise:\n  name: 甲厂\n  units: [{id: U1, kind: %s, risk_points: [%s, %s]}]\n"
    mild, grave = ("{id: %s, name: 泵, method: lec, L: 3, E: 6, C: " + c + "}" for c in ("1", "15"))
    before, after = tmp_path / "before.yaml", tmp_path / "after.yaml"
    before.write_text(unit % ("storage", mild % "R1", grave % "R2"), encoding="utf-8")
    after.write_text(unit % ("production", grave % "R1", mild % "R2"), encoding="utf-8")
    told = " ".join(run("diff", str(before), str(after), *DAY).output.split())
    assert "储存 → 生产" in told
    assert "storage" not in told
    assert "泵 enterprise.units[U1].risk_points[R1] 按剩余风险 低风险 → 较大风险" in told


def test_diff_tells_grades_that_change_alone_and_what_cannot_be_read(tmp_path: Path) -> None:
    points = "{items: [{id: R1, name: 钢瓶, method: lec, L: 3, E: 6, C: 3}], complete: %s}"
    point = f"units: [{{id: U1, name: 氯库, risk_points: {points}}}]"
    before, after = tmp_path / "before.yaml", tmp_path / "after.yaml"
    before.write_text("enterprise:\n  name: 甲厂\n  " + point % "true", encoding="utf-8")
    after.write_text("enterprise:\n  name: 甲厂\n  hihgt: 3\n  " + point % "false", encoding="utf-8")
    told = run("diff", str(before), str(after), *DAY)
    assert told.exit_code == 0
    assert "hihgt" in told.output
    assert "变更前 0 个，变更后 1 个" in told.output
    assert "变化的风险等级" in told.output
    assert "没有变化" not in told.output
    assert run("diff", str(before), str(after), *DAY, "--fail-on-worse").exit_code == 1
    assert "没有变化" in run("diff", str(before), str(before), *DAY).output
