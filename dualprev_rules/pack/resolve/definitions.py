"""Definitions: chosen for the day, and compiled when something first asks for their type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dualprev_rules.facts.possible import EVERY_NUMBER, Numbers
from dualprev_rules.facts.types import Bool, Date, Enum, Number, Type
from dualprev_rules.lang.text import Inline
from dualprev_rules.lang.tree import Logic, Monotone
from dualprev_rules.pack.clause_words import of_instruments
from dualprev_rules.pack.model import Definition, Expression
from dualprev_rules.pack.resolve.dating import guard
from dualprev_rules.pack.resolve.decisions import compile_table
from dualprev_rules.pack.resolve.faults import Faults
from dualprev_rules.pack.resolve.instruments import Editions, Holding
from dualprev_rules.pack.resolve.scopes import Scopes
from dualprev_rules.pack.resolve.types import declared_range, typed
from dualprev_rules.pack.spec import DefinitionSpec
from dualprev_rules.pack.spec.scalars import BLANK, name_fault
from dualprev_rules.problems import Words

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The definition that holds of a name on the day."""

    spec: DefinitionSpec
    pack: str
    holding: Holding


class Definitions:
    """The definitions of the day; each is compiled once, when its type is first asked for."""

    def __init__(
        self, scopes: Scopes, editions: Editions, chosen: Mapping[Key, Chosen], dormant: Mapping[Key, Chosen]
    ) -> None:
        self._scopes = scopes
        self._editions = editions
        self._chosen = dict(chosen)
        self._dormant = dormant
        self._types: dict[Key, Type | None] = {}
        self._open: list[Key] = []
        self.compiled: dict[Key, Definition] = {}
        self._circular: set[Key] = set()
        self._labels: dict[str, dict[str, tuple[str, ...]]] = {}
        for (entity, name), of in {**dormant, **chosen}.items():
            if of.spec.label is not None:
                self._labels.setdefault(entity, {})[name] = (of.spec.label.zh, of.spec.label.en)

    def type_of(self, entity: str, name: str) -> Type | None:
        """Return the type of a definition, compiling it where that is what tells; None: there is none."""
        key = (entity, name)
        if key not in self._chosen:
            if key not in self._dormant:
                return None
            self._chosen[key] = self._dormant[key]
        if key not in self._types:
            spec = self._chosen[key].spec
            declared = typed(spec, self._scopes.faults)
            if declared is not None:
                # What says its type is compiled later: it may rest on what asks for it now.
                self._types[key] = declared.type
            elif key in self._open:
                self._circle(key)
                return None
            else:
                self.compile(key)
        return self._types.get(key)

    def names(self, entity: str) -> tuple[str, ...]:
        """Return the definitions of an entity, for proposals."""
        return tuple(name for of, name in self._chosen if of == entity)

    def labels(self, entity: str) -> Mapping[str, tuple[str, ...]]:
        """Return what else the definitions of an entity are called."""
        return self._labels.get(entity, {})

    def range_of(self, entity: str, name: str) -> Numbers:
        """Return the range that a definition declares, or every number."""
        key = (entity, name)
        kind = self._types.get(key)
        return _range(self._chosen[key].spec, kind, self._scopes.faults) if kind else EVERY_NUMBER

    def compile_all(self) -> None:
        """Compile every definition of the day, and those of other days that they refer to."""
        done: set[Key] = set()
        while waiting := [key for key in self._chosen if key not in done]:
            for key in waiting:
                done.add(key)
                self.type_of(*key)
                if key not in self.compiled:
                    self.compile(key)

    def at_fault(self) -> dict[str, tuple[str, DefinitionSpec]]:
        """Return the definitions that are at fault, or rest on one that is, each with its entity.

        Those whose circle is told already are not among them.
        """
        return {
            ".".join(key): (key[0], chosen.spec)
            for key, chosen in self._chosen.items()
            if key not in self.compiled and key not in self._circular
        }

    def _circle(self, key: Key) -> None:
        """Name the circle that inferring a type has run into."""
        circle = [*self._open[self._open.index(key) :], key]
        self._circular.update(circle)
        shown = " → ".join(".".join(part) for part in circle)
        for part in circle:
            self._scopes.faults.mark_broken(".".join(part))
        self._scopes.faults.note("pack.cycle", self._chosen[key].spec.at("define"), given=shown)

    def compile(self, key: Key) -> None:
        """Compile one definition, and note its type; what is at fault has none."""
        chosen = self._chosen[key]
        spec, faults = chosen.spec, self._scopes.faults
        if key in self.compiled or key in self._open:
            return
        self._open.append(key)
        try:
            made = self._make(key, chosen)
        finally:
            self._open.pop()
        if made is None:
            self._types.setdefault(key, None)
            faults.mark_broken(spec.define)
        else:
            self._types[key] = made.type
            self.compiled[key] = made

    def _make(self, key: Key, chosen: Chosen) -> Definition | None:
        spec, scopes = chosen.spec, self._scopes
        entity, name = key
        scope = scopes.of(entity)
        declared = typed(spec, scopes.faults)
        expected = declared.type if declared is not None else None
        if declared is None and spec.type is not None:
            return None
        words = of_instruments(chosen.holding.citations, self._editions.instruments)
        body = self._body(spec, entity, expected, words)
        when = scopes.compile(spec.when, scope, Bool(), words) if spec.when is not None else None
        if body is None or (spec.when is not None and when is None):
            return None
        kind = body.node.type if expected is None else expected
        return Definition(
            entity=entity,
            name=name,
            type=kind,
            body=body,
            when=self._guarded(entity, chosen, when),
            classification=spec.classification,
            range=_range(spec, kind, scopes.faults),
            label=spec.label or Words(name, name),
            citations=chosen.holding.citations,
            pack=chosen.pack,
            not_encoded=chosen.holding.not_encoded,
            member_labels=declared.labels if declared is not None else {},
            monotone=self._monotone(spec, entity, kind),
        )

    def _monotone(self, spec: DefinitionSpec, entity: str, kind: Type) -> dict[str, Monotone]:
        """Return what is declared of facts that rise, each as ``entity.name``; all must have an order."""
        schema, faults = self._scopes.schema, self._scopes.faults
        found: dict[str, Monotone] = {}
        for written, way in spec.monotone.items():
            of, _, name = written.rpartition(".")
            holder = schema.entities.get(of or entity)
            place = spec.item_at("monotone", written)
            if holder is None:
                faults.unknown("pack.unknown-entity", of, schema.entities, place)
            elif name not in holder.attributes:
                faults.unknown("pack.unknown-attribute", name, holder.attributes, place)
            elif not (_has_order(kind) and _has_order(holder.attributes[name].type)):
                faults.note("pack.monotone-without-order", place, given=written)
            else:
                found[f"{holder.name}.{name}"] = way
        return found

    def _body(
        self, spec: DefinitionSpec, entity: str, expected: Type | None, words: Mapping[str, str]
    ) -> Expression | None:
        scopes = self._scopes
        if spec.says("is") == spec.says("decide"):
            if spec.astray:
                return None
            scopes.faults.note("pack.is-or-decide", spec.at("define"), given=spec.define)
            return None
        if spec.decide is not None:
            return compile_table(spec.decide, scopes.of(entity), expected, self.range_of, scopes.faults)
        return scopes.compile(spec.is_ or BLANK, scopes.of(entity), expected, words)

    def _guarded(self, entity: str, chosen: Chosen, when: Expression | None) -> Expression | None:
        """Join the condition of a definition with that of an instrument which binds by a date fact."""
        text = guard(chosen.holding.dated, self._editions.day)
        if text is None:
            return when
        dated = self._scopes.compile(Inline(text), self._scopes.of(entity), Bool())
        if dated is None or when is None:
            return dated or when
        node = Logic(type=Bool(), span=when.node.span, op="and", operands=(dated.node, when.node))
        return Expression(f"{text} and ({when.text})", node, when.place)


