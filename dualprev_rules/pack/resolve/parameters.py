"""Parameters of rules, and the figures that a profile puts in their place: the stricter way only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from dualprev_rules.facts.quantity import parse_quantity
from dualprev_rules.facts.types import Bool, Date, Number, Text
from dualprev_rules.facts.units import NUMBER, Unit, conversion, find_unit, nearest_unit
from dualprev_rules.lang import read_date
from dualprev_rules.pack.model import Parameter
from dualprev_rules.pack.resolve.faults import Faults
from dualprev_rules.pack.resolve.instruments import Editions, citation
from dualprev_rules.pack.source import Scalar
from dualprev_rules.pack.spec import ParameterSpec, RuleSpec, TailorSpec
from dualprev_rules.pack.spec.scalars import name_fault


@dataclass(frozen=True, slots=True)
class Move:
    """A figure that a profile sets."""

    figure: Scalar
    spec: TailorSpec


Tailored = Mapping[tuple[str, str], tuple[Move, ...]]
"""Rule and parameter → what the profiles of the chain set, the base first."""


def gather_moves(tailor: Iterable[TailorSpec], rules: Mapping[str, RuleSpec], faults: Faults) -> Tailored:
    """Return the moves of all profiles, checked for the rules and parameters that they name."""
    moves: dict[tuple[str, str], tuple[Move, ...]] = {}
    for spec in tailor:
        rule = rules.get(spec.rule)
        if rule is None:
            faults.unknown("pack.unknown-rule", spec.rule, rules, spec.at("rule"))
            continue
        for name, figure in spec.set_.items():
            if name not in rule.parameters:
                faults.unknown("pack.unknown-parameter", name, rule.parameters, figure.place())
                continue
            key = (spec.rule, name)
            moves[key] = (*moves.get(key, ()), Move(figure, spec))
    return moves


def read_parameters(
    rule: RuleSpec, editions: Editions, tailored: Tailored, faults: Faults
) -> dict[str, Parameter]:
    """Return the parameters of a rule with the profile's figures; those at fault are left out."""
    found: dict[str, Parameter] = {}
    for name, spec in rule.parameters.items():
        refused = name_fault(name)
        if refused is not None:
            faults.note(refused.type, spec.at(), **(refused.context or {}))
            continue
        made = _parameter(name, spec, editions, faults)
        if made is None:
            continue
        for move in tailored.get((rule.rule, name), ()):
            made = _moved(made, move, editions, faults)
        found[name] = made
    return found


def _parameter(name: str, spec: ParameterSpec, editions: Editions, faults: Faults) -> Parameter | None:
    text = spec.value.text.strip()
    if not text:
        return None
    unit: Unit | None = NUMBER
    if spec.unit is not None:
        unit = find_unit(spec.unit)
        if unit is None:
            near = nearest_unit(spec.unit)
            faults.note("pack.unknown-unit", spec.at("unit"), given=spec.unit, nearest=near)
            return None
    cite = spec.cite
    cited = (
        citation(cite, editions.instruments[cite.instrument])
        if cite and cite.instrument in editions.instruments
        else None
    )
    if text in ("true", "false"):
        return Parameter(name, text == "true", Bool(), None, spec.label, cited, text)
    day = read_date(text)
    if day is not None and spec.unit is None:
        return Parameter(name, day, Date(), spec.stricter, spec.label, cited, text)
    value = _figure(text, unit)
    if value is None:
        if spec.unit is not None or spec.stricter is not None:
            faults.note("pack.not-a-figure", spec.at("value"), given=text)
            return None
        return Parameter(name, text, Text(), None, spec.label, cited, text)
    kind = Number(unit, whole=value.denominator == 1)
    return Parameter(name, value, kind, spec.stricter, spec.label, cited, _shown(text, spec.unit))


def _figure(text: str, unit: Unit) -> Fraction | None:
    quantity = parse_quantity(text)
    if quantity is None:
        return None
    value, given = quantity
    if given is None or given == unit:
        return value
    if given.dimension != unit.dimension:
        return None
    factor, offset = conversion(given, unit)
    return value * factor + offset


def _shown(text: str, unit: str | None) -> str:
    return f"{text} {unit}" if unit and parse_quantity(text) and text[-1:].isdigit() else text


def _moved(parameter: Parameter, move: Move, editions: Editions, faults: Faults) -> Parameter:
    """Return the parameter with the profile's figure, or as it was where that one is refused."""
    text = move.figure.text.strip()
    kind = parameter.type
    if not isinstance(kind, Number | Date) or not isinstance(parameter.value, Fraction):
        faults.note("pack.not-to-be-moved", move.figure.place(), given=parameter.name)
        return parameter
    value = read_date(text) if isinstance(kind, Date) else _figure(text, kind.unit)
    if value is None:
        code = "pack.not-a-day" if isinstance(kind, Date) else "pack.not-a-figure"
        faults.note(code, move.figure.place(), given=text, nearest="2025-11-01")
        return parameter
    if move.spec.weakens is None:
        stricter = parameter.stricter
        if stricter is None:
            faults.note("pack.no-stricter-way", move.figure.place(), given=parameter.name)
            return parameter
        if (value > parameter.value) if stricter == "lower" else (value < parameter.value):
            faults.note("pack.weaker", move.figure.place(), given=text, nearest=parameter.shown)
            return parameter
    cite = move.spec.cite
    cited = (
        citation(cite, editions.instruments[cite.instrument])
        if cite and cite.instrument in editions.instruments
        else None
    )
    shown = text
    if isinstance(kind, Number):
        kind, shown = Number(kind.unit, value.denominator == 1), _shown(text, kind.unit.symbol)
    return replace(parameter, value=value, type=kind, cite=cited or parameter.cite, shown=shown)
