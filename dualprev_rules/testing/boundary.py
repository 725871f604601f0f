"""Cases on both sides of every figure of a pack, and with each input missing.

For each figure the solver seeks facts that come out otherwise once the figure is moved, or its comparison
made strict or loose: such facts lie at the figure, or just beside it. What a case expects is what the
pack says; whether that is what the clause says is for a person to look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

from dualprev_rules.engine import Engine
from dualprev_rules.evaluate.reference import Reference
from dualprev_rules.evaluate.render import render
from dualprev_rules.evaluate.solver import Answer, Question, Solver, Translation, applicable, violated
from dualprev_rules.evaluate.solver.backend import Bit, all_of, any_of, no
from dualprev_rules.evaluate.solver.world import Ghost, Term
from dualprev_rules.facts.record import Record
from dualprev_rules.lang.names import SELF
from dualprev_rules.lang.tree import Compare, Const, Decide, Node, Param, children
from dualprev_rules.pack.load import read_packs
from dualprev_rules.pack.model import Case, Definition, Expression, Rule, Ruleset, TableRow
from dualprev_rules.pack.registry import functions
from dualprev_rules.problems import Place
from dualprev_rules.standards.reads import MOST_COUNTED, longest_list
from dualprev_rules.testing.mutation.bench import Bench, exchanged
from dualprev_rules.testing.mutation.mutant import Key, Mutant
from dualprev_rules.testing.tried import Point, Watch, tried

_STRICT = {frozenset(("<", "<=")), frozenset((">", ">="))}
_HERE = Place("")


@dataclass(frozen=True, slots=True)
class Draft:
    """A generated case: what it tries, its facts, and what the pack says of them."""

    part: str
    """The rule or definition."""
    tries: str
    """``violated``, ``kept``, a fact that is missing, or the change of a figure that it notices."""
    facts: dict[str, Any]
    expect: dict[str, Any]
    is_missing: bool = False
    """Whether ``tries`` is a fact that is missing."""


@dataclass(frozen=True, slots=True)
class Drafts:
    """The generated cases of a pack, and the figures for which none was found."""

    drafts: tuple[Draft, ...]
    held: int
    """Figures that cases hold on both sides already."""
    open: tuple[str, ...]
    """Changes of figures, sides of figures and outcomes of rules for which no facts were found."""


def boundary_cases(
    pack: str | Path,
    *,
    as_of: date,
    also: Sequence[str | Path] = (),
    profile: str = "national",
    rules: Sequence[str] = (),
    records: int = 3,
    seconds: float = 2.0,
) -> Drafts:
    """Return the cases that a pack still lacks on a day; ``rules`` are the rules and definitions, else all.

    Raises DualprevError where the packs do not load, or the solver is not installed.
    """
    [source] = read_packs([pack])
    engine = Engine.load([*also, pack], profile, as_of=as_of)
    maker = _Maker(engine, source.id, Solver(engine.ruleset, functions(), records, int(seconds * 1000)))
    held = {(p.part, p.what) for p in tried(pack, also, source=source, drafts=True).tried}
    for rule in engine.ruleset.rules.values():
        if _wanted(rule.id, rules) and rule.pack == source.id and rule.kind != "data_check":
            maker.of_rule(rule, held)
    found = Bench(pack, also, [maker.case(draft) for draft in maker.drafts])
    held_figures, left = 0, list[str]()
    for mutant in found.mutants:
        if not _wanted(mutant.swaps[0].edition.key[1], rules) or not _moves_figure(mutant, as_of):
            continue
        if found.kills(mutant):
            held_figures += 1
            continue
        draft = maker.of_mutant(mutant, found.resting(mutant, as_of))
        if draft is None:
            left.append(mutant.id)
        else:
            found.add(maker.case(draft), engine)
    maker.of_figures(rules, held)
    return Drafts(tuple(maker.drafts), held_figures, (*left, *maker.open))


def _wanted(name: str, rules: Sequence[str]) -> bool:
    return not rules or name in rules


class _Maker:
    """Makes cases of one ruleset."""

    def __init__(self, engine: Engine, pack: str, solver: Solver) -> None:
        self.drafts: list[Draft] = []
        self.open: list[str] = []
        self._engine = engine
        self._ruleset = engine.ruleset
        self._pack = pack
        self._watch = Watch(engine.ruleset, pack)
        self._solver = solver

    def case(self, draft: Draft) -> Case:
        """Return a draft as a case."""
        day, profile = self._engine.as_of, self._engine.profile.id
        return Case(draft.tries, day, profile, draft.facts, draft.expect, _HERE, self._pack, confirmed=False)

    # --- a hit, a miss, and each fact missing -------------------------------------------------------

    def of_rule(self, rule: Rule, held: set[tuple[str, str]]) -> None:
        """Make the cases of a rule that are not held: what violates it, what keeps it, each fact missing."""
        if rule.not_encoded is not None or rule.standing != "decides":
            return
        of = self._solver.with_records(min(longest_list((self._ruleset, [rule])), MOST_COUNTED))
        breach, kept = of.ask_each(rule.entity, [violated(rule), _complied(rule)])
        for outcome, answer in (("violated", breach), ("kept", kept)):
            if (rule.id, outcome) in held:
                continue
            if answer.is_possible:
                self._add(rule.id, outcome, answer.witness or {}, self._record(answer), rule)
            else:
                self.open.append(f"{rule.id}: {outcome}")
        if breach.is_possible:
            self._without_each(rule, breach, held)

    def _without_each(self, rule: Rule, answer: Answer, held: set[tuple[str, str]]) -> None:
        record = self._record(answer)
        for fact, facts in _missing(answer.witness or {}, self._engine):
            # Without the list that it stands in there is no record to ask about.
            there = {each.path for each in self._engine.read(facts).records()}
            if (rule.id, fact) in held or record.path not in there:
                continue
            draft = self._draft(rule.id, fact, facts, record, rule)
            if any(p.what == fact for p in self._watch.of_case(self.case(draft), self._engine.read(facts))):
                self.drafts.append(replace(draft, is_missing=True))
                held.add((rule.id, fact))

    # --- figures ------------------------------------------------------------------------------------

    def of_mutant(self, mutant: Mutant, targets: Iterable[Key]) -> Draft | None:
        """Make the case that tells a pack from the one with a figure moved; None where none is found."""
        fields = {swap.edition.key: swap.fields for swap in mutant.swaps}
        other = exchanged(self._ruleset, fields)
        for kind, name in targets:
            part = _part(self._ruleset, kind, name)
            answer = self._solver.ask(part.entity, *_told_apart(part, _part(other, kind, name), other))
            if answer.is_possible:
                return self._add(name, mutant.id, answer.witness or {}, self._record(answer), part)
        return None

    def of_figures(self, rules: Sequence[str], held: set[tuple[str, str]]) -> None:
        """Make the cases at figures, and on their other sides, that neither cases nor drafts try.

        A figure that is noticed once it is moved may still have no case of its own: what is missing, or
        far away, may tell, too.
        """
        for draft in tuple(self.drafts):
            held |= {(p.part, p.what) for p in self._tries(draft)}
        for point, side in self._watch.sides():
            if _wanted(point.part, rules) and (point.part, point.what) not in held:
                draft = self._at(point, side)
                if draft is None:
                    held.add((point.part, point.what))
                    self.open.append(f"{point.part} {point.what}")
                else:
                    self.drafts.append(draft)
                    held |= {(p.part, p.what) for p in self._tries(draft)}

    def _at(self, point: Point, side: Node) -> Draft | None:
        """Make the case of a point, of a record to which its part applies where there is one."""
        entity, _, name = point.part.partition(".")
        part = self._ruleset.rules.get(point.part) or self._ruleset.definitions.get((entity, name))
        if part is None:
            return None
        for question in (_meets(part, side, applying=True), _meets(part, side, applying=False)):
            answer = self._solver.ask(part.entity, *question)
            if answer.is_possible:
                record, facts = self._record(answer), answer.witness or {}
                draft = self._draft(point.part, f"{point.part} {point.what}", facts, record, part)
                if point in self._tries(draft):
                    return draft
        return None

    def _tries(self, draft: Draft) -> set[Point]:
        return self._watch.of_case(self.case(draft), self._engine.read(draft.facts))

    # --- cases --------------------------------------------------------------------------------------

    def _record(self, answer: Answer) -> Record:
        return self._solver.read(answer)[1]

    def _add(
        self, name: str, tries: str, facts: Mapping[str, Any], record: Record, part: Rule | Definition
    ) -> Draft:
        draft = self._draft(name, tries, facts, record, part)
        self.drafts.append(draft)
        return draft

    def _draft(
        self, name: str, tries: str, facts: Mapping[str, Any], record: Record, part: Rule | Definition
    ) -> Draft:
        read = self._engine.read(facts)
        now = next(each for each in read.records() if each.path == record.path)
        reference = Reference(self._ruleset, functions())
        if isinstance(part, Rule):
            outcome = reference.outcome(part, now)
            said = "presumed" if outcome.presumed else "harmless" if outcome.harmless else outcome.code
            return Draft(name, tries, deepcopy(dict(facts)), {f"{now.short}: {part.id}": said})
        value = render(reference.define(part, now), part.type)
        return Draft(name, tries, deepcopy(dict(facts)), {f"{now.short}.{part.name}": value})


def _complied(rule: Rule) -> Question:
    """Return the question whether a rule can be kept where it applies."""
    _, applies = applicable(rule)

    def where(to: Translation, record: Ghost) -> Bit:
        holds, broken = to.outcome(rule, record)
        return all_of(holds, no(broken))

    return (
        where,
        lambda reference, record: (
            applies(reference, record) and reference.outcome(rule, record).code == "compliant"
        ),
    )


def _meets(part: Rule | Definition, side: Node, *, applying: bool) -> Question:
    """Return the question whether a condition can hold, where a part applies or wherever."""

    def where(to: Translation, record: Ghost) -> Bit:
        holds = to.bit(side, {SELF: record})
        if not applying:
            return holds
        if isinstance(part, Rule):
            return all_of(holds, to.outcome(part, record)[0])
        return all_of(holds, no(to.define(part, record).absent))

    return where, lambda reference, record: True


def _missing(facts: Mapping[str, Any], engine: Engine) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each fact of a document, as ``entity.attribute``, with the document that lacks it."""
    ((root, record),) = facts.items()
    for way, entity, name in _facts(record, root, engine, (root,)):
        copy: dict[str, Any] = deepcopy(dict(facts))
        at: Any = copy
        for step in way:
            at = at[step]
        del at[name]
        yield f"{entity}.{name}", copy


