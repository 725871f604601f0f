"""One reading of a sensor, from a mapping or a line of JSON: all of it is checked, nothing can raise."""

from __future__ import annotations

import json
import re
import reprlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from dualprev_rules.evaluate.events import Known
from dualprev_rules.evaluate.events.conditions import known_value
from dualprev_rules.facts.kinds import Kind, Refused, kind_of
from dualprev_rules.facts.possible import Value
from dualprev_rules.facts.schema import Schema
from dualprev_rules.facts.types import Bool, Enum, Number
from dualprev_rules.facts.units import find_unit
from dualprev_rules.problems import Problem, problem

MARKS = ("calibration", "test", "maintenance")
MOST_CHARACTERS = 65_536


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


_JSON = json.JSONDecoder(parse_float=str, parse_int=str, object_pairs_hook=_object)
"""A figure stays the text that it is, so that nothing of it is lost or grows huge."""
_KEYS = ("sensor", "record", "fact")
_MOST_NAMED = 200
_MOST_OF_ID = 1_000
_MOST_SHOWN = 60
_MOST_KEPT = 10_000
_MICROSECOND = timedelta(microseconds=1)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_YEARS = range(1900, 9000)
"""Far enough from the ends of the calendar that whatever is waited for has a date."""
_BARE = {"%": "%vol", "ppm": "ppm(vol)"}
"""What stands for a share of the volume where the fact is one: gas sensors say no more."""
_SAID = re.compile(r"(.*\S)\s*(%|％|(?i:ppm))")
_RECORD = re.compile(r"(\w+)(?:\[.*\])?", re.DOTALL)


def _decoded(text: str) -> Any:
    """Return what a line of JSON says."""
    text = text.strip()
    found, end = _JSON.raw_decode(text)
    if end < len(text):
        raise ValueError("more than one value")
    return found


class Reading(NamedTuple):
    """A reading: whose it is, when, and what it says; ``value`` is None where it cannot be read."""

    sensor: str
    record: str
    """As given: the entity with the key of the record, such as ``coal_place[3201]``, or its full path."""
    entity: str
    fact: str
    at: int
    """Microseconds since 1970."""
    value: Known | None
    shown: str
    """The value as given."""
    unit: str | None = None
    mark: str | None = None
    """One of ``MARKS``, or the beginning of what was given in its place."""


class Acknowledgement(NamedTuple):
    """That a named person has taken note of a warning, as a line among the readings says it."""

    warning: str
    by: str
    at: int


class _Fact(NamedTuple):
    """The fact of an entity: how it is read, and values read lately, since sensors repeat themselves."""

    entity: str
    kind: Kind
    read: dict[tuple[str, str | None], Known]
    by_volume: bool
    """Whether it is a share of the volume."""


class _Origin(NamedTuple):
    """Whose a reading is."""

    sensor: str
    record: str
    name: str
    fact: _Fact


class ReadingReader:
    """Reads readings of one schema; ``entity_of`` tells the entity of a record that the site names."""

    def __init__(self, schema: Schema, entity_of: Callable[[str], str | None]) -> None:
        self._schema = schema
        self._entity_of = entity_of
        self._facts: dict[tuple[str, str], _Fact] = {}
        self._origins: dict[tuple[str, str, str], _Origin] = {}
        """Those met lately, by the texts that were given."""

    def read(self, given: Mapping[str, Any] | str | bytes) -> Reading | Acknowledgement | Problem:
        """Return the reading or acknowledgement, or why it is none."""
        if isinstance(given, (str, bytes)):
            if len(given) > MOST_CHARACTERS:
                return problem(
                    "control.reading-too-long", given=f"{len(given):,}", most=f"{MOST_CHARACTERS:,}"
                )
            try:
                given = _decoded(given.decode("utf-8") if isinstance(given, bytes) else given)
            except (ValueError, RecursionError):
                return problem("control.not-a-reading", given=_short(given))
        if not isinstance(given, (dict, Mapping)):
            return problem("control.not-a-reading", given=_short(given))
        return _acknowledgement(given) if "acknowledge" in given else self._reading(given)

    def _reading(self, given: Mapping[str, Any]) -> Reading | Problem:
        try:
            origin = self._origins[given["sensor"], given["record"], given["fact"]]
        except (LookupError, TypeError):
            origin = self._origin(given)
            if isinstance(origin, Problem):
                return origin
        sensor, record, name, fact = origin
        said = given.get("at")
        if not isinstance(said, str) or len(said) > _MOST_NAMED or not said.strip():
            return problem("control.reading-key", given="at", shown=_short(given))
        at = moment(said.strip())
        if at is None:
            return problem("control.reading-time", path=f"{record}.{name}", given=said.strip())
        mark = given.get("mark")
        unit, raw = given.get("unit"), given.get("value")
        if fact.by_volume:
            raw, unit = _by_volume(raw, unit)
        return Reading(
            sensor,
            record,
            fact.entity,
            name,
            at,
            _value(fact, raw, unit),
            raw if isinstance(raw, str) and len(raw) <= _MOST_SHOWN else _short(raw),
            unit if isinstance(unit, str) else None,
            mark if mark is None or mark in MARKS else _short(mark),
        )

    def _origin(self, given: Mapping[str, Any]) -> _Origin | Problem:
        """Return whose a reading is."""
        texts: list[str] = []
        for key in _KEYS:
            text = given.get(key)
            if not isinstance(text, str) or not text.strip() or len(text) > _MOST_NAMED:
                return problem("control.reading-key", given=key, shown=_short(given))
            texts.append(text)
        sensor, record, name = (text.strip() for text in texts)
        match = _RECORD.fullmatch(record)
        entity = self._entity_of(record) or (match[1] if match is not None else "")
        fact = self._facts.get((entity, name)) or self._declared(entity, name)
        if fact is None:
            return problem("control.reading-fact", path=f"{record}.{name}", given=name, record=record)
        _make_room(self._origins)
        found = self._origins[texts[0], texts[1], texts[2]] = _Origin(sensor, record, name, fact)
        return found

    def _declared(self, entity: str, fact: str) -> _Fact | None:
        declared = self._schema.entities.get(entity)
        attribute = declared.attributes.get(fact) if declared is not None else None
        if attribute is None or not isinstance(attribute.type, Bool | Enum | Number):
            return None
        kind = kind_of(attribute)
        assert kind is not None
        volume = find_unit(_BARE["%"])
        assert volume is not None
        by_volume = isinstance(attribute.type, Number) and attribute.type.unit.dimension == volume.dimension
        found = self._facts[entity, fact] = _Fact(entity, kind, {}, by_volume)
        return found


