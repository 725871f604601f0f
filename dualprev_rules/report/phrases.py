"""What a report says around the data, and values in words: always Chinese and English together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, cast

import yaml

from dualprev_rules.problems import Words
from dualprev_rules.problems.words import Lang

_MOST_NAMED = 8
_CATALOGUES = (
    "words.yaml",
    "advice_words.yaml",
    "authoring_words.yaml",
    "inspection_words.yaml",
    "province_words.yaml",
    "supervision_words.yaml",
    "watch_words.yaml",
)


def phrase(name: str, /, **fill: object) -> Words:
    """Return the words of ``name``, its ``{…}`` filled; a filling of two languages gives its own."""
    words = _phrases()[name]
    if not fill:
        return words
    return Words(_filled(words.zh, "zh", fill), _filled(words.en, "en", fill))


def _filled(template: str, lang: Lang, fill: Mapping[str, object]) -> str:
    return template.format(**{k: v.get(lang) if isinstance(v, Words) else v for k, v in fill.items()})


def has_phrase(name: str) -> bool:
    """Tell whether there are words of that name."""
    return name in _phrases()


def named(kind: str, member: object) -> Words:
    """Return the words for a member of a closed list; one that is not in it stands for itself."""
    name = f"{kind}_{member}"
    return phrase(name) if has_phrase(name) else Words(str(member), str(member))


def method_name(method: str) -> str:
    """Return how a grading method is called in a register.

    >>> method_name("ls_5x5")
    'LS 5×5'
    """
    first, *rest = method.split("_")
    return " ".join((first.upper(), *(part.replace("x", "×") for part in rest)))


def words(value: object) -> Words:
    """Read ``{"zh": …, "en": …}``, or a plain text, as words; nothing where there is nothing."""
    if isinstance(value, Mapping):
        texts = cast("Mapping[str, Any]", value)
        return Words(str(texts.get("zh") or ""), str(texts.get("en") or ""))
    return Words("" if value is None else str(value), "" if value is None else str(value))


def joined(parts: list[Words], separator: str = "separator") -> Words:
    """Return the parts in one line, separated as each language does."""
    between = phrase(separator)
    return Words(
        between.zh.join(part.get("zh") for part in parts), between.en.join(part.get("en") for part in parts)
    )


Called = Mapping[str, Mapping[str, str]]
"""What members of enums are called: member → ``{"zh": …, "en": …}``."""


def value_words(value: Any, unit: str = "", called: Called | None = None) -> Words:
    """Return a value of the result document in words, whatever is known of it."""
    if isinstance(value, Mapping) and "or_none" in value:
        open_value = cast("Mapping[str, Any]", value)
        rest = {key: part for key, part in open_value.items() if key != "or_none"}
        return phrase("or_none", value=value_words(rest, unit, called))
    found = _value(value, called or {})
    return Words(f"{found.zh} {unit}", f"{found.en} {unit}") if unit and _is_figure(value) else found


def reason_value(reason: Mapping[str, Any]) -> Words:
    """Return the value of a node of the reasons in words, with its unit and what it was converted from."""
    found = value_words(reason["value"], reason.get("unit", ""), reason.get("called"))
    before = reason.get("before")
    if before is None:
        return found
    return joined([value_words(before["value"], before["unit"]), found], "equals")


def _is_figure(value: Any) -> bool:
    if isinstance(value, Mapping):
        open_value = cast("Mapping[str, Any]", value)
        return "low" in open_value or any(_is_figure(each) for each in _members(open_value))
    return isinstance(value, str) and value[:1] in "-0123456789"


def _members(value: Mapping[str, Any]) -> list[Any]:
    return value.get("values") or []


def _value(value: Any, called: Called) -> Words:
    match value:
        case None:
            return phrase("no_value")
        case bool():
            return phrase("yes" if value else "no")
        case int():
            return phrase("items", n=value)
        case str():
            return words(called.get(value, value))
        case list():
            members = cast("list[Any]", value)
            return _several(members, called) if members else phrase("none")
        case Mapping():
            return _open(cast("Mapping[str, Any]", value), called)
        case _:
            return Words(str(value), str(value))


def _several(members: Sequence[Any], called: Called) -> Words:
    """Name the first few of many: nobody reads eighty-five rows of a table that are all still possible."""
    shown = joined([_value(each, called) for each in members[:_MOST_NAMED]])
    more = len(members) > _MOST_NAMED
    return phrase("and_more", values=shown, n=len(members)) if more else shown


def _open(value: Mapping[str, Any], called: Called) -> Words:
    if "values" in value:
        members = _members(value)
        # All of nothing known, or both of yes and no: that is not knowing.
        if not members or {True, False} <= {m for m in members if isinstance(m, bool)}:
            return phrase("unknown")
        shown = _several(members, called)
        return shown if len(members) == 1 else phrase("one_of", values=shown)
    if "sure" in value:
        return _set(value["sure"], value["possible"], called)
    if "at_least" in value:
        return phrase("at_least", n=value["at_least"])
    return _range(value)


def _set(sure: list[Any], possible: list[Any] | None, called: Called) -> Words:
    if possible is None:
        more = phrase("anything")
    else:
        more = _value([member for member in possible if member not in sure], called)
    if sure:
        return phrase("sure_and_possible", sure=_value(sure, called), possible=more)
    return phrase("unknown") if possible is None else phrase("possibly", possible=more)


def _range(value: Mapping[str, Any]) -> Words:
    low, high = value.get("low"), value.get("high")
    if low is None and high is None:
        return phrase("unknown")
    above, below = ("<" if value.get(end) else "≤" for end in ("low_open", "high_open"))
    if high is None:
        shown = f"{'>' if above == '<' else '≥'} {low}"
        return Words(shown, shown)
    if low is None:
        return Words(f"{below} {high}", f"{below} {high}")
    return phrase("between", low=low, left=above, right=below, high=high)


@cache
def _phrases() -> Mapping[str, Words]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Words] = {}
    for file in _CATALOGUES:
        text = files("dualprev_rules.report").joinpath(file).read_text("utf-8")
        read: dict[str, dict[str, str]] = yaml.load(text, loader)  # noqa: S506 - one of the two safe loaders
        found |= {name: Words(said["zh"], said["en"]) for name, said in read.items()}
    return found


def clause_words(one: Mapping[str, Any], lang: Lang) -> str:
    """Return number and clause of a citation, with what keeps it from deciding by itself."""
    doubts: list[str] = []
    if one.get("role") == "covered":
        doubts.append(phrase("role_covered").get(lang))
    if not one.get("confirmed", True):
        doubts.append(phrase("unconfirmed").get(lang))
    said = f"{one['number']} {one['clause']}"
    return f"{said} ({', '.join(doubts)})" if doubts else said