def _facts(
    record: Mapping[str, Any], entity: str, engine: Engine, way: tuple[Any, ...]
) -> Iterator[tuple[tuple[Any, ...], str, str]]:
    known = engine.ruleset.schema.entities[entity]
    for name, value in record.items():
        if name != known.key:
            yield way, entity, name
        kind: Any = known.attributes[name].type
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for at, below in enumerate(cast("list[dict[str, Any]]", value)):
                yield from _facts(below, kind.of.entity, engine, (*way, name, at))


def _part(ruleset: Ruleset, kind: str, name: str) -> Rule | Definition:
    if kind == "rule":
        return ruleset.rules[name]
    entity, _, short = name.partition(".")
    return ruleset.definitions[entity, short]


def _told_apart(part: Rule | Definition, changed: Rule | Definition, other: Ruleset) -> Question:
    """Return the question whether a part says one thing, and what stands in its place another."""

    def where(to: Translation, record: Ghost) -> Bit:
        beside = Translation(other, to.world)
        if isinstance(part, Rule) and isinstance(changed, Rule):
            pairs = zip(to.outcome(part, record), beside.outcome(changed, record), strict=True)
            return any_of(*(_differ(one, two) for one, two in pairs))
        assert isinstance(part, Definition)
        assert isinstance(changed, Definition)
        one, two = to.define(part, record), beside.define(changed, record)
        return any_of(_differ(one.absent, two.absent), all_of(no(one.absent), _values_differ(one, two)))

    def confirms(reference: Reference, record: Record) -> bool:
        beside = Reference(other, reference.functions)
        if isinstance(part, Rule) and isinstance(changed, Rule):
            return reference.outcome(part, record).code != beside.outcome(changed, record).code
        assert isinstance(part, Definition)
        assert isinstance(changed, Definition)
        one, two = reference.define(part, record), beside.define(changed, record)
        return render(one, part.type) != render(two, part.type)

    return where, confirms


