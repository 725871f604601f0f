"""The commands of the regulator's side, on the example county."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from tests.cli.run import run

COUNTY = Path(__file__).parents[2] / "examples" / "county"
ROSTER, SCHEME = str(COUNTY / "roster.csv"), ("--scheme", str(COUNTY / "scheme.yaml"))
DRAW = ("--inspectors", str(COUNTY / "inspectors.yaml"), "--seed", "2026-11-22")


def printed(*arguments: str) -> Any:
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_classes_counts_at_the_strictest(tmp_path: Path) -> None:
    found = {one["id"]: one for one in printed("supervise", "classes", ROSTER, *SCHEME)}
    assert (found["E001"]["counts"], found["E006"]["counts"], found["E007"]["counts"]) == ("A", "C", "A")
    assert found["E007"]["possible"] == ["A", "B", "C"]
    file = tmp_path / "classes.csv"
    done = run("supervise", "classes", ROSTER, *SCHEME, "--csv", str(file), "--lang", "en")
    assert "2 of them are in no decided class" in done.output
    rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
    assert rows[0] == ["Enterprise", "Name", "Class", "Visits a year"]
    assert rows[1] == ["E001", "东方化工", "A", "4"]


def test_the_plan_has_every_enterprise_as_often_as_its_class_asks() -> None:
    plan = printed("supervise", "plan", ROSTER, *SCHEME, "--year", "2027")
    visits = {"A": 4, "B": 2, "C": 1}
    assert all(len(row["months"]) == visits[row["class"]] for row in plan["rows"])
    assert sum(plan["load"]) == sum(len(row["months"]) for row in plan["rows"])
    assert plan["open"] == 2


def test_a_draw_can_be_drawn_again_and_has_no_conflict(tmp_path: Path) -> None:
    options = ("supervise", "draw", ROSTER, *SCHEME, *DRAW, "--count", "8", "--cover", "1")
    first = printed(*options)
    assert printed(*options) == first
    people = {one["id"]: one["inspectors"] for one in first["drawn"]}
    assert "P2" not in people.get("E001", ())
    assert sum("P3" in inspectors for inspectors in people.values()) <= 2
    head, *lines = (COUNTY / "roster.csv").read_text("utf-8").splitlines()
    turned = tmp_path / "roster.csv"
    turned.write_text("\n".join([head, *reversed(lines)]), "utf-8")
    assert printed("supervise", "draw", str(turned), *options[3:]) == first


def test_an_area_that_reported_nothing_is_there() -> None:
    options = (
        "--areas",
        str(COUNTY / "areas.txt"),
        "--warn",
        str(COUNTY / "warnings.yaml"),
        "--before",
        ROSTER,
    )
    found = printed("supervise", "pool", ROSTER, *options)
    areas = {one["area"][-1]: one for one in found["areas"]}
    assert (areas["新县"]["enterprises"], areas["新县"]["grade"]) == (0, None)
    assert areas["南县"]["not_reported"] == 1
    assert {one["warning"] for one in found["warnings"]} == {"一级风险企业", "未上报"}
    assert found["trend"] == {"open": 1, "same": 9}
    shown = run("supervise", "pool", ROSTER, *options).output
    assert "新县" in shown


def test_what_recurs_is_told(tmp_path: Path) -> None:
    file = tmp_path / "found.csv"
    rows = ["E001,r.1,2026-11-01", "E002,r.1,2026-11-02", "E003,r.1,2026-11-03", "E004,r.2,2024-01-01"]
    file.write_text("\n".join(["enterprise,rule,on", *rows]), "utf-8")
    options = ("--found", str(file), "--recurs", "3", "--days", "365", "--as-of", "2026-11-21")
    (one,) = printed("supervise", "pool", ROSTER, *options)["recurring"]
    assert (one["kind"], one["rule"], one["enterprises"]) == ("systemic", "r.1", ["E001", "E002", "E003"])
    assert "r.1" in run("supervise", "pool", ROSTER, *options).output


def test_breaches_of_the_future_and_of_nobody_are_told_and_not_counted(tmp_path: Path) -> None:
    found, policy = tmp_path / "found.csv", tmp_path / "warn.yaml"
    rows = ["E001,r.1,2026-11-01", "E002,r.1,2026-11-02", "E003,r.1,2027-01-01", "NOBODY,r.1,2026-11-03"]
    found.write_text("\n".join(["enterprise,rule,on", *rows]), "utf-8")
    same = "{warning: w, level: 2, measure: same_problem, at_least: 2, audience: [{zh: 县, en: County}]}"
    policy.write_text(f"warnings: [{same}]", "utf-8")
    options = ("--found", str(found), "--warn", str(policy), "--as-of", "2026-11-21", "--lang", "en")
    (one,) = printed("supervise", "pool", ROSTER, *options)["warnings"]
    assert one["must_know"]["enterprises"] == ["E001", "E002"]
    said = run("supervise", "pool", ROSTER, *options).stderr
    assert "Breaches dated after 2026-11-21, which do not count: 1" in said
    assert "“NOBODY”, of whom breaches were found (1), is in no roster" in said
    again = ("--recurs", "3", "--days", "60")
    assert printed("supervise", "pool", ROSTER, *options, *again)["recurring"] == []


def test_what_recurs_needs_all_that_it_is_counted_from() -> None:
    done = run("supervise", "pool", ROSTER, "--recurs", "3")
    assert done.exit_code == 2
    assert "supervision.recurs" in done.stderr


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    bad = tmp_path / "roster.csv"
    bad.write_text("id,grade,management\nA,1,weakly\nB,2,soundish\n", "utf-8")
    done = run("supervise", "classes", str(bad), *SCHEME)
    assert done.exit_code == 2
    assert "weakly" in done.output
    assert "soundish" in done.output


def test_without_a_seed_the_digest_is_said_and_nothing_drawn() -> None:
    options = ("supervise", "draw", ROSTER, *SCHEME, *DRAW, "--count", "8", "--cover", "1")
    at = options.index("--seed")
    first = printed(*options[:at], *options[at + 2 :])
    assert first == {"digest": printed(*options)["digest"], "count": 8, "each": 2, "cover": 1}
