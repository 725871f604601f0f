"""Rules that conditions about areas ask for by their ids: those that there are not are told."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree

import pytest

from dualprev_rules.engine import core_pack, profile_files
from dualprev_rules.pack import asked as asking
from dualprev_rules.pack import lint_packs
from dualprev_rules.problems import Problem
from tests.pack.packs import TODAY
from tests.supervision.test_area import BANS, RULE


def told(tmp_path: Path, asked: str) -> list[Problem]:
    """Return what lint tells of the rules that an area asks for."""
    pack = tmp_path / "bans"
    copytree(BANS, pack)
    when = json.dumps(f"any(any(o.violated for o in e.outcomes if o.rule_id {asked}) for e in enterprises)")
    (pack / "rules" / "areas.yaml").write_text(RULE.format(id="area.group", of="group", when=when), "utf-8")
    found = lint_packs([pack], TODAY, core=core_pack(), profiles=profile_files())
    return [fault for fault in found if fault.code == "pack.asked-rule"]


def test_a_rule_of_the_pack_is_asked_for(tmp_path: Path) -> None:
    assert told(tmp_path, "== 'bans.law.9'") == []


def test_a_rule_that_is_nowhere_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "rules_that_are", lambda *_: {"bans.law.9", "other.rule"})
    monkeypatch.setattr("dualprev_rules.pack.lint.rules_that_are", asking.rules_that_are)
    faults = told(tmp_path, "in {'bans.law.9', 'other.rule', 'bans.law.99', 'none'}")
    assert [fault.given for fault in faults] == ["bans.law.99", "none"]
    assert faults[0].nearest == "bans.law.9"
    assert all(fault.place is not None and fault.place.line for fault in faults)


@pytest.mark.slow
def test_rules_of_installed_packs_and_of_profiles_are_rules(tmp_path: Path) -> None:
    faults = told(tmp_path, "in {'ln.2016.015', 'chem.mh2026.5-5-1a', 'chem.mh2026.5-5-1'}")
    assert [fault.given for fault in faults] == ["chem.mh2026.5-5-1"]