def _acknowledgement(given: Mapping[str, Any]) -> Acknowledgement | Problem:
    texts: list[str] = []
    for key in ("acknowledge", "by", "at"):
        text = given.get(key)
        if not isinstance(text, str) or not text.strip() or len(text) > _MOST_OF_ID:
            return problem("control.reading-key", given=key, shown=_short(given))
        texts.append(text.strip())
    warning, by, said = texts
    at = moment(said)
    if at is None:
        return problem("control.reading-time", path=_short(warning), given=_short(said))
    return Acknowledgement(warning, by, at)


def _value(fact: _Fact, raw: Any, unit: Any) -> Known | None:
    if unit is not None and not isinstance(unit, str):
        return None
    if isinstance(raw, str):
        read = fact.read.get((raw, unit))
        if read is not None:
            return read
    elif not isinstance(raw, (bool, int, float, Decimal, Fraction)):
        return None
    read = None
    with suppress(Refused):
        read = known_value(Value(fact.kind.read(raw, unit).possible))
    if isinstance(raw, str) and read is not None:
        _make_room(fact.read)
        fact.read[raw, unit] = read
    return read


def _by_volume(raw: Any, unit: Any) -> tuple[Any, Any]:
    """Return value and unit of a share of the volume, with the unit written out where it is bare."""
    if unit is None and isinstance(raw, str) and len(raw) <= _MOST_SHOWN:
        said = _SAID.fullmatch(raw)
        raw, unit = said.groups() if said is not None else (raw, None)
    return raw, _written_out(unit) if isinstance(unit, str) and len(unit) <= _MOST_SHOWN else unit


@lru_cache(maxsize=1_000)
def _written_out(unit: str) -> str:
    found = find_unit("ppm" if unit.strip().lower() == "ppm" else unit)
    return _BARE.get(found.symbol, unit) if found is not None else unit


def _make_room(kept: dict[Any, Any]) -> None:
    if len(kept) >= _MOST_KEPT:
        kept.clear()


@lru_cache(maxsize=1_000)
def moment(text: str) -> int | None:
    """Return a time with its zone in microseconds since 1970, or None; sensors read together share it."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if at.tzinfo is None or at.year not in _YEARS:
        return None
    return (at - _BEGINNING) // _MICROSECOND


def at_of(time: int) -> datetime:
    """Return the time of so many microseconds since 1970."""
    return _BEGINNING + timedelta(microseconds=time)


def _short(given: object) -> str:
    """Return the beginning of what was given; something long is never written out first."""
    if isinstance(given, bytes):
        given = given[:_MOST_SHOWN].decode("utf-8", "replace")
    if isinstance(given, str):
        return given if len(given) <= _MOST_SHOWN else f"{given[: _MOST_SHOWN - 3]}…"
    try:
        return reprlib.repr(given)
    except Exception:  # noqa: BLE001 - a caller's object may raise anything, and so does a huge whole number
        return "?"
