"""Read input into facts: every attribute a value, everything wrong a problem, nothing dropped in silence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, cast

from dualprev_rules.facts.attribute import AttributeReader
from dualprev_rules.facts.document import MOST_RECORDS, Document, Reported, Trail, Twice
from dualprev_rules.facts.given import take_apart
from dualprev_rules.facts.kinds import Refused, text_of
from dualprev_rules.facts.labels import labels, shorten
from dualprev_rules.facts.lists import Element, ListForms
from dualprev_rules.facts.plan import Plan, Plans, Slot
from dualprev_rules.facts.possible import Cause, Items, Value
from dualprev_rules.facts.record import Fact, Facts, Record, phantom, unknown
from dualprev_rules.facts.references import Reference, resolve
from dualprev_rules.facts.reports import Reports, in_order
from dualprev_rules.facts.schema import ROOT, Schema
from dualprev_rules.facts.shown import shown
from dualprev_rules.facts.sources import open_source
from dualprev_rules.facts.sources.memory import plain
from dualprev_rules.problems import DualprevError, problem

Lists = Literal["assumed", "stated"]


def read_facts(
    source: Mapping[str, Any] | str | Path | object, schema: Schema, *, as_of: date, lists: Lists = "assumed"
) -> Facts:
    """Read the facts of one enterprise.

    ``source`` is a mapping, a pydantic model, or the path of a JSON, YAML, CSV or XLSX file or of a folder
    of CSV files. ``as_of`` is the day against which facts are stale. With ``lists="stated"`` a list is
    complete only where the input says so. What is wrong with the data is in ``problems``; raises
    DualprevError where the source as a whole cannot be used.
    """
    return Reader(schema).read(source, as_of=as_of, lists=lists)


class Reader:
    """A reader of a schema, to be kept where many sources are read."""

    def __init__(self, schema: Schema) -> None:
        self._plans = Plans(schema)

    def read(
        self, source: Mapping[str, Any] | str | Path | object, *, as_of: date, lists: Lists = "assumed"
    ) -> Facts:
        """Read one source; see ``read_facts``."""
        document = open_source(source, self._plans)
        return _Reading(self._plans, document, as_of, lists == "stated").facts()

    def open(
        self, source: Mapping[str, Any] | str | Path | object, *, as_of: date, lists: Lists = "assumed"
    ) -> Opened:
        """Read one source and return its facts with the tree that they were read from."""
        reading = _Reading(self._plans, open_source(source, self._plans), as_of, lists == "stated")
        mappings: dict[str, dict[str, Any]] = {}
        reading.mappings = mappings
        facts = reading.facts()
        return Opened(facts, reading.tree, mappings, self._plans)


@dataclass(frozen=True, slots=True)
class Opened:
    """Facts, a plain copy of the tree that they were read from, and the part of it for each record."""

    facts: Facts
    tree: dict[str, Any]
    mappings: Mapping[str, dict[str, Any]]
    """Path of a record → its mapping in the tree."""
    plans: Plans


class _Reading:
    """The reading of one document."""

    def __init__(self, plans: Plans, document: Document, as_of: date, stated: bool) -> None:
        self.plans = plans
        self.document = document
        self.reports = Reports(document)
        self.attributes = AttributeReader(self.reports, as_of, stated)
        self.forms = ListForms(self.reports, self.attributes)
        self.keyed: dict[str, dict[str, list[Record]]] = {}
        self.references: list[Reference] = []
        self.tree: dict[str, Any] = {}
        self.mappings: dict[str, dict[str, Any]] | None = None
        """The mapping of each record, where they are wanted."""
        self.count = 0

    def facts(self) -> Facts:
        """Read the document's tree."""
        tree = self.document.value if self.document.plain else plain(self.document.value)
        if not isinstance(tree, dict):
            place = self.document.locate(())
            raise DualprevError(problem("facts.not-a-mapping", given=shown(tree), place=place))
        self.tree = cast("dict[str, Any]", tree)
        roots = self._roots(self.tree)
        for reference in self.references:
            resolve(reference, self.keyed, self.reports)
        shorten(self.keyed)
        problems, notes = in_order(self.reports.problems), in_order(self.reports.notes)
        if not roots:
            raise DualprevError((problem("facts.nothing", given=self.document.name), *problems))
        return Facts(self.plans.schema, tuple(roots), problems, notes, self.document.name)

    def _roots(self, tree: dict[str, Any]) -> list[Record]:
        given: dict[str, list[Element]] = {}
        # Not in the order of the input, which says nothing: one name after the other.
        for key, raw in sorted(tree.items()):
            entity = self.plans.entities.get(key)
            if entity is None:
                names = self.plans.entities.exact
                refused = Refused("facts.unknown-entity", given=shown(key), sought=key, among=names)
                self.reports.fault(refused, shown(key), (key,), "ignored")
            elif raw is not None:
                taken = self.forms.take(self.plans[entity.name], None, raw, entity.name, (key,))
                given.setdefault(entity.name, []).extend(taken.elements if taken else ())
        roots = [
            record
            for name in self.plans.schema.entities
            if name in given
            for record in self._records(self.plans[name], given[name], name, None)
        ]
        enterprises = [record for record in roots if record.entity.name == ROOT]
        for record, element in zip(enterprises[1:], given.get(ROOT, [])[1:], strict=True):
            refused = Refused("facts.several-enterprises", given=str(len(enterprises)))
            self.reports.fault(refused, record.path, element.trail, "kept")
        return roots

    def _records(
        self, plan: Plan, elements: list[Element], prefix: str, parent: Record | None
    ) -> list[Record]:
        """Read the records of one list."""
        keys = [self._key(plan, element.mapping) for element in elements]
        named = labels([(key, element.position) for key, element in zip(keys, elements, strict=True)])
        lone = parent is None and len(elements) == 1 and plan.entity.name == ROOT
        records: list[Record] = []
        for element, key, (label, again) in zip(elements, keys, named, strict=True):
            path = prefix if lone else f"{prefix}[{label}]"
            if again:
                refused = Refused("facts.duplicate-record", given=key)
                self.reports.fault(refused, path, element.trail, "kept")
            record = self._record(plan, element, path, parent)
            records.append(record)
            if key is not None:
                self.keyed.setdefault(plan.entity.name, {}).setdefault(key, []).append(record)
        return records

    def _key(self, plan: Plan, mapping: dict[str, Any]) -> str | None:
        """Return the text by which a record is named in paths, or None."""
        if plan.key is None:
            return None
        names = plan.names
        for name, raw in mapping.items():
            if (names.exact.get(name) or names.get(name)) is not plan.key or raw is None:
                continue
            try:
                if isinstance(raw, dict):
                    raw = take_apart(cast("dict[str, Any]", raw)).value  # noqa: PLW2901
                return text_of(raw)[0] or None
            except Refused:
                return None
        return None

    def _record(self, plan: Plan, element: Element, path: str, parent: Record | None) -> Record:
        self.count += 1
        if self.count > MOST_RECORDS:
            raise DualprevError(problem("facts.too-many-records", limit=MOST_RECORDS))
        record = Record(plan.entity, path, path, parent, schema=self.plans.schema)
        mapping, _, trail = element
        if self.mappings is not None:
            self.mappings[path] = mapping
        mapping = _merged(plan, mapping)
        facts, known, read = record.facts, plan.names.exact, self.attributes.read
        strange: list[str] = []
        for key, raw in mapping.items():
            slot = known.get(key) or plan.names.get(key)
            if slot is None:
                strange.append(key)
                continue
            if slot.child is not None:
                fact = self._list(slot, raw, record, (*trail, key))
            else:
                fact = read(slot, raw, path, trail, key)
            if fact is not None:
                facts[slot.name] = fact
                if slot.refers:
                    self.references.append(Reference(record, slot.attribute, (*trail, key)))
        for key in strange:
            self._strange(plan, key, record, trail)
        # An unknown key that holds records may be a misspelt list: then nothing is taken as empty.
        if plan.groups and not any(isinstance(mapping[key], (dict, list)) for key in strange):
            _complete_groups(plan, facts)
        return record

    def _strange(self, plan: Plan, key: str, record: Record, trail: Trail) -> None:
        """Report a key that means nothing; the attribute that it is most like stays unknown."""
        names = plan.names.exact
        refused = Refused("facts.unknown-key", given=shown(key), sought=key, among=names)
        self.reports.fault(refused, f"{record.path}.{shown(key)}", (*trail, key), "ignored")
        like = self.reports.nearest(key, names)
        if like is not None and names[like].name not in record.facts:
            record.facts[names[like].name] = _spoilt(names[like], record)

    def _list(self, slot: Slot, raw: Any, record: Record, trail: Trail) -> Fact | None:
        """Read a list of records. Whatever in it is no record leaves it open."""
        assert slot.child is not None
        path = f"{record.path}.{slot.name}"
        plan = self.plans[slot.child]
        if isinstance(raw, Reported):
            return _spoilt(slot, record)
        taken = self.forms.take(plan, slot, raw, path, trail)
        if taken is None:
            return _spoilt(slot, record)
        given = taken.given
        if given.empty:
            return None
        if self.attributes.expired(slot, given, path, trail):
            fact = unknown(record, slot.attribute, Cause(path))
            return Fact(fact.value, shown(given.value), given.provenance)
        records = tuple(self._records(plan, taken.elements, path, record))
        if taken.sound and self.attributes.closed(slot, given.complete):
            return Fact(Value(Items(records)), shown(given.value), given.provenance, given.complete is None)
        cause = Cause(path, "missing" if taken.sound else "data_problem")
        items = Items(records, phantom(record, slot.attribute, self.plans.schema, cause))
        return Fact(Value(items, causes=frozenset((cause,))), shown(given.value), given.provenance)


