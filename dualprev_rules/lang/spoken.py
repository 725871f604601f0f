"""Signs, bounds and ranges in words, as in a standard: ``大于``, ``50人以上``, ``介于50和99之间``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dualprev_rules.facts.units import find_unit

NOTHING = frozenset(
    (
        "null",
        "none",
        "nil",
        "blank",
        "empty",
        "na",
        "missing",
        "absent",
        "空",
        "空值",
        "未知",
        "未填",
        "unknown",
    )
)
"""Words for what is not given, where no member is called so."""
GIVEN = frozenset(("known", "given", "present"))
TODAY = frozenset(("today", "now", "current_date", "今天", "今日", "当天", "当日", "本日", "现在"))
"""Words for the day of the assessment."""
_BINARY_WORDS = {
    ">=": ("大于等于", "大于或等于", "不小于", "不少于", "不低于", "至少", "达到", "不早于"),
    "<=": ("小于等于", "小于或等于", "不大于", "不超过", "不多于", "不高于", "至多", "不晚于"),
    "!=": ("不等于", "不是"),
    "==": ("等于", "equals"),
    ">": ("大于", "高于", "超过", "多于", "晚于", "exceeds", "over", "above", "after"),
    "<": ("小于", "低于", "少于", "不足", "不满", "未满", "未达到", "早于", "below", "under", "before"),
    "not in": ("不属于",),
    "in": ("属于", "包含于", "IN", "In"),
    "and": ("并且", "而且", "同时", "以及", "且", "与", "和", "AND", "And"),
    "or": ("或者", "或是", "或", "OR", "Or"),
    "and not": ("without",),
}
_ALONE = {"而": "and", "并": "and"}
"""Words for signs that are parts of other words too, so that they count only where they stand alone."""
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
"""Comparisons, with those that say just the opposite."""
_OTHERWISE = {**OPPOSITE, "in": "not in"}
_SAID = {word: sign for sign, words in _BINARY_WORDS.items() for word in words}
_DENIALS = ("未", "并未", "尚未", "从未", "未曾", "不曾", "没有", "并没有", "没", "非", "并非", "不是")
_DENIED = {
    denial + word: _OTHERWISE[sign]
    for word, sign in _SAID.items()
    if sign in _OTHERWISE and not word.isascii() and word[0] not in "不未至"
    for denial in _DENIALS
}
MEANT = _DENIED | _SAID | _ALONE
"""Words for signs, with the signs: 未超过 is ``<=``."""
PHRASES = {
    "greater than or equal to": ">=",
    "more than or equal to": ">=",
    "less than or equal to": "<=",
    "not less than": ">=",
    "not more than": "<=",
    "no less than": ">=",
    "no fewer than": ">=",
    "no more than": "<=",
    "no later than": "<=",
    "not later than": "<=",
    "no earlier than": ">=",
    "not earlier than": ">=",
    "greater than": ">",
    "more than": ">",
    "higher than": ">",
    "later than": ">",
    "less than": "<",
    "fewer than": "<",
    "lower than": "<",
    "earlier than": "<",
    "at least": ">=",
    "at most": "<=",
    "up to": "<=",
    "equal to": "==",
    "one of": "in",
    **dict.fromkeys(("above", "over", "exceeds", "exceed", "exceeding"), ">"),
    **dict.fromkeys(("below", "under"), "<"),
}
"""English phrases for signs."""
_PHRASE = re.compile(
    rf"(?:(?:is|are|does|do)\s+)?(?P<denied>(?:not|never|isnt|arent|doesnt|dont)\s+)?"
    rf"(?P<phrase>{'|'.join(PHRASES)})\b".replace(" ", r"\s+"),
    re.IGNORECASE,
)
_CHINESE = (word for word in MEANT if not word.isascii() and word not in _ALONE)
GLUED = re.compile("|".join(sorted(_CHINESE, key=len, reverse=True)))
"""A word for a sign within another word."""
_CONTAINS = re.compile(
    r"(?:(?P<not>(?:does|do)\s+not|not|不)\s*)?(?:contains?|includes?|has|have|包含|包括|含有|含)(?![\w])",
    re.IGNORECASE,
)
_MEMBER = re.compile(r"\s*(?P<member>'[^']*'|\"[^\"]*\"|[\w.]+)")
_FIGURE = r"[0-9]+(?:\.[0-9]+)?"
_REACHES = {"以上": ">=", "以下": "<=", "以内": "<=", "以外": ">"}
_BOUND = re.compile(
    rf"(?:在|达到?|为|是|={{1,2}})?\s*(?P<figure>{_FIGURE})\s*(?P<unit>[^\s\d()<>=!,]{{0,8}}?)\s*[及或]?(?P<word>{'|'.join(_REACHES)})"
)
_RANGE = re.compile(
    rf"(?:在|(?P<out>不在|not\s+(?:between|in)\b)|介于|为|是|in\b|between\b|BETWEEN\b|from\b|={{1,2}})?\s*"
    rf"(?P<left>[(\[])?\s*(?P<low>{_FIGURE})\s*(?P<to>[~～〜—–\-至到和与]|\.\.+|and\b|AND\b|to\b)\s*"
    rf"(?P<high>{_FIGURE})\s*(?P<right>[)\]])?(?:\s*之间)?(?![\w.])"
)
INTERVAL = re.compile(rf"[(\[]\s*{_FIGURE}\s*\.\.+\s*{_FIGURE}\s*[)\]]")
"""A range as the cells of decision tables have it, whose brackets need not be a pair."""
_DEMAND = re.compile("(?:不得|不应|不能|不可|不宜|不许|不准|禁止|严禁)$")
_FIGURE_IN_WORDS = re.compile(r"(?:百分之)?[零〇一二两三四五六七八九十百千万亿点]+")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A bound or range that a text holds up to ``end``, and how the language has it."""

    start: int
    end: int
    meant: str


