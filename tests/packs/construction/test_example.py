"""The example site: what it breaks, reasoned from the clauses, and what stays open."""

from __future__ import annotations

from functools import cache

import pytest

from dualprev_rules import Engine
from dualprev_rules.result import Result
from tests.packs.construction.where import PACK
from tests.packs.parts import ROOT

OWN = ("con.2022.", "con.2024.", "con.o37.", "con.n31.", "con.n214.", "con.n186.", "con.hw2025.")
TODAY = "2026-11-21"


@cache
def judged(day: str) -> Result:
    return Engine.load([PACK], as_of=day).assess(ROOT / "examples/building_site/site.yaml")


def found(day: str, code: str) -> set[tuple[str, str]]:
    return {
        (o.record.short, o.rule.id.removeprefix("con."))
        for o in judged(day).outcomes
        if o.code == code and o.rule.id.startswith(OWN)
    }


def test_what_is_violated_today() -> None:
    assert found(TODAY, "violated") == {
        ("contractor[C1]", "2024.04-02a"),  # three safety officers of four
        ("person[R2]", "2024.04-02b"),  # the certificate ran out in October
        ("sub_project[S3]", "2024.04-04c"),  # a listed defect of the plan, and the work is under way
        ("sub_project[S3]", "2024.04-04d"),  # 8.2 m: over scale, no expert review
        ("sub_project[S3]", "2024.04-05"),  # concrete poured before acceptance
        ("excavation[E1]", "2024.05-02"),
        ("formwork[F1]", "2024.06-04"),  # layers of 450 mm, 400 planned
        ("scaffold[J1]", "2024.07-02"),  # one tier without ties
        ("lifting_machine[H1]", "2024.08-04b"),  # safety gear past its calibration since 1 November
        ("lifting_machine[TC2]", "2024.08-05"),  # a pin is missing
        ("lifting_machine[TC2]", "2024.08-08"),  # 1.6 m to the other crane, 2 m at least
        ("suspended_platform[B1]", "2024.09-05"),  # 640 kg on 630
        ("lit_place[Z1]", "2024.10-01"),  # 220 V in a damp basement
        ("near_line[W1]", "2024.10-02"),  # 7.4 m from 10 kV, 8 m since 2025
        ("confined_space[K1]", "2024.11-03"),  # no safety officer
        ("confined_space[K1]", "2024.11-04"),  # no breathing protection
        ("stacking[D1]", "2024.14-03"),
        ("outdoor_task[G1]", "2024.15-02a"),  # force 5
        ("lifting_machine[TC2]", "2024.15-03"),
        ("project[P1]", "o37.8"),  # fees due and not paid
        ("sub_project[S1]", "n31.expert"),  # 14 years and no rich experience
        ("sub_project[S1]", "n31.monitoring"),  # no frequency in the plan
        ("sub_project[S3]", "o37.12a"),
        ("sub_project[S3]", "o37.21a"),
        ("sub_project[S4]", "o37.14"),  # no notice board
        ("technique[Q1]", "n214.r01"),  # 25 mm on the floor of a project of 2025
        ("technique[Q2]", "n214.r05"),
    }


def test_what_the_codes_behind_the_criteria_say() -> None:
    codes = {
        (o.record.short, o.rule.id.removeprefix("con."))
        for o in judged(TODAY).outcomes
        if o.code == "violated" and not o.rule.id.startswith(OWN)
    }
    assert codes == {
        ("excavation[E1]", "gb55003.7-4-3b"),  # over-excavated
        ("lifting_machine[TC2]", "gb5144.10-5"),  # 1.6 m, where the criteria take their 2 m from
        ("lifting_machine[TC2]", "jgj196.2-0-14"),
        ("platform[Y1]", "jgj80.6-4-1"),  # the code asks for both, the criteria for the lack of both
        ("lit_place[Z1]", "jgj46.lighting"),  # 36 V where it is damp
        ("near_line[W1]", "jgj46.lines"),
        ("outdoor_task[G1]", "gb55034.3-2-6"),
    }


