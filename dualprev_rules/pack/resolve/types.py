"""Types and ranges as facts.yaml, definitions and tables declare them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from dualprev_rules.facts.possible import EVERY_NUMBER, Interval, Numbers, interval
from dualprev_rules.facts.quantity import parse_quantity
from dualprev_rules.facts.types import Bool, Date, Enum, ListOf, Number, Rec, SetOf, Text, Type
from dualprev_rules.facts.units import NUMBER, Unit, conversion, find_unit, nearest_unit
from dualprev_rules.pack.resolve.called import Called
from dualprev_rules.pack.resolve.faults import Faults
from dualprev_rules.pack.source import Map, Scalar, Seq, Tree
from dualprev_rules.pack.spec import AttributeSpec, RangeSpec, TypedSpec
from dualprev_rules.pack.spec.scalars import BLANK, read_words
from dualprev_rules.problems import Words

GRADE = Enum(("1", "2", "3", "4"), ordered=True)
WHOLE = Interval(whole=True)
_PLAIN: dict[str, Type] = {"bool": Bool(), "text": Text(), "date": Date(), "grade": GRADE}


@dataclass(frozen=True, slots=True)
class Declared:
    """A type, and the labels of its members."""

    type: Type
    labels: dict[str, Words] = field(default_factory=dict[str, Words])


def attribute_type(
    spec: AttributeSpec, entities: Called, methods: Mapping[str, Words], faults: Faults
) -> Declared | None:
    """Return the type of an attribute, or None where it is at fault.

    ``methods`` are the grading methods that one of type ``method`` may name.
    """
    form = spec.type
    if form is BLANK:
        return None
    if isinstance(form, Scalar) and form.text.strip() == "method":
        return _method_type(spec, methods, faults)
    if isinstance(form, Scalar) and form.text.strip() == "list":
        return _list_type(spec, entities, faults)
    if isinstance(form, Scalar) and form.text.strip() == "record":
        if spec.to is None:
            faults.note("pack.missing-key", spec.at(), given="to", nearest="to: …")
            return None
        if spec.to not in entities:
            faults.unknown("pack.unknown-entity", spec.to, entities, spec.at("to"), entities)
            return None
        return Declared(Rec(spec.to))
    return _value_type(spec, form, faults)


def typed(spec: TypedSpec, faults: Faults) -> Declared | None:
    """Return the type that a definition or column declares, None where it declares none or is at fault."""
    if spec.type is BLANK:
        return None
    if spec.type is not None:
        return _value_type(spec, spec.type, faults)
    if spec.unit is not None or spec.whole:
        return _number(spec, faults)
    return None


def _value_type(spec: AttributeSpec | TypedSpec, form: Tree, faults: Faults) -> Declared | None:
    if isinstance(form, Map):
        (kind, members), *_ = form.items()
        return _enum(members, kind == "ordered", faults)
    assert isinstance(form, Scalar)
    kind = form.text.strip()
    if kind != "number":
        for key in ("unit", "whole"):
            if spec.written(key) is not None:
                faults.note("pack.only-numbers", spec.at(key), given=key)
    match kind:
        case "number":
            return _number(spec, faults)
        case "enum" | "ordered":
            if spec.values is BLANK:
                return None
            if spec.values is None:
                faults.note("pack.missing-key", spec.at(), given="values", nearest="values: {…: …}")
                return None
            return _enum(spec.values, kind == "ordered", faults)
        case "list" | "record" | "method":
            faults.note("pack.no-value-type", form.place(), given=kind)
            return None
        case _:
            return Declared(_PLAIN[kind])


def _number(spec: AttributeSpec | TypedSpec, faults: Faults) -> Declared | None:
    unit: Unit | None = NUMBER
    if spec.unit is not None:
        unit = find_unit(spec.unit)
        if unit is None:
            near = nearest_unit(spec.unit)
            faults.note("pack.unknown-unit", spec.at("unit"), given=spec.unit, nearest=near)
            return None
    return Declared(Number(unit, spec.whole))


def _method_type(spec: AttributeSpec, methods: Mapping[str, Words], faults: Faults) -> Declared | None:
    """Return the enum of the methods; what ``values`` calls one goes before the title of the method."""
    if spec.values is BLANK:
        return None
    called = _enum(spec.values, False, faults).labels if spec.values is not None else {}
    for member in called.keys() - methods.keys():
        faults.unknown("pack.unknown-member", member, tuple(methods), spec.at("values"))
    return Declared(Enum(tuple(methods)), {**methods, **called})


def _list_type(spec: AttributeSpec, entities: Called, faults: Faults) -> Declared | None:
    of = spec.of
    if of is BLANK:
        return None
    if of is None:
        faults.note("pack.missing-key", spec.at(), given="of", nearest="of: …")
        return None
    if isinstance(of, Map):
        members = _enum(of["enum"], False, faults)
        assert isinstance(members.type, Enum)
        return Declared(SetOf(members.type), members.labels)
    assert isinstance(of, Scalar)
    name = of.text.strip()
    if name == "text":
        return Declared(SetOf(Text()))
    if name not in entities:
        faults.unknown("pack.unknown-entity", name, entities, of.place(), entities)
        return None
    return Declared(ListOf(Rec(name)))


def _enum(members: Tree, ordered: bool, faults: Faults) -> Declared:
    labels: dict[str, Words] = {}
    if isinstance(members, Seq):
        names: dict[str, None] = {}
        for item in members:
            assert isinstance(item, Scalar)
            if item.text in names:
                faults.note("pack.duplicate-key", item.place(), given=item.text)
            names[item.text] = None
        return Declared(Enum(tuple(names), ordered))
    assert isinstance(members, Map)
    for member, label in members.items():
        try:
            labels[member] = read_words(label)
        except ValueError:
            faults.note("pack.words-wanted", members.at_key(member), given=member)
            labels[member] = Words(member, "")
    return Declared(Enum(tuple(labels), ordered), labels)


def declared_range(spec: RangeSpec, of: Type, faults: Faults) -> Numbers:
    """Return the range of a number (in its unit) or a date (as ordinals)."""
    ends = {key: text for key in ("min", "max", "above", "below") if (text := getattr(spec, key)) is not None}
    whole = isinstance(of, Number) and of.whole
    if not ends:
        return WHOLE if whole else EVERY_NUMBER
    if not isinstance(of, Number | Date):
        faults.note("pack.only-numbers", spec.at(next(iter(ends))), given=next(iter(ends)))
        return EVERY_NUMBER
    read: dict[str, Fraction] = {}
    for key, text in ends.items():
        figure = _end(text, of)
        if figure is None:
            faults.note("pack.not-a-bound", spec.at(key), given=text)
        else:
            read[key] = figure
    for closed, is_open in (("min", "above"), ("max", "below")):
        if closed in read and is_open in read:
            faults.note("pack.two-bounds", spec.at(is_open), given=is_open, nearest=closed)
    low, high = read.get("min", read.get("above")), read.get("max", read.get("below"))
    found = interval(low, high, "min" not in read, "max" not in read, whole or isinstance(of, Date))
    if found is None:
        given = ", ".join(f"{key}: {text}" for key, text in ends.items())
        faults.note("pack.empty-range", spec.at(next(iter(ends))), given=given)
        return EVERY_NUMBER
    return found


def _end(text: str, of: Number | Date) -> Fraction | None:
    if isinstance(of, Date):
        try:
            return Fraction(date.fromisoformat(text).toordinal())
        except ValueError:
            return None
    quantity = parse_quantity(text)
    if quantity is None:
        return None
    value, unit = quantity
    if unit is None or unit == of.unit:
        return value
    if unit.dimension != of.unit.dimension:
        return None
    factor, offset = conversion(unit, of.unit)
    return value * factor + offset
