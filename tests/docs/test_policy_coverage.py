"""docs/policy-coverage.md: every requirement of the reference; what is called done is there and tested."""

from __future__ import annotations

import ast
from functools import cache
from importlib import import_module, util
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from dualprev_rules import Engine
from dualprev_rules.cli import app
from tests.docs.pages import ROOT

SPEC = util.spec_from_file_location("write_policy_coverage", ROOT / "scripts" / "write_policy_coverage.py")
assert SPEC is not None
assert SPEC.loader is not None
WRITER = util.module_from_spec(SPEC)
SPEC.loader.exec_module(WRITER)

GIVEN: dict[str, Any] = yaml.safe_load(WRITER.SOURCE.read_text("utf-8"))
EVERY: list[dict[str, Any]] = [one for document in GIVEN["documents"] for one in document["requirements"]]
DONE = [one for one in EVERY if one["state"] in {"done", "partly"}]
WIDE = str.maketrans("()、", "（） ")


@cache
def rules() -> set[str]:
    """Return every rule of the shipped profiles, on a day on which all their documents hold."""
    profiles = ("liaoning", "shandong", "henan", "fujian")
    engines = [Engine.load(packs=[], profile=name, as_of="2025-12-31") for name in profiles]
    return {rule for engine in engines for rule in engine.ruleset.rules}


@cache
def functions(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@cache
def cases() -> set[str]:
    written = yaml.safe_load((ROOT / "tests" / "risk" / "requirements.yaml").read_text("utf-8"))
    return {case["rule"] for case in written}


def is_there(what: str, name: str) -> bool:
    """Tell whether a rule, a command or a public name exists."""
    match what:
        case "rule":
            return name in rules()
        case "command":
            found: Any = typer.main.get_command(app)
            for word in name.split()[1:]:
                found = getattr(found, "commands", {}).get(word)
            return found is not None
        case "function":
            return _named(name)
        case _:
            return False


def _named(name: str) -> bool:
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        if util.find_spec(".".join(parts[:1])) is None:
            return False
        try:
            found: Any = import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            if not hasattr(found, part) and part not in getattr(found, "__annotations__", {}):
                return False
            found = getattr(found, part, None)
        return True
    return False


def test_it_holds_exactly_the_requirements_of_the_reference() -> None:
    reference = yaml.safe_load((ROOT / "tests" / "reference" / "profiles.yaml").read_text("utf-8"))
    expected = [
        (code, one["id"], one["section"].translate(WIDE), one["kind"])
        for code, requirements in reference.items()
        for one in requirements
    ]
    found = [
        (document["code"], one["id"], one["section"], one["kind"])
        for document in GIVEN["documents"]
        for one in document["requirements"]
    ]
    assert len(expected) == 284
    assert found == expected


def test_each_says_what_it_asks_in_both_languages_and_its_state() -> None:
    assert {one["state"] for one in EVERY} <= {"done", "partly", "planned", "not_ours"}
    for one in EVERY:
        assert one["asks"]["zh"], one["id"]
        assert one["asks"]["en"], one["id"]
        assert ("how" in one and "tests" in one) == (one in DONE), one["id"]
        assert ("why" in one) == (one not in DONE), one["id"]
        lacks = one.get("lacks", {"zh": "", "en": ""})
        assert bool(lacks["zh"] and lacks["en"]) == (one["state"] == "partly"), one["id"]


def test_every_reason_is_used_and_is_there() -> None:
    assert {one["why"] for one in EVERY if "why" in one} == set(GIVEN["reasons"])


@pytest.mark.parametrize("one", DONE, ids=lambda one: one["id"])
def test_what_is_done_is_there_and_has_a_test(one: dict[str, Any]) -> None:
    named = [(what, name) for what, names in one["how"].items() for name in WRITER.listed(names)]
    assert named
    assert [pair for pair in named if not is_there(*pair)] == []
    assert one["tests"]
    for test in one["tests"]:
        file, _, name = test.partition("::")
        name, _, case = name.partition("[")
        assert name in functions(file), test
        assert not case or case.removesuffix("]") in cases(), test


def test_every_rule_of_the_profiles_does_a_requirement() -> None:
    named = {rule for one in DONE for rule in WRITER.listed(one["how"].get("rule", []))}
    assert named == rules()


def test_the_page_is_made_from_the_data() -> None:
    assert Path(WRITER.TARGET).read_text("utf-8") == WRITER.page(GIVEN)


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ("rule", "ln.2016.999"),
        ("command", "dualprev mapp"),
        ("function", "dualprev_rules.control.nothing"),
        ("wish", "x"),
    ],
)
def test_what_is_not_there_is_noticed(what: str, name: str) -> None:
    assert not is_there(what, name)