def _merged(plan: Plan, mapping: dict[str, Any]) -> dict[str, Any]:
    """Return a mapping in which no attribute stands under two names: it is then given twice under one."""
    known, names = plan.names.exact, plan.names
    if len({known.get(key) or names.get(key) or key for key in mapping}) == len(mapping):
        return mapping
    keys: dict[Slot, str] = {}
    merged: dict[str, Any] = {}
    # The order of keys means nothing, nor may it say which of two is told first.
    for key, raw in sorted(mapping.items(), key=lambda item: item[0]):
        slot = names.get(key)
        first = key if slot is None else keys.setdefault(slot, key)
        held = merged.get(first)
        merged[first] = raw if held is None else held if raw is None else Twice((*_all(held), *_all(raw)))
    return merged


def _all(given: Any) -> tuple[Any, ...]:
    return given.values if isinstance(given, Twice) else (given,)


def _spoilt(slot: Slot, record: Record) -> Fact:
    """Return the fact of an attribute for which something was given that cannot be used."""
    return unknown(record, slot.attribute, Cause(f"{record.path}.{slot.name}", "data_problem"))


def _complete_groups(plan: Plan, facts: dict[str, Fact]) -> None:
    """Take the absent lists of a group as empty where another list of it is given, and complete."""
    for group in plan.groups:
        if any(slot.name in facts and facts[slot.name].value.known for slot in group):
            for slot in group:
                if slot.name not in facts:
                    facts[slot.name] = Fact(Value(Items(())), assumed_complete=True)
