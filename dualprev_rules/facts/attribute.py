"""Read the value of one attribute: any form in which a fact may be given, its origin and its age."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

from dualprev_rules.facts.document import Figure, Reported, Trail, Twice, Unreadable
from dualprev_rules.facts.given import Given, take_apart
from dualprev_rules.facts.kinds import Reading, Refused, Several
from dualprev_rules.facts.plan import Slot
from dualprev_rules.facts.possible import EVERY_TEXT, Cause, Finite, Interval, Members, Value, hull, single
from dualprev_rules.facts.record import Fact
from dualprev_rules.facts.reports import Reports
from dualprev_rules.facts.shown import shown, span, visible
from dualprev_rules.facts.types import Date
from dualprev_rules.problems import Effect

_PLAIN = frozenset((str, Figure, int, float, bool))


class AttributeReader:
    """Reads values of attributes as of a day. Facts that are known and plain are made once."""

    def __init__(self, reports: Reports, as_of: date, stated: bool) -> None:
        self._reports = reports
        self._as_of = as_of
        self._stated = stated
        self._made: dict[tuple[Slot, type, Any], Fact] = {}

    def read(self, slot: Slot, raw: Any, holder: str, trail: Trail, key: str) -> Fact | None:
        """Return the fact of an attribute of the record at ``holder``; None where no value is given."""
        if raw is None:
            return _said_unknown(slot, holder)
        kind: type = type(raw)  # pyright: ignore[reportUnknownVariableType]
        plain = kind in _PLAIN
        if plain and (made := self._made.get((slot, kind, raw))) is not None:
            return made
        try:
            if plain:
                # The form that nearly every fact has: neither origin nor unit, and nothing to note.
                if kind is str and not visible(raw).strip():
                    return _said_unknown(slot, holder)
                assert slot.kind is not None
                reading = slot.kind.read(raw, None)
                possible = reading.possible
                if reading.note is None and (type(possible) is frozenset or _point(possible)):
                    fact = self._made[slot, kind, raw] = Fact(Value(possible), shown(raw))
                    return fact
            if kind is Twice:
                return self._twice(slot, raw, f"{holder}.{slot.name}", (*trail, key))
            given = _given(raw)
            if given.empty:
                return _said_unknown(slot, holder)
            return self._fact(slot, given, f"{holder}.{slot.name}", (*trail, key))
        except Refused as refused:
            return self._refused(slot, refused, raw, f"{holder}.{slot.name}", (*trail, key))

    def closed(self, slot: Slot, complete: bool | None) -> bool:
        """Tell whether a list of which ``complete`` is said is taken as complete."""
        return complete if complete is not None else not (self._stated or slot.attribute.stated)

    def expired(self, slot: Slot, given: Given, path: str, trail: Trail) -> bool:
        """Tell, and note, that a fact is past its time or from a source that may not settle it."""
        origin, attribute = given.provenance, slot.attribute
        if origin is None:
            return False
        accepted = attribute.accept_from
        if accepted and origin.source is not None and origin.source not in accepted:
            sources = "、".join(sorted(accepted))
            self._note("facts.not-accepted", given, path, trail, source=origin.source, sources=sources)
            return True
        ends = [origin.valid_until] if origin.valid_until else []
        if origin.at is not None and attribute.valid_for is not None:
            ends.append(_later(origin.at, attribute.valid_for))
        if origin.at is not None and origin.at > self._as_of:
            day, after = origin.at.isoformat(), self._as_of.isoformat()
            self._note("facts.after-the-day", given, path, trail, effect="read", at=day, as_of=after)
        if ends and min(ends) < self._as_of:
            last = min(ends).isoformat()
            self._note("facts.stale", given, path, trail, until=last, as_of=self._as_of.isoformat())
            return True
        return False

    def doubtful(self, slot: Slot, given: Given, path: str, trail: Trail) -> bool:
        """Report what is wrong with the origin; tell whether the value cannot be relied on for it."""
        attribute, lost = slot.attribute, False
        for refused in given.doubtful:
            match refused.details.get("part"):
                case "valid_until":
                    unusable = True
                case "at":
                    unusable = attribute.valid_for is not None
                case "source":
                    unusable = bool(attribute.accept_from)
                case _:
                    unusable = False
            self._reports.fault(refused, path, trail, "unknown" if unusable else "ignored")
            lost = lost or unusable
        return lost

    def _fact(self, slot: Slot, given: Given, path: str, trail: Trail) -> Fact:
        assert slot.kind is not None
        if given.listed is not None and not isinstance(slot.kind, Several):
            raise Refused("facts.unknown-part", given=shown(given.listed), sought="value", among=("value",))
        unusable = self.doubtful(slot, given, path, trail)
        if unusable or self.expired(slot, given, path, trail):
            cause = Cause(path, "data_problem" if unusable else "missing")
            return Fact(_open(slot, slot.attribute.every, cause), shown(given.value), given.provenance)
        if given.limits:
            reading = slot.kind.partly(given.limits, given.unit)
        else:
            reading = slot.kind.read(given.value, given.unit)
        if reading.note is not None:
            self._note(reading.note, given, path, trail, effect="read", **reading.args)
        return self._value(slot, given, reading, path)

    def _twice(self, slot: Slot, raw: Twice, path: str, trail: Trail) -> Fact:
        """Report an attribute that was given more than once: any of its values may be the one meant."""
        refused = Refused("facts.twice", given="、".join(shown(value) for value in raw.values[:5]))
        try:
            facts = [self._fact(slot, _given(value), path, trail) for value in raw.values]
        except Refused as other:
            refused.doubt = other.doubt
            raise refused from other
        self._reports.fault(refused, path, trail, "any")
        possible = _any_of([fact.value.possible for fact in facts])
        if single(possible):
            return Fact(Value(possible), refused.given)
        return Fact(_open(slot, possible, Cause(path, "data_problem")), refused.given)

    def _value(self, slot: Slot, given: Given, reading: Reading, path: str) -> Fact:
        possible, assumed = reading.possible, False
        if isinstance(slot.kind, Several):
            assumed = given.complete is None
            if not self.closed(slot, given.complete):
                possible, assumed = slot.kind.opened(cast("Members", possible).sure), False
        text = _text(given)
        if single(possible):
            return Fact(Value(possible), text, given.provenance, assumed)
        return Fact(_open(slot, possible, Cause(path)), text, given.provenance, assumed)

    def _refused(self, slot: Slot, refused: Refused, raw: Any, path: str, trail: Trail) -> Fact:
        attribute = slot.attribute
        if refused.given is None:
            refused.given = shown(raw)
        if (within := refused.details.pop("within", None)) is not None:
            refused.details["range"] = span(within, days=isinstance(attribute.type, Date))
        if refused.code:
            self._reports.fault(refused, path, trail, "range_in_doubt" if refused.doubt else "unknown")
        possible = attribute.whole_type if refused.doubt else attribute.every
        if isinstance(slot.kind, Several):
            members = raw if not isinstance(raw, dict) else cast("dict[str, Any]", raw).get("items")
            sure = slot.kind.readable(members)
            possible = Members(sure, EVERY_TEXT) if refused.doubt else slot.kind.opened(sure)
        return Fact(_open(slot, possible, Cause(path, "data_problem")), refused.given)

    def _note(
        self, code: str, given: Given, path: str, trail: Trail, *, effect: Effect = "unknown", **args: Any
    ) -> None:
        self._reports.note(code, path, trail, _text(given), effect, **args)


def _said_unknown(slot: Slot, holder: str) -> Fact | None:
    """Return the unknown that a null says, where saying nothing would say that there is none."""
    if slot.kind is None or not slot.attribute.absent_is_none:
        return None
    every = slot.attribute.every
    return Fact(Value(every, causes=frozenset((Cause(f"{holder}.{slot.name}"),)), within=every))


def _point(possible: Any) -> bool:
    return type(possible) is Finite and len(possible.values) == 1


def _given(raw: Any) -> Given:
    if isinstance(raw, dict):
        return take_apart(cast("dict[str, Any]", raw))
    if isinstance(raw, Reported):
        raise Refused("", given=raw.given)  # its problem stands in the list already
    if isinstance(raw, list) and (found := next((r for r in _items(raw) if isinstance(r, Reported)), None)):
        raise Refused("", given=found.given)
    if isinstance(raw, Unreadable):
        raise Refused(raw.code, given=raw.given)
    return Given(raw)


def _any_of(possible: list[Any]) -> Any:
    """Return what is possible where one of several readings is the right one."""
    match possible[0]:
        case Finite() | Interval():
            return hull(possible)
        case Members():
            sure = frozenset[str](possible[0].sure).intersection(*(each.sure for each in possible))
            return Members(sure, _any_of([each.possible for each in possible]))
        case _:
            return EVERY_TEXT if EVERY_TEXT in possible else frozenset[Any]().union(*possible)


def _items(raw: Any) -> list[Any]:
    return cast("list[Any]", raw)


def _open(slot: Slot, possible: Any, cause: Cause) -> Value:
    every = slot.attribute.every if cause.reason == "missing" else possible
    return Value(possible, causes=frozenset((cause,)), within=every)


def _text(given: Given) -> str:
    if given.limits:
        text = ", ".join(f"{name}: {_limit(limit)}" for name, limit in given.limits.items())
    else:
        text = _limit(given.value)
    return text if given.unit is None else f"{text} {shown(given.unit)}"


def _limit(value: Any) -> str:
    if isinstance(value, list):
        members = cast("list[Any]", value)
        return "、".join(shown(member) for member in members[:20]) + ("…" if len(members) > 20 else "")
    return shown(value)


def _later(day: date, days: int) -> date:
    try:
        return day + timedelta(days)
    except OverflowError:
        return date.max
