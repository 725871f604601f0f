"""The negative list, and what has changed in it between two days."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import yaml

from dualprev_rules import Engine
from dualprev_rules.risk.negative_list import entries_by_sector, negative_list, negative_list_changes
from tests.cli.run import run

REFERENCE = Path(__file__).parents[1] / "reference" / "profiles.yaml"
PACK = str(Path(__file__).parent / "bans")


def changes(since: str, day: str) -> dict[str, tuple[str | None, str | None]]:
    """Return the change of each entry, and in whose place it stands."""
    before, after = (Engine.load(packs=[PACK], as_of=each).ruleset for each in (since, day))
    return {e.rule.id: (e.change, e.before) for e in negative_list_changes(before, after)}


def test_the_list_of_a_day() -> None:
    found = negative_list(Engine.load(packs=[PACK], as_of="2025-12-31").ruleset)
    assert [entry.rule.id for entry in found] == ["bans.2020.01", "bans.2020.02", "bans.law.9"]
    assert (found[0].start, found[0].end) == (date(2020, 1, 1), date(2026, 1, 1))
    assert (found[0].condition, found[0].applies) == ("type == open_pot and age > 10", None)


def test_a_new_catalogue_adds_lifts_and_changes_and_grace_runs_out() -> None:
    assert changes("2025-12-31", "2026-01-01") == {
        "bans.2026.01": ("changed", "bans.2020.01"),
        "bans.2026.03": ("added", None),
        "bans.law.9": ("changed", None),
        "bans.2020.02": ("lifted", None),
    }


@pytest.mark.parametrize(("day", "outcome"), [("2025-12-31", "not_applicable"), ("2026-01-01", "violated")])
def test_what_is_within_its_days_of_grace_is_no_breach(day: str, outcome: str) -> None:
    facts = {"enterprise": {"units": [{"id": "U", "equipment": [{"id": "1", "type": "coal_stove"}]}]}}
    found = Engine.load(packs=[PACK], as_of=day).assess(facts).findings
    assert [finding.code for finding in found if finding.rule.id == "bans.law.9"] == [outcome]


@pytest.mark.parametrize(
    ("since", "day"),
    [("2025-06-01", "2025-12-31"), ("2026-01-01", "2026-11-21"), ("2026-01-01", "2026-01-01")],
)
def test_nothing_changes_between_catalogues(since: str, day: str) -> None:
    assert changes(since, day) == {}


def test_the_command_says_what_and_why() -> None:
    day = ("--pack", PACK, "--as-of", "2026-01-01", "--changed-since", "2025-12-31", "--lang", "en")
    lines = run("negative-list", *day).stdout.splitlines()
    at = lines.index("Added Prohibition Dry saw (bans.2026.03)")
    assert [line.strip() for line in lines[at + 1 : at + 6]] == [
        "Condition: type == dry_saw",
        "Plants: new",
        "From: 2026-01-01",
        "Replacement: wet saw",
        "Clause: 测试〔2026〕3号 3",
    ]
    assert lines[-1] == "4 changes since 2025-12-31, up to 2026-01-01"


def test_the_command_prints_json() -> None:
    day = ("--pack", PACK, "--as-of", "2026-01-01", "--changed-since", "2025-12-31", "--json")
    document = json.loads(run("negative-list", *day).stdout)
    assert document["not_encoded"] == []
    found = {entry["rule"]: entry for entry in document["entries"]}
    assert found["bans.law.9"]["grace_until"] == "2025-12-31"
    assert found["bans.2026.01"]["before"] == "bans.2020.01"
    assert found["bans.2020.02"]["replaced_on"] == "2026-01-01"
    assert found["bans.2026.03"]["citations"] == [
        {"instrument": "bans-2026", "number": "测试〔2026〕3号", "clause": "3", "status": "transcription"}
    ]


@pytest.mark.parametrize(
    ("pack", "since", "named", "silent"),
    [
        ("mining", (), ("安监总煤装〔2011〕17号", "煤安监技装〔2018〕39号", "淘汰目录（2024年）"), ()),
        ("mining", ("--changed-since", "2024-01-01"), ("淘汰目录（2024年）",), ("煤安监技装〔2018〕39号",)),
        ("chemicals", ("--changed-since", "2024-01-01"), ("应急厅〔2024〕86号",), ()),
        ("chemicals", ("--changed-since", "2024-03-01"), (), ("应急厅〔2024〕86号",)),
    ],
)
def test_catalogues_in_force_that_are_not_encoded_are_named(
    pack: str, since: tuple[str, ...], named: tuple[str, ...], silent: tuple[str, ...]
) -> None:
    lines = run("negative-list", "--pack", pack, "--as-of", "2026-11-21", *since).stdout.splitlines()
    told = {text: [line for line in lines if text in line] for text in (*named, *silent)}
    assert all("编码 尚未；" in line for text in named for line in told[text])
    assert [text for text, found in told.items() if found] == [*named]


def test_json_names_what_is_not_encoded() -> None:
    document = json.loads(
        run("negative-list", "--pack", "chemicals", "--as-of", "2026-11-21", "--json").stdout
    )
    of = {one["instrument"]: one for one in document["not_encoded"]}
    assert {of[name]["encoded"] for name in ("obsolete-2024", "obsolete-2020")} == {"none", "partial"}
    assert (of["obsolete-2024"]["from"], of["obsolete-2024"]["confirmed"]) == ("2024-03-01", False)


def test_fujian_wants_lists_for_nine_sectors_and_is_told_which_are_there() -> None:
    document = yaml.safe_load(REFERENCE.read_text("utf-8"))["FJ17"]
    (asked,) = (one["parameters"] for one in document if one["id"] == "FJ17-016")
    engine = Engine.load(packs=["mining", "construction"], profile="fujian", as_of="2026-11-21")
    entries = negative_list(engine.ruleset)
    sectors = entries_by_sector(entries, engine.profile, engine.ruleset)
    assert [sector.zh for sector in sectors] == asked["sectors"]
    told = {sector.zh: count for sector, count in sectors.items()}
    for sector, pack in (("矿山", "mining"), ("建筑施工", "construction")):
        assert told[sector] == sum(entry.rule.pack == pack for entry in entries) > 0
    # What is not loaded, or not written, is no list without entries.
    assert {told[name] for name in ("危险化学品", "烟花爆竹", "渔业生产", "特种设备")} == {None}
    assert {entry.rule.kind for entry in entries} == {"prohibition", "restriction"}
    laws = {"law", "regulation", "ministerial_rule"}
    assert any(instrument.force in laws for entry in entries for instrument in entry.instruments)
    shown = run("negative-list", "--pack", "mining", "--profile", "fujian", "--as-of", "2026-11-21").stdout
    assert f"矿山：{told['矿山']} 项" in shown
    assert "渔业生产：没有加载该行业的清单" in shown


def test_an_enterprise_is_judged_by_the_list_of_the_day_before_and_after() -> None:
    machines = [{"id": "P", "type": "open_pot", "age": 5}, {"id": "B", "type": "belt_drive", "age": 5}]
    site = {"enterprise": {"units": [{"id": "U", "equipment": machines}]}}

    def broken(day: str) -> set[tuple[str, str]]:
        result = Engine.load(packs=[PACK], as_of=day).assess(site)
        return {(f.rule.id, f.path) for f in result.findings if f.code == "violated"}

    assert broken("2025-12-31") == {("bans.2020.02", "enterprise.units[U].equipment[B]")}
    assert broken("2026-01-01") == {("bans.2026.01", "enterprise.units[U].equipment[P]")}