def bound_at(text: str, at: int) -> Spoken | None:
    """Return the bound that begins at ``at``. Whoever is above or below a figure includes it."""
    match = _BOUND.match(text, at)
    if match is None:
        return None
    unit = match["unit"] if match["unit"] and find_unit(match["unit"]) is not None else None
    figure = f"'{match['figure']} {unit}'" if unit else match["figure"]
    return Spoken(match.start(), match.end(), f"{_REACHES[match['word']]} {figure}")


def range_at(text: str, at: int, name: str) -> Spoken | None:
    """Return the range that begins at ``at``, in which ``name`` is said to be."""
    match = _RANGE.match(text, at)
    if match is None:
        return None
    # In cells (50..100) leaves out both ends.
    cell = match["to"].startswith(".")
    low = "<" if cell and match["left"] == "(" else "<="
    high = "<" if cell and match["right"] == ")" else "<="
    meant = f"{match['low']} {low} {name} {high} {match['high']}"
    return Spoken(match.start(), match.end(), meant if match["out"] is None else f"not {meant}")


def phrase_at(text: str, at: int) -> Spoken | None:
    """Return the sign that an English phrase at ``at`` means: ``is greater than``, ``at least``."""
    match = _PHRASE.match(text, at)
    if match is None:
        return None
    sign = PHRASES[" ".join(match["phrase"].casefold().split())]
    return Spoken(match.start(), match.end(), sign if match["denied"] is None else _OTHERWISE[sign])


def contained_at(text: str, at: int, name: str) -> Spoken | None:
    """Return the membership that a word at ``at`` behind the ``name`` of a set means: ``contains wet``."""
    match = _CONTAINS.match(text, at)
    behind = _MEMBER.match(text, match.end()) if match is not None else None
    if match is None or behind is None:
        return None
    sign = "in" if match["not"] is None else "not in"
    return Spoken(match.start(), behind.end(), f"{behind['member']} {sign} {name}")


def figure_in_words(name: str) -> bool:
    """Tell whether a name is a figure in Chinese words: ``五十``, ``百分之五``."""
    return _FIGURE_IN_WORDS.fullmatch(name) is not None


def spelt_in_signs(text: str) -> str:
    """Return the text with words for signs replaced: ``大于等于100`` is ``>= 100``."""
    return GLUED.sub(lambda match: f" {MEANT[match[0]]} ", text).strip()


def parted(name: str) -> tuple[str, str | None, str] | None:
    """Return the parts of a name that holds a word for a sign, ``压力大于限值``: what, the sign, what.

    There is no sign where it says what shall not be, ``压力不得大于限值``: that does not tell whether
    the condition is of what is in order or of the breach.
    """
    match = GLUED.search(name, 1)
    if match is None or match.end() == len(name):
        return None
    left, right = name[: match.start()], name[match.end() :]
    demand = _DEMAND.search(left, 1)
    if demand is not None:
        return left[: demand.start()], None, right
    return left, MEANT[match[0]], right