def _values_differ(one: Term, two: Term) -> Bit:
    before, now = one.value, two.value
    if isinstance(before, dict):
        members = cast("dict[str, Bit]", before)
        return any_of(*(_differ(inside, now[member]) for member, inside in members.items()))
    return before != now


def _differ(one: Bit, two: Bit) -> Bit:
    return any_of(all_of(one, no(two)), all_of(no(one), two))


# --- which mutants move a figure --------------------------------------------------------------------


def _moves_figure(mutant: Mutant, day: date) -> bool:
    swaps = [swap for swap in mutant.swaps if day in swap.edition.days]
    return any(
        _moved(getattr(swap.edition.part, name), now) for swap in swaps for name, now in swap.fields.items()
    )


def _moved(before: Any, now: Any) -> bool:
    match before, now:
        case Expression(), Expression():
            return _moved(before.node, now.node)
        case tuple(), tuple():
            rows = cast("tuple[Any, ...]", before), cast("tuple[Any, ...]", now)
            return len(rows[0]) == len(rows[1]) and any(map(_moved, *rows))
        case TableRow(cells=was, when=when), TableRow(cells=cells):
            figures = any(cells[c] != was[c] and isinstance(was[c], Fraction) for c in was)
            return figures or (when is not None and _moved(when, now.when))
        case Node(), Node():
            return _node_moved(before, now)
        case _:
            return False


def _node_moved(before: Node, now: Node) -> bool:
    if type(before) is not type(now):
        return False
    match before, now:
        case (Const() | Param(), Const() | Param()):
            return before.value != now.value and isinstance(before.value, Fraction)
        case Compare(op=was), Compare(op=op) if was != op:
            return frozenset((was, op)) in _STRICT
        case Decide(rows=rows), Decide(rows=others) if len(rows) == len(others):
            cells = ((row.cells, other.cells) for row, other in zip(rows, others, strict=True))
            if any(was[name].ranges != other[name].ranges for was, other in cells for name in was):
                return True
        case _:
            pass
    pairs = children(before), children(now)
    return len(pairs[0]) == len(pairs[1]) and any(map(_node_moved, *pairs))
