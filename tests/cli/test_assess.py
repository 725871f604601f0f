"""``dualprev assess``: what it prints and writes, and how it ends."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dualprev_rules.report import result_schema
from tests.cli.run import DAY, SITE, YARD, run


def document() -> dict[str, Any]:
    return json.loads(run("assess", SITE, *DAY, "--json", "-").stdout)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "zh",
            (
                "测试堆场",
                "存放过多而无围堰",
                "推定违反 1",
                "测试〔2020〕1号 3.1",
                "存放多少桶？",
                "“约三十”不是一个数",
            ),
        ),
        (
            "en",
            (
                "Too many drums and no bund",
                "Presumed violated 1",
                "How many drums are kept?",
                "authorities determine",
            ),
        ),
    ],
)
def test_the_summary_speaks_the_language_asked_for(lang: str, said: tuple[str, ...]) -> None:
    done = run("assess", SITE, *DAY, "--lang", lang)
    assert done.exit_code == 0
    assert [part for part in said if part not in done.stdout] == []


def test_the_language_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUALPREV_LANG", "en")
    assert "Too many drums" in run("assess", SITE, *DAY).stdout


def test_json_on_stdout_is_one_document_that_keeps_to_the_schema() -> None:
    done = run("assess", SITE, *DAY, "--json", "-")
    found = json.loads(done.stdout)
    assert [e.message for e in Draft202012Validator(result_schema()).iter_errors(found)] == []
    assert found["enterprise"]["name"] == "测试堆场"
    assert "测试堆场" in done.stderr


def test_all_outputs_are_written(tmp_path: Path) -> None:
    files = {kind: tmp_path / f"out.{kind}" for kind in ("json", "html", "xlsx")}
    options = [part for kind, file in files.items() for part in (f"--{kind}", str(file))]
    done = run("assess", SITE, *DAY, *options)
    assert done.exit_code == 0
    assert json.loads(files["json"].read_text("utf-8")) == document()
    assert files["html"].read_text("utf-8").startswith("<!doctype html>")
    assert zipfile.is_zipfile(files["xlsx"])
    assert sorted(tmp_path.iterdir()) == sorted(files.values())
    assert all(str(file) in done.stderr for file in files.values())


def test_the_same_facts_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        run(
            "assess",
            SITE,
            *DAY,
            "--html",
            str(tmp_path / f"{name}.html"),
            "--xlsx",
            str(tmp_path / f"{name}.xlsx"),
        )
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("words", "status", "named"),
    [
        ("major", 1, "major"),
        ("violated", 1, "violated"),
        ("presumed", 1, "presumed"),
        ("undetermined", 1, "undetermined"),
        ("data-problem", 1, "data-problem"),
        ("red", 1, "red"),
        ("orange,major", 1, "orange, major"),
        ("major，presumed", 1, "major, presumed"),
    ],
)
def test_fail_on_what_is_there(words: str, status: int, named: str) -> None:
    done = run("assess", SITE, *DAY, "--fail-on", words, "--lang", "en")
    assert done.exit_code == status
    assert not named or f"--fail-on met: {named}" in done.stderr


@pytest.mark.parametrize("words", ["", " ", ","])
def test_fail_on_nothing_is_refused(words: str) -> None:
    done = run("assess", SITE, *DAY, "--fail-on", words, "--lang", "en")
    assert done.exit_code == 2
    assert "cli.fail-on" in done.stderr
    assert "data-problem" in done.stderr


@pytest.mark.parametrize(
    "words", ["major", "violated", "presumed", "undetermined", "data-problem", "red", "orange"]
)
def test_nothing_fails_on_a_site_that_is_in_order(words: str, tmp_path: Path) -> None:
    unit = {"id": "U1", "drums": 5, "has_bund": True, "is_exempt": False}
    site = tmp_path / "site.json"
    points = [{"id": "R1", "name": "巡检", "method": "LEC", "L": 1, "E": 1, "C": 1}]
    facts = {"enterprise": {"name": "好厂", "sites": [], "units": [{**unit, "risk_points": points}]}}
    site.write_text(json.dumps(facts, ensure_ascii=False), "utf-8")
    done = run("assess", str(site), *DAY, "--fail-on", words)
    assert (done.exit_code, done.stderr) == (0, "")


def test_fail_on_writes_the_outputs_all_the_same(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    assert run("assess", SITE, *DAY, "--fail-on", "major", "--json", str(out)).exit_code == 1
    assert json.loads(out.read_text("utf-8")) == document()


def test_an_unknown_word_lists_the_words() -> None:
    done = run("assess", SITE, *DAY, "--fail-on", "majr,violated", "--lang", "en")
    assert done.exit_code == 2
    assert "violated, major, undetermined, presumed, data-problem, red, orange" in done.stderr
    assert "“major”" in done.stderr


def test_a_day_left_out_is_today_and_is_printed() -> None:
    done = run("assess", SITE, "--pack", YARD, "--lang", "en")
    assert done.exit_code == 0
    assert "no day given: today, " in done.stderr
    assert "no day given" not in run("assess", SITE, *DAY, "--lang", "en").stderr


def test_strict_refuses_data_problems(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    done = run("assess", SITE, *DAY, "--strict", "--json", str(out), "--lang", "en")
    assert done.exit_code == 2
    assert "“约三十” is not a number" in done.stderr
    assert not out.exists()


def test_lists_may_have_to_be_stated() -> None:
    unit = run("assess", SITE, *DAY, "--lists", "stated", "--json", "-")
    assert unit.exit_code == 0
    assert json.loads(unit.stdout) != document()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("assess", SITE, "--as-of", "2026-11-21"), "cli.no-pack"),
        (("assess", SITE, "--pack", "nosuchpack", "--as-of", "2026-11-21"), "pack.unknown-pack"),
        (("assess", SITE, "--pack", "no/such/folder", "--as-of", "2026-11-21"), "pack.no-such-directory"),
        (("assess", SITE, "--pack", YARD, "--as-of", "21.11.2026"), "cli.day"),
        (("assess", SITE, *DAY, "--profile", "nowhere"), "pack.unknown-profile"),
        (("assess", "no.such.yaml", *DAY), "facts."),
        (("assess", SITE, *DAY, "--html", "-"), "cli.stdout"),
        (("assess", SITE, *DAY, "--json", "no/such/folder/out.json"), "report.no-folder"),
        (("assess", SITE, *DAY, "--json", SITE), "cli.overwrites"),
        (("assess", SITE, *DAY, "--json", "out", "--html", "./out"), "cli.same-file"),
    ],
)
def test_what_cannot_be_used_ends_with_2_and_its_code(
    arguments: tuple[str, ...], code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(*arguments)
    assert done.exit_code == 2
    assert code in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_bad_output_path_leaves_the_other_outputs_unwritten(tmp_path: Path) -> None:
    good = tmp_path / "good.json"
    done = run("assess", SITE, *DAY, "--json", str(good), "--html", str(tmp_path / "no" / "r.html"))
    assert done.exit_code == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [("assess",), ("assess", SITE, "--nosuch"), ("nosuch",), ("assess", SITE, *DAY, "--lang", "fr")],
)
def test_a_wrong_call_ends_with_2(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2
