"""Put packs and a profile together for one day: everything checked, every fault at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from dualprev_rules.lang import Function
from dualprev_rules.pack.model import Definition, PackInfo, Rule, Ruleset, Table
from dualprev_rules.pack.read import PackSource, ProfileSource
from dualprev_rules.pack.resolve.at_fault import needs_as_written
from dualprev_rules.pack.resolve.cases import check_cases
from dualprev_rules.pack.resolve.definitions import Definitions, choose
from dualprev_rules.pack.resolve.entities import build_schema
from dualprev_rules.pack.resolve.faults import Faults
from dualprev_rules.pack.resolve.grading import build_methods
from dualprev_rules.pack.resolve.instruments import Editions, gather
from dualprev_rules.pack.resolve.live import build_warnings
from dualprev_rules.pack.resolve.monitoring import check_warnings
from dualprev_rules.pack.resolve.order import graph, looked_up, sort
from dualprev_rules.pack.resolve.parameters import gather_moves
from dualprev_rules.pack.resolve.prevention import build_checklists, build_measures
from dualprev_rules.pack.resolve.profiles import overlay
from dualprev_rules.pack.resolve.rules import (
    ChosenRule,
    build_rule,
    check_references,
    check_scopes,
    choose_rules,
    cover,
)
from dualprev_rules.pack.resolve.scopes import Scopes
from dualprev_rules.pack.resolve.tables import ChosenTable, build_table, choose_tables
from dualprev_rules.pack.resolve.tailoring import merge, prune
from dualprev_rules.pack.spec import CitationSpec, DefinitionSpec, InstrumentSpec
from dualprev_rules.problems import Place, Problem, Words

LANGUAGE = 1
"""The version of the condition language that this library reads."""


def resolve(
    sources: Sequence[PackSource],
    profiles: Sequence[ProfileSource],
    day: date,
    functions: Mapping[str, Function] | None = None,
) -> tuple[Ruleset | None, tuple[Problem, ...]]:
    """Return what holds on ``day``, and every problem found; None where one of them is an error.

    ``sources`` are the packs with the core first; ``profiles`` is the chain of the profile, the base
    first. Where a whole file could not be read, nothing is said of the names that it may declare.
    """
    faults = Faults(kind for source in sources for kind in source.unread)
    for source in (*sources, *profiles):
        faults.add(source.problems)
    made = _Resolver(sources, profiles, day, functions or {}, faults).run()
    faults.without_facts({source.root for source in sources if not source.entities})
    return (None if faults.errors else made), faults.found


class _Resolver:
    """The passes, in their order; each fills what the next ones need."""

    def __init__(
        self,
        sources: Sequence[PackSource],
        profiles: Sequence[ProfileSource],
        day: date,
        functions: Mapping[str, Function],
        faults: Faults,
    ) -> None:
        self.sources = sources
        self.overlay = overlay(profiles)
        self.day = day
        self.faults = faults
        self.schema = build_schema([*sources, *profiles], faults)
        self.scopes = Scopes(self.schema, functions, faults)

    def run(self) -> Ruleset:
        """Run the passes; what comes out is whole only where no fault was found."""
        faults, scopes = self.faults, self.scopes
        _check_packs(self.sources, faults)
        editions = self._editions()
        chosen_tables = choose_tables(
            [(s.id, spec, rows) for s in self.sources for spec, rows in s.tables], editions, scopes
        )
        scopes.tables.update((name, table.shape()) for name, table in chosen_tables.items())
        rules, every_rule = choose_rules(
            [*((s.id, spec) for s in self.sources for spec in s.rules), *self.overlay.rules], editions, scopes
        )
        definitions = Definitions(
            scopes,
            editions,
            *choose(self._definitions(), editions, scopes),
        )
        scopes.definition, scopes.definition_names = definitions.type_of, definitions.names
        scopes.definition_labels = definitions.labels
        tailored = gather_moves(self.overlay.tailor, every_rule, faults)
        self._check_citations(editions)
        definitions.compile_all()
        check_scopes((spec for _, spec in self._declared()), editions, scopes)
        holders = {s.id: s.spec.duty_holders for s in self.sources if s.spec is not None}
        built = {
            name: made
            for name, rule in rules.items()
            if (
                made := build_rule(
                    rule, editions, scopes, tailored, holders.get(rule.pack, self.overlay.holders)
                )
            )
        }
        built = merge(built, self.overlay.merge, every_rule, faults)
        methods = build_methods([(s.id, m) for s in self.sources for m in s.methods], editions, scopes)
        measures = build_measures([(s.id, m) for s in self.sources for m in s.measures], scopes)
        checklists = build_checklists(
            [(s.id, c) for s in self.sources for c in s.checklists], measures, every_rule, editions, scopes
        )
        built = cover(built, rules, editions, scopes)
        tables = self._tables(chosen_tables, definitions, built)
        check_references(every_rule, measures, faults)
        defined = {definition.define for _, definition in self._definitions()}
        warnings = [(s.id, w) for s in self.sources for w in s.warnings]
        check_warnings((w for _, w in warnings), editions, scopes)
        live = build_warnings(warnings, every_rule, built, editions, scopes, tailored)
        check_cases((c for s in self.sources for c in s.cases), self.schema, every_rule, defined, faults)
        order = self._order(definitions, built, tables, rules)
        return Ruleset(
            as_of=self.day,
            schema=self.schema,
            packs=tuple(_info(source) for source in self.sources),
            instruments=editions.instruments,
            definitions=_in_order(definitions.compiled, order),
            tables=tables,
            rules=prune(built, self.overlay.prune, every_rule, faults),
            methods=methods,
            measures=measures,
            checklists=checklists,
            order=order,
            warnings=faults.warnings,
            live=live,
        )

    def _definitions(self) -> list[tuple[str, DefinitionSpec]]:
        """Return every definition with the pack or profile that it is of."""
        return [*((s.id, d) for s in self.sources for d in s.definitions), *self.overlay.definitions]

    def _declared(self) -> list[tuple[str, InstrumentSpec]]:
        """Return every instrument with the pack or profile that declares it."""
        declared = [(s.id, i) for s in self.sources if s.spec is not None for i in s.spec.instruments]
        return [*declared, *self.overlay.instruments]

    def _editions(self) -> Editions:
        return gather(self._declared(), self.day, self.schema, self.faults)

    def _check_citations(self, editions: Editions) -> None:
        for source in self.sources:
            editions.check(cited(source), self.faults)
        for _, own in (*self.overlay.definitions, *self.overlay.rules):
            editions.check(own.cite, self.faults)

    def _tables(
        self, chosen: Mapping[str, ChosenTable], definitions: Definitions, rules: Mapping[str, Rule]
    ) -> dict[str, Table]:
        """Build the tables of the day, and those of other days that something looks up."""
        built: dict[str, Table] = {}
        wanted = frozenset(n for n, table in chosen.items() if table.holding.state != "dormant")
        while waiting := (chosen.keys() - built.keys()) & (
            wanted | looked_up(definitions.compiled.values(), rules.values(), built)
        ):
            built |= {name: build_table(chosen[name], self.scopes) for name in chosen if name in waiting}
            # The conditions of rows may be the first to name a definition of another day.
            definitions.compile_all()
        return {name: built[name] for name in chosen if name in built}

    def _order(
        self,
        definitions: Definitions,
        rules: Mapping[str, Rule],
        tables: Mapping[str, Table],
        chosen: Mapping[str, ChosenRule],
    ) -> tuple[str, ...]:
        edges = graph(definitions.compiled.values(), rules.values(), tables)
        at_fault = definitions.at_fault()
        at_fault |= {name: (rule.entity, rule.spec) for name, rule in chosen.items() if name not in rules}
        for name, (entity, spec) in at_fault.items():
            edges[name] = needs_as_written(spec, entity, self.scopes)
        order, circles = sort(edges)
        for circle in circles:
            place = self._place_of(circle[0], definitions.compiled, chosen)
            if circle[0] in at_fault:
                place = at_fault[circle[0]][1].at()
            self.faults.note("pack.cycle", place, given=" → ".join(circle))
        return order

    def _place_of(
        self,
        name: str,
        definitions: Mapping[tuple[str, str], Definition],
        rules: Mapping[str, ChosenRule],
    ) -> Place | None:
        if name in rules:
            return rules[name].spec.at("rule")
        entity, _, short = name.partition(".")
        definition = definitions.get((entity, short))
        return definition.body.place if definition is not None else None


def _check_packs(sources: Sequence[PackSource], faults: Faults) -> None:
    """Check that packs are of this language and that no two are one."""
    seen: dict[str, str] = {}
    for source in sources:
        spec = source.spec
        if spec is None:
            continue
        if spec.language >= 0 and spec.language != LANGUAGE:
            faults.note("pack.language", spec.at("language"), given=str(spec.language), nearest=str(LANGUAGE))
        if source.id in seen:
            faults.note("pack.duplicate-id", spec.at("pack"), given=source.id, nearest=seen[source.id])
        seen[source.id] = source.root


def cited(source: PackSource) -> Iterable[CitationSpec]:
    """Return every citation of a pack but those of its checklists."""
    for definition in source.definitions:
        yield from definition.cite
    for table, _ in source.tables:
        yield from table.cite
    for rule in source.rules:
        yield from rule.cite
        yield from (rule.liability,) if rule.liability is not None else ()
        yield from (p.cite for p in rule.parameters.values() if p.cite is not None)
    for method in source.methods:
        yield from method.cite
        for bands in method.bands:
            yield from bands.cite


def _info(source: PackSource) -> PackInfo:
    spec = source.spec
    if spec is None:
        return PackInfo(source.id, "", Words(source.id), source.hash)
    return PackInfo(spec.pack, spec.version, spec.title, source.hash)


def _in_order(
    definitions: Mapping[tuple[str, str], Definition], order: Sequence[str]
) -> dict[tuple[str, str], Definition]:
    """Return the definitions, each after those that it needs."""
    at = {name: position for position, name in enumerate(order)}
    return dict(sorted(definitions.items(), key=lambda item: at.get(item[1].id, len(at))))