def test_the_same_breach_is_one_finding_with_every_clause() -> None:
    [crane] = [
        f
        for f in judged(TODAY).findings
        if f.rule.id in {"con.2024.08-08", "con.gb5144.10-5", "con.jgj196.2-0-14"}
        and f.path.endswith("[TC2]")
        and f.code == "violated"
    ]
    assert {cited.citation.instrument for cited in crane.citations} == {
        "constr-major-2024",
        "gb-5144-2006",
        "jgj-196-2010",
    }


@pytest.mark.parametrize(
    ("record", "rule", "code"),
    [
        ("person[R1]", "2024.04-02b", "compliant"),  # nine days left
        ("person[R4]", "2024.04-03", "undetermined"),  # nobody wrote down until when it is valid
        ("excavation[E1]", "2024.05-04a", "compliant"),  # 32 of 30 mm, dealt with in time
        ("excavation[E1]", "2024.14-01", "undetermined"),  # “约25” is no number
        ("lifting_machine[TC1]", "2024.08-08", "compliant"),  # exactly 2 m
        ("lifting_machine[TC2]", "2024.08-01", "undetermined"),  # the registration was not seen
        ("lifting_machine[TC2]", "2024.08-02", "undetermined"),
        ("lifting_machine[H1]", "2024.08-06", "undetermined"),  # verticality not measured
        (
            "platform[Y1]",
            "2024.09-03",
            "compliant",
        ),  # not on the structure, but reliably connected: both are needed
        ("scaffold[J1]", "2024.09-04a", "undetermined"),
        ("suspended_platform[B2]", "2024.09-05", "undetermined"),
        ("lit_place[Z2]", "2024.10-01", "not_applicable"),
        ("confined_space[K1]", "2024.11-01", "compliant"),
        ("confined_space[K1]", "2024.11-02", "undetermined"),  # tested or not: not written down
        ("project[P1]", "2024.13-07", "compliant"),
        ("outdoor_task[G2]", "2024.15-02b", "undetermined"),
        ("heavy_plant[V1]", "2024.15-01", "undetermined"),
        ("technique[Q1]", "2024.16", "compliant"),  # restricted, but not of considerable harm
        ("technique[Q3]", "n186.p01", "undetermined"),
        ("sub_project[S1]", "o37.12c", "compliant"),  # five experts
        ("sub_project[S1]", "o37.20e", "undetermined"),
        ("contractor[C2]", "o37.24a", "undetermined"),
    ],
)
def test_one_by_one(record: str, rule: str, code: str) -> None:
    [outcome] = [o for o in judged(TODAY).outcomes if o.rule.id == f"con.{rule}" and o.record.short == record]
    assert outcome.code == code


def test_what_the_works_are() -> None:
    derived = judged(TODAY).document()["derived"]
    scale = {
        name: derived[f"sub_project[{name}].is_over_scale"]["value"] for name in ("S1", "S2", "S3", "S4")
    }
    assert scale == {"S1": True, "S2": False, "S3": True, "S4": False}
    assert all(derived[f"sub_project[{name}].is_high_risk"]["value"] for name in scale)


def test_the_distance_to_the_line_sufficed_under_the_older_code() -> None:
    """7.4 m from 10 kV: JGJ 46-2005 asked for 6 m, until the end of 2024."""
    assert ("near_line[W1]", "2024.10-02") in found("2024-12-31", "compliant")
    assert ("near_line[W1]", "2024.10-02") in found("2025-01-01", "violated")


def test_one_edition_decides_on_each_day() -> None:
    for day, other in (("2024-12-12", "con.2024."), ("2024-12-13", "con.2022.")):
        assert not [o for o in judged(day).outcomes if o.rule.id.startswith(other)]
    assert ("person[R2]", "2022.04-02") in found("2024-12-12", "compliant")  # a certificate, not a valid one
