"""What documents of provinces ask of enterprises: met, broken, not asked for and not known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml

from dualprev_rules import Engine
from dualprev_rules.risk.negative_list import negative_list, negative_list_changes

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = yaml.safe_load((HERE / "requirements.yaml").read_text("utf-8"))
REFERENCE: dict[str, dict[str, Any]] = {
    one["id"]: one
    for document in yaml.safe_load((HERE.parent / "reference" / "profiles.yaml").read_text("utf-8")).values()
    for one in document
}
DOCUMENTS = {"ln.2016": "LN16", "ln.2021": "LN21", "sd.2016": "SD16", "hn.2018": "HN18", "fj.2017": "FJ17"}
HELD_IN = {"post": "posts", "risk_point": "risk_points"}
ABOVE = {"region", "park", "facility", "insurer_policy", "accident_case"}
"""Records of their own: no enterprise holds them."""
each_rule = pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])


@cache
def engine(profile: str, as_of: date) -> Engine:
    return Engine.load(packs=[], profile=profile, as_of=as_of)


def judge(case: dict[str, Any], **facts: Any) -> str:
    """Return the outcome of a case's rule for a record with these facts."""
    of = case.get("of", "enterprise")
    named = {"id": "A", **facts}
    held = HELD_IN.get(of)
    given = {of: named} if of in ABOVE else {"enterprise": {held: [named]} if held else named}
    result = engine(case["profile"], case.get("as_of", date(2026, 11, 21))).assess(given)
    (outcome,) = (finding.code for finding in result.findings if finding.rule.id == case["rule"])
    return outcome


