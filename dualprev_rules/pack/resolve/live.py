"""Warnings from live readings: figures in whole microseconds and billionths, conditions compiled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import TypeVar

from dualprev_rules.facts.quantity import parse_quantity
from dualprev_rules.facts.types import Bool, Number, Type
from dualprev_rules.facts.units import Unit, conversion, find_unit
from dualprev_rules.lang import ParameterShape, Scope
from dualprev_rules.pack.live import (
    REACH,
    SCALE,
    SECOND,
    Count,
    Disagreement,
    Form,
    Held,
    LiveRule,
    Rate,
    Silence,
)
from dualprev_rules.pack.model import Expression, Parameter, Rule
from dualprev_rules.pack.resolve import called
from dualprev_rules.pack.resolve.instruments import Editions
from dualprev_rules.pack.resolve.monitoring import FORMS
from dualprev_rules.pack.resolve.parameters import Tailored
from dualprev_rules.pack.resolve.scopes import Scopes
from dualprev_rules.pack.source import Map, Scalar, Tree
from dualprev_rules.pack.spec import CountSpec, DisagreementSpec, RateSpec, RuleSpec, WarningSpec, read_spec
from dualprev_rules.pack.spec.located import Spec
from dualprev_rules.problems import Place, Problem

_LONGEST = 366 * 86_400 * SECOND
_MOST_READINGS = 10_000
_KEYS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "held": (("alarm",), ()),
    "count": (("alarm", "restore"), ()),
    "rate": (("restore",), ("alarm",)),
    "silence": ((), ("alarm", "restore")),
    "disagreement": ((), ("alarm", "restore")),
}
"""Form → the keys that it needs, and those that say nothing beside it."""
_NO_PARAMETERS: Mapping[str, Parameter] = MappingProxyType({})
_S = TypeVar("_S", bound=Spec)


def build_warnings(
    declared: Iterable[tuple[str, WarningSpec]],
    every: Mapping[str, RuleSpec],
    rules: Mapping[str, Rule],
    editions: Editions,
    scopes: Scopes,
    tailored: Tailored,
) -> dict[str, LiveRule]:
    """Return the warnings that hold on the day; each of any day is checked.

    ``every`` are the rules of any day, ``rules`` those of this one, ``tailored`` what profiles set. Names,
    forms and grades are checked beside (``monitoring.check_warnings``); what is wrong there is built no
    further.
    """
    found: dict[str, LiveRule] = {}
    for pack, spec in declared:
        if spec.for_ not in scopes.schema.entities or [f for f in spec.when if f not in FORMS]:
            continue
        made = _Building(pack, spec, every, rules, editions, scopes, tailored).build()
        if made is not None:
            found.setdefault(made.id, made)
    return found


@dataclass(frozen=True, slots=True)
class _Building:
    pack: str
    spec: WarningSpec
    every: Mapping[str, RuleSpec]
    rules: Mapping[str, Rule]
    editions: Editions
    scopes: Scopes
    tailored: Tailored

    def build(self) -> LiveRule | None:
        spec, faults = self.spec, self.scopes.faults
        sensor = self._sensor()
        if spec.rule is not None and spec.rule not in self.every:
            faults.unknown("pack.unknown-rule", spec.rule, self.every, spec.at("rule"))
            return None
        if spec.rule is None and not spec.cite:
            faults.note("pack.no-citation", spec.at("warning"), given=spec.warning)
        if len(spec.when) != 1 or sensor is None:
            if len(spec.when) > 1:
                faults.note("pack.one-form", spec.at("when"), given=", ".join(spec.when))
            return None
        rule = self.rules.get(spec.rule) if spec.rule is not None else None
        holding = self.editions.holding(spec.cite)
        if holding is None or (spec.rule is not None and rule is None):
            return None  # of another day
        (name,) = spec.when
        parameters: Mapping[str, Parameter] = rule.parameters if rule is not None else {}
        form = self._form(name, spec.when[name], sensor, parameters)
        self._check_keys(name)
        shapes = {key: ParameterShape(p.type, p.value) for key, p in parameters.items()}
        scope = self.scopes.of(spec.for_, shapes)
        place, alarm, restore = (
            self._compile(part, scope) for part in (spec.place, spec.alarm, spec.restore)
        )
        escalate = self._time(spec.escalate, spec.at("escalate")) if spec.escalate is not None else None
        if form is None:
            return None
        return LiveRule(
            id=spec.warning,
            title=spec.title,
            pack=self.pack,
            entity=spec.for_,
            sensor=spec.sensor,
            form=form,
            place=place,
            alarm=alarm,
            restore=restore,
            grade=int(spec.grade) if spec.grade is not None and spec.grade.isdigit() else None,
            act=spec.act,
            escalate=escalate,
            rule=spec.rule,
            citations=holding.citations or (rule.citations if rule is not None else ()),
            note=spec.note,
        )

    def _compile(self, text: Scalar | None, scope: Scope) -> Expression | None:
        return self.scopes.compile(text, scope, Bool()) if text is not None else None

    def _sensor(self) -> Type | None:
        """Return the type of what the sensor measures."""
        spec, schema = self.spec, self.scopes.schema
        attributes = schema.entities[spec.for_].attributes
        if spec.sensor not in attributes:
            own = called.attributes(schema)
            mine = {
                name.partition(".")[2]: also for name, also in own.items() if name.startswith(f"{spec.for_}.")
            }
            self.scopes.faults.unknown(
                "pack.unknown-attribute", spec.sensor, attributes, spec.at("sensor"), mine
            )
            return None
        return attributes[spec.sensor].type

    def _check_keys(self, form: str) -> None:
        needed, idle = _KEYS[form]
        spec, faults = self.spec, self.scopes.faults
        for key in needed:
            if not spec.says(key):
                faults.note("pack.missing-key", spec.at("when"), given=key, nearest=f"{key}: …")
        for key in idle:
            if spec.says(key):
                faults.note("pack.idle-key", spec.at_key(key), given=key, form=form)

    def _form(self, name: str, tree: Tree, sensor: Type, parameters: Mapping[str, Parameter]) -> Form | None:
        match name:
            case "held" | "silence":
                time = self._time(_text(tree), tree.place(), parameters)
                if time is None:
                    return None
                return Held(time) if name == "held" else Silence(time)
            case "count":
                counted = self._read(CountSpec, tree)
                if not 2 <= counted.hits <= counted.of <= _MOST_READINGS:
                    if min(counted.hits, counted.of) >= 0:
                        given = f"{counted.hits}, {counted.of}"
                        self._note("pack.not-a-count", tree.place(), given=given, most=str(_MOST_READINGS))
                    return None
                return Count(counted.hits, counted.of)
            case _:
                return self._change(name, tree, sensor)

    def _change(self, name: str, tree: Tree, sensor: Type) -> Form | None:
        """Return a form that compares figures of the sensor."""
        if not isinstance(sensor, Number):
            self._note("pack.no-figures", tree.place(), given=self.spec.sensor)
            return None
        if name == "disagreement":
            pair = self._read(DisagreementSpec, tree)
            by, lasting = (
                self._amount(pair.by, pair.at("by"), sensor.unit),
                self._time(pair.for_, pair.at("for")),
            )
            return None if by is None or lasting is None else Disagreement(by, lasting)
        rate = self._read(RateSpec, tree)
        within = self._time(rate.within, rate.at("within"))
        if (rate.rise is None) == (rate.fall is None):
            self._note("pack.one-form", tree.place(), given=", ".join(tree) if isinstance(tree, Map) else "")
            return None
        way = "rise" if rate.rise is not None else "fall"
        change = self._amount(rate.rise or rate.fall or "", rate.at(way), sensor.unit)
        if change is None or within is None:
            return None
        parts = change * SCALE
        if parts.denominator != 1 or parts > REACH * SCALE:
            self._note("pack.too-fine", rate.at(way), given=rate.rise or rate.fall)
            return None
        return Rate(int(parts) if way == "rise" else -int(parts), within)

    def _read(self, model: type[_S], tree: Tree) -> _S:
        problems: list[Problem] = []
        spec = read_spec(model, tree, problems)
        self.scopes.faults.add(problems)
        return spec

    def _amount(self, text: str, place: Place, unit: Unit) -> Fraction | None:
        """Return a difference above 0 in the sensor's unit."""
        found = parse_quantity(text) if text else None
        if found is not None and found[0] > 0:
            value, given = found
            if given is None:
                return value
            if given.dimension == unit.dimension:
                return value * conversion(given, unit)[0]
        if text:
            self._note("pack.not-a-difference", place, given=text, unit=unit.symbol)
        return None

    def _time(
        self, text: str, place: Place, parameters: Mapping[str, Parameter] = _NO_PARAMETERS
    ) -> int | None:
        """Return a time in microseconds; ``0 s`` is one, and so is a figure of the rule."""
        found, second = parse_quantity(text) if text else None, find_unit("s")
        assert second is not None
        named = parameters.get(text)
        if named is not None and isinstance(named.type, Number) and isinstance(named.value, Fraction):
            found = (named.value, named.type.unit)
        if found is not None and found[1] is not None and found[1].dimension == second.dimension:
            time = found[0] * conversion(found[1], second)[0] * SECOND
            if time.denominator == 1 and 0 <= time <= _LONGEST:
                return int(time)
        if text:
            shown = f"{text}: {named.shown}" if named is not None else text
            self._note("pack.not-a-time", self._set_by(named) or place, given=shown)
        return None

    def _set_by(self, named: Parameter | None) -> Place | None:
        """Return where a profile has set a figure of the rule, if one has."""
        moves = self.tailored.get((self.spec.rule or "", named.name), ()) if named is not None else ()
        told = (m.figure for m in reversed(moves) if named and named.shown.startswith(m.figure.text.strip()))
        return next((figure.place() for figure in told), None)

    def _note(self, code: str, place: Place, **args: object) -> None:
        self.scopes.faults.note(code, place, **args)


def _text(tree: Tree) -> str:
    return tree.text.strip() if isinstance(tree, Scalar) else "?"
