"""The data standard: published with its version; what a new one changes, and if old data are still read."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from dualprev_rules import DualprevError, Engine
from dualprev_rules.supervision.data_standard import (
    data_standard,
    next_version,
    read_standard,
    schema_changes,
)
from tests.cli.run import run

BANS = Path(__file__).parents[1] / "risk" / "bans"
AGE = "age: {type: number, unit: a, min: 0, label: {zh: 使用年限, en: Age}}"


def standard(pack: Path) -> dict[str, Any]:
    return data_standard(Engine.load(packs=[pack], as_of="2026-11-21", cache=False), "1.0")


def with_age(tmp_path: Path, age: str) -> Path:
    pack = tmp_path / "bans"
    copytree(BANS, pack)
    facts = pack / "facts.yaml"
    text = facts.read_text("utf-8")
    assert AGE in text
    facts.write_text(text.replace(AGE, age), "utf-8")
    rules = pack / "rules" / "bans.yaml"
    rules.write_text(rules.read_text("utf-8").replace(" and age > 10", ""), "utf-8")
    return pack


@pytest.mark.parametrize(
    ("age", "kinds", "version"),
    [
        (AGE, set(), "1.0"),
        ("", {"key_gone"}, "2.0"),
        (AGE.replace("unit: a", "unit: d"), {"unit_changed"}, "2.0"),
        (AGE.replace("type: number, unit: a, min: 0", "type: bool"), {"type_changed"}, "2.0"),
        (AGE + "\n    power: {type: bool, label: {zh: 带动力, en: Powered}}", {"key_added"}, "1.1"),
        (
            "years: {type: number, unit: a, min: 0, label: {zh: 使用年限, en: Age}, aliases: [age]}",
            {"renamed"},
            "1.1",
        ),
    ],
)
def test_a_version_follows_from_what_changed(tmp_path: Path, age: str, kinds: set[str], version: str) -> None:
    changed = schema_changes(standard(BANS), standard(with_age(tmp_path, age)))
    assert {change.kind for change in changed} == kinds
    assert next_version("1.0", changed) == version


def test_values_that_are_gone_are_named(tmp_path: Path) -> None:
    old = standard(BANS)
    new = json.loads(json.dumps(old).replace('"open_pot", ', ""))
    (change,) = schema_changes(old, new)
    assert (change.kind, change.path, change.detail) == ("values_gone", "equipment.type", "open_pot")


def changed_by(was: str, now: str) -> tuple[list[tuple[str, str, str]], str]:
    """Return what one change of a published standard comes to, and the version that follows."""
    old = standard(BANS)
    text = json.dumps(old)
    assert was in text
    found = schema_changes(old, json.loads(text.replace(was, now)))
    return [(change.kind, change.path, change.detail) for change in found], next_version("1.0", found)


def test_values_that_are_added_give_the_next_second_number() -> None:
    told = changed_by('"open_pot", ', '"open_pot", "closed_pot", ')
    assert told == ([("values_added", "equipment.type", "closed_pot")], "1.1")
    both = changed_by('"open_pot", ', '"closed_pot", ')
    assert [kind for kind, _, _ in both[0]] == ["values_gone", "values_added"]
    assert both[1] == "2.0"


def test_one_value_in_place_of_a_list_is_another_type_with_the_same_members_too() -> None:
    old, new = standard(BANS), standard(BANS)
    one = new["$defs"]["equipment.type"]
    old["$defs"]["equipment.type"] = {"title": "x", "type": "array", "items": one}
    for before, after in ((old, new), (new, old)):
        changes = schema_changes(before, after)
        assert [(change.kind, change.path) for change in changes] == [("type_changed", "equipment.type")]


def test_a_key_that_is_newly_required_breaks_and_one_no_longer_so_does_not() -> None:
    old, new = standard(BANS), standard(BANS)
    new["$defs"]["equipment"]["required"] = ["type"]
    for before, after, kind, version in ((old, new, "required", "2.0"), (new, old, "optional", "1.1")):
        (change,) = changes = schema_changes(before, after)
        assert (change.kind, change.path) == (kind, "equipment.type")
        assert next_version("1.0", changes) == version


def test_other_words_are_no_change() -> None:
    assert changed_by('"title": ', '"description": "x", "title": ') == ([], "1.0")


def test_the_command_publishes_and_compares(tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    day = ("--as-of", "2026-11-21", "--lang", "en")
    assert "Version 1.0" in run("facts", "standard", "-o", str(first), "--pack", str(BANS), *day).output
    made = json.loads(first.read_text("utf-8"))["x-standard"]
    assert (made["version"], made["as_of"]) == ("1.0", "2026-11-21")
    pack = with_age(tmp_path, "")
    done = run("facts", "standard", "-o", str(second), "--since", str(first), "--pack", str(pack), *day)
    assert "Key gone (breaking): equipment.age" in done.output
    assert "Version 2.0" in done.output
    assert (
        run(
            "facts", "standard", "-o", str(second), "--since", str(BANS / "pack.yaml"), "--pack", str(pack)
        ).exit_code
        == 2
    )


@pytest.mark.parametrize(
    "held", [{}, {"properties": {}}, {"properties": {}, "x-standard": {"version": "1"}, "$defs": []}]
)
def test_a_file_that_is_no_standard_is_refused(tmp_path: Path, held: dict[str, Any]) -> None:
    file = tmp_path / "standard.json"
    file.write_text(json.dumps({"x-standard": {}, "$defs": {}} | held), "utf-8")
    with pytest.raises(DualprevError, match=r"supervision\.no-standard"):
        read_standard(file)
