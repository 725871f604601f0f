"""Tailoring: what a profile leaves out and makes one, with reason and authority; packs stay as they are."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dualprev_rules import Engine, Result
from dualprev_rules.engine import core_pack, profile_files
from dualprev_rules.evaluate.compiled import Program
from dualprev_rules.facts.reading import Reader
from dualprev_rules.pack import load_ruleset
from dualprev_rules.problems import DualprevError
from dualprev_rules.result import Judging
from dualprev_rules.risk import Profile
from dualprev_rules.risk.resolve import load_profile

DAY = date(2026, 11, 21)
PACK = Path(__file__).parent / "bans"
SITE = {
    "enterprise": {
        "changes_made": [],
        "units": [{"id": "U", "equipment": [{"id": "P", "type": "open_pot", "age": 20}]}],
    }
}
REASON = "reason: {zh: 本地没有, en: There is none here}"


def loaded(folder: Path, entries: str) -> tuple[Result, Profile]:
    """Return the result of the site under Liaoning's profile as tailored."""
    file = folder / "own.yaml"
    file.write_text(
        f"profile: own\nversion: '1'\ntitle: {{zh: 甲, en: A}}\nextends: liaoning\n{entries}\n", "utf-8"
    )
    profiles = {**profile_files(), "own": file}
    ruleset = load_ruleset([PACK], "own", DAY, core=core_pack(), profiles=profiles)
    profile = load_profile("own", ruleset, profiles)
    reader = Reader(ruleset.schema)
    facts = reader.read(SITE, as_of=DAY)
    return Result(Judging(Program(ruleset, {}), profile, reader.read), None, facts), profile


def test_a_rule_left_out_judges_nothing_and_every_result_says_so(tmp_path: Path) -> None:
    before, _ = loaded(tmp_path, "")
    after, profile = loaded(tmp_path, f"prune:\n  - {{rule: ln.2016.022, {REASON}, authority: 甲局}}")
    rules = [{finding.rule.id for finding in result.findings} for result in (before, after)]
    assert rules[0] - rules[1] == {"ln.2016.022"}
    assert (
        sum(after.counts[c] for c in ("violated", "compliant", "undetermined", "not_applicable"))
        == sum(before.counts[c] for c in ("violated", "compliant", "undetermined", "not_applicable")) - 1
    )
    (note,) = (n for n in after.notes if n.code == "result.left-out")
    assert "ln.2016.022" in note.text("zh")
    assert "甲局" in note.text("zh")
    assert [(p.rule, p.authority) for p in profile.pruned] == [("ln.2016.022", "甲局")]


def test_rules_made_one_give_one_finding_with_the_clauses_of_both(tmp_path: Path) -> None:
    entries = f"merge:\n  - {{rules: [ln.2016.016, ln.2016.017], {REASON}}}"
    result, _ = loaded(tmp_path, entries)
    (finding,) = (f for f in result.findings if {f.rule.id, *f.merged} & {"ln.2016.016", "ln.2016.017"})
    assert {finding.rule.id, *finding.merged} == {"ln.2016.016", "ln.2016.017"}


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        (f"prune:\n  - {{rule: bans.2026.01, {REASON}, authority: 甲局}}", "pack.not-to-be-pruned"),
        (f"prune:\n  - {{rule: ln.2016.999, {REASON}, authority: 甲局}}", "pack.unknown-rule"),
        (f"prune:\n  - {{rule: ln.2016.022, {REASON}}}", "pack.missing-key"),
        ("prune:\n  - {rule: ln.2016.022, authority: 甲局}", "pack.missing-key"),
        (f"merge:\n  - {{rules: [ln.2016.016, ln.2016.021], {REASON}}}", "pack.not-to-be-merged"),
        (f"merge:\n  - {{rules: [ln.2016.016, ln.2016.99], {REASON}}}", "pack.unknown-rule"),
    ],
)
def test_tailoring_at_fault_is_a_load_error(tmp_path: Path, entries: str, code: str) -> None:
    with pytest.raises(DualprevError) as caught:
        loaded(tmp_path, entries)
    assert code in {fault.code for fault in caught.value.problems}


def test_the_packs_stay_as_they_are() -> None:
    assert "ln.2016.022" in Engine.load(packs=[PACK], profile="liaoning", as_of=DAY).ruleset.rules
