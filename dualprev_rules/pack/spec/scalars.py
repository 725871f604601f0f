"""How the text of a scalar becomes a value: figures exact, clauses as typed, nothing by guess."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Annotated, Any, cast, get_args

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from dualprev_rules.facts.quantity import MOST_DIGITS, parse_number, too_long
from dualprev_rules.facts.shown import within_curly
from dualprev_rules.lang import FUNCTIONS
from dualprev_rules.lang.spelling import RESERVED
from dualprev_rules.pack.source import Map, Scalar, Seq, SourceFile, Tree
from dualprev_rules.pack.spec.keys import OF_VALUES, VALUES
from dualprev_rules.pack.spec.words import SPELLINGS
from dualprev_rules.problems import Problem, Words, nearest, problem

_VERSION = re.compile(r"[0-9]+(?:\.[0-9]+)*(?:[-+.]?[0-9A-Za-z]+)*")
_ID = re.compile(r"[^\s,，：'\"{}\[\]#]+")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_DAYS = re.compile(r"(\d{1,5})\s*(?:d|天|日)")
_FLAGS = {"true": True, "false": False}
_YES = {
    "yes": "true",
    "on": "true",
    "y": "true",
    "1": "true",
    "是": "true",
    "no": "false",
    "off": "false",
    "n": "false",
    "0": "false",
    "否": "false",
}
_OF_THE_LANGUAGE = frozenset(("as_of", "false", "parent", "self", "true", *FUNCTIONS))


def fault(code: str, **args: Any) -> PydanticCustomError:
    """Make the exception by which a value is refused; its place is that of the value.

    ``meant`` is the text that the author plainly meant: what follows is read as if it stood there.
    """
    # The words stand in the catalogue: pydantic's own template stays empty.
    return PydanticCustomError(cast("Any", code), cast("Any", "-"), args)


def refusal(refused: PydanticCustomError, tree: Tree) -> Problem:
    """Return the problem of a value that was refused."""
    args = dict(refused.context or {})
    args.pop("meant", None)
    place = args.pop("place", None) or tree.place()
    args.setdefault("given", tree.text[:40] if isinstance(tree, Scalar) else "")
    return problem(refused.type, place=place, **args)


class Blank(Scalar):
    """What stands where a value is missing or at fault: it says nothing, and nothing follows from it."""

    __slots__ = ()


NOTHING = SourceFile("", "")
"""The file of what nobody wrote."""
BLANK = Blank(NOTHING, "", 0, 0, "plain")


@dataclass(frozen=True, slots=True, eq=False)
class Reads:
    """How a part of the tree is read, and what its JSON Schema says to an editor.

    A part at fault is told and read on: as what was plainly meant, else as ``blank``, which says
    nothing, so that no other fault follows from it.
    """

    read: Callable[[Any], Any]
    schema: Mapping[str, Any]
    blank: Any = ""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self._recover)

    def _recover(self, tree: Any, info: ValidationInfo) -> Any:
        if tree is BLANK:
            return self.blank
        try:
            return self.read(tree)
        except PydanticCustomError as refused:
            cast("list[Problem]", info.context).append(refusal(refused, tree))
            meant = (refused.context or {}).get("meant")
        if not isinstance(meant, str):
            return self.blank
        return self.read(Scalar(tree.file, meant, tree.start, tree.end, "plain"))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return dict(self.schema)


def text_of(tree: Tree) -> Scalar:
    """Return the scalar, which must be there; raises for a list, a mapping, and nothing."""
    if not isinstance(tree, Scalar):
        raise fault("pack.text-wanted")
    if not tree.text.strip():
        raise fault("pack.empty-value")
    return tree


def read_text(tree: Tree) -> str:
    """Return the text as typed, without space around it."""
    scalar = text_of(tree)
    text = scalar.text.strip()
    if (meant := _curly(scalar)) is not None:
        raise fault("pack.curly-quotes", given=text, nearest=meant, meant=meant)
    return text


def _curly(scalar: Scalar) -> str | None:
    """Return what stands within curly quotes around a text: YAML knows straight ones only."""
    return within_curly(scalar.text.strip()) if scalar.style == "plain" else None


def read_version(tree: Tree) -> str:
    """Return a version: figures parted by points, as ``1.2.0``."""
    text = read_text(tree)
    if not _VERSION.fullmatch(text):
        raise fault("pack.version", given=text)
    return text


def read_id(tree: Tree) -> str:
    """Return an id: a text without space, quotes or brackets."""
    text = read_text(tree)
    if not _ID.fullmatch(text):
        near = re.sub(r"[\s,，：'\"{}\[\]#]+", "-", text).strip("-")
        raise fault("pack.not-an-id", given=text, nearest=near or "id", meant=near or None)
    return text


def name_fault(name: str) -> PydanticCustomError | None:
    """Return what keeps ``name`` from being written in a condition, or None."""
    if not name.isidentifier():
        proposed = re.sub(r"\W+", "_", name).strip("_")
        if proposed[:1].isdigit():
            proposed = f"n{proposed}"
        meant = proposed if proposed.isidentifier() and not keyword.iskeyword(proposed) else None
        return fault("pack.not-a-name", given=name, nearest=proposed or "name", meant=meant)
    if keyword.iskeyword(name) or name in _OF_THE_LANGUAGE or name in RESERVED:
        return fault("pack.reserved-name", given=name, nearest=f"{name}_")
    return None


def read_name(tree: Tree) -> str:
    """Return a name that can be written in a condition."""
    name = read_text(tree)
    refused = name_fault(name)
    if refused is not None:
        raise refused
    return name


def read_figure(tree: Tree) -> Fraction:
    """Return an exact figure; ``2/3`` too."""
    text = read_text(tree)
    value = parse_number(text)
    if value is None:
        if too_long(text):
            raise fault("pack.too-many-digits", given=text[:60], limit=MOST_DIGITS)
        raise fault("pack.not-a-figure", given=text)
    return value


def read_whole(tree: Tree) -> int:
    """Return a whole number of 0 or more."""
    text = read_text(tree)
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise fault("pack.not-a-whole-number", given=text)
    return int(text)


def read_flag(tree: Tree) -> bool:
    """Return ``true`` or ``false``; nothing else means either."""
    text = read_text(tree)
    if text not in _FLAGS:
        meant = _YES.get(text.lower())
        raise fault("pack.not-a-flag", given=text, nearest=meant or "true / false", meant=meant)
    return _FLAGS[text]


def read_day(tree: Tree) -> date:
    """Return a day, written ``2025-11-01``."""
    text = read_text(tree)
    day = _meant(text)
    if day is None or text != day.isoformat():
        meant = day.isoformat() if day is not None else None
        raise fault("pack.not-a-day", given=text, nearest=meant, meant=meant)
    return day


def _meant(text: str) -> date | None:
    """Return the day that a text means, however it is written."""
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def day_after(text: str) -> str | None:
    """Return the day after the one that ``text`` means, or None where it means none."""
    day = _meant(text.strip())
    return (day + timedelta(days=1)).isoformat() if day is not None and day < date.max else None


def read_days(tree: Tree) -> int:
    """Return a number of days, written ``90 d``."""
    text = read_text(tree)
    match = _DAYS.fullmatch(text)
    if match is None:
        raise fault("pack.not-days", given=text)
    return int(match[1])


def read_words(tree: Tree) -> Words:
    """Return words in both languages: ``{zh: …, en: …}``, or a Chinese text alone."""
    found = {lang: scalar.text.strip() for lang, scalar in read_located_words(tree).parts()}
    return Words(found.get("zh", ""), found.get("en", ""))


@dataclass(frozen=True, slots=True)
class LocatedWords:
    """Words whose parts keep their places, because they hold placeholders that are read in turn."""

    zh: Scalar | None
    en: Scalar | None

    def parts(self) -> list[tuple[str, Scalar]]:
        """Return the languages given, with their texts."""
        return [(lang, text) for lang, text in (("zh", self.zh), ("en", self.en)) if text is not None]

    def words(self) -> Words:
        """Return the words without their places."""
        return Words(self.zh.text.strip() if self.zh else "", self.en.text.strip() if self.en else "")


def read_located_words(tree: Tree) -> LocatedWords:
    """Return words with their places."""
    if isinstance(tree, Scalar):
        read_text(tree)
        return LocatedWords(tree, None)
    if isinstance(tree, Seq):
        raise fault("pack.words-wanted")
    for key in tree:
        if key not in ("zh", "en"):
            near = nearest(key, ("zh", "en")) or ("en" if "zh" in tree else "zh")
            raise fault("pack.unknown-key", place=tree.keys_at[key].place(), given=key, nearest=near)
    found: dict[str, Scalar] = {}
    for key, part in tree.items():
        if not isinstance(part, Scalar) or part.empty:
            place = part.place() if not isinstance(part, Scalar) else tree.place(key)
            raise fault("pack.empty-value" if isinstance(part, Scalar) else "pack.text-wanted", place=place)
        if (meant := _curly(part)) is not None:
            raise fault("pack.curly-quotes", place=part.place(), given=part.text.strip(), nearest=meant)
        found[key] = part
    if not found:
        raise fault("pack.words-wanted")
    return LocatedWords(found.get("zh"), found.get("en"))


def one_of(choices: Any) -> Reads:
    """Return how a closed list of words is read: the arguments of a Literal, or their Chinese spellings."""
    members: tuple[str, ...] = get_args(choices)

    def read_word(tree: Tree) -> str:
        text = read_text(tree)
        word = OF_VALUES.get(text, text)
        if word not in members:
            raise not_one_of(text, members)
        return word

    return Reads(read_word, {"type": "string", "enum": spellings(members)}, members[0])


def spellings(members: Sequence[str]) -> list[str]:
    """Return the words of a closed list, and after them the Chinese spellings that they have."""
    return [*members, *(VALUES[member] for member in members if member in VALUES)]


def not_one_of(text: str, members: Sequence[str]) -> PydanticCustomError:
    """Return the fault of a word that is none of a closed list."""
    listed, near = " / ".join(members), nearest(text, members, SPELLINGS)
    return fault("pack.not-one-of", given=text, nearest=near or listed, members=listed, meant=near)


def _raw(tree: Tree) -> Tree:
    return tree


def _located(tree: Tree) -> Scalar:
    return text_of(tree)


def read_map(tree: Tree) -> Map:
    """Return the mapping as it is written."""
    if not isinstance(tree, Map):
        raise fault("pack.mapping-wanted")
    return tree


_TEXT = {"type": ["string", "number"]}
_WORDS = {
    "anyOf": [
        {"type": "string", "minLength": 1},
        {
            "type": "object",
            "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
            "additionalProperties": False,
            "minProperties": 1,
        },
    ]
}
_FIGURE = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^\s*[-+]?[0-9０-９.,]+.*$"}]}
_DATE = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_NAME = {"type": "string", "pattern": r"^[^\W\d]\w*$"}

NAMES: dict[str, Any] = {"propertyNames": {"pattern": str(_NAME["pattern"])}}
"""For the JSON Schema of a mapping: its keys are names."""
Text = Annotated[str, Reads(read_text, _TEXT)]
Answer = Annotated[str, Reads(read_text, {"type": ["string", "number", "boolean"]})]
"""A text that is often ``true`` or ``false``."""
Id = Annotated[str, Reads(read_id, {**_TEXT, "pattern": f"^{_ID.pattern}$"})]
Version = Annotated[
    str, Reads(read_version, {"type": ["string", "number"], "pattern": f"^{_VERSION.pattern}$"})
]
Name = Annotated[str, Reads(read_name, _NAME)]
Figure = Annotated[Fraction, Reads(read_figure, _FIGURE, Fraction(0))]
Whole = Annotated[int, Reads(read_whole, {"type": "integer", "minimum": 0}, -1)]
Flag = Annotated[bool, Reads(read_flag, {"type": "boolean"}, False)]
Day = Annotated[date, Reads(read_day, _DATE, None)]
Days = Annotated[int, Reads(read_days, {"type": "string", "pattern": r"^[0-9]+\s*(d|天|日)$"}, None)]
Sentence = Annotated[Words, Reads(read_words, _WORDS, Words(""))]
Message = Annotated[LocatedWords, Reads(read_located_words, _WORDS, LocatedWords(None, None))]
Condition = Annotated[Scalar, Reads(_located, {"type": ["string", "number", "boolean"]}, BLANK)]
Anything = Annotated[Tree, Reads(_raw, {}, Map(NOTHING, 0))]
Mapped = Annotated[Map, Reads(read_map, {"type": "object"}, Map(NOTHING, 0))]
