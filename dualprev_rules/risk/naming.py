"""Whether the names of a profile's grades mean what the grades are: 低等风险 is no name of the gravest."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dualprev_rules.pack.load import ProfileFiles, read_chain
from dualprev_rules.pack.spec.profiles import SwatchSpec
from dualprev_rules.problems import Problem, problem
from dualprev_rules.risk.swatches import NOT_ASSESSED

_MILD = re.compile(
    r"低|轻|较小|微小|可忽略|可接受|可承受|无风险|没有风险|安全(?!风险|生产)"
    r"|\b(?:low(?:er|est)?|slight|minor|mild|negligible|tolerable|acceptable|safe|no risk|without risk)\b",
    re.IGNORECASE,
)
"""What is said of little risk, or of none."""
_GRAVE = re.compile(
    r"重|(?<!不)高|严|极|特别|\b(?:major|high(?:er|est)?|severe|serious|extreme|critical|grave)\b",
    re.IGNORECASE,
)
"""What is said of much risk."""
_GRAVEST, _MILDEST = ("1", "2"), ("3", "4")


def name_doubts(name: str, among: ProfileFiles) -> Iterator[Problem]:
    """Yield where a profile names a grave grade mild, a mild one grave, or judges what was not assessed.

    What its own file or those that it extends say is looked at, the nearest first; faults of the files are
    for ``load_profile`` to tell. These are doubts: a word may mean something else in a name.
    """
    named: dict[str, SwatchSpec] = {}
    for source in read_chain(name, among):
        if source.spec is not None:
            named |= source.spec.grades
            named |= {NOT_ASSESSED: source.spec.not_assessed} if source.spec.not_assessed is not None else {}
    for grade, swatch in sorted(named.items()):
        for said in (swatch.name.zh, swatch.name.en):
            if said and _doubtful(grade, said):
                place, given = swatch.at("name"), f"{grade}: {said}"
                yield problem("risk.profile-name-meaning", severity="warning", place=place, given=given)


def _doubtful(grade: str, said: str) -> bool:
    mild, grave = _MILD.search(said) is not None, _GRAVE.search(said) is not None
    if grade == NOT_ASSESSED:
        return mild or grave
    return (grade in _GRAVEST and mild) or (grade in _MILDEST and grave and not mild)
