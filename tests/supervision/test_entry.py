"""Market entry: prohibited, restricted until a day, allowed or undetermined, with clause and facts wanted."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from dualprev_rules import Engine
from dualprev_rules.supervision.entry import Entry, changes, entry
from tests.cli.run import run

BANS = Path(__file__).parents[1] / "risk" / "bans"


@cache
def engine(pack: str | Path | None, day: str) -> Engine:
    return Engine.load(packs=[] if pack is None else [pack], as_of=day)


def project(*machines: dict[str, Any]) -> dict[str, Any]:
    return {"enterprise": {"units": [{"id": "U", "equipment": list(machines)}]}}


def of(day: str, *machines: dict[str, Any]) -> Entry:
    return entry(engine(BANS, day).assess(project(*machines)))


@pytest.mark.parametrize(
    ("day", "machine", "verdict", "rule"),
    [
        ("2026-11-21", {"type": "open_pot"}, "prohibited", "bans.2026.01"),
        ("2026-11-21", {"type": "dry_saw"}, "prohibited", "bans.2026.03"),
        ("2026-11-21", {"type": "belt_drive"}, "allowed", None),
        ("2025-12-31", {"type": "belt_drive"}, "restricted", "bans.2020.02"),
        ("2025-12-31", {"type": "coal_stove"}, "restricted", "bans.law.9"),
        ("2026-01-01", {"type": "coal_stove"}, "prohibited", "bans.law.9"),
        ("2025-06-01", {"type": "open_pot", "age": 11}, "prohibited", "bans.2020.01"),
        ("2025-06-01", {"type": "open_pot", "age": 10}, "allowed", None),
        ("2025-06-01", {"type": "open_pot"}, "undetermined", "bans.2020.01"),
        ("2026-11-21", {}, "undetermined", "bans.2026.01"),
    ],
)
def test_a_project_is_judged_by_the_lists_of_the_day(
    day: str, machine: dict[str, Any], verdict: str, rule: str | None
) -> None:
    found = of(day, machine)
    assert found.verdict == verdict
    assert (found.against[0].rule.id if found.against else None) == rule


def test_grace_is_said_while_it_runs() -> None:
    (one,) = of("2025-12-31", {"type": "coal_stove"}).against
    assert one.until is not None
    assert one.until.isoformat() == "2025-12-31"
    (after,) = of("2026-01-01", {"type": "coal_stove"}).against
    assert after.until is None


def test_one_broken_clause_settles_it_whatever_else_is_open() -> None:
    found = of("2026-11-21", {}, {"type": "dry_saw"})
    assert (found.verdict, found.wanted) == ("prohibited", ())


def test_what_is_wanted_is_named_lists_too() -> None:
    assert of("2026-11-21", {}).wanted == ("enterprise.units[U].equipment[1].type",)
    nothing = entry(engine(BANS, "2026-11-21").assess({"enterprise": {}}))
    assert nothing.verdict == "undetermined"
    assert nothing.wanted


def test_what_was_never_asked_is_not_allowed() -> None:
    found = entry(engine(None, "2026-11-21").assess(project({"id": "1"})))
    assert (found.asked, found.verdict) == ((), "undetermined")


def test_what_changed_between_two_days_is_told() -> None:
    machines = ({"type": "belt_drive", "id": "B"}, {"type": "dry_saw", "id": "S"})
    changed = changes(of("2025-12-31", *machines), of("2026-01-01", *machines))
    assert [(one.rule, one.before, one.after) for one in changed] == [
        ("bans.2020.02", "restricted", None),
        ("bans.2026.03", None, "prohibited"),
    ]


def test_the_end_of_grace_is_a_change(tmp_path: Path) -> None:
    pack = tmp_path / "bans"
    copytree(BANS, pack)
    bans = pack / "rules" / "bans.yaml"
    text = bans.read_text("utf-8")
    lenient = "- rule: bans.law.9\n  kind: prohibition"
    assert lenient in text
    bans.write_text(text.replace(lenient, lenient.replace("prohibition", "restriction")), "utf-8")
    stove = project({"type": "coal_stove", "id": "C"})
    before, after = (entry(engine(pack, day).assess(stove)) for day in ("2025-12-31", "2026-01-01"))
    assert (before.verdict, after.verdict) == ("restricted", "restricted")
    (one,) = changes(before, after)
    assert (one.rule, one.before_until, one.after_until) == ("bans.law.9", date(2025, 12, 31), None)
    assert one.to_json()["before_until"] == "2025-12-31"


@pytest.mark.parametrize("root", ["park", "region", "facility", "insurer_policy"])
@pytest.mark.parametrize("siting", [True, False])
def test_nothing_is_allowed_of_which_nothing_was_judged(root: str, siting: bool) -> None:
    for pack in (BANS, "chemicals"):
        found = entry(engine(pack, "2026-11-21").assess({root: {"id": "X"}}), siting_only=siting)
        assert found.verdict == "undetermined"


@cache
def liaoning() -> Engine:
    return Engine.load(packs=["chemicals"], profile="liaoning", as_of="2025-06-01")


PARK = {
    "id": "P",
    "is_in_designated_area": True,
    "boundaries_are_clear": True,
    "kind": "chemical_park",
    "is_new": True,
    "distance_kept_to": ["built_up", "populated", "important", "sensitive"],
    "layout_considers": ["wind", "terrain", "mutual", "products", "process", "supply", "use"],
    "assessed_as_a_whole": True,
    "risk_within_national_limit": True,
    "capacity_checked": True,
    "argued_before_building": True,
    "has_entry_conditions": True,
}


@pytest.mark.parametrize(
    ("fact", "broken", "rule"),
    [
        ("is_in_designated_area", False, "chem.park2023.siting"),
        ("distance_kept_to", [], "ln.2016.051"),
        ("layout_considers", [], "ln.2016.052"),
        ("risk_within_national_limit", False, "ln.2016.053"),
        ("argued_before_building", False, "ln.2021.020"),
    ],
)
def test_a_park_is_sited_by_pack_and_profile(fact: str, broken: object, rule: str) -> None:
    def of_park(**more: object) -> Entry:
        return entry(liaoning().assess({"park": {**PARK, **more}}), siting_only=True)

    assert of_park().verdict == "allowed"
    refused = of_park(**{fact: broken})
    assert (refused.verdict, [one.rule.id for one in refused.against]) == ("prohibited", [rule])
    assert of_park(**{fact: None}).verdict == "undetermined"


@pytest.mark.parametrize(
    ("profile", "day", "facts", "rules", "siting"),
    [
        (
            "fujian",
            "2026-11-21",
            {"builds_new_chemical_project": True, "new_chemical_project_in_park": False},
            {"fj.2017.053"},
            True,
        ),
        (
            "fujian",
            "2026-11-21",
            {"is_high_hazard": True, "has_projects": True, "risky_project_goes_on": ["planning"]},
            {"fj.2017.020"},
            False,
        ),
        (
            "liaoning",
            "2025-06-01",
            {
                "is_in_park": True,
                "has_projects": True,
                "on_park_entry_list": False,
                "project_has_major_risk": True,
                "risky_project_goes_on": ["planning"],
                "port_project_started": True,
                "port_review_passed": False,
                "outdated_in_use": ["process"],
            },
            {"ln.2021.050", "ln.2021.051", "ln.2016.036", "ln.2016.055"},
            False,
        ),
    ],
)
def test_the_lists_of_the_profile_are_asked(
    profile: str, day: str, facts: dict[str, Any], rules: set[str], siting: bool
) -> None:
    judged = Engine.load(packs=[BANS], profile=profile, as_of=day).assess({"enterprise": facts})
    found = entry(judged, siting_only=siting)
    assert found.verdict == "prohibited"
    assert {one.rule.id for one in found.against if one.verdict == "prohibited"} == rules


SITE = {
    "is_in_service": True,
    "siting_hazards": [],
    "targets_too_near": 0,
    "substances": [],
    "key_processes": [],
}


@pytest.mark.parametrize(
    ("target_class", "risk", "verdict"),
    [
        ("high_sensitivity", 3e-7, "allowed"),
        ("high_sensitivity", 3.1e-7, "prohibited"),
        ("general_2", 3e-6, "allowed"),
        ("general_3", 1.1e-5, "prohibited"),
        ("general_3", None, "undetermined"),
        (None, 1.1e-5, "undetermined"),
    ],
)
def test_siting_goes_by_the_limit_of_each_class_of_target(
    target_class: str | None, risk: float | None, verdict: str
) -> None:
    target = {
        "id": "T",
        "target_class": target_class,
        "facility_is_new": True,
        "individual_risk": risk,
        "persons": 1,
        "households": 1,
    }
    facts = {"enterprise": {"units": [], "protected_targets": [target], "societal_risk_points": []}}
    found = entry(engine("chemicals", "2026-11-21").assess(facts), siting_only=True)
    assert {one.rule.id: one.verdict for one in found.against}.get(
        "chem.gb36894.individual", "allowed"
    ) == verdict
    if verdict == "prohibited":
        assert found.verdict == "prohibited"
        document = found.to_json()["against"][0]
        assert document["citations"][0] == {
            "instrument": "gb36894-2018",
            "clause": "个人风险基准表",
            "status": "recalled",
        }


def test_the_command_says_the_clause_and_what_changed(tmp_path: Path) -> None:
    file = tmp_path / "project.json"
    file.write_text(json.dumps(project({"type": "dry_saw"})), "utf-8")
    done = run(
        "entry",
        str(file),
        "--pack",
        str(BANS),
        "--as-of",
        "2026-11-21",
        "--lang",
        "en",
        "--changed-since",
        "2025-12-31",
    )
    assert done.exit_code == 0, done.output
    assert "Prohibited: Dry saw (测试〔2026〕3号 3)" in done.output
    assert "says nothing against it → Prohibited" in done.output
    printed = run("entry", str(file), "--pack", str(BANS), "--as-of", "2026-11-21", "--json")
    assert json.loads(printed.stdout)["verdict"] == "prohibited"


def test_the_command_calls_what_is_wanted_by_its_name_and_looks_back_only(tmp_path: Path) -> None:
    file = tmp_path / "project.json"
    file.write_text(json.dumps({"enterprise": {}}), "utf-8")
    options = ("entry", str(file), "--pack", "chemicals", "--as-of", "2026-11-21")
    assert "防护目标清单  enterprise.protected_targets" in run(*options, "--siting").output
    late = run(*options, "--changed-since", "2026-11-21")
    assert late.exit_code == 2
    assert "supervision.since" in late.stderr
