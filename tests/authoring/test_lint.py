"""Fixes that lint applies, its levels, and SARIF."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dualprev_rules.authoring.mend import apply, safe
from dualprev_rules.authoring.sarif import sarif
from dualprev_rules.pack import lint_packs
from tests.authoring.test_fmt import silo
from tests.cases import FULL
from tests.cli.run import run
from tests.pack.packs import TODAY, small
from tests.pack.test_mistakes import MISTAKES, edited

DAY = ("--as-of", "2026-11-21")


FIXED = [m for m in MISTAKES if any(f["code"].startswith(("pack.", "lang.sign")) for f in m["found"])]


@pytest.mark.parametrize("mistake", FIXED if FULL else FIXED[::6], ids=lambda mistake: mistake["name"])
def test_a_fix_brings_no_new_problem_and_no_safe_one_is_left(mistake: dict[str, Any], tmp_path: Path) -> None:
    pack = edited(tmp_path, mistake["edits"])
    before = lint_packs([pack], TODAY)
    if not any(safe(fault) for fault in before):
        return
    apply(lambda: lint_packs([pack], TODAY), [pack])
    after = lint_packs([pack], TODAY)
    errors = [sum(fault.severity == "error" for fault in faults) for faults in (before, after)]
    assert errors[1] < errors[0] or [f.code for f in after] == [f.code for f in before]


def test_many_mistakes_of_form_are_mended_to_the_pack_that_was_meant(tmp_path: Path) -> None:
    pack = silo(tmp_path)
    meant = {file: file.read_text("utf-8") for file in pack.rglob("*.yaml")}
    rules, definitions = pack / "rules" / "venting.yaml", pack / "definitions.yaml"
    text = rules.read_text("utf-8")
    for old, new in (("duty_of:", "dutyof:"), ("== 'steel'", "= 'steel'")):
        text = text.replace(old, new, 1)
    rules.write_text(text, "utf-8")
    definitions.write_text(meant[definitions].replace('load: ">= 10"', "load: >= 10"), "utf-8")
    done = run("pack", "lint", str(pack), "--fix", *DAY, "--lang", "en")
    assert done.exit_code == 0, done.output
    assert f"fixed {rules.as_posix()}" in done.output
    # What was in quotes before may be in quotes of the other kind.
    for file, text in meant.items():
        assert file.read_text("utf-8").replace("'", '"') == text.replace("'", '"')


def test_what_leaves_a_choice_is_not_fixed(tmp_path: Path) -> None:
    pack = silo(tmp_path)
    rules = pack / "rules" / "venting.yaml"
    wrong = rules.read_text("utf-8").replace("not has_explosion_vent", "not has_explosion_vant")
    rules.write_text(wrong, "utf-8")
    assert run("pack", "lint", str(pack), "--fix", *DAY).exit_code == 2
    assert rules.read_text("utf-8") == wrong


def test_no_member_is_replaced_by_the_one_most_like_it(tmp_path: Path) -> None:
    pack = silo(tmp_path)
    rules = pack / "rules" / "venting.yaml"
    wrong = rules.read_text("utf-8").replace("kind: check", "kind: hidden_hazard", 1)
    assert "kind: hidden_hazard" in wrong
    rules.write_text(wrong, "utf-8")
    assert run("pack", "lint", str(pack), "--fix", *DAY).exit_code == 2
    assert rules.read_text("utf-8") == wrong


def test_a_fix_stays_where_warnings_show_only_after_it(tmp_path: Path) -> None:
    pack = silo(tmp_path)
    rules = pack / "rules" / "venting.yaml"
    text = rules.read_text("utf-8")
    rules.write_text(text.replace("== 'steel'", "= 'steel'", 1), "utf-8")
    error = lint_packs([pack], TODAY)
    warnings = [replace(fault, severity="warning") for fault in (*error, *error)]
    rounds = iter([error, warnings, warnings])
    assert apply(lambda: next(rounds), [pack]) == {rules}
    assert rules.read_text("utf-8") == text


def test_levels(tmp_path: Path) -> None:
    pack = str(silo(tmp_path))
    code = "pack.measure-without-item"
    assert "Warnings: 1" in run("pack", "lint", pack, *DAY, "--lang", "en").stdout
    assert "Warnings: 0" in run("pack", "lint", pack, *DAY, "--lang", "en", "--level", f"{code}=off").stdout
    assert run("pack", "lint", pack, *DAY, "--level", f"{code}=error").exit_code == 2
    assert "pack.gap=off" in run("pack", "lint", pack, *DAY, "--level", "pack.gapp=off").stderr


def test_sarif_names_file_line_rule_and_fix(tmp_path: Path) -> None:
    pack = small(tmp_path, files={"rules/x.yaml": "- rule: x\n  kind: chek\n"})
    found = lint_packs([pack], TODAY)
    document = json.loads(json.dumps(sarif(found, "en")))
    (only,) = document["runs"]
    first = next(result for result in only["results"] if result["ruleId"] == "pack.not-one-of")
    assert only["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == "pack.not-one-of"
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"].endswith("small/rules/x.yaml")
    assert place["region"] == {"startLine": 2, "startColumn": 9, "endColumn": 13}
    assert "write check" in first["message"]["text"]
    file = tmp_path / "out.sarif"
    run("pack", "lint", str(pack), "--sarif", str(file), *DAY)
    assert len(json.loads(file.read_text("utf-8"))["runs"][0]["results"]) >= len(found)


def test_the_commands_of_an_author_print_json(tmp_path: Path) -> None:
    pack = silo(tmp_path)
    faults = json.loads(run("pack", "lint", str(pack), *DAY, "--json").stdout)
    assert json.loads(run("pack", "lint", str(pack), *DAY, "--json", "-").stdout) == faults
    assert [(fault["code"], fault["severity"]) for fault in faults] == [
        ("pack.measure-without-item", "warning")
    ]
    (file,) = (pack / "cases").glob("*.yaml")
    text = file.read_text("utf-8")
    file.write_text(text.replace(": violated", ": compliant", 1), "utf-8")
    done = run("pack", "test", str(pack), "--json")
    assert done.exit_code == 1
    wrong = [case for case in json.loads(done.stdout) if not case["passed"]]
    assert [(m["expected"], m["got"]) for case in wrong for m in case["mismatches"]] == [
        ("compliant", "violated")
    ]
    listed = json.loads(run("pack", "list", "--json").stdout)
    assert {"chemicals", "mining", "construction", "gas", "fire"} <= {each["id"] for each in listed}
