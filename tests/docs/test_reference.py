"""Each public name and each command is documented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer

import dualprev_rules
from dualprev_rules.cli import app
from tests.docs.pages import ROOT


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    # Newer versions of typer bring a click of their own: its classes are not those of click.
    for sub, found in getattr(command, "commands", {}).items():
        yield from _commands(found, f"{name} {sub}")
    if not hasattr(command, "commands"):
        yield name, command


def _section(page: str, heading: str) -> str:
    text = (ROOT / "docs" / page).read_text("utf-8")
    found = re.search(rf"^## `{re.escape(heading)}.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"docs/{page} has no section on {heading}"
    return found[0]


COMMANDS = dict(_commands(typer.main.get_command(app), "dualprev"))


@pytest.mark.parametrize("name", COMMANDS)
def test_command_and_its_options_are_documented(name: str) -> None:
    section = _section("commands.md", name)
    found = [p for p in COMMANDS[name].params if p.param_type_name == "option" and not p.hidden]
    options = [max(option.opts, key=len) for option in found]
    assert [option for option in options if option not in section and option != "--help"] == []


@pytest.mark.parametrize("name", dualprev_rules.__all__)
def test_public_name_and_its_members_are_documented(name: str) -> None:
    section = _section("api.md", name)
    members = [member for member in vars(getattr(dualprev_rules, name)) if not member.startswith("_")]
    table = "".join(re.findall(r"^\| (`.*?`) \|", section, re.MULTILINE))
    said = set(re.findall(r"\w+", re.sub(r"\(.*?\)", "", table)))
    assert [member for member in members if member not in said] == []
    assert "```python\n" in section


def test_public_names_are_sorted_and_have_docstrings() -> None:
    assert sorted(dualprev_rules.__all__) == list(dualprev_rules.__all__)
    assert all(getattr(dualprev_rules, n).__doc__ for n in dualprev_rules.__all__ if not n.startswith("__"))
