"""Measures and checklists: the controls, and the questions whose answers find their failures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dualprev_rules.facts.schema import Schema
from dualprev_rules.facts.types import Bool, Enum, SetOf
from dualprev_rules.pack.interval import is_frequency
from dualprev_rules.pack.model import Checklist, ChecklistItem, Citation, Measure
from dualprev_rules.pack.resolve import called
from dualprev_rules.pack.resolve.instruments import Editions, citation
from dualprev_rules.pack.resolve.scopes import Scopes
from dualprev_rules.pack.source import Map
from dualprev_rules.pack.spec import ChecklistSpec, ItemSpec, MeasureSpec, RuleSpec
from dualprev_rules.pack.spec.words import SPELLINGS
from dualprev_rules.problems import Place, Problem

_NO_ANSWER = ("not_applicable", "unknown")


def build_measures(declared: Iterable[tuple[str, MeasureSpec]], scopes: Scopes) -> dict[str, Measure]:
    """Return the measures of all packs by id."""
    found: dict[str, Measure] = {}
    places: dict[str, Place] = {}
    for pack, spec in declared:
        if spec.measure in found:
            first = places[spec.measure]
            scopes.faults.note(
                "pack.duplicate-id", spec.at("measure"), given=spec.measure, nearest=str(first)
            )
            continue
        places[spec.measure] = spec.at("measure")
        found[spec.measure] = Measure(spec.measure, spec.title, spec.kind, dict(spec.codes), pack)
    return found


def build_checklists(
    declared: Iterable[tuple[str, ChecklistSpec]],
    measures: Mapping[str, Measure],
    rules: Mapping[str, RuleSpec],
    editions: Editions,
    scopes: Scopes,
) -> dict[str, Checklist]:
    """Return the checklists that hold on the day, each item of them checked."""
    found: dict[str, Checklist] = {}
    places: dict[str, Place] = {}
    faults = scopes.faults
    for pack, spec in declared:
        if spec.checklist in places:
            first = places[spec.checklist]
            faults.note("pack.duplicate-id", spec.at("checklist"), given=spec.checklist, nearest=str(first))
            continue
        places[spec.checklist] = spec.at("checklist")
        entity = scopes.entity(spec.object, spec.at("object"))
        editions.check(spec.cite, faults)
        items: list[ChecklistItem] = []
        for item in spec.items:
            if item.item in places:
                first = places[item.item]
                faults.note("pack.duplicate-id", item.at("item"), given=item.item, nearest=str(first))
                continue
            places[item.item] = item.at("item")
            editions.check(item.cite, faults)
            _check_item(item, measures, rules, scopes)
            items.append(_item(item, editions))
        if entity is not None and editions.holding(spec.cite) is not None:
            every = _every(spec, entity, scopes)
            found[spec.checklist] = Checklist(
                spec.checklist,
                spec.title,
                entity,
                spec.level,
                spec.inspection,
                every,
                tuple(items),
                pack,
            )
    return found


def _item(item: ItemSpec, editions: Editions) -> ChecklistItem:
    citations: tuple[Citation, ...] = tuple(
        citation(c, editions.instruments[c.instrument])
        for c in item.cite
        if c.instrument in editions.instruments
    )
    return ChecklistItem(
        id=item.item,
        measure=item.measure,
        ask=item.ask,
        method=item.method,
        accept=item.accept,
        settles=item.settles,
        answers=dict(item.answers),
        feeds=tuple(item.feeds),
        if_found=item.if_found,
        evidence=tuple(item.evidence),
        citations=citations,
    )


def _check_item(
    item: ItemSpec, measures: Mapping[str, Measure], rules: Mapping[str, RuleSpec], scopes: Scopes
) -> None:
    faults = scopes.faults
    if item.measure not in measures:
        also = {m.id: (m.title.zh, m.title.en) for m in measures.values()}
        faults.unknown("pack.unknown-measure", item.measure, measures, item.at("measure"), also)
    for name in item.feeds:
        if name not in rules:
            faults.unknown("pack.unknown-rule", name, rules, item.item_at("feeds", name))
    if item.settles is not None and _is_attribute(item.settles, scopes.schema):
        _check_answers(item, scopes)
    elif item.settles is not None:
        names = called.attributes(scopes.schema)
        entity = item.settles.partition(".")[0]
        own = [name for name in names if name.startswith(f"{entity}.")]
        faults.unknown("pack.unknown-attribute", item.settles, own or names, item.at("settles"), names)


def _is_attribute(named: str, schema: Schema) -> bool:
    entity, _, attribute = named.partition(".")
    return entity in schema.entities and attribute in schema.entities[entity].attributes


def _check_answers(item: ItemSpec, scopes: Scopes) -> None:
    """Check that each answer stands for a value of the fact that the item settles."""
    entity, _, name = (item.settles or "").partition(".")
    kind = scopes.schema.entities[entity].attributes[name].type
    members = kind.of if isinstance(kind, SetOf) else kind
    if not isinstance(members, Bool | Enum):
        return
    known = (*(members.members if isinstance(members, Enum) else ("true", "false")), *_NO_ANSWER)
    held = item.written("answers")
    for answer, value in item.answers.items():
        if value not in known:
            place = held.place(answer) if isinstance(held, Map) else item.at("answers")
            scopes.faults.unknown("pack.unknown-answer", value, known, place, SPELLINGS)


def _every(spec: ChecklistSpec, entity: str, scopes: Scopes) -> dict[str, object]:
    """Return how often: ``interval``, and with a condition ``if`` (compiled) and ``else``."""
    problems: list[Problem] = []
    frequency = spec.frequency(problems)
    scopes.faults.add(problems)
    if frequency is None:
        return {}
    if isinstance(frequency, str):
        _check_interval(frequency, spec.at("every"), scopes)
        return {"interval": frequency}
    _check_interval(frequency.interval, frequency.at("interval"), scopes)
    every: dict[str, object] = {"interval": frequency.interval}
    if frequency.if_ is not None:
        every["if"] = scopes.compile(frequency.if_, scopes.of(entity), Bool())
    if frequency.else_ is not None:
        _check_interval(frequency.else_, frequency.at("else"), scopes)
        every["else"] = frequency.else_
    return every


def _check_interval(text: str, place: Place, scopes: Scopes) -> None:
    if text and not is_frequency(text):  # that there is none is told where it is read
        scopes.faults.note("pack.unknown-interval", place, given=text)
