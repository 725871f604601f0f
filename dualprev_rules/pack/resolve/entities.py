"""Entities: those of the core and of every pack, with the attributes that packs add to each other's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dualprev_rules.facts.kinds import normal
from dualprev_rules.facts.schema import Attribute, Entity, Schema
from dualprev_rules.facts.types import Bool, Enum, ListOf, Number, SetOf, Type
from dualprev_rules.pack.read import EntitySource, PackSource, ProfileSource
from dualprev_rules.pack.resolve import called
from dualprev_rules.pack.resolve.faults import Faults
from dualprev_rules.pack.resolve.types import attribute_type, declared_range
from dualprev_rules.pack.source import Map, Scalar
from dualprev_rules.pack.spec import AttributeSpec, EntitySpec
from dualprev_rules.pack.spec.scalars import name_fault
from dualprev_rules.pack.spec.words import SPELLINGS
from dualprev_rules.problems import Place, Words


@dataclass(slots=True)
class _Growing:
    """An entity while packs add to it."""

    source: EntitySource
    pack: str
    attributes: dict[str, Attribute] = field(default_factory=dict[str, Attribute])


def build_schema(sources: Sequence[PackSource | ProfileSource], faults: Faults) -> Schema:
    """Return the schema of all packs and profiles together; what is at fault is left out."""
    growing: dict[str, _Growing] = {}
    every = [(source, entity) for source in sources for entity in source.entities]
    labels = {e.name.text: _called(e.spec) for _, e in every if e.spec.extends is None}
    truths = {source.id: _truth_readings(source, faults) for source in sources}
    methods = _methods(sources, every)
    for source, entity in every:
        if entity.spec.extends is None and _declares(source.id, entity, growing, faults):
            growing[entity.name.text] = _Growing(entity, source.id)
    for source, entity in every:
        found = growing.get(entity.name.text)
        # What is declared a second time is read on as if its ``extends`` stood there.
        declares = found is not None and entity.spec.extends is None
        if declares or (entity.spec.extends is not None and _extends(entity, growing, faults)):
            _add(growing[entity.name.text], source.id, truths[source.id], entity, labels, methods, faults)
    entities = {name: _entity(name, found) for name, found in growing.items()}
    schema = Schema(entities)
    _check_labels(growing, entities, faults)
    for name, found in growing.items():
        _check_holders(name, found, schema, faults)
    return schema


def _called(spec: EntitySpec) -> tuple[str, ...]:
    return (*((spec.label.zh, spec.label.en) if spec.label is not None else ()), *spec.aliases)


def _methods(
    sources: Sequence[PackSource | ProfileSource],
    every: Sequence[tuple[PackSource | ProfileSource, EntitySource]],
) -> dict[str, Words]:
    """Return the grading methods that records may name: those whose factors all are facts of theirs."""
    naming = {e.name.text for _, e in every if any(_is_method(spec) for _, spec in e.attributes)}
    facts = {name.text for _, e in every if e.name.text in naming for name, _ in e.attributes}
    return {
        method.method: method.title
        for source in sources
        if isinstance(source, PackSource)
        for method in source.methods
        if method.factors.keys() <= facts
    }


def _is_method(spec: AttributeSpec) -> bool:
    return isinstance(spec.type, Scalar) and spec.type.text.strip() == "method"


def _declares(pack: str, entity: EntitySource, growing: Mapping[str, _Growing], faults: Faults) -> bool:
    name = entity.name.text
    if not _named(entity.name, faults):
        return False
    if name in growing:
        other = growing[name]
        place = entity.name.place()
        faults.note("pack.duplicate-entity", place, given=name, nearest=f"{other.pack}.{name}")
        return False
    if entity.spec.label is None:
        faults.note("pack.missing-key", entity.name.place(), given="label", nearest="label: {zh: …, en: …}")
    return True


def _extends(entity: EntitySource, growing: Mapping[str, _Growing], faults: Faults) -> bool:
    """Check that an entity names the one that it adds to, by pack and by its own name."""
    extended = entity.spec.extends or ""
    base = growing.get(entity.name.text)
    names = [f"{found.pack}.{name}" for name, found in growing.items()]
    if base is None or extended != f"{base.pack}.{entity.name.text}":
        own = f"{base.pack}.{entity.name.text}" if base is not None else extended
        faults.unknown(
            "pack.unknown-entity", extended, [own] if own in names else names, entity.spec.at("extends")
        )
    return base is not None


def _named(name: Scalar, faults: Faults) -> bool:
    """Check that a name can be written in conditions."""
    refused = name_fault(name.text)
    if refused is None:
        return True
    context = refused.context or {}
    faults.note(refused.type, name.place(), **context)
    # Conditions may call it by the name that it should have.
    faults.mark_broken(name.text, str(context.get("nearest")))
    return False


def _add(
    found: _Growing,
    pack: str,
    truths: Mapping[str, str],
    entity: EntitySource,
    entities: called.Called,
    methods: Mapping[str, Words],
    faults: Faults,
) -> None:
    for name, spec in entity.attributes:
        if not _named(name, faults):
            continue
        made = _attribute(name, spec, pack, truths, entities, methods, faults)
        if made is None:
            faults.mark_broken(name.text)
            continue
        before = found.attributes.get(made.name)
        if before is None:
            found.attributes[made.name] = made
        elif _says(before) != _says(made) and (entity.spec.extends is not None or found.source is entity):
            place = name.place()
            faults.note("pack.attribute-conflict", place, given=made.name, nearest=str(before.place))
        if spec.stands_for is not None:
            _stand_in(found, made.name, spec, faults)


def _stand_in(found: _Growing, name: str, spec: AttributeSpec, faults: Faults) -> None:
    """Note on the attribute that another stands for which one that is."""
    of = found.attributes.get(spec.stands_for or "")
    if of is None:
        also = {a.name: (a.label.zh, a.label.en) for a in found.attributes.values()}
        given = spec.stands_for or ""
        faults.unknown("pack.unknown-attribute", given, found.attributes, spec.at("stands_for"), also)
    else:
        found.attributes[of.name] = replace(of, none_beside=name)


def _says(attribute: Attribute) -> tuple[object, ...]:
    """Return all that an attribute says but for where it says it."""
    said = Attribute.__dataclass_fields__.keys() - {"place", "pack", "none_beside"}
    return tuple(getattr(attribute, key) for key in sorted(said))


def _attribute(
    name: Scalar,
    spec: AttributeSpec,
    pack: str,
    truths: Mapping[str, str],
    entities: called.Called,
    methods: Mapping[str, Words],
    faults: Faults,
) -> Attribute | None:
    declared = attribute_type(spec, entities, methods, faults)
    if declared is None:
        return None
    kind = declared.type
    if spec.either is not None and not isinstance(kind, ListOf):
        faults.note("pack.only-lists", spec.at("either"), given="either")
    return Attribute(
        name=name.text,
        type=kind,
        label=spec.label,
        aliases=tuple(spec.aliases),
        member_labels=declared.labels,
        member_aliases=(dict(truths) if isinstance(kind, Bool) else {}) | _readings(spec, kind, faults),
        ask=spec.ask,
        range=declared_range(spec, kind, faults),
        inherits=spec.inherits,
        either=spec.either,
        absent_is_none=spec.if_absent == "none",
        stated=spec.completeness == "stated",
        accept_from=frozenset(spec.accept_from),
        valid_for=spec.valid_for,
        check=spec.check,
        place=name.place(),
        pack=pack,
    )


def _truth_readings(source: PackSource | ProfileSource, faults: Faults) -> Mapping[str, str]:
    """Return how the pack lets yes-no facts be written, and check that each is read as true or false."""
    if not isinstance(source, PackSource) or source.spec is None:
        return {}
    for spelling, member in source.spec.reads.items():
        if member not in ("true", "false"):
            held = source.spec.written("reads")
            place = held.place(spelling) if isinstance(held, Map) else source.spec.at("reads")
            faults.unknown("pack.unknown-member", member, ("true", "false"), place, SPELLINGS)
    return source.spec.reads


def _readings(spec: AttributeSpec, kind: Type, faults: Faults) -> dict[str, str]:
    """Check that further readings name members."""
    if not spec.reads:
        return {}
    members = kind.of if isinstance(kind, SetOf) else kind
    if not isinstance(members, Enum | Bool):
        faults.note("pack.only-members", spec.at("reads"), given="reads")
        return {}
    allowed = members.members if isinstance(members, Enum) else ("true", "false")
    for spelling, member in spec.reads.items():
        if member not in allowed:
            faults.unknown("pack.unknown-member", member, allowed, _within(spec, "reads", spelling))
    return dict(spec.reads)


def _within(spec: AttributeSpec, key: str, inner: str) -> Place:
    held = spec.written(key)
    return held.place(inner) if isinstance(held, Map) else spec.at(key)


def _entity(name: str, found: _Growing) -> Entity:
    spec = found.source.spec
    label = spec.label or Words(name, name)
    return Entity(name, label, spec.key, dict(found.attributes), tuple(spec.aliases))


def _check_labels(growing: Mapping[str, _Growing], entities: Mapping[str, Entity], faults: Faults) -> None:
    """Refuse two things of one spelling: a key in the facts must mean one of them."""
    _unique(
        [(name, e.label, e.aliases, growing[name].source.name.place()) for name, e in entities.items()],
        faults,
    )
    for entity in entities.values():
        _unique([(a.name, a.label, a.aliases, a.place) for a in entity.attributes.values()], faults)


def _unique(things: Iterable[tuple[str, Words, tuple[str, ...], Place | None]], faults: Faults) -> None:
    seen: dict[str, str] = {}
    listed = list(things)
    for name, *_ in listed:
        seen[normal(name).casefold()] = name
    for name, label, aliases, place in listed:
        for spelling in (label.zh, label.en, *aliases):
            key = normal(spelling).casefold()
            if key and seen.setdefault(key, name) != name:
                faults.note("pack.label-clash", place, given=spelling, nearest=seen[key], name=name)


def _check_holders(name: str, found: _Growing, schema: Schema, faults: Faults) -> None:
    """Check what an entity says of others: its key, and whom it inherits from."""
    key = found.source.spec.key
    if key is not None and key not in found.attributes:
        also = {a.name: (a.label.zh, a.label.en) for a in found.attributes.values()}
        faults.unknown("pack.unknown-attribute", key, found.attributes, found.source.spec.at("key"), also)
    for attribute in found.attributes.values():
        above = attribute.inherits
        if above is None:
            continue
        holder = schema.entities.get(above)
        if holder is None:
            faults.unknown(
                "pack.unknown-entity", above, schema.entities, attribute.place, called.entities(schema)
            )
        elif name not in schema.descend(above):
            faults.note("pack.not-above", attribute.place, given=above, nearest=name)
        elif (other := holder.attributes.get(attribute.name)) is None:
            faults.unknown(
                "pack.unknown-attribute",
                f"{above}.{attribute.name}",
                [f"{above}.{a}" for a in holder.attributes],
                attribute.place,
            )
        elif not _alike(other.type, attribute.type):
            faults.note("pack.inherits-otherwise", attribute.place, given=f"{above}.{attribute.name}")


def _alike(a: Type, b: Type) -> bool:
    if isinstance(a, Number) and isinstance(b, Number):
        return a.unit == b.unit
    return a == b
