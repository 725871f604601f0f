"""Rules: chosen for the day, compiled, and set against the rules about the same breach elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dualprev_rules.facts.types import Bool
from dualprev_rules.lang import ParameterShape, Scope
from dualprev_rules.lang.text import Inline
from dualprev_rules.pack.clause_words import of_instruments
from dualprev_rules.pack.model import RULE_KINDS, Expression, Measure, Rule
from dualprev_rules.pack.resolve import called
from dualprev_rules.pack.resolve.dating import guard
from dualprev_rules.pack.resolve.faults import Faults
from dualprev_rules.pack.resolve.instruments import Editions, Holding, citation
from dualprev_rules.pack.resolve.parameters import Tailored, read_parameters
from dualprev_rules.pack.resolve.scopes import Scopes
from dualprev_rules.pack.source import Piece
from dualprev_rules.pack.spec import HolderSpec, InstrumentSpec, RuleSpec
from dualprev_rules.problems import Words

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class ChosenRule:
    """A rule that holds on the day, or is shown as guidance."""

    spec: RuleSpec
    entity: str
    pack: str
    holding: Holding


def choose_rules(
    declared: Iterable[tuple[str, RuleSpec]], editions: Editions, scopes: Scopes
) -> tuple[dict[str, ChosenRule], dict[str, RuleSpec]]:
    """Return the rules of the day by id, and every rule of any day."""
    chosen: dict[str, ChosenRule] = {}
    every: dict[str, RuleSpec] = {}
    faults = scopes.faults
    for pack, spec in declared:
        if spec.rule in every:
            first = every[spec.rule].at("rule")
            faults.note("pack.duplicate-id", spec.at("rule"), given=spec.rule, nearest=str(first))
            continue
        every[spec.rule] = spec
        if not spec.cite:
            faults.note("pack.no-citation", spec.at("rule"), given=spec.rule)
        entity = scopes.entity(spec.for_, spec.at("for"))
        if entity != spec.for_:
            faults.mark_broken(spec.rule)
        if entity is None:
            scopes.check_form(spec.applies, spec.violated, spec.unless)
            continue
        scopes.kinds[spec.rule] = (spec.kind, frozenset(spec.tags))
        holding = editions.holding(spec.cite)
        if holding is None:
            scopes.other_rules[spec.rule] = entity
            continue
        chosen[spec.rule] = ChosenRule(spec, entity, pack, holding)
        scopes.rules[spec.rule] = entity
    return chosen, every


def build_rule(
    chosen: ChosenRule,
    editions: Editions,
    scopes: Scopes,
    tailored: Tailored,
    holders: Mapping[str, HolderSpec],
) -> Rule | None:
    """Return the compiled rule, or None where it is at fault; ``holders`` are those of its pack."""
    spec, holding = chosen.spec, chosen.holding
    _check(spec, scopes.faults)
    parameters = read_parameters(spec, editions, tailored, scopes.faults)
    shapes = {name: ParameterShape(p.type, p.value) for name, p in parameters.items()}
    broken = [name for name in spec.parameters if name not in parameters]
    scopes.faults.mark_broken(*broken)
    scope = scopes.of(chosen.entity, shapes, spec.kind == "data_check")
    words = of_instruments(holding.citations, editions.instruments)
    applies = scopes.compile(spec.applies, scope, Bool(), words) if spec.applies is not None else None
    violated = scopes.compile(spec.violated, scope, Bool(), words)
    unless = scopes.compile(spec.unless, scope, Bool(), words) if spec.unless is not None else None
    dated = _guard(chosen, editions, scopes)
    placeholders = dict(_placeholders(spec, scopes, scope))
    _check_said(spec, (applies, violated, unless), scopes.faults)
    if violated is None or (spec.applies and not applies) or (spec.unless and not unless):
        return None
    holder = holders.get(spec.duty_of)
    liability = None
    if spec.liability is not None and spec.liability.instrument in editions.instruments:
        liability = citation(spec.liability, editions.instruments[spec.liability.instrument])
    return Rule(
        id=spec.rule,
        kind=spec.kind,
        pack=chosen.pack,
        title=spec.title,
        entity=chosen.entity,
        citations=holding.citations,
        duty_of=Words(spec.duty_of, holder.en if holder is not None else ""),
        decided_by=spec.decided_by,
        applies=applies,
        violated=violated,
        unless=unless,
        unless_because=spec.unless_because,
        part=spec.part,
        tags=frozenset(spec.tags),
        object=spec.object,
        applies_to=spec.applies_to,
        grace_until=spec.grace_until,
        replacement=spec.replacement,
        parameters=parameters,
        message=spec.message.words() if spec.message is not None else None,
        placeholders=placeholders,
        measures=tuple(spec.measures),
        evidence=tuple(spec.evidence),
        liability=liability,
        corresponds_to=tuple(spec.corresponds_to),
        may=spec.may,
        because=spec.because,
        dated=dated,
        standing=holding.standing,
        not_encoded=holding.not_encoded,
        binding=holding.binding and spec.binding is not False,
        place=spec.at("rule"),
    )


def _check(spec: RuleSpec, faults: Faults) -> None:
    """Check what a rule must say beyond its conditions."""
    if spec.kind in ("prohibition", "restriction") and spec.object is None:
        faults.note("pack.missing-key", spec.at("kind"), given="object", nearest="object: …")
    if spec.may is not None and spec.because is None:
        faults.note("pack.missing-key", spec.at("may"), given="because", nearest="because: {zh: …, en: …}")


def _guard(
    chosen: ChosenRule, editions: Editions, scopes: Scopes, beyond: Sequence[str] = ()
) -> Expression | None:
    """Return the guard of a rule: its instrument binds by a date fact or within a scope, days of grace run.

    ``beyond`` names the scopes within which the rule yields to others.
    """
    entity, holding = chosen.entity, chosen.holding
    dated = guard(holding.dated, editions.day)
    asked = [*([i.dated_by for i in holding.dated] if dated is not None else ()), *holding.scopes, *beyond]
    for name in asked:
        holder = name.partition(".")[0]
        known = scopes.schema.entities
        if holder in known and holder != entity and entity not in scopes.schema.descend(holder):
            scopes.faults.note("pack.not-above", chosen.spec.at("for"), given=holder, nearest=entity)
            return None
    parts = [dated] if dated is not None else []
    grace = chosen.spec.grace_until
    if grace is not None and editions.day <= grace:
        parts.append(f"as_of > '{grace}'")
    if holding.scopes:
        parts.append(" or ".join(holding.scopes))
    parts += [f"not {scope}" for scope in beyond]
    if not parts or not editions.unread_scopes.isdisjoint(asked):
        return None
    text = " and ".join(f"({part})" for part in parts) if len(parts) > 1 else parts[0]
    return scopes.compile(Inline(text), scopes.of(entity), Bool())


def _placeholders(spec: RuleSpec, scopes: Scopes, scope: Scope) -> Iterator[tuple[str, Expression]]:
    """Compile what stands in braces in a message, of any type."""
    for _, text in spec.message.parts() if spec.message is not None else ():
        rest = _PLACEHOLDER.sub(lambda match: "\0" * len(match[0]), text.text)
        lone = next((at for at, char in enumerate(rest) if char in "{}"), None)
        if lone is not None:
            scopes.faults.note("pack.lone-brace", text.place(lone, lone + 1), given=text.text[lone])
        for match in _PLACEHOLDER.finditer(text.text):
            compiled = scopes.compile(Piece(text, *match.span(1)), scope)
            if compiled is not None:
                yield match[1], compiled


def _is_fixed(condition: Expression) -> bool:
    """Return whether a fixed yes or no is written; a condition that was refused stands as one too."""
    place = condition.place
    if place is None:
        return False
    written = (place.source or "")[(place.column or 1) - 1 :].strip("\"' ").casefold()
    text = condition.text.strip().casefold()
    return text in ("true", "false") and written.startswith(text)


def _check_said(spec: RuleSpec, conditions: Iterable[Expression | None], faults: Faults) -> None:
    """Warn of conditions that rest on nothing, and of an exception that nobody can name."""
    for condition in conditions:
        if condition is not None and _is_fixed(condition):
            faults.warn("pack.constant-condition", condition.place, given=condition.text)
    if spec.unless is not None and spec.unless_because is None:
        faults.warn("pack.exception-without-words", spec.at("unless"))


def check_references(every: Mapping[str, RuleSpec], measures: Mapping[str, Measure], faults: Faults) -> None:
    """Check that rules name measures and rules that there are."""
    also = {m.id: (m.title.zh, m.title.en) for m in measures.values()}
    for spec in every.values():
        for name in spec.measures:
            if name not in measures:
                faults.unknown("pack.unknown-measure", name, measures, spec.item_at("measures", name), also)
        for name in spec.corresponds_to:
            if name not in every:
                faults.unknown("pack.unknown-rule", name, every, spec.item_at("corresponds_to", name))


def cover(
    rules: Mapping[str, Rule], chosen: Mapping[str, ChosenRule], editions: Editions, scopes: Scopes
) -> dict[str, Rule]:
    """Return the rules with those covered that yield to a deciding rule about the same breach.

    A lesser kind covers nothing: a major hidden hazard stays one where a law merely has a duty about it.
    Where all rules that cover one bind within a scope, it decides beyond that.
    """
    yields = {name for name, rule in chosen.items() if rule.holding.yields}
    to: dict[str, dict[str, tuple[str, ...]]] = {}
    for rule in rules.values():
        for other in rule.corresponds_to:
            if other not in rules:
                continue
            for one, partner in ((rule.id, other), (other, rule.id)):
                lesser = RULE_KINDS.index(rules[partner].kind) > RULE_KINDS.index(rules[one].kind)
                decides = partner not in yields and rules[partner].standing == "decides"
                if one in yields and decides and not lesser:
                    to.setdefault(one, {})[partner] = chosen[partner].holding.scopes
    changed: dict[str, Rule] = {}
    for name, partners in to.items():
        if not all(partners.values()):
            changed[name] = replace(rules[name], standing="covered")
            continue
        beyond = sorted({scope for of in partners.values() for scope in of})
        dated = _guard(chosen[name], editions, scopes, beyond)
        changed[name] = replace(rules[name], standing="beyond", dated=dated)
    return {**rules, **changed}


def check_scopes(declared: Iterable[InstrumentSpec], editions: Editions, scopes: Scopes) -> None:
    """Check that what says whom an instrument binds is a yes-or-no fact or definition."""
    faults, also = scopes.faults, called.attributes(scopes.schema)
    for spec in declared:
        if spec.scope is None or not editions.holds(editions.instruments[spec.id]):
            continue
        entity, _, name = spec.scope.partition(".")
        known = scopes.schema.entities.get(entity)
        attribute = known.attributes.get(name) if known is not None else None
        kind = attribute.type if attribute is not None else scopes.definition(entity, name)
        if kind is None:
            every = [f"{e.name}.{a}" for e in scopes.schema.entities.values() for a in e.attributes]
            every += [f"{entity}.{other}" for other in scopes.definition_names(entity)]
            faults.unknown("pack.unknown-scope", spec.scope, every, spec.at("scope"), also)
        elif kind != Bool():
            faults.note("pack.no-yes-or-no", spec.at("scope"), given=spec.scope)
        else:
            continue
        editions.unread_scopes.add(spec.scope)
