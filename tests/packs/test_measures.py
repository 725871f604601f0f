"""Every measure of a pack says what it is in each vocabulary of kinds, or why no kind of one is its own."""

from __future__ import annotations

from typing import Any

import pytest

from dualprev_rules.risk.taxonomies import taxonomies
from tests.packs.parts import ROOT, read

PACKS = sorted(folder.name.removeprefix("dualprev_pack_") for folder in ROOT.glob("packs/*/dualprev_pack_*"))
VOCABULARIES = {
    one.edition: {member.code or member.zh for member in one.members}
    for one in taxonomies()
    if one.id == "measure_kinds"
}
# What the hierarchy says and another kind would contradict.
APART = {
    "engineering": {"制度管理", "管理", "培训教育", "个体防护"},
    "elimination": {"制度管理", "管理", "培训教育", "个体防护", "应急管理", "应急处置", "4"},
    "administrative": {"物理工程", "在线监测", "视频监控", "自动化控制", "工程技术", "个体防护", "1"},
    "personal_protection": {"物理工程", "工程技术", "制度管理", "管理", "1"},
}


def measures(pack: str) -> list[dict[str, Any]]:
    files = sorted((ROOT / f"packs/{pack}/dualprev_pack_{pack}/measures").glob("*.yaml"))
    return [measure for file in files for measure in read(file)]


def test_there_are_the_three_vocabularies_of_the_reference() -> None:
    assert {name: len(kinds) for name, kinds in VOCABULARIES.items()} == {
        "shandong-2016": 6,
        "db37-2882": 5,
        "hazchem-exchange": 4,
    }


@pytest.mark.parametrize("pack", PACKS)
def test_every_measure_has_its_code_in_each_vocabulary_or_says_why_not(pack: str) -> None:
    for measure in measures(pack):
        codes = measure.get("codes", {})
        assert codes.keys() <= VOCABULARIES.keys(), measure["measure"]
        assert codes.keys() == VOCABULARIES.keys() or measure.get("note"), measure["measure"]
        for vocabulary, code in codes.items():
            assert code in VOCABULARIES[vocabulary], (measure["measure"], vocabulary)


@pytest.mark.parametrize("pack", PACKS)
def test_no_code_contradicts_the_kind_in_the_hierarchy(pack: str) -> None:
    contradicted = {
        (measure["measure"], code)
        for measure in measures(pack)
        for code in measure.get("codes", {}).values()
        if code in APART.get(measure["kind"], ())
    }
    assert contradicted == set()
