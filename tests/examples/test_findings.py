"""What the example site breaks, what stays open and why, on each of three days."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from dualprev_rules.evaluate.reference import Outcome
from tests.examples.example import DAYS, SITE, judged

S1, S2 = "enterprise.sites[S1].units", "enterprise.sites[S2].units"
VIOLATIONS: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("violations.yaml").read_text("utf-8")
)
CLEAN = ("U05", "U07", "U09", "U13")

# The gaps of the data that leave outcomes open on 2026-11-21, and the clauses that ask for them.
OPEN: dict[str, set[str]] = {
    # The charge of the ammonia lines: installation or not, of which level, with which duties not done.
    f"{S1}[U11].substances[2].quantity": {
        "chem.mh2026.5-1-5",  # no responsible person performs
        "chem.mh2026.5-5-5",  # no SIS, asked of levels 1 and 2
        "chem.law.13",  # duties of installations
        "chem.order40.08",  # not assessed
        "chem.order40.09a",  # level 1 or 2 and toxic gas: no QRA
        "chem.order40.09b",  # level 1 and liquefied flammable gas: no QRA
        "chem.order40.13-3c",  # no SIS, by Order 40
        "chem.aq3072.persons",  # no responsible person named
    },
    # “约200” is no number; 350 m are required.
    f"{S1}[U03].external_distance": {"chem.mh2026.5-2-2"},
    # Seen in August, good until the end of October.
    f"{S1}[U04].sensors[GT-403].in_service": {"chem.mh2026.5-4-2b"},
    # Assessed as level 3; level 2 or 3 by the population.
    "enterprise.sites[S2].exposed_people": {"chem.order40.08b"},
    # The key is misspelt.
    f"{S2}[U21].tanks[T-2102].has_water_injection": {"chem.mh2026.5-4-7"},
    # Below senior high; vocational education is not on record.
    "enterprise.persons[P07].vocational_level": {"chem.mh2026.5-1-3a"},
}


def violated(year: int) -> Counter[tuple[str, str, str]]:
    return Counter(
        (o.record.short, o.rule.id, o.rule.citations[0].clause)
        for o in judged(year).outcomes
        if o.code == "violated"
    )


def outcome(year: int, rule: str, record: str) -> str:
    (found,) = [o for o in judged(year).outcomes if o.rule.id == rule and o.record.short == record]
    return found.code


def still_open(year: int) -> list[Outcome]:
    """Return what facts would decide: not what is harmless, nor doubts of a record, which decide nothing."""
    return [
        o
        for o in judged(year).outcomes
        if o.code == "undetermined"
        and not o.harmless
        and not o.record.phantom
        and o.rule.kind != "data_check"
    ]


@pytest.mark.parametrize("year", DAYS)
def test_what_is_broken(year: int) -> None:
    expected = Counter((v["record"], v["rule"], v["clause"]) for v in VIOLATIONS if year in v["days"])
    assert violated(year) == expected


@pytest.mark.parametrize("unit", CLEAN)
def test_units_in_order(unit: str) -> None:
    of_unit = [o for o in judged(2026).outcomes if f"units[{unit}]" in o.record.path]
    assert sum(o.code == "compliant" for o in of_unit) > 20
    assert [o.rule.id for o in of_unit if o.code == "violated"] == []


def test_what_stays_open_rests_on_the_gaps_of_the_data() -> None:
    found: dict[str, set[str]] = {}
    for open_outcome in still_open(2026):
        for cause in open_outcome.causes:
            found.setdefault(cause.path, set()).add(open_outcome.rule.id)
    assert found == OPEN


def test_at_most_a_fifth_is_undetermined() -> None:
    outcomes = judged(2026).outcomes
    assert sum(o.code == "undetermined" for o in outcomes) * 5 <= len(outcomes)


def test_the_questions_ask_for_the_gaps() -> None:
    asked = {q.path: q for q in judged(2026).questions}
    assert asked.keys() >= OPEN.keys()
    for path, rules in OPEN.items():
        assert asked[path].decides == len(rules), path
    # Major ones first: that the list of pipelines is whole would settle every major rule about a further one.
    first = [q.path for q in judged(2026).questions[:2]]
    assert first == ["enterprise.pipelines", f"{S1}[U11].substances[2].quantity"]


def test_pipelines_that_are_not_listed_are_not_judged() -> None:
    (missing,) = judged(2026).not_assessed
    assert (missing.path, missing.entity) == ("enterprise.pipelines", "pipeline")
    # On the road to the public, on the rack, on a leak: each may hold of a pipeline nobody listed.
    assert {"chem.mh2026.5-2-3a", "chem.mh2026.5-2-4", "chem.mh2026.5-5-10"} <= set(missing.rules)
    assert outcome(2026, "chem.mh2026.5-2-4", "pipeline[PL1]") == "compliant"


def test_the_data_problems_with_their_places() -> None:
    found = {(p.code, p.path, p.given) for p in judged(2026).data_problems}
    assert found == {
        ("facts.cas", f"{S1}[U01].substances[5].cas", "10361-37-3"),
        ("facts.not-a-number", f"{S1}[U03].external_distance", "约200"),
        ("facts.unknown-key", f"{S2}[U21].tanks[T-2102].has_water_injecton", "has_water_injecton"),
        ("result.keys-disagree", f"{S1}[U08].substances[2]", "74-85-1 / 乙炔"),
    }
    lines = SITE.read_text("utf-8").splitlines()
    for problem in judged(2026).data_problems:
        if problem.place is not None:
            assert problem.given is not None
            assert problem.given in lines[problem.place.line - 1]
    (misspelt,) = [p for p in judged(2026).data_problems if p.code == "facts.unknown-key"]
    assert misspelt.nearest == "has_water_injection"


def test_the_notes_of_how_it_was_read() -> None:
    notes = {(n.code, n.path) for n in judged(2026).notes if n.code != "facts.read-unit"}
    assert notes == {
        ("facts.stale", f"{S1}[U04].sensors[GT-403].in_service"),
        ("facts.read-number", f"{S1}[U10].substances[4].quantity"),
        ("facts.read-date", f"{S2}[U22].commissioned_on"),
    }


# ---- The same site on three days


def test_before_2019_no_installation_can_be_decided() -> None:
    result = judged(2018)
    assert "gb18218-2009" in result.document()["statement"]["not_encoded"]
    for key, fact in result.derived.items():
        if key.endswith((".s_value", ".is_major_hazard_installation", ".hazard_level")):
            assert (fact.open, fact.definition.not_encoded) == (True, "gb18218-2009"), key
    level_asked = [o for o in result.outcomes if o.rule.id == "chem.mh2017.05a"]
    assert len(level_asked) == 15
    by_level = {o.record.short: o for o in level_asked if o.code == "undetermined"}
    # U12 has tanks without shut-off: violated if it were level 1 or 2, which GB 18218-2009 would say.
    assert "violated" in by_level["unit[U12]"].possible
    assert {c.reason for c in by_level["unit[U12]"].causes} == {"not_encoded"}


def test_a_facility_whose_outcome_changes_with_the_edition() -> None:
    # The liquid chlorine tanks: item 5 of 2017 asks whether a level 1 tank farm has emergency shut-off,
    # AQ 5.5.6 also whether it works; AQ 5.4.9 asks for an enclosed building, 2017 does not.
    assert outcome(2020, "chem.mh2017.05a", "unit[U03]") == "compliant"
    assert outcome(2026, "chem.mh2026.5-5-6", "unit[U03]") == "violated"
    assert outcome(2026, "chem.mh2026.5-4-9", "tank[V-301C]") == "violated"
    # No UPS for gas detection: item 14 of 2017 asks for the control systems only.
    assert outcome(2020, "chem.mh2017.14b", "unit[U02]") == "compliant"
    assert outcome(2026, "chem.mh2026.5-4-1b", "unit[U02]") == "violated"
    # Ammonia brine: on 2020-01-01 the catalogue was not there.
    assert outcome(2020, "chem.mh2017.11", "unit[U02]") == "compliant"
    assert outcome(2026, "chem.mh2026.5-3-1", "unit[U02]") == "violated"


@pytest.mark.parametrize("year", [2018, 2020])
def test_aq3067_says_nothing_before_its_day(year: int) -> None:
    assert not [o for o in judged(year).outcomes if o.rule.id.startswith("chem.mh2026.")]


def test_what_aq3067_covers_is_no_longer_decided_by_2017() -> None:
    of_2017 = {(o.rule.id, o.code) for o in judged(2026).outcomes if o.rule.id.startswith("chem.mh2017.")}
    assert ("chem.mh2017.06b", "violated") in of_2017
    assert {code for rule, code in of_2017 if rule == "chem.mh2017.06a"} == {"not_applicable"}
    (kept,) = [f for f in judged(2026).findings if f.rule.id == "chem.mh2017.06b" and f.code == "violated"]
    # It still counts, and says that its repeal is not confirmed.
    assert [c.instrument.confirmed for c in kept.citations] == [False]


@pytest.mark.parametrize("year", sorted(DAYS))
def test_the_document_counts_what_the_result_counts(year: int) -> None:
    assert judged(year).document()["statement"]["assessed"]["outcomes"] == dict(judged(year).counts)
