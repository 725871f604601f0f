"""The result of one assessment: cheap until it is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dualprev_rules.evaluate.compiled import (
    Alone,
    Case,
    Program,
    case_of,
    counts,
    how_many_violated,
    judge,
    judge_known,
    violated,
    worst_of_rules,
)
from dualprev_rules.evaluate.compiled.groups import VIOLATED
from dualprev_rules.evaluate.explain import Explainer, Reason
from dualprev_rules.evaluate.outcome import counted
from dualprev_rules.evaluate.reference import Outcome, Reference
from dualprev_rules.evaluate.render import not_encoded, render
from dualprev_rules.facts.possible import Absent, Cause, Value
from dualprev_rules.facts.record import Facts, Record
from dualprev_rules.pack.model import Definition, Rule, Ruleset
from dualprev_rules.problems import DualprevError, Problem, Words, nearest, problem
from dualprev_rules.result.contradiction import contradictions
from dualprev_rules.result.finding import Finding, findings
from dualprev_rules.result.question import Question, questions
from dualprev_rules.risk.grades import RiskGrade
from dualprev_rules.risk.hidden_hazard import HiddenHazard, hidden_hazards
from dualprev_rules.risk.place import Place, read_place
from dualprev_rules.risk.profile import Profile


@dataclass(frozen=True, slots=True)
class DerivedFact:
    """A derived value of a record: what it is, as JSON, and the definition that it is by."""

    key: str
    definition: Definition
    record: Record
    value: Any
    open: bool


@dataclass(frozen=True, slots=True)
class NotAssessed:
    """A list that may hold records that were not given, and the rules that stay open on them."""

    path: str
    entity: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judging:
    """What all results of an engine rest on, beside their facts."""

    program: Program
    profile: Profile
    read: Callable[[Any], Facts]
    """Reads facts as the ordinary reader does; raises DualprevError where they cannot be read."""


class Result:
    """What was found in one set of facts. Everything is computed when first asked for.

    ``Engine.assess`` has the outcome codes found at once, by the compiled evaluator: all that
    ``counts`` needs. Outcomes, findings and reasons come from the reference, which the tests hold it to.
    """

    __slots__ = ("__dict__", "_case", "_facts", "_judging")

    def __init__(self, judging: Judging, case: Case | Alone | None, facts: Facts | None = None) -> None:
        """Hold the outcome codes of facts, or facts to be judged when first asked."""
        self._judging = judging
        self._case: Case | list[Any] | Alone | None = case
        self._facts = facts

    @property
    def profile(self) -> Profile:
        """The profile that names grades and colours."""
        return self._judging.profile

    @property
    def ruleset(self) -> Ruleset:
        """The rules that hold on the day."""
        return self._judging.program.ruleset

    @property
    def facts(self) -> Facts:
        """The facts; those of plain input, judged without them, are read when first asked for."""
        if self._facts is None:
            self._facts = self._judging.read(self._judging.program.given(self._judged().rows))
        return self._facts

    def _judged(self) -> Case:
        """Return the outcome codes, found now where they were not."""
        case = self._case
        if isinstance(case, Case):
            return case
        if isinstance(case, tuple):
            made = case_of(self._judging.program, case)
        else:
            assert self._facts is not None
            made = judge(self._judging.program, self._facts)
        self._case = made
        return made

    @cached_property
    def _reference(self) -> Reference:
        return Reference(self.ruleset, self._judging.program.functions)

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What every rule says of every record of its entity; of a phantom only what stays open."""
        return tuple(self._outcomes(self.facts.records()))

    @cached_property
    def assessed(self) -> tuple[Rule, ...]:
        """The rules that said anything, by the records that they are about: found without judging these."""
        given = [rule for entity in self._by_entity for rule in self._rules.get(entity, ())]
        found = {rule.id: rule for rule in given}
        for record in self.facts.records():
            if record.phantom and record.entity.name not in self._by_entity:
                for rule in self._rules.get(record.entity.name, ()):
                    if rule.id not in found and self.outcome(rule, record).code == "undetermined":
                        found[rule.id] = rule
        return tuple(found.values())

    @cached_property
    def _open(self) -> tuple[Outcome, ...]:
        """The outcomes that stay open of records that lists may hold beside those given."""
        if "outcomes" in self.__dict__:
            return tuple(outcome for outcome in self.outcomes if outcome.record.phantom)
        return tuple(self._outcomes(record for record in self.facts.records() if record.phantom))

    @cached_property
    def _rules(self) -> Mapping[str, list[Rule]]:
        found: dict[str, list[Rule]] = {}
        for rule in self.ruleset.rules.values():
            if rule.standing != "covered":
                found.setdefault(rule.entity, []).append(rule)
        return found

    def _outcomes(self, records: Iterable[Record]) -> Iterator[Outcome]:
        for record in records:
            for rule in self._rules.get(record.entity.name, ()):
                outcome = self.outcome(rule, record)
                if not record.phantom or outcome.code == "undetermined":
                    yield outcome

    def outcome(self, rule: Rule, record: Record) -> Outcome:
        """Return what one rule says of one record."""
        outcome = self._reference.outcome(rule, record)
        return _guidance(outcome) if rule.standing == "guidance" else outcome

    def count(self, code: str) -> int:
        """Return how many outcomes are ``violated``, ``compliant``, ``not_applicable`` or ``undetermined``.

        A list that was not given leaves every rule about its records undetermined: these count too.

        Also ``presumed``, ``harmless`` (both are among the undetermined) and ``major`` (major hidden
        hazards violated). Raises ``ValueError`` for any other word.
        """
        if code == "violated":
            case = self._case
            if case is None:
                assert self._facts is not None
                case = self._case = judge_known(self._facts) or self._judged()
            out: list[Any] = case[0] if isinstance(case, tuple) else case
            # One record by itself is what is asked most often.
            return out[1].violated(out[2]) if len(out) == 3 else how_many_violated(out)
        found = self.counts
        if code not in found:
            raise ValueError(f"{code!r} is none of {', '.join(found)}")
        return found[code]

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many outcomes there are of each code, and of ``presumed``, ``harmless`` and ``major``."""
        if self._case is None and "outcomes" in self.__dict__:
            return counted(self.outcomes)  # nothing has to be compiled for what is known
        return counts(self._judged())

    @cached_property
    def rules_broken(self) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
        """The rules that some record violates, and the others that one may violate, both in rule order.

        Those that stay open on a list that was not given count too. Found without judging by the reference.
        """
        worst = worst_of_rules(self._judged())
        rules = [rule for rule in self.ruleset.rules.values() if rule.id in worst]
        sure = tuple(rule for rule in rules if worst[rule.id] == VIOLATED)
        return sure, tuple(rule for rule in rules if worst[rule.id] != VIOLATED)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Every outcome with its citations, the pressing ones first; one breach is one finding.

        Records that a list may hold beside those given have none: see ``not_assessed``.
        """
        return findings((o for o in self.outcomes if not o.record.phantom), self.ruleset)

    @cached_property
    def breaches(self) -> tuple[Finding, ...]:
        """The findings of what is violated: those of ``findings``, without judging everything else."""
        found = self._violated() if "outcomes" not in self.__dict__ else None
        if found is None:
            return tuple(finding for finding in self.findings if finding.code == "violated")
        # Findings show the clauses of rules that yield to them, too.
        records = {record.path: record for _, record in found}.values()
        yielding = [rule for rule in self.ruleset.rules.values() if rule.standing == "beyond"]
        asked = {(rule.id, record.path): (rule, record) for rule, record in found}
        for record in records:
            asked |= {
                (rule.id, record.path): (rule, record)
                for rule in yielding
                if rule.entity == record.entity.name
            }
        made = findings((self.outcome(rule, record) for rule, record in asked.values()), self.ruleset)
        return tuple(finding for finding in made if finding.code == "violated")

    def _violated(self) -> list[tuple[Rule, Record]] | None:
        """Return what the compiled evaluator finds violated; None where its rows hold no records."""
        found = violated(self._judged())
        records = {record.path: record for record in self.facts.records()} if found else {}
        if any(path not in records for _, path in found):
            return None
        return [(rule, records[path]) for rule, path in found if path is not None]

    @cached_property
    def not_assessed(self) -> tuple[NotAssessed, ...]:
        """The lists that were not given, or not as a whole, and the rules that stay open for that."""
        rules: dict[tuple[str, str], dict[str, Rule]] = {}
        for outcome in self._open:
            if outcome.record.cause is not None:
                key = (outcome.record.cause.path, outcome.record.entity.name)
                rules.setdefault(key, {})[outcome.rule.id] = outcome.rule
        return tuple(NotAssessed(path, entity, tuple(of)) for (path, entity), of in sorted(rules.items()))

    @cached_property
    def derived(self) -> Mapping[str, DerivedFact]:
        """Every derived value by its key, such as ``unit[U1].s_value``."""
        found: dict[str, DerivedFact] = {}
        for definition in self.ruleset.definitions.values():
            for record in self._by_entity.get(definition.entity, ()):
                fact = self.derive(definition, record)
                found[fact.key] = fact
        return dict(sorted(found.items()))

    def derive(self, definition: Definition, record: Record) -> DerivedFact:
        """Return one derived value of one record."""
        value = self._reference.define(definition, record)
        shown = render(value, definition.type)
        surely_none = value.absent is Absent.SURELY and not not_encoded(value)
        still_open = not value.known and not surely_none and bool(value.causes)
        return DerivedFact(f"{record.short}.{definition.name}", definition, record, shown, still_open)

    @cached_property
    def _by_entity(self) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = {}
        for record in self.facts.records():
            if not record.phantom:
                found.setdefault(record.entity.name, []).append(record)
        return found

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The facts worth asking for, the most telling first."""
        still_open: list[tuple[str, Record, Value]] = []
        for fact in self.derived.values():
            if fact.definition.classification and fact.open:
                value = self._reference.define(fact.definition, fact.record)
                still_open.append((fact.key, fact.record, value))
        return questions(self._reference, self.facts, self.outcomes, still_open)

    @cached_property
    def place(self) -> Place | None:
        """The enterprise as a place with its risk points; None where none, or several, were given."""
        roots = [record for record in self.facts.roots if record.entity.name == "enterprise"]
        return read_place(self._reference, self.profile, roots[0]) if len(roots) == 1 else None

    @property
    def grade(self) -> RiskGrade | None:
        """The risk grade on the basis that the profile counts; None where there is no one enterprise."""
        return self.place.grade(self.profile.basis) if self.place is not None else None

    @property
    def hidden_hazards(self) -> tuple[HiddenHazard, ...]:
        """The hidden hazards found, each still to be confirmed by a person."""
        return hidden_hazards(self.outcomes)

    @cached_property
    def data_problems(self) -> tuple[Problem, ...]:
        """What was given and is wrong, by the path of the fact."""
        graded = self.place.all_points() if self.place is not None else ()
        of_points = [fault for point in graded for fault in point.problems if fault.severity != "note"]
        return (*self.facts.problems, *of_points, *self._disagreements)

    @cached_property
    def notes(self) -> tuple[Problem, ...]:
        """Readings and assumptions; nothing is wrong."""
        graded = self.place.all_points() if self.place is not None else ()
        of_points = [fault for point in graded for fault in point.problems if fault.severity == "note"]
        left_out = [
            problem("result.left-out", severity="note", given=one.rule, reason=one.reason, by=one.authority)
            for one in self.profile.pruned
        ]
        return (*self.facts.notes, *of_points, *left_out)

    @cached_property
    def _disagreements(self) -> tuple[Problem, ...]:
        return contradictions(self._reference, self._by_entity)

    @cached_property
    def _explainer(self) -> Explainer:
        return Explainer(self._reference)

    def find(self, rule: str, path: str | None = None) -> tuple[Finding, ...]:
        """Return the findings of a rule, of the record at ``path`` (full or short) where one is named.

        Raises DualprevError where there is no such rule, or no outcome of it there.
        """
        if rule not in self.ruleset.rules:
            definitions = [f"{d.entity}.{d.name}" for d in self.ruleset.definitions.values()]
            near = nearest(rule, [*self.ruleset.rules, *definitions])
            example = next(iter(self.ruleset.rules), "—")
            raise DualprevError(problem("result.unknown-rule", given=rule, nearest=near, example=example))
        found = [f for f in self.findings if f.rule.id == rule or rule in f.merged]
        chosen = [f for f in found if path is None or path in (f.path, f.outcome.record.short)]
        if not chosen:
            raise self._not_there(rule, path, [f.outcome.record for f in found])
        return tuple(chosen)

    def find_derived(self, name: str, path: str | None = None) -> tuple[DerivedFact, ...]:
        """Return the derived values called ``unit.s_value``, ``s_value``, ``unit[U1].s_value`` or by a label.

        They are those of the record at ``path`` where one is named. Nothing where no definition is called
        so; raises DualprevError where it has no value there.
        """
        found = [
            fact
            for fact in self.derived.values()
            if name in (fact.key, f"{fact.definition.entity}.{fact.definition.name}", fact.definition.name)
            or name in (fact.definition.label.zh, fact.definition.label.en)
        ]
        chosen = [fact for fact in found if path is None or path in (fact.record.path, fact.record.short)]
        if found and not chosen:
            raise self._not_there(name, path, [fact.record for fact in found])
        return tuple(chosen)

    @staticmethod
    def _not_there(name: str, path: str | None, records: list[Record]) -> DualprevError:
        near = nearest(path or "", [record.short for record in records])
        some = "、".join(record.short for record in records[:8]) or "—"
        return DualprevError(
            problem("result.no-such-finding", path=path or "*", given=name, nearest=near or some)
        )

    def explain(self, finding: Finding | Outcome) -> tuple[Reason, ...]:
        """Return the reasons of a finding, down to facts, rows and clauses."""
        return self._explainer.outcome(finding.outcome if isinstance(finding, Finding) else finding)

    def explain_derived(self, key: str) -> tuple[Reason, ...]:
        """Return the reasons of a derived value; raises KeyError for a key that there is not."""
        fact = self.derived[key]
        return self._explainer.definition(fact.definition, fact.record)

    def called(self, fact: DerivedFact) -> Mapping[str, Words] | None:
        """Return what the members in a derived value are called; None where it has none."""
        return self._explainer.called(fact.definition, fact.value)

    def assumptions(self, finding: Finding) -> tuple[str, ...]:
        """Return the lists that were taken as complete in this finding, since the input did not say."""
        return self._explainer.assumed(finding.rule, finding.outcome.record)

    def message(self, finding: Finding) -> Mapping[str, str]:
        """Return the finding's sentence in both languages."""
        from dualprev_rules.result.message import fill

        return fill(self._reference, finding.outcome)

    def document(self, *, explained: bool = True) -> dict[str, Any]:
        """Return the whole result as JSON values, as ``dualprev assess --json`` prints it.

        With ``explained=False`` reasons and assumptions are left empty, for a summary at once.
        """
        from dualprev_rules.result.document import document

        if explained:
            self._explainer.evaluate(self.facts)
        return document(self, explained=explained)

    def to_json(self, *, indent: int | None = 2) -> str:
        """Return the document as JSON text; the same facts give the same bytes."""
        return json.dumps(self.document(), ensure_ascii=False, indent=indent)


def _guidance(outcome: Outcome) -> Outcome:
    """Leave open what a rule says in whose instrument's place another is in force that is not encoded."""
    every = frozenset(("violated", "compliant", "not_applicable"))
    instead = outcome.rule.not_encoded or outcome.rule.citations[0].instrument
    causes = frozenset((Cause(instead, "not_encoded"),))
    return Outcome(outcome.rule, outcome.record, "undetermined", every, False, causes)
