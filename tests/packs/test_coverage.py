"""What the packs say of their coverage is counted from the reference: no determination is left out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dualprev_rules import Engine
from dualprev_rules.pack import read_pack
from dualprev_rules.problems import DualprevError
from dualprev_rules.testing.coverage import coverage
from tests.cli.run import YARD, run
from tests.packs.parts import ROOT, read

# Determinations that the reference states (checked or recalled), how many of them only say how an instrument
# is declared, and what of the reference decides nothing.
COUNTED = {
    "chemicals": (188, 1, 2),
    "construction": (399, 6, 12),
    "fire": (194, 8, 30),
    "gas": (120, 1, 7),
    "mining": (562, 2, 4),
}


def _pack(name: str) -> Any:
    return ROOT / f"packs/{name}/dualprev_pack_{name}"


def _stated(name: str) -> dict[str, tuple[str, str, str]]:
    """Return instrument, clause and status of every item and table of the reference."""
    reference = read(ROOT / f"tests/reference/{name}.yaml")
    every = {item["id"]: item for item in reference["items"]} | reference.get("tables", {})
    return {key: (one["instrument"], one["clause"], one["status"]) for key, one in every.items()}


@pytest.mark.parametrize("name", COUNTED)
def test_the_pack_lists_every_item_of_the_reference_as_it_stands_there(name: str) -> None:
    listed = [
        (one["item"], (of["instrument"], one["clause"], one.get("status", "checked")))
        for of in read(_pack(name) / "coverage.yaml")
        for one in of["stated"]
    ]
    assert len(dict(listed)) == len(listed)
    assert {item: _shared(name, told) for item, told in listed} == {
        item: _shared(name, told) for item, told in _stated(name).items()
    }


def _shared(pack: str, told: tuple[str, str, str]) -> tuple[str, str, str]:
    """Call an instrument alike wherever it is called after the pack, since another knows a part of it too."""
    instrument, clause, status = told
    return instrument.removesuffix(f"-{pack}"), clause, status


@pytest.mark.parametrize("name", COUNTED)
def test_every_determination_is_encoded(name: str) -> None:
    found = coverage(read_pack(_pack(name)))
    stated = sum(len(one.stated) for one in found)
    encoded = sum(one.encoded for one in found)
    others = sum(len(one.no_determination) for one in found)
    declared = sum(one.declared for one in found)
    assert (stated, declared, others) == COUNTED[name]
    assert encoded + declared == stated
    assert stated + others == sum(status != "uncertain" for _, _, status in _stated(name).values())
    for one in found:
        by = sum(one.decided(way) for way in ("facts", "mixed", "inspector"))
        assert one.encoded == by
        assert one.encoded + one.declared + len(one.left_out) == len(one.stated)
        assert all(each.encoded for each in one.in_part)


def test_what_is_only_declared_or_encoded_in_part_is_counted_apart() -> None:
    found = {one.instrument: one for one in coverage(read_pack(_pack("fire")))}
    edition = found["gb35181-2025"]
    assert (len(edition.stated), edition.encoded, edition.declared, edition.left_out) == (7, 0, 7, ())
    assert [one.id for one in found["mps-120"].in_part] == ["mps120-fire-hazard", "mps120-seal"]
    assert [one.id for one in found["mps-61"].in_part] == []


def test_what_is_uncertain_is_listed_and_rests_on_nothing() -> None:
    found = coverage(read_pack(_pack("chemicals")))
    uncertain = {each.id for one in found for each in one.uncertain}
    assert uncertain == {key for key, (_, _, status) in _stated("chemicals").items() if status == "uncertain"}
    assert all(not each.by for one in found for each in one.uncertain)


def test_the_command_counts_and_gives_reasons() -> None:
    lines = run("pack", "coverage", "fire", "--lang", "en").stdout.splitlines()
    assert lines[0].split()[:3] == ["Instrument", "Stated", "Encoded"]
    [edition] = [line.split() for line in lines if line.startswith("GB 35181-2017 ") and "(" not in line]
    assert edition[2:4] == ["57", "57"]
    [why] = [line for line in lines if "(fire2017-4-4)" in line]
    assert "no duty" in why


def test_the_command_prints_every_determination_as_json() -> None:
    found = json.loads(run("pack", "coverage", "fire", "--json").stdout)
    [edition] = [one for one in found if one["instrument"] == "gb35181-2017"]
    assert (edition["stated"], edition["encoded"], edition["left_out"]) == (57, 57, 0)
    assert edition["no_determination"] == 1
    [item] = [one for one in edition["determinations"] if one["id"] == "fire2017-6-1"]
    assert item["by"] == ["fire.2017.6-1"]
    assert item["decided_by"] == "inspector"


def test_a_pack_without_the_list_is_told_so() -> None:
    with pytest.raises(DualprevError, match=r"testing\.no-coverage"):
        coverage(read_pack(YARD))


@pytest.mark.parametrize("name", COUNTED)
def test_days_that_the_reference_does_not_hold_for_checked_are_not_confirmed(name: str) -> None:
    doubtful = {
        one["id"]
        for one in read(ROOT / f"tests/reference/{name}.yaml")["instruments"]
        if one["status"] != "checked"
    }
    declared = Engine.load(packs=[str(_pack(name))], as_of="2026-11-21").ruleset.instruments
    assert doubtful & set(declared)
    assert {one for one in doubtful & set(declared) if declared[one].confirmed} == set()