def broken(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what is met with one answer turned, one figure made worse, one member left out or put in."""
    met = case["met"]
    for name, value in met.items():
        if isinstance(value, list):
            yield from ({**met, name: [m for m in value if m != left_out]} for left_out in value)
        elif name in case.get("worse", {}):
            yield {**met, name: case["worse"][name]}
        else:
            yield {**met, name: not value if isinstance(value, bool) else value - 1}
    for name, members in case.get("without", {}).items():
        yield from ({**met, name: [member]} for member in members)


def requirement(rule: str) -> dict[str, Any]:
    """Return the requirement that a rule is of, by its number."""
    document, _, number = rule.rpartition(".")
    return REFERENCE[f"{DOCUMENTS[document]}-{number.rstrip('abc')}"]


def test_every_rule_of_a_profile_has_a_case() -> None:
    days = {(case["profile"], case.get("as_of", date(2026, 11, 21))) for case in CASES}
    rules = {rule for profile, day in days for rule in engine(profile, day).ruleset.rules}
    of_documents = {rule for rule in rules if rule.rpartition(".")[0] in DOCUMENTS}
    assert of_documents == {case["rule"] for case in CASES}


@each_rule
def test_it_is_met_with_all_that_is_asked_for(case: dict[str, Any]) -> None:
    assert judge(case, **case.get("when", {}), **case["met"]) == "compliant"


@each_rule
def test_it_is_broken_by_each_part_that_is_missing(case: dict[str, Any]) -> None:
    found = [judge(case, **case.get("when", {}), **facts) for facts in broken(case)]
    assert found
    assert set(found) == {"violated"}


@each_rule
def test_what_is_not_known_is_neither_met_nor_broken(case: dict[str, Any]) -> None:
    when, met = case.get("when", {}), case["met"]
    assert judge(case) == "undetermined"
    for unknown in met:
        known = {name: value for name, value in met.items() if name != unknown}
        assert judge(case, **when, **known) == "undetermined"


@pytest.mark.parametrize("case", [c for c in CASES if "otherwise" in c], ids=lambda case: case["rule"])
def test_it_asks_nothing_of_others(case: dict[str, Any]) -> None:
    assert judge(case, **case["otherwise"]) == "not_applicable"


@each_rule
def test_it_cites_the_section_of_its_document(case: dict[str, Any]) -> None:
    rule = engine(case["profile"], case.get("as_of", date(2026, 11, 21))).ruleset.rules[case["rule"]]
    (citation,) = rule.citations
    wide = str.maketrans("()、", "（） ")
    assert citation.clause == requirement(case["rule"])["section"].translate(wide)
    assert rule.kind == "requirement"
    assert rule.title.zh
    assert rule.title.en
    assert rule.duty_of.en


@pytest.mark.parametrize("case", [c for c in CASES if "lists" in c], ids=lambda case: case["rule"])
def test_it_asks_for_as_many_things_as_its_document_lists(case: dict[str, Any]) -> None:
    listed = requirement(case["rule"])["parameters"]
    for parameter, fact in case["lists"].items():
        assert len(case["met"][fact]) == len(listed[parameter])


@pytest.mark.parametrize(
    ("people", "depth", "outcome"),
    [
        (30, 800, "not_applicable"),
        (31, 800, "violated"),
        (30, "800.1", "violated"),
        (30, "0.8 km", "not_applicable"),
    ],
)
def test_experts_are_wanted_above_thirty_people_or_eight_hundred_metres(
    people: int, depth: object, outcome: str
) -> None:
    (case,) = (case for case in CASES if case["rule"] == "ln.2021.028")
    mine = {"is_underground_non_coal_mine": True, "people_underground": people, "shaft_depth": depth}
    assert judge(case, **mine, experts_consulted_regularly=False) == outcome


@pytest.mark.parametrize(
    ("works", "outcome"), [(False, "compliant"), (None, "undetermined"), (True, "violated")]
)
def test_a_site_without_dangerous_works_is_asked_for_no_practice_of_them(
    works: bool | None, outcome: str
) -> None:
    (case,) = (case for case in CASES if case["rule"] == "ln.2021.038")
    facts = {**case["when"], **case["met"], "dangerous_works_practice": [], "has_dangerous_works": works}
    assert judge(case, **facts) == outcome


@pytest.mark.parametrize(
    "name",
    [
        "building_protection",
        "waste_records",
        "transport_checks",
        "chemicals_known_by",
        "qualified_roles",
        "trained_roles",
    ],
)
def test_a_list_of_things_that_not_every_enterprise_has_says_how_to_count_these(name: str) -> None:
    attribute = engine("liaoning", date(2025, 12, 31)).ruleset.schema.entities["enterprise"].attributes[name]
    assert attribute.ask is not None
    for words in (attribute.label, attribute.ask):
        assert ("含没有" in words.zh, "those that there are not too" in words.en) == (True, True)


def test_a_commitment_is_wanted_from_2019_on() -> None:
    (case,) = (case for case in CASES if case["rule"] == "hn.2018.028")
    facts = {"is_above_scale": True, "publishes_commitment": False}
    outcomes = [judge({**case, "as_of": day}, **facts) for day in (date(2018, 12, 31), date(2019, 1, 1))]
    assert outcomes == ["not_applicable", "violated"]


@pytest.mark.parametrize("rule", ["sd.2016.009", "sd.2016.028", "hn.2018.024"])
def test_nothing_is_broken_before_the_deadline_of_the_document_is_over(rule: str) -> None:
    (case,) = (case for case in CASES if case["rule"] == rule)
    deadline = date.fromisoformat(requirement(rule)["parameters"]["deadline"])
    nothing: dict[str, Any] = {name: [] for name in case["met"]}
    found = [judge({**case, "as_of": deadline + timedelta(days)}, **nothing) for days in (0, 1)]
    assert found == ["not_applicable", "violated"]


def test_a_plan_that_has_run_out_is_shown_and_decides_nothing() -> None:
    plan = {case["rule"] for case in CASES if case["rule"].startswith("ln.2021.")}
    last, after = (engine("liaoning", day) for day in (date(2025, 12, 31), date(2026, 1, 1)))
    assert plan <= last.ruleset.rules.keys()
    assert not plan & after.ruleset.rules.keys()
    document = json.loads(after.assess({"enterprise": {}}).to_json())
    (shown,) = (one for one in document["instruments"] if one["id"] == "ln-2021-plan")
    assert (shown["in_force"], shown["replaced_on"]) == (False, "2026-01-01")


def test_what_a_document_only_promotes_is_not_called_a_breach_of_law() -> None:
    result = engine("liaoning", date(2026, 11, 21)).assess(
        {"enterprise": {"industries": ["chemicals"], "has_liability_insurance": False}}
    )
    (finding,) = (f for f in result.findings if f.rule.id == "ln.2016.060")
    assert (finding.code, finding.rule.binding) == ("violated", False)


@pytest.mark.parametrize(
    "sector",
    [
        "coal_mining",
        "non_coal_mining",
        "chemicals",
        "fireworks",
        "construction",
        "civil_explosives",
        "metal_smelting",
        "transport",
    ],
)
@pytest.mark.parametrize("rule", ["ln.2016.060", "fj.2017.065"])
def test_both_lists_of_sectors_to_insure_name(rule: str, sector: str) -> None:
    (case,) = (case for case in CASES if case["rule"] == rule)
    carries = {"carries_by_road_or_water": True} if rule == "ln.2016.060" else {}
    assert judge(case, industries=[sector], has_liability_insurance=False, **carries) == "violated"


def test_a_danger_area_that_is_not_there_needs_no_keeping_clear_of() -> None:
    (case,) = (case for case in CASES if case["rule"] == "hn.2018.027")
    clear = {"has_urban_installations": False, "danger_areas_avoided": []}
    assert judge(case, **clear, danger_areas_there=[]) == "compliant"
    assert judge(case, **clear, danger_areas_there=["subsidence"]) == "violated"
    assert judge(case, **clear) == "undetermined"


def test_liaoning_names_road_and_water_and_no_other_transport() -> None:
    (case,) = (case for case in CASES if case["rule"] == "ln.2016.060")
    airline = {"industries": ["transport"], "is_special_equipment_business": False}
    uninsured = {**airline, "has_liability_insurance": False}
    assert judge(case, **uninsured) == "undetermined"
    assert judge(case, **uninsured, carries_by_road_or_water=False) == "not_applicable"


@pytest.mark.parametrize("change", ["environment", "process", "equipment", "work", "persons"])
def test_each_of_five_changes_is_to_be_analysed_before(change: str) -> None:
    (case,) = (case for case in CASES if case["rule"] == "ln.2016.022")
    assert judge(case, changes_made=[change], changes_assessed=[], changes_planned=[change]) == "violated"
    assert (
        judge(case, changes_made=[change], changes_assessed=[change], changes_planned=[change]) == "compliant"
    )


def test_a_negative_list_bans_and_restricts_processes_kinds_of_enterprise_and_scales(tmp_path: Path) -> None:
    pack = tmp_path / "bans"
    copytree(HERE / "bans", pack)
    wanted = [("process", "prohibition"), ("enterprise_kind", "restriction"), ("scale", "restriction")]
    added = [
        f"- {{rule: bans.2026.{number}, kind: {kind}, object: {what}, title: {{zh: 甲, en: A}}, "
        f"cite: {{instrument: bans-2026, clause: '{number}'}}, for: enterprise, duty_of: 企业, "
        f"decided_by: facts, violated: employees < {number}}}\n"
        for number, (what, kind) in enumerate(wanted, start=10)
    ]
    (pack / "rules" / "added.yaml").write_text("".join(added), "utf-8")
    before, after = (Engine.load(packs=[pack], as_of=day).ruleset for day in ("2025-12-31", "2026-01-01"))
    found = {(entry.rule.object, entry.rule.kind) for entry in negative_list(after)}
    assert found >= {*wanted, ("equipment", "prohibition")}
    new = {entry.rule.id for entry in negative_list_changes(before, after) if entry.change == "added"}
    assert new >= {"bans.2026.10", "bans.2026.11", "bans.2026.12"}


@pytest.mark.parametrize("feature", ["high_danger", "high_pollution", "high_energy", "high_occupational"])
def test_each_of_four_high_features_calls_for_an_exit(feature: str) -> None:
    (case,) = (case for case in CASES if case["rule"] == "ln.2016.039")
    assert judge(case, four_high=[feature], exit_arranged=False) == "violated"


@pytest.mark.parametrize(
    ("rule", "have", "done", "place"),
    [
        *(
            ("ln.2021.031", "key_fire_places", "fire_control_by_place", place)
            for place in ("high_rise", "commercial_complex", "underground_rail", "petrochemical")
        ),
        *(
            ("ln.2021.033b", "road_danger_spots", "road_spots_treated", place)
            for place in ("waterside_cliff", "long_descent", "sharp_bend", "unsafe_bridge")
        ),
        *(
            ("fj.2017.059b", "harmful_exposures", "harmful_exposures_treated", harm)
            for harm in ("dust", "toxic")
        ),
    ],
)
def test_each_place_there_is_needs_its_own_treatment(rule: str, have: str, done: str, place: str) -> None:
    (case,) = (case for case in CASES if case["rule"] == rule)
    assert judge(case, **{have: [place], done: []}) == "violated"
    assert judge(case, **{have: [place], done: [place]}) == "compliant"


def kinds(rule: str) -> list[str]:
    """Return the kinds of facility that a rule is of."""
    (case,) = (case for case in CASES if case["rule"] == rule)
    found = engine(case["profile"], case.get("as_of", date(2026, 11, 21))).ruleset.schema.entities["facility"]
    members = found.attributes["kind"].member_labels
    return [kind for kind in members if judge({**case, "of": "facility"}, kind=kind) != "not_applicable"]


@pytest.mark.parametrize(
    ("rule", "of"),
    [
        ("ln.2016.040", "tailings_pond waste_dump spoil_ground"),
        (
            "ln.2016.044",
            "water drainage power heat telecom oil_gas_pipeline town_gas_pipeline chemical_pipeline",
        ),
        ("ln.2016.047", "high_rise complex tunnel bridge rail lift ride utility_tunnel power heat"),
        ("fj.2017.050", "high_rise complex tunnel bridge rail lift ride utility_tunnel gas power"),
        ("fj.2017.055", "goaf tailings_pond"),
    ],
)
def test_a_rule_is_of_the_kinds_of_facility_that_its_document_names(rule: str, of: str) -> None:
    assert set(kinds(rule)) == set(of.split())


def test_nobody_is_asked_of_a_region_unless_one_is_given() -> None:
    document = json.loads(engine("liaoning", date(2026, 11, 21)).assess({"enterprise": {}}).to_json())
    asked = [*document["questions"], *document["statement"].get("not_assessed", [])]
    assert asked
    assert {one["path"].split(".")[0] for one in asked} == {"enterprise"}


def test_a_region_is_judged_with_its_parks_and_facilities() -> None:
    region = {
        "id": "D",
        "parks": [{"id": "P", "distance_kept_to": []}],
        "facilities": [{"id": "B", "kind": "bridge"}],
    }
    result = engine("liaoning", date(2026, 11, 21)).assess({"region": region})
    found = {finding.rule.id: finding.code for finding in result.findings}
    assert (found["ln.2016.051"], found["ln.2016.047"]) == ("violated", "undetermined")
    named = engine("liaoning", date(2026, 11, 21)).assess({"region": {**region, "name": "东县"}})
    assert json.loads(named.to_json())["enterprise"] == {"path": "region[D]", "name": "东县"}


@pytest.mark.parametrize("way", ["moved", "converted", "closed"])
def test_a_site_outside_the_parks_has_three_ways(way: str) -> None:
    (case,) = (case for case in CASES if case["rule"] == "fj.2017.053b")
    options = requirement("fj.2017.053b")["parameters"]["outside_options"]
    facts = {"has_chemical_site_outside_parks": True, "outside_site_answered_by": [way]}
    assert (judge(case, **facts), len(options)) == ("compliant", 3)


@pytest.mark.parametrize("new", ["technology", "process", "material", "equipment"])
def test_each_of_four_new_means_fights_disease_at_its_source(new: str) -> None:
    (case,) = (case for case in CASES if case["rule"] == "ln.2016.031b")
    schema = engine("liaoning", date(2026, 11, 21)).ruleset.schema
    means = schema.entities["enterprise"].attributes["hazards_cut_at_source_by"].member_labels
    facts = {"has_occupational_hazards": True, "hazards_cut_at_source_by": [new]}
    assert judge(case, **facts) == "compliant"
    assert [label.zh for label in means.values()] == [
        f"新{one}" for one in requirement("ln.2016.031b")["parameters"]["new"]
    ]


@pytest.mark.parametrize("has", ["produces_hazardous_chemicals", "has_chemicals_to_register"])
@pytest.mark.parametrize("done", ["registration", "appraisal"])
def test_hazardous_chemicals_are_registered_and_appraised_not_those_of_fine_chemistry_alone(
    has: str, done: str
) -> None:
    (case,) = (case for case in CASES if case["rule"] == "ln.2021.023b")
    facts = {"is_fine_chemical_enterprise": False, has: True}
    assert judge(case, **facts, chemicals_known_by=[done]) == "violated"


@pytest.mark.parametrize("kind", ["coal_mining", "non_coal_mining"])
def test_mines_of_both_kinds_are_to_be_smart(kind: str) -> None:
    (case,) = (case for case in CASES if case["rule"] == "ln.2021.065b")
    assert judge(case, industries=[kind], builds_smart_mine=False) == "violated"
