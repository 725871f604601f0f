"""The one Chinese spelling of each word of the language, and labels in 「」."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

OPERATORS: Mapping[str, str] = {
    "and": "且",
    "or": "或",
    "not": "非",
    "in": "属于",
    "not in": "不属于",
    "if": "若",
    "else": "否则",
    "for": "其中",
}
FUNCTIONS_ZH: Mapping[str, str] = {
    "abs": "绝对值",
    "add_months": "加月",
    "add_years": "加年",
    "all": "全部",
    "ancestor": "上溯",
    "any": "任一",
    "at_least": "至少",
    "coalesce": "无值则",
    "count": "计数",
    "count_true": "成立数",
    "days_between": "相隔天数",
    "known": "已知",
    "lookup": "查表",
    "max": "最大",
    "min": "最小",
    "rule": "规则",
    "rules": "规则集",
    "sum": "合计",
}
ARGUMENTS: Mapping[str, str] = {"default": "缺省", "kind": "种类", "tag": "标签"}
NAMES: Mapping[str, str] = {
    "as_of": "评估日",
    "parent": "上级",
    "self": "本身",
    "true": "是",
    "false": "否",
}
"""Names with a meaning of their own. What an author calls so himself comes before them."""
RESERVED = frozenset(OPERATORS.values())
"""Words that are no names, as Python's own are not."""

CHINESE = (*OPERATORS.values(), *FUNCTIONS_ZH.values(), *ARGUMENTS.values())
"""Words by which a text may be in Chinese."""

_OPERATOR = {zh: en for en, zh in OPERATORS.items()}
_FUNCTION = {zh: en for en, zh in FUNCTIONS_ZH.items()}
_ARGUMENT = {zh: en for en, zh in ARGUMENTS.items()}
_PART = re.compile(r"'[^']*'|“[^”]*”|‘[^’]*’|\"[^\"]*\"|#[^\n]*|「(?P<label>[^」\n]*)」|(?P<word>\w+)")
_CALLED = re.compile(r"\s*[(（]")
_ASSIGNED = re.compile(r"\s*[=＝](?![=＝])")
_ENCODED = re.compile("_label_([0-9a-f]+)_")

Respelt = tuple[int, int, str]
"""A part of a text, by its ends, and how it is written otherwise."""


def in_ascii(text: str) -> Iterator[Respelt]:
    """Yield the Chinese words of a text (its signs read as ASCII), and labels in 「」 as names."""
    for start, end, word, label in _parts(text):
        if label is not None:
            yield start, end, f"_label_{label.encode().hex()}_"
        elif (found := _english(text, start, end, word)) is not None:
            yield start, end, found


def in_chinese(text: str) -> Iterator[Respelt]:
    """Yield the operators, functions and arguments of a text that are in English, in Chinese.

    >>> list(in_chinese("any(not t.x for t in ts)"))[:2]
    [(0, 3, '任一'), (4, 7, '非')]
    """
    parts = list(_parts(text))
    skipped = -1
    for at, (start, end, word, label) in enumerate(parts):
        after_dot = text[:start].rstrip().endswith(".")
        if label is not None or start < skipped or after_dot:
            continue
        following = parts[at + 1] if at + 1 < len(parts) else None
        if (
            word == "not"
            and following is not None
            and following[2] == "in"
            and not text[end : following[0]].strip()
        ):
            skipped = following[1]
            yield start, following[1], OPERATORS["not in"]
        elif word in OPERATORS:
            yield start, end, OPERATORS[word]
        elif word in FUNCTIONS_ZH and _CALLED.match(text, end):
            yield start, end, FUNCTIONS_ZH[word]
        elif word in ARGUMENTS and _ASSIGNED.match(text, end):
            yield start, end, ARGUMENTS[word]


def in_english(text: str) -> Iterator[Respelt]:
    """Yield the Chinese operators, functions and arguments of a text in English."""
    for start, end, word, label in _parts(text):
        if label is None and (found := _english(text, start, end, word)) is not None:
            yield start, end, found


def decoded(name: str) -> str:
    """Return a name as its author wrote it: a label without its brackets."""
    return _ENCODED.sub(lambda match: bytes.fromhex(match[1]).decode(), name) if "_label_" in name else name


def shown(text: str) -> str:
    """Return a text with labels in their brackets."""
    if "_label_" not in text:
        return text
    return _ENCODED.sub(lambda match: f"「{bytes.fromhex(match[1]).decode()}」", text)


def _parts(text: str) -> Iterator[tuple[int, int, str, str | None]]:
    for match in _PART.finditer(text):
        if match["label"] is not None or match["word"] is not None:
            yield match.start(), match.end(), match["word"] or "", match["label"]


def _english(text: str, start: int, end: int, word: str) -> str | None:
    if word.isascii() or text[:start].rstrip().endswith("."):
        return None
    if word in _OPERATOR:
        return _OPERATOR[word]
    if word in _FUNCTION and _CALLED.match(text, end):
        return _FUNCTION[word]
    if word in _ARGUMENT and _ASSIGNED.match(text, end):
        return _ARGUMENT[word]
    return None
