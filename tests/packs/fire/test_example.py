"""The shopping complex: what must be found on it, and why."""

from __future__ import annotations

from functools import cache

from dualprev_rules import Engine
from dualprev_rules.result import Result
from tests.packs.parts import ROOT

PACK = ROOT / "packs/fire/dualprev_pack_fire"
SITE = ROOT / "examples/shopping_complex/site.yaml"


@cache
def assessed(day: str) -> Result:
    """Return the result of the example site as of a day."""
    return Engine.load(packs=[PACK], as_of=day).assess(SITE)


def found(day: str, code: str) -> set[tuple[str, str]]:
    """Return every outcome of that code as rule and record."""
    return {(o.rule.id, o.record.short) for o in assessed(day).outcomes if o.code == code}


# What the days have in common: no clause of these depends on the edition of GB 35181.
ALWAYS = {
    ("fire.gb50974.7-2-5a", "hydrant[XF2]"),  # 131 m to the next hydrant, 120 m at most
    ("fire.hr5.26a", "building[T1]"),  # one person on the shift, two at least
    ("fire.gb25506.4-2-1a", "building[T1]"),
    ("fire.hr5.37a", "building[T1]"),  # three e-bikes in the stairs
    ("fire.hr5.22", "building[T1]"),  # posts on the fire lane
    ("fire.gb50016.6-7-4", "building[T1]"),  # class B1 on a building of 2018 with a mall: class A
    ("fire.o61.25b", "premises[M1]"),  # 2.5 h between patrols, 2 h at most
    ("fire.hr5.34b", "premises[M1]"),
    ("fire.hr5.15b", "premises[M1]"),  # hot work in the mall of a high-rise while open
    ("fire.o39.10c", "premises[K1]"),  # 18 of 20 minutes of light
    ("fire.hr5.23", "premises[R9]"),  # four months since the duct was cleaned, a quarter at most
    ("fire.gb55037.4-3-4", "premises[C1]"),  # floor 4 of a building of rating 2 and of 2024: floor 3
    ("fire.xf703.5a", "premises[L1]"),  # people lodge in the shop, no smoke alarm
    ("fire.o120.38", "premises[H1]"),  # smoke exhaust out of order: a general fire hazard
}


def test_what_is_violated_today() -> None:
    assert found("2026-11-21", "violated") == ALWAYS | {
        ("fire.law.16", "building[T1]"),  # tested on 2025-09-30, more than a year ago
        ("fire.gb25201.7-1-1b", "building[T1]"),
        ("fire.gb50444.5-4-3", "extinguisher[X2]"),  # powder of 2016-03: ten years are over
    }


def test_what_was_violated_under_the_edition_of_2017() -> None:
    assert found("2025-06-30", "violated") == ALWAYS | {
        ("fire.2017.6-5b", "premises[M1]"),  # 60 m of 80 m: 75 %, below 80 %: direct
        ("fire.2017.7-3-6", "premises[H1]"),  # 35 of 100 lights, more than 30 % in a high-rise
        ("fire.2017.7-3-7", "premises[H1]"),  # 11 of 44 stair doors: 25 %, more than 20 %
        ("fire.2017.7-5", "premises[H1]"),  # smoke control out of order
        ("fire.2017.5-3-3a", "premises[H1]"),  # these are three of the set: major
        ("fire.2017.7-1-3", "premises[L1]"),  # lodging in a shop that does not meet XF 703
    }


def test_nothing_old_decides_where_the_body_of_the_edition_in_force_was_not_seen() -> None:
    result = assessed("2026-11-21")
    old = [o for o in result.outcomes if o.rule.id.startswith(("fire.2017.5", "fire.2017.6", "fire.2017.7"))]
    assert old
    assert {o.code for o in old} == {"undetermined"}
    assert {o.reason for o in old} == {"not_encoded"}
    assert "gb35181-2025" in result.document()["statement"]["not_encoded"]


def test_a_building_follows_the_code_of_its_own_design_approval() -> None:
    """One children's place on floor 4 in a building of 2018, one in a building of 2024."""
    assert ("fire.gb55037.4-3-4", "premises[C0]") in found("2026-11-21", "not_applicable")
    assert ("fire.gb55037.4-3-4", "premises[C1]") in found("2026-11-21", "violated")
    assert ("fire.gb55037.7-1-5", "premises[L1]") in found("2026-11-21", "not_applicable")


def test_what_nobody_looked_at_is_open_and_asked() -> None:
    """The exits of the karaoke place were not counted, nor the papers of the children's centre seen."""
    assert ("fire.2017.6-5a", "premises[K1]") in found("2025-06-30", "undetermined")
    assert ("fire.gb46034.precheck", "premises[C1]") in found("2026-11-21", "undetermined")