def _has_order(kind: Type) -> bool:
    return isinstance(kind, Number | Date | Bool) or (isinstance(kind, Enum) and kind.ordered)


def _range(spec: DefinitionSpec, kind: Type, faults: Faults) -> Numbers:
    if isinstance(kind, Number | Date) or any(spec.written(key) for key in ("min", "max", "above", "below")):
        return declared_range(spec, kind, faults)
    return EVERY_NUMBER


def choose(
    specs: Iterable[tuple[str, DefinitionSpec]], editions: Editions, scopes: Scopes
) -> tuple[dict[Key, Chosen], dict[Key, Chosen]]:
    """Return the definition of each name that holds on the day, and of other names one of another day."""
    chosen: dict[Key, Chosen] = {}
    dormant: dict[Key, Chosen] = {}
    seen: dict[Key, list[DefinitionSpec]] = {}
    for pack, spec in specs:
        key = _key(spec, scopes)
        if key is None:
            continue
        others = seen.setdefault(key, [])
        if any(editions.overlap(spec.cite, other.cite) for other in others):
            first = others[0].at("define")
            scopes.faults.note("pack.duplicate-id", spec.at("define"), given=spec.define, nearest=str(first))
            continue
        others.append(spec)
        holding = editions.holding(spec.cite)
        if holding is None:
            aside = editions.dormant(spec.cite)
            if aside is not None:
                dormant.setdefault(key, Chosen(spec, pack, aside))
        elif key not in chosen or holding.state == "in_force":
            chosen[key] = Chosen(spec, pack, holding)
    return chosen, dormant


def _key(spec: DefinitionSpec, scopes: Scopes) -> Key | None:
    entity, _, name = spec.define.partition(".")
    known = scopes.schema.entities.get(entity)
    if spec.define and not name:
        listed = " / ".join(scopes.schema.entities)
        scopes.faults.note("pack.define-form", spec.at("define"), given=entity, nearest=listed or None)
        scopes.faults.mark_broken(spec.define)
        return None
    if known is None:
        scopes.faults.mark_broken(spec.define)
        meant = scopes.entity(entity, spec.at("define"))
        if meant is None:
            scopes.check_form(spec.is_, spec.when)
            return None
        entity, known = meant, scopes.schema.entities[meant]
    refused = name_fault(name)
    if refused is not None:
        scopes.faults.note(refused.type, spec.at("define"), **(refused.context or {}))
        return None
    if name in known.attributes:
        first = known.attributes[name].place
        scopes.faults.note("pack.duplicate-id", spec.at("define"), given=spec.define, nearest=str(first))
        return None
    if spec.classification and not spec.cite:
        scopes.faults.note("pack.no-citation", spec.at("define"), given=spec.define)
    return entity, name
