"""Findings: outcomes with what they cite; the same breach in two instruments is one finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from dualprev_rules.evaluate.reference import Outcome
from dualprev_rules.pack.model import RULE_KINDS, Citation, Instrument, Rule, Ruleset

Role = Literal["decides", "corresponds", "covered", "guidance"]


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation of a finding: its clause, and whether that instrument decides the matter on the day."""

    citation: Citation
    instrument: Instrument
    role: Role


@dataclass(frozen=True, slots=True)
class Finding:
    """An outcome for a record with every clause that states it.

    ``confirmation`` says whether an authority has to confirm it: the library tests the conditions of
    a clause, authorities determine.
    """

    outcome: Outcome
    citations: tuple[Cited, ...]
    others: tuple[Outcome, ...] = ()
    """Outcomes of other rules that state the same breach."""

    @property
    def merged(self) -> tuple[str, ...]:
        """Ids of other rules that state the same breach."""
        return tuple(outcome.rule.id for outcome in self.others)

    @property
    def rule(self) -> Rule:
        """The rule that decides."""
        return self.outcome.rule

    @property
    def code(self) -> str:
        """``violated``, ``compliant``, ``not_applicable`` or ``undetermined``."""
        return self.outcome.code

    @property
    def path(self) -> str:
        """The full path of the record."""
        return self.outcome.record.path

    @property
    def presumed(self) -> bool:
        """True where it is violated unless the duty holder shows the exception."""
        return self.outcome.presumed

    @property
    def missing(self) -> tuple[str, ...]:
        """Paths of the facts that left it open, for any of the rules that state it."""
        reasons = ("missing", "data_problem")
        causes = (cause for outcome in (self.outcome, *self.others) for cause in outcome.causes)
        return tuple(sorted({cause.path for cause in causes if cause.reason in reasons}))

    @property
    def confirmation(self) -> Literal["none", "required"]:
        """Whether a person or authority has to confirm it before it may be called a determination."""
        if self.code in ("compliant", "not_applicable"):
            return "none"
        decided_elsewhere = self.rule.decided_by != "facts" or self.rule.kind == "major_hidden_hazard"
        return "required" if decided_elsewhere else "none"

    @property
    def rank(self) -> tuple[int, int]:
        """The place in the list: presumed, violated, undetermined, compliant, not applicable; major first."""
        order = ("violated", "undetermined", "compliant", "not_applicable")
        group = 0 if self.presumed else 1 + order.index(self.code)
        return group, RULE_KINDS.index(self.rule.kind)


def findings(outcomes: Iterable[Outcome], ruleset: Ruleset) -> tuple[Finding, ...]:
    """Make findings of outcomes, in their order; outcomes of corresponding rules that agree become one."""
    partner = _classes(ruleset.rules)
    groups: dict[tuple[str, str, str, bool], list[Outcome]] = {}
    position = {rule: index for index, rule in enumerate(ruleset.rules)}
    for outcome in outcomes:
        leader = partner.get(outcome.rule.id, outcome.rule.id)
        key = (leader, outcome.record.path, outcome.code, outcome.presumed)
        groups.setdefault(key, []).append(outcome)
    covered: dict[str, list[Rule]] = {}
    for rule in ruleset.rules.values():
        if rule.standing == "covered" and rule.id in partner:
            covered.setdefault(partner[rule.id], []).append(rule)
    found = [
        _finding(group, [*covered.get(leader, ()), *_yielded(groups, leader, path, code)], ruleset)
        for (leader, path, code, _), group in groups.items()
    ]
    found.sort(key=lambda f: (f.rank, position[f.rule.id], f.path))
    return tuple(found)


def _yielded(
    groups: Mapping[tuple[str, str, str, bool], list[Outcome]], leader: str, path: str, code: str
) -> Iterator[Rule]:
    """Yield the rules that do not apply to a record because others of their class cover it."""
    for outcome in groups.get((leader, path, "not_applicable", False), ()):
        if outcome.rule.standing == "beyond" and code != "not_applicable":
            yield outcome.rule


def _finding(group: list[Outcome], covered: Iterable[Rule], ruleset: Ruleset) -> Finding:
    group = sorted(group, key=_weight)
    first = group[0]
    cited: dict[tuple[str, str], Cited] = {}
    for index, outcome in enumerate(group):
        decides: Role = "corresponds" if index else "decides"
        role: Role = "guidance" if outcome.rule.standing == "guidance" else decides
        _cite(cited, outcome.rule, role, ruleset)
    # Rules that another instrument covers do not decide; the finding still shows their clauses.
    for rule in covered:
        _cite(cited, rule, "covered", ruleset)
    return Finding(first, tuple(cited.values()), tuple(group[1:]))


def _weight(outcome: Outcome) -> tuple[bool, bool, int, bool]:
    """Put first what decides and binds: a breach of law is never told by a document that does not bind.

    A rule that decides only what no other covers decides where it applies: what is a major hidden hazard
    by it is not told as the lesser duty that corresponds to it.
    """
    rule = outcome.rule
    beyond = rule.standing == "beyond" and outcome.code != "not_applicable"
    decides = rule.standing == "decides" or beyond
    return not decides, not rule.binding, RULE_KINDS.index(rule.kind), beyond


def _cite(cited: dict[tuple[str, str], Cited], rule: Rule, role: Role, ruleset: Ruleset) -> None:
    for citation in rule.citations:
        key = (citation.instrument, citation.clause)
        cited.setdefault(key, Cited(citation, ruleset.instruments[citation.instrument], role))


def _classes(rules: Mapping[str, Rule]) -> dict[str, str]:
    """Return for each rule that corresponds to others the first id of its class."""
    leader: dict[str, str] = {}

    def find(rule: str) -> str:
        while leader.get(rule, rule) != rule:
            rule = leader[rule]
        return rule

    for rule in rules.values():
        for other in rule.corresponds_to:
            if other in rules and rules[other].entity == rule.entity:
                a, b = sorted((find(rule.id), find(other)))
                leader[b] = a
                leader.setdefault(a, a)
    return {rule: find(rule) for rule in leader}
