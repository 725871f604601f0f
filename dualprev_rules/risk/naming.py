"""Whether the names of a profile's grades mean what the grades are: 低等风险 is no name of the gravest."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from dualprev_rules.pack.load import ProfileFiles, read_chain
from dualprev_rules.pack.spec.profiles import SwatchSpec
from dualprev_rules.problems import Problem, problem
from dualprev_rules.risk.swatches import GRADE_HUES, NOT_ASSESSED


def _word(zh: str, en: str) -> re.Pattern[str]:
    """Return what finds one of some words that is not negated."""
    return re.compile(rf"(?<![不非])(?:{zh})|(?<!not )\b(?:{en})\b", re.IGNORECASE)


_MILD = _word(
    r"低|轻|较小|微小|普通|可忽略|可接受|可承受|可容许|可控|正常|合格|无风险|没有风险|安全(?!风险|生产|隐患|事故)",
    r"low(?:er|est)?|slight|minor|mild|negligible|tolerable|acceptable|controlled|normal|ordinary|safe"
    r"|no risk|without risk",
)
"""What is said of little risk, or of none."""
_GRAVE = _word(
    r"严重?|(?<!严)重|高|不可(?:接受|承受|容许|控)",
    r"major|high(?:er|est)?|severe|serious|critical|grave|intolerable|unacceptable|not (?:toler|accept)able",
)
"""What is said of much risk."""
_MUCH = _word(r"极|特别|危险", r"extreme|danger(?:ous)?")
"""What is said of much risk, unless of very little: 极低, 低危险."""
_NUMBER = re.compile(
    r"(?P<zh>IV|I{1,3}|[1-4]|[一二三四]|(?<![A-Z])[A-D])\s*级"
    r"|\b(?:level|grade|class|tier)\s*(?P<en>IV|I{1,3}|[1-4A-D])\b",
    re.IGNORECASE,
)
_NUMBERS = {
    said: grade
    for grade, spelt in {"1": "1 I 一 A", "2": "2 II 二 B", "3": "3 III 三 C", "4": "4 IV 四 D"}.items()
    for said in spelt.split()
}
_COLOURS = {
    hue: re.compile(rf"{zh}|\b{hue}\b", re.IGNORECASE)
    for hue, zh in {"red": "红", "orange": "橙", "yellow": "黄", "green": "绿", "blue": "蓝"}.items()
}
_GRAVEST, _MILDEST = ("1", "2"), ("3", "4")


def name_doubts(name: str, among: ProfileFiles) -> Iterator[Problem]:
    """Yield where a profile names a grade by another one, or judges what was not assessed.

    A name of another one is mild of a grave grade or grave of a mild one, or has another number or colour.
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
    text = unicodedata.normalize("NFKC", said)
    numbers = {_NUMBERS[(found["zh"] or found["en"]).upper()] for found in _NUMBER.finditer(text)}
    hues = {hue for hue, colour in _COLOURS.items() if colour.search(text)}
    if numbers - {grade} or hues - {GRADE_HUES.get(grade)}:
        return True
    mild, grave, much = (words.search(text) is not None for words in (_MILD, _GRAVE, _MUCH))
    if grade == NOT_ASSESSED:
        return mild or grave or much
    return (grade in _GRAVEST and mild) or (grade in _MILDEST and (grave or (much and not mild)))
