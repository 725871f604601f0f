"""One breach is found once on every day, not only on those on which the rule that joins two holds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml

from dualprev_rules import Engine
from tests.packs.parts import PACKS, ROOT, read

# Pairs that only a later, wider rule joins, and why no record breaks both, or why they are two breaches.
_APART = {
    ("con.gb5144.10-3b", "con.jgj196.2-0-14"): "the tail near a building, and the jib near another crane",
    ("con.gb5144.10-4", "con.jgj46.lines"): "a machine, and works or scaffold",
    ("con.gb5144.10-4", "con.jgj46.road"): "a machine, and a road",
    ("con.jgj46.4-1-4", "con.jgj46.lines"): "a machine, and works or scaffold",
    ("con.jgj46.4-1-4", "con.jgj46.road"): "a machine, and a road",
    ("gas.gb16410.flame", "gas.gb55009.6-2-flame"): "a cooker at home, and an appliance of a business",
}


def _rules() -> dict[str, dict[str, Any]]:
    return {
        rule["rule"]: rule
        for pack in PACKS
        for path in sorted((ROOT / f"packs/{pack}/dualprev_pack_{pack}").glob("rules/**/*.yaml"))
        for rule in yaml.load(path.read_bytes(), Loader=yaml.CBaseLoader)
    }


def _spans() -> dict[str, tuple[date, date]]:
    found: dict[str, tuple[date, date]] = {}
    for pack in PACKS:
        for instrument in read(ROOT / f"packs/{pack}/dualprev_pack_{pack}/pack.yaml")["instruments"]:
            force = instrument["in_force"]
            found[instrument["id"]] = (
                date.fromisoformat(force.get("from", "0001-01-01")),
                date.fromisoformat(force.get("replaced_on", "9999-12-31")),
            )
    return found


def cited(rule: dict[str, Any]) -> list[str]:
    cite = rule["cite"]
    return [one["instrument"] for one in (cite if isinstance(cite, list) else [cite])]


RULES, SPANS = _rules(), _spans()
LINKS = {name: {x for x in rule.get("corresponds_to", []) if x in RULES} for name, rule in RULES.items()}
for _name, _others in list(LINKS.items()):
    for _other in _others:
        LINKS[_other] = LINKS[_other] | {_name}


def holds(rule: str, day: date) -> bool:
    return any(SPANS[cited][0] <= day < SPANS[cited][1] for cited in cited(RULES[rule]))


def _is_later(rule: str, day: date) -> bool:
    return all(SPANS[cited][0] > day for cited in cited(RULES[rule]))


def joined(rule: str, day: date) -> set[str]:
    """Return what is one finding with the rule on that day."""
    seen, waiting = {rule}, [rule]
    while waiting:
        for other in LINKS[waiting.pop()]:
            if other not in seen and holds(other, day):
                seen.add(other)
                waiting.append(other)
    return seen


def _broken(day: date) -> set[tuple[str, str]]:
    """Return the pairs of different instruments that only a rule which is yet to come joins."""
    found: set[tuple[str, str]] = set()
    for middle, others in LINKS.items():
        if not _is_later(middle, day):
            continue
        held = sorted(other for other in others if holds(other, day))
        found |= {
            (a, b)
            for at, a in enumerate(held)
            for b in held[at + 1 :]
            if set(cited(RULES[a])) != set(cited(RULES[b]))
            and RULES[a]["for"] == RULES[b]["for"] == RULES[middle]["for"]
            and b not in joined(a, day)
        }
    return found


def test_no_breach_waits_for_a_later_rule_to_bejoined() -> None:
    starts = sorted({start for start, _ in SPANS.values()})
    assert set[tuple[str, str]]().union(*(_broken(day) for day in starts)) == set(_APART)


@pytest.mark.parametrize(
    ("pack", "day", "facts", "rule", "also"),
    [
        ("chemicals", "2026-06-01", {"has_responsibility_system": False}, "chem.mh2017.16a", "chem.law.05b"),
        (
            "mining",
            "2026-05-01",
            {"coal_mines": [{"id": "M1", "kind": "underground", "producing_levels": 3}]},
            "mine.coal2020.04-04a",
            "mine.csr2025.45-002d",
        ),
    ],
)
def test_a_breach_is_found_once_before_the_rule_that_joined_it(
    pack: str, day: str, facts: dict[str, Any], rule: str, also: str
) -> None:
    result = Engine.load(packs=[pack], as_of=day).assess({"enterprise": facts})
    violated = [finding for finding in result.findings if finding.code == "violated"]
    assert [(finding.rule.id, finding.merged) for finding in violated] == [(rule, (also,))]
    assert violated[0].rule.kind == "major_hidden_hazard"


_CHLORINE = [{"name": "氯", "cas": "7782-50-5", "quantity": "2000 t", "state": "liquefied_gas"}]
_PLANT = {
    "id": "u",
    "kind": "production",
    "key_processes": ["nitration"],
    "has_automatic_control": False,
    "has_emergency_stop": False,
    "emergency_stop_in_service": False,
    "substances": _CHLORINE,
}
_TANK_FARM = {
    "id": "t",
    "kind": "storage",
    "storage_kind": "tank_farm",
    "substances": _CHLORINE,
    "tanks": [{"id": "v", "has_emergency_shutoff": False}],
}


@pytest.mark.parametrize("day", ["2025-06-01", "2026-06-01", "2026-11-22"])
def test_what_order_40_and_the_criteria_both_say_is_found_once(day: str) -> None:
    sites = [{"id": "S", "exposed_people": 120, "units": [_PLANT, _TANK_FARM]}]
    facts = {"id": "E", "chemical_activities": ["production"], "sites": sites}
    result = Engine.load(packs=["chemicals"], as_of=day).assess({"enterprise": facts})
    found = [{f.rule.id, *f.merged} for f in result.findings if f.code == "violated"]
    criteria = {"2026-11-22": ("mh2026.5-5-3", "mh2026.5-5-4", "mh2026.5-5-6")}
    automatic, stop, shutoff = criteria.get(day, ("mh2017.04a", "mh2017.04b", "mh2017.05a"))
    for rules in (
        {automatic, "order40.13-2a"},
        {stop, "order40.13-1d", "order40.13-2b"},
        {shutoff, "order40.13-3a"},
    ):
        named = {f"chem.{rule}" for rule in rules}
        assert [one for one in found if one & named] == [named]


def test_what_is_open_for_any_clause_of_a_breach_is_named() -> None:
    unit = {"id": "u", "kind": "production", "has_emergency_stop": False}
    facts = {"id": "E", "sites": [{"id": "S", "units": [unit]}]}
    result = Engine.load(packs=["chemicals"], as_of="2026-11-22").assess({"enterprise": facts})
    [found] = [
        f for f in result.findings if {f.rule.id, *f.merged} >= {"chem.mh2026.5-5-4", "chem.order40.13-1d"}
    ]
    assert found.code == "undetermined"
    named = {path.rsplit(".", 1)[-1] for path in found.missing}
    assert {"key_processes", "substances"} <= named
