"""What authors should look at: nothing of it keeps a pack from being used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from dualprev_rules.facts.quantity import parse_number
from dualprev_rules.facts.schema import ROOT
from dualprev_rules.facts.types import Bool, ListOf, Number
from dualprev_rules.lang.tree import (
    Arith,
    Const,
    Get,
    Node,
    Not,
    Span,
    Var,
    walk,
)
from dualprev_rules.pack.asked import check_asked_rules, rules_that_are
from dualprev_rules.pack.clause_words import AFTER, WORDS, broken_ranges, disagreeing, of_instruments
from dualprev_rules.pack.confirmed import check_confirmations
from dualprev_rules.pack.guards import Read, reads, unguarded
from dualprev_rules.pack.lint_cases import lint_cases
from dualprev_rules.pack.load import ProfileFiles, Where, read_chain, read_packs
from dualprev_rules.pack.model import Expression, Rule, Ruleset
from dualprev_rules.pack.never import contradictions, tautologies
from dualprev_rules.pack.read import PackSource
from dualprev_rules.pack.registry import functions, plugins
from dualprev_rules.pack.resolve import resolve
from dualprev_rules.pack.resolve.faults import Faults
from dualprev_rules.pack.settled import settled
from dualprev_rules.pack.spec import CaseSpec, InstrumentSpec, Spec
from dualprev_rules.problems import Place, Problem


def lint_packs(
    packs: Sequence[Where],
    as_of: date,
    *,
    profile: str | None = None,
    core: Where | None = None,
    profiles: ProfileFiles | None = None,
) -> tuple[Problem, ...]:
    """Return every error and warning of packs, on ``as_of`` and on as many days as show every edition."""
    manager = plugins()
    sources = read_packs(packs, core=core, manager=manager)
    chain = read_chain(profile, profiles or {})
    brought = functions(manager)
    faults = Faults()
    rulesets: list[Ruleset] = []
    for day in days_of_editions(sources, as_of):
        ruleset, problems = resolve(sources, chain, day, brought)
        faults.add(problems)
        rulesets += [ruleset] if ruleset is not None else []
    if faults.errors:
        return faults.found
    own = sources if core is None else sources[1:]
    faults.add(lint(own, rulesets, moved=profile is not None))
    asking = [e for ruleset in rulesets for e in _own(ruleset, {source.id for source in own})]
    check_asked_rules(asking, rulesets, lambda: rules_that_are(packs, profiles or {}), faults)
    return faults.found


def lint(
    sources: Sequence[PackSource], rulesets: Sequence[Ruleset], *, moved: bool = False
) -> tuple[Problem, ...]:
    """Return what is to be looked at in ``sources``, by what their rulesets of several days say.

    ``moved`` says that a profile may have moved figures: these are not what somebody confirmed.
    """
    faults = Faults()
    packs = {source.id for source in sources}
    rules = {r.id: r for ruleset in rulesets for r in ruleset.rules.values() if r.pack in packs}
    _lone_facts(rules, rulesets, faults)
    _idle_measures(sources, rulesets, faults)
    _unread_facts(packs, rulesets, faults)
    unguarded(rulesets, packs, faults)
    _bare_percents(rulesets, packs, faults)
    _never_met(rulesets, packs, faults)
    _clause_words(rules.values(), rulesets, faults)
    _unknown_words(sources, faults)
    _unreachable(packs, rulesets, faults)
    _overlong(sources, faults)
    _beyond_dates(sources, faults)
    lint_cases(sources, rulesets, faults)
    for source in sources:
        _unconfirmed(source, faults)
        check_confirmations(source, [] if moved else rulesets, faults)
        for place in _without_english(source):
            faults.warn("pack.no-english", place)
        _holders_without_english(source, faults)
    return faults.found


def days_of_editions(sources: Sequence[PackSource], as_of: date) -> list[date]:
    """Return ``as_of`` and further days, so that every instrument is in force on one of them."""
    spans: dict[str, InstrumentSpec] = {}
    for source in sources:
        for instrument in source.spec.instruments if source.spec is not None else ():
            spans[instrument.id] = instrument
    days = [as_of]
    starts = sorted({i.in_force.from_ for i in spans.values() if i.in_force.from_ is not None})
    left = {name for name, i in spans.items() if not _holds(i, as_of)}
    while left:
        best = max(
            starts, key=lambda day: (sum(_holds(spans[name], day) for name in left), day), default=None
        )
        if best is None or not (found := {name for name in left if _holds(spans[name], best)}):
            break
        days.append(best)
        left -= found
    return days


def _holds(instrument: InstrumentSpec, day: date) -> bool:
    start, end = instrument.in_force.from_, instrument.in_force.replaced_on
    return (start is None or start <= day) and (end is None or day < end)


def _unconfirmed(source: PackSource, faults: Faults) -> None:
    """Tell once for each file how many generated cases nobody has confirmed."""
    drafts: dict[str, list[CaseSpec]] = {}
    for case in source.cases:
        if not case.confirmed:
            drafts.setdefault(case.at("case").file, []).append(case)
    for of in drafts.values():
        faults.warn("pack.unconfirmed-case", of[0].at("case"), given=of[0].case, count=len(of))


# --- what expressions read -------------------------------------------------------------------------


def _of_rule(rule: Rule) -> list[Expression]:
    parts = (rule.applies, rule.violated, rule.unless, rule.dated, *rule.placeholders.values())
    return [part for part in parts if part is not None]


def _expressions(ruleset: Ruleset) -> Iterator[Expression]:
    for definition in ruleset.definitions.values():
        yield definition.body
        if definition.when is not None:
            yield definition.when
    for rule in ruleset.rules.values():
        yield from _of_rule(rule)
    for table in ruleset.tables.values():
        yield from (row.when for row in table.rows if row.when is not None)
    for checklist in ruleset.checklists.values():
        condition = checklist.every.get("if") if isinstance(checklist.every, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        if isinstance(condition, Expression):
            yield condition


# --- the checks ------------------------------------------------------------------------------------


def _lone_facts(rules: Mapping[str, Rule], rulesets: Sequence[Ruleset], faults: Faults) -> None:
    """Find rules whose breach is one yes-or-no fact that nothing else reads, and that do not say why."""
    readers: dict[Read, set[str]] = {}
    for ruleset in rulesets:
        for rule in ruleset.rules.values():
            for expression in _of_rule(rule):
                for read in reads(expression.node):
                    readers.setdefault(read, set()).add(rule.id)
        for definition in ruleset.definitions.values():
            for read in reads(definition.body.node):
                readers.setdefault(read, set()).add(definition.id)
    for rule in rules.values():
        read = _one_flag(rule.violated.node)
        if read is not None and rule.because is None and readers[read] == {rule.id}:
            faults.warn("pack.lone-fact", rule.violated.place, given=".".join(read), rule=rule.id)


def _one_flag(node: Node) -> Read | None:
    """Return the fact where a condition is one yes-or-no fact of the record, or its negation."""
    inner = node.of if isinstance(node, Not) else node
    if isinstance(inner, Get) and isinstance(inner.type, Bool) and isinstance(inner.of, Var):
        return getattr(inner.of.type, "entity", ""), inner.name
    return None


def _idle_measures(sources: Sequence[PackSource], rulesets: Sequence[Ruleset], faults: Faults) -> None:
    """Find measures whose failure no item of a checklist finds."""
    checked = {
        item.measure for source in sources for checklist in source.checklists for item in checklist.items
    }
    checked |= {i.measure for r in rulesets for c in r.checklists.values() for i in c.items}
    for source in sources:
        for measure in source.measures:
            if measure.measure not in checked:
                faults.warn("pack.measure-without-item", measure.at("measure"), given=measure.measure)


def _unread_facts(packs: set[str], rulesets: Sequence[Ruleset], faults: Faults) -> None:
    """Find facts that are asked for and read by nothing."""
    read: set[Read] = set()
    for ruleset in rulesets:
        for expression in _expressions(ruleset):
            read.update(reads(expression.node))
        for checklist in ruleset.checklists.values():
            settled = (item.settles.partition(".") for item in checklist.items if item.settles)
            read.update((entity, name) for entity, _, name in settled)
        for instrument in ruleset.instruments.values():
            entity, _, name = instrument.dated_by.partition(".")
            read.add((entity, name))
    read |= {found for ruleset in rulesets for found in _inherited(ruleset, read)}
    for entity in rulesets[-1].schema.entities.values() if rulesets else ():
        for attribute in entity.attributes.values():
            names = attribute.name in (entity.key, "id", "name") or isinstance(attribute.type, ListOf)
            if attribute.pack in packs and not names and (entity.name, attribute.name) not in read:
                faults.warn("pack.unread-fact", attribute.place, given=f"{entity.name}.{attribute.name}")


def _inherited(ruleset: Ruleset, read: set[Read]) -> Iterator[Read]:
    """Yield what is read in the place of an attribute that inherits and is read."""
    for start in read:
        entity, name = start
        while (known := ruleset.schema.entities.get(entity)) is not None:
            attribute = known.attributes.get(name)
            if attribute is None or attribute.inherits is None:
                break
            entity = attribute.inherits
            yield entity, name


def _bare_percents(rulesets: Sequence[Ruleset], packs: set[str], faults: Faults) -> None:
    """Find bare figures that are added to a percentage or taken from one: they are read as percents."""
    for expression in (e for ruleset in rulesets for e in _own(ruleset, packs)):
        for node in walk(expression.node):
            if isinstance(node, Arith) and node.op in ("+", "-"):
                for side in (node.left, node.right):
                    _bare_percent(side, expression, faults)


def _never_met(rulesets: Sequence[Ruleset], packs: set[str], faults: Faults) -> None:
    """Find conditions that no facts can meet, and parts of conditions that stand whatever the facts."""
    for ruleset in rulesets:
        for expression in _own(ruleset, packs):
            excluded = set(contradictions(expression))
            for span in sorted(excluded, key=lambda span: span.start):
                given = expression.text[span.start : span.end]
                faults.warn("pack.never-met", _part(expression, span), given=given)
            for span in tautologies(expression):
                given = expression.text[span.start : span.end]
                faults.warn("pack.always-met", _part(expression, span), given=given)
            for part in settled(expression, ruleset.schema):
                if part.span not in excluded:
                    given = expression.text[part.span.start : part.span.end]
                    place = _part(expression, part.span)
                    faults.warn(part.code, place, given=given, nearest=part.nearest, **part.args)


def _part(of: Expression, span: Span) -> Place | None:
    """Return the place of a part of a condition, where that stands in the file letter for letter."""
    place, text = of.place, of.text[span.start : span.end]
    if place is None or place.column is None or place.source is None:
        return place
    column = place.column + span.start
    there = place.source[column - 1 :][: len(text)] == text
    return replace(place, column=column, width=len(text)) if there else place


def _own(ruleset: Ruleset, packs: set[str]) -> Iterator[Expression]:
    for definition in ruleset.definitions.values():
        if definition.pack in packs:
            yield from (e for e in (definition.body, definition.when) if e is not None)
    for rule in ruleset.rules.values():
        if rule.pack in packs:
            yield from _of_rule(rule)


def _shown_figure(value: Fraction) -> str:
    decimal = format(float(value), "g")
    return decimal if parse_number(decimal) == value else str(value)


def _bare_percent(node: Node, of: Expression, faults: Faults) -> None:
    start, end = node.span.start, node.span.end
    value = parse_number(of.text[start:end])
    if not isinstance(node, Const) or not isinstance(node.type, Number) or value is None or not value:
        return
    symbol, place = node.type.unit.symbol, _part(of, node.span)
    if not symbol.startswith("%") or place is None:
        return
    shown = [_shown_figure(figure) for figure in (value, value * 100)]
    near = [f"'{figure}{symbol}'" for figure in shown]
    faults.warn("pack.bare-percent", place, given=shown[0], nearest=near[0], whole=near[1])


def _clause_words(rules: Iterable[Rule], rulesets: Sequence[Ruleset], faults: Faults) -> None:
    """Find rules whose title and test part the numbers at another side of the same figure.

    What an instrument says of its own words goes before what they mean everywhere.
    """
    instruments = {name: i for ruleset in rulesets for name, i in ruleset.instruments.items()}
    for rule in rules:
        meanings = of_instruments(rule.citations, instruments)
        for word, meant, found in disagreeing(rule, meanings) if rule.because is None else ():
            faults.warn("pack.clause-words", rule.violated.place, given=word, nearest=meant, found=found)
        for span in broken_ranges(rule) if rule.because is None else ():
            faults.warn("pack.clause-range", rule.violated.place, given=span)


def _unknown_words(sources: Sequence[PackSource], faults: Faults) -> None:
    """Find words that an instrument gives a meaning and that compare nothing."""
    known = {**WORDS, **AFTER}
    for source in sources:
        for instrument in source.spec.instruments if source.spec is not None else ():
            for word in instrument.words:
                if word not in known:
                    faults.unknown("pack.clause-word", word, known, instrument.at("words"))


def _unreachable(packs: set[str], rulesets: Sequence[Ruleset], faults: Faults) -> None:
    """Find entities of which no input can hold a record."""
    for ruleset in rulesets[:1]:
        schema = ruleset.schema
        reached = schema.descend(ROOT) | {ROOT} if ROOT in schema.entities else frozenset(schema.entities)
        for entity in schema.entities.values():
            places = [a.place for a in entity.attributes.values() if a.pack in packs]
            if entity.name not in reached and places:
                faults.warn("pack.unreachable-entity", places[0], given=entity.name)


def _overlong(sources: Sequence[PackSource], faults: Faults) -> None:
    """Find instruments that are said to hold on after one that supersedes them has begun."""
    specs = {i.id: i for s in sources if s.spec is not None for i in s.spec.instruments}
    for newer in specs.values():
        start = newer.in_force.from_
        for name in newer.supersedes:
            older = specs.get(name)
            if older is None or start is None:
                continue
            end = older.in_force.replaced_on
            if end is None or end > start:
                place = older.at("in_force")
                faults.warn("pack.superseded-in-force", place, given=name, nearest=str(start), newer=newer.id)


def _beyond_dates(sources: Sequence[PackSource], faults: Faults) -> None:
    """Find rules that hold beyond the dates of an instrument that they cite, since another goes on.

    Editions that follow on one another are meant to.
    """
    specs = {i.id: i for s in sources if s.spec is not None for i in s.spec.instruments}
    for rule in (rule for source in sources for rule in source.rules):
        cited = {c.instrument: c for c in rule.cite if c.instrument in specs}
        of = [specs[name] for name in cited if specs[name].dated_by == "assessment"]
        spans = [(i.in_force.from_ or date.min, i.in_force.replaced_on or date.max) for i in of]
        widest = (min((s for s, _ in spans), default=None), max((e for _, e in spans), default=None))
        editions = {name for i in of for old in i.supersedes if old in cited for name in (i.id, old)}
        for instrument, span in zip(of, spans, strict=True):
            if span != widest and instrument.id not in editions:
                place = cited[instrument.id].at("instrument")
                dates = f"{instrument.in_force.from_ or '…'} – {instrument.in_force.replaced_on or '…'}"
                faults.warn("pack.beyond-dates", place, given=instrument.id, nearest=dates, rule=rule.rule)
                break


def _without_english(source: PackSource) -> Iterator[Place]:
    parts: Iterable[Spec] = (
        *((source.spec,) if source.spec is not None else ()),
        *(entity.spec for entity in source.entities),
        *(spec for entity in source.entities for _, spec in entity.attributes),
        *source.definitions,
        *source.methods,
        *(table for table, _ in source.tables),
        *source.rules,
        *source.checklists,
        *source.measures,
        *source.warnings,
    )
    for part in parts:
        yield from part.without_english()


def _holders_without_english(source: PackSource, faults: Faults) -> None:
    """Find duty holders that have no English, each where it is first named."""
    known = set(source.spec.duty_holders) if source.spec is not None else set[str]()
    for rule in source.rules:
        if rule.duty_of not in known:
            known.add(rule.duty_of)
            faults.warn("pack.holder-no-english", rule.at("duty_of"), given=rule.duty_of)
