"""The least change of a site by which a finding is gone: which facts, to what value, proved and checked.

What is known may change, at a cost; what is not known stays open, unless the finding cannot go before it
is established too. Every piece of advice is given to the reference, with the site's own facts, before it
is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any, Literal, NamedTuple

from dualprev_rules.engine import Engine, Source
from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.outcome import Outcome
from dualprev_rules.evaluate.solver.backend import Bit, all_of, any_of, exact, no, z3
from dualprev_rules.evaluate.solver.site import Lever, Plain, SiteWorld, number_of
from dualprev_rules.evaluate.solver.world import UnsupportedError, day_of
from dualprev_rules.facts.possible import Absent, Finite, Interval, Members, Value
from dualprev_rules.facts.record import Fact, Facts, Record
from dualprev_rules.facts.schema import Attribute
from dualprev_rules.facts.types import Bool, Date, Enum, Number
from dualprev_rules.facts.units import NUMBER
from dualprev_rules.lang.scope import Function
from dualprev_rules.pack.model import Definition, Rule, Ruleset
from dualprev_rules.pack.registry import functions
from dualprev_rules.problems import DualprevError, nearest, problem
from dualprev_rules.standards.costs import NEVER, Costs, usual_costs
from dualprev_rules.standards.reads import read_by_rules
from dualprev_rules.standards.standing import SiteTranslation
from dualprev_rules.standards.written import figure

Bound = Literal["is", "at_most", "below", "at_least", "above", "in", "not_in"]
Goal = Rule | Definition
"""A rule that is violated, or a classification that holds: yes, or of a level."""
_STEPS = 1000
_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Change:
    """One fact of one record, and what it has to be."""

    path: str
    attribute: Attribute
    before: str | None
    """As it is; None where it is not known and has to be established."""
    bound: Bound
    to: str
    """The value, bound or member."""

    def to_json(self) -> dict[str, Any]:
        """Return the change as JSON values."""
        return {
            "path": f"{self.path}.{self.attribute.name}",
            "before": self.before,
            "bound": self.bound,
            "to": self.to,
        }


class Break(NamedTuple):
    """A rule that would be worse after the changes than it is now, and how."""

    rule: Rule
    path: str
    outcome: Outcome

    @property
    def worse(self) -> Literal["violated", "presumed", "undetermined"]:
        """What it would be."""
        return _WORSE[_rank(self.outcome)]


_WORSE: Mapping[int, Literal["violated", "presumed", "undetermined"]] = {
    1: "undetermined",
    2: "presumed",
    3: "violated",
}


def _rank(outcome: Outcome) -> int:
    if outcome.code == "violated":
        return 3
    return 0 if outcome.code != "undetermined" else 2 if outcome.presumed else 1


@dataclass(frozen=True, slots=True)
class Advice:
    """What to change so that a finding is gone; no changes where there is no way or none was found."""

    about: str
    path: str
    changes: tuple[Change, ...] = ()
    cost: Fraction = Fraction(0)
    because: str = ""
    """Why there are none: ``nothing-helps``, ``time``, ``unconfirmed``, or the part that has no form."""
    breaks: tuple[Break, ...] = ()
    """The rules that would be violated, presumed so or undecided after the changes, and are less now."""

    def to_json(self) -> dict[str, Any]:
        """Return the advice as JSON values, in a fixed order of keys."""
        return {
            "about": self.about,
            "path": self.path,
            "changes": [change.to_json() for change in self.changes],
            "cost": figure(self.cost),
            "because": self.because or None,
            "breaks": [{"rule": b.rule.id, "path": b.path, "outcome": b.worse} for b in self.breaks],
        }


def advise(
    engine: Engine,
    site: Source | object,
    *,
    what: str | None = None,
    path: str | None = None,
    costs: Costs | None = None,
    seconds: float = 5.0,
) -> list[Advice]:
    """Return for each violated rule of a site the least change by which it is kept.

    ``what`` is one rule, or one definition (``unit.hazard_level``): a level then becomes milder, a yes a no.
    ``path`` is one record, ``costs`` what changes cost beside the usual ones, ``seconds`` the time for each
    question. Raises DualprevError where there is no such rule or definition, or the solver is not installed.
    """
    ruleset = engine.ruleset
    taken = costs.over(usual_costs()) if costs is not None else usual_costs()
    adviser = Adviser(ruleset, functions(), lambda: engine.read(site), taken, int(seconds * 1000))
    reference = Reference(ruleset, adviser.functions)
    found: list[Advice] = []
    for record in engine.read(site).records():
        if record.phantom or (path is not None and path not in (record.path, record.short)):
            continue
        goals = [goal for goal in _goals(ruleset, what) if goal.entity == record.entity.name]
        held = [goal for goal in goals if _holds(reference, goal, record)]
        found += (adviser.advise(goal, record.path) for goal in held)
    return found


def _goals(ruleset: Ruleset, what: str | None) -> list[Goal]:
    if what is None:
        return [rule for rule in ruleset.rules.values() if rule.kind not in ("data_check", "element")]
    named: dict[str, Goal] = {**ruleset.rules}
    named |= {each.id: each for each in ruleset.definitions.values() if _has_order(each)}
    if what not in named:
        near = nearest(what, sorted(named))
        raise DualprevError(problem("standards.no-goal", given=what, nearest=near))
    return [named[what]]


def _has_order(definition: Definition) -> bool:
    kind = definition.type
    return isinstance(kind, Bool) or (isinstance(kind, Enum) and kind.ordered)


def _holds(reference: Reference, goal: Goal, record: Record) -> bool:
    """Tell whether a rule is violated, a yes is so, or a level is decided and not the mildest."""
    if isinstance(goal, Rule):
        return reference.outcome(goal, record).code == "violated"
    now = reference.define(goal, record)
    if not now.known:
        return False
    return bool(_milder(goal, now)) if isinstance(goal.type, Enum) else now.possible == frozenset({True})


@dataclass(frozen=True, slots=True)
class Adviser:
    """Advises on the findings of one site. ``read`` reads the facts of the site anew."""

    ruleset: Ruleset
    functions: Mapping[str, Function]
    read: Callable[[], Facts]
    costs: Costs
    milliseconds: int = 5000

    def advise(self, goal: Goal, path: str) -> Advice:
        """Return the least change after which the record of ``path`` has the finding no more."""
        try:
            return self._advise(goal, path)
        except UnsupportedError as part:
            return Advice(goal.id, path, because=str(part))

    def _advise(self, goal: Goal, path: str) -> Advice:
        facts = self.read()
        record = _record(facts, path)
        taken = self._taken(goal, facts, record)
        if taken is None:
            return Advice(goal.id, path, because="unconfirmed")
        search = self._search(goal, facts, record, taken)
        found = search.least()
        if found is None and not search.out_of_time:
            # Nothing helps whatever is not known: something may once that is established.
            search = self._search(goal, facts, record, ())
            helpful = search.established()
            if helpful:
                taken = helpful
                search = self._search(goal, facts, record, taken)
                found = search.least()
        if found is None:
            return Advice(goal.id, path, because="time" if search.out_of_time else "nothing-helps")
        moved = {each.lever.key for each in found}
        for settled in (found, [*found, *(each for each in taken if each.lever.key not in moved)]):
            after = self._after(settled)
            if self._confirmed(goal, path, after):
                changes = tuple(_change(each) for each in settled)
                breaks = tuple(self._broken(after, settled))
                return Advice(goal.id, path, changes, search.cost(found), breaks=breaks)
        return Advice(goal.id, path, because="unconfirmed")

    def _taken(self, goal: Goal, facts: Facts, record: Record) -> list[Settled] | None:
        """Return something for what is not known, with which the finding holds as the site is."""
        world = SiteWorld(facts, lambda record, attribute: False, self.ruleset.as_of, {})
        return _Search(world, no(self._gone(goal, record, world)), self.costs, self.milliseconds).anything()

    def _search(self, goal: Goal, facts: Facts, record: Record, taken: Sequence[Settled]) -> _Search:
        """Return the search for a change, with what is taken for what is not known."""
        values = {each.lever.key: each.value for each in taken}
        world = SiteWorld(facts, self._may_change, self.ruleset.as_of, values)
        return _Search(world, self._gone(goal, record, world), self.costs, self.milliseconds)

    def _may_change(self, record: Record, attribute: Attribute) -> bool:
        return self.costs.of(record.entity, attribute) is not NEVER

    def _gone(self, goal: Goal, record: Record, world: SiteWorld) -> Bit:
        to = SiteTranslation(self.ruleset, world, self.functions, self.costs)
        if isinstance(goal, Rule):
            # Kept, neither evaded nor excused: the rule still applies.
            applies, _ = to.outcome(goal, world.ghost(record))
            return all_of(applies, no(to.bit(goal.violated.node, {"self": world.ghost(record)})))
        found = to.define(goal, world.ghost(record))
        if isinstance(goal.type, Bool):
            return any_of(no(found.value), found.absent)
        now = Reference(self.ruleset, self.functions).define(goal, record)
        milder = [found.value == world.symbol(member) for member in _milder(goal, now)]
        return any_of(found.absent, *milder)

    def _after(self, settled: Sequence[Settled]) -> Facts:
        """Return the facts of the site after changes."""
        facts = self.read()
        for each in settled:
            record = _record(facts, each.lever.record.path)
            record.facts[each.lever.attribute.name] = _fact(record, each)
        return facts

    def _broken(self, after: Facts, settled: Sequence[Settled]) -> Iterator[Break]:
        """Yield the rules that read what changes and are worse after it than before."""
        changed = {each.lever.attribute.name for each in settled}
        rules = [rule for rule in self.ruleset.rules.values() if rule.kind not in ("data_check", "element")]
        rules = [
            rule for rule in rules if changed & {name for _, name in read_by_rules(self.ruleset, [rule])}
        ]
        before = self.read()
        then, now = (Reference(self.ruleset, self.functions) for _ in range(2))
        for record in after.records():
            of = [] if record.phantom else [rule for rule in rules if rule.entity == record.entity.name]
            for rule in of:
                outcome = now.outcome(rule, record)
                rank = _rank(outcome)
                if rank and rank > _rank(then.outcome(rule, _record(before, record.path))):
                    yield Break(rule, record.path, outcome)

    def _confirmed(self, goal: Goal, path: str, facts: Facts) -> bool:
        before = Reference(self.ruleset, self.functions)
        was = before.define(goal, _record(self.read(), path)) if isinstance(goal, Definition) else None
        reference, record = Reference(self.ruleset, self.functions), _record(facts, path)
        if isinstance(goal, Rule):
            return reference.outcome(goal, record).code == "compliant"
        now = reference.define(goal, record)
        if now.absent is Absent.SURELY:
            return True
        if isinstance(goal.type, Bool):
            return now.absent is Absent.NEVER and now.possible == frozenset({False})
        return was is not None and now.absent is Absent.NEVER and now.possible <= _milder(goal, was)


@dataclass(frozen=True, slots=True)
class Settled:
    """A fact as it has to be: the bound, and a value that meets it."""

    lever: Lever
    bound: Bound
    limit: Plain
    value: Plain


class _Search:
    """Looks for the cheapest change, then for the least one of the facts that it changes."""

    def __init__(self, world: SiteWorld, wanted: Bit, costs: Costs, milliseconds: int) -> None:
        self.world = world
        self.wanted = wanted
        self.bound = [part for part in (*world.bound, *world.checks()) if part is not True]
        self.sure = [part for part in world.sure if not isinstance(part, bool)]
        self.costs = costs
        self.milliseconds = milliseconds
        self.out_of_time = False
        self.model: Any = None

    def least(self) -> list[Settled] | None:
        """Return the facts that change; None where nothing helps, or the time was over."""
        known = self.world.levers
        if not self._helped(known):
            return None
        changed = [lever for lever in known if not self._true(lever.stays)]
        fixed = [lever.stays for lever in known if lever not in changed]
        numbers = [lever for lever in changed if isinstance(lever.attribute.type, Number)]
        found = [self._member(lever) for lever in changed if lever not in numbers]
        fixed += [lever.symbol == self._eval(lever) for lever in changed if lever not in numbers]
        figures = self._nearest_of_all(numbers, fixed)
        return None if figures is None else [*found, *figures]

    def established(self) -> list[Settled]:
        """Return what is not known as it may be found to be where a change helps then."""
        levers = self.world.levers
        if not self._helped(levers):
            return []
        return [self._member(lever) for lever in levers if lever.before is None]

    def _helped(self, known: Sequence[Lever]) -> bool:
        if self._cheapest(known):
            return True
        # What has no value then, the reference must find settled all the same.
        self.sure = []
        return not self.out_of_time and self._cheapest(known)

    def _nearest_of_all(self, numbers: Sequence[Lever], fixed: Sequence[Bit]) -> list[Settled] | None:
        """Return for each figure the nearest that there is beside the others."""
        values = {id(lever): self._eval(lever) for lever in numbers}
        found: dict[int, Settled] = {}
        # What was near beside the first values of the others may be nearer beside their last.
        for _ in range(2):
            for lever in numbers:
                before = found.get(id(lever))
                if before is not None and before.bound in ("below", "above"):
                    continue
                rest = [each.symbol == values[id(each)] for each in numbers if each is not lever]
                settled = self._nearest(lever, [*fixed, *rest])
                if settled is None:
                    return None
                assert isinstance(settled.value, Fraction)
                found[id(lever)] = settled
                values[id(lever)] = exact(settled.value)
        return list(found.values())

    def _cheapest(self, known: Sequence[Lever]) -> bool:
        asked = self._asked([])
        for lever in known:
            if lever.stays is not True:
                asked.add_soft(lever.stays, str(self._cost(lever)))
        if not self._possible(asked):
            return False
        self.model = asked.model()
        return True

    def anything(self) -> list[Settled] | None:
        """Return any facts for which it is so."""
        if any(part is False for part in (*self.bound, self.wanted)):
            return None
        for sure in ([*self.sure, *self.world.strange()], self.sure, []):
            asked = z3().Solver()
            asked.set("timeout", self.milliseconds)
            asked.add(*self.bound, self.wanted, *sure)
            if self._possible(asked):
                self.model = asked.model()
                return [self._member(lever) for lever in self.world.levers]
        return None

    def cost(self, found: Sequence[Settled]) -> Fraction:
        """Return what changes cost."""
        return sum((self._cost(each.lever) for each in found), Fraction(0))

    def _cost(self, lever: Lever) -> Fraction:
        return self.costs.of(lever.record.entity, lever.attribute) or Fraction(0)

    def _asked(self, fixed: Sequence[Bit]) -> Any:
        asked = z3().Optimize()
        asked.set("timeout", self.milliseconds)
        asked.add(*self.bound, self.wanted, *self.sure, *fixed)
        return asked

    def _possible(self, asked: Any) -> bool:
        answer = str(asked.check())
        self.out_of_time = answer == "unknown"
        return answer == "sat"

    def _nearest(self, lever: Lever, fixed: Sequence[Bit]) -> Settled | None:
        """Return the figure that lies nearest to what it is, and whether the end itself is allowed."""
        before = lever.before
        assert isinstance(before, Fraction)
        lower = self._true(lever.symbol < exact(before))
        side = lever.symbol < exact(before) if lower else lever.symbol > exact(before)
        asked = self._asked([*fixed, side])
        handle = asked.maximize(lever.symbol) if lower else asked.minimize(lever.symbol)
        if not self._possible(asked):
            return None
        self.model = asked.model()
        values = asked.upper_values(handle) if lower else asked.lower_values(handle)
        endless, end, beside = (number_of(z3().simplify(part)) for part in values)
        if endless:
            return self._member(lever)
        if not beside and decimal(end):
            return Settled(lever, "at_most" if lower else "at_least", end, end)
        step = (abs(end) or Fraction(1)) / _STEPS
        while True:
            # A figure that a person can write down, on the side where the finding is gone.
            value = rounded(end - step if lower else end + step, down=lower)
            if self._possible(self._asked([*fixed, lever.symbol == exact(value)])):
                if decimal(end):
                    return Settled(lever, "below" if lower else "above", end, value)
                return Settled(lever, "at_most" if lower else "at_least", value, value)
            if self.out_of_time or step < Fraction(1, 10**12):
                return None
            step /= 10

    def _member(self, lever: Lever) -> Settled:
        value = self.world.decoded(lever, self._eval(lever))
        if lever.member is not None:
            return Settled(lever, "in" if value else "not_in", value, value)
        return Settled(lever, "is", value, value)

    def _eval(self, lever: Lever) -> Any:
        return self.model.eval(lever.symbol, model_completion=True)

    def _true(self, bit: Bit) -> bool:
        return bit is True or bool(z3().is_true(self.model.eval(bit, model_completion=True)))


def decimal(value: Fraction) -> bool:
    """Tell whether a number is a finite decimal."""
    left = value.denominator
    for prime in (2, 5):
        while left % prime == 0:
            left //= prime
    return left == 1


def rounded(value: Fraction, *, down: bool) -> Fraction:
    """Return a number with few digits beside another, on the side that is wanted."""
    unit = Fraction(1)
    while abs(value) / unit >= 10**_DIGITS:
        unit *= 10
    while value and abs(value) / unit < 10 ** (_DIGITS - 1):
        unit /= 10
    return (floor(value / unit) if down else ceil(value / unit)) * unit


# --- to and from facts -----------------------------------------------------------------------------


def _record(facts: Facts, path: str) -> Record:
    return next(record for record in facts.records() if path in (record.path, record.short))


def _milder(goal: Definition, now: Value) -> frozenset[str]:
    """Return the levels that are milder than the worst that it may be."""
    assert isinstance(goal.type, Enum)
    members = goal.type.members
    worst = min(members.index(member) for member in now.possible)
    return frozenset(members[worst + 1 :])


def _fact(record: Record, settled: Settled) -> Fact:
    lever, value = settled.lever, settled.value
    if lever.member is not None:
        members = record.value(lever.attribute.name).possible
        one = frozenset({lever.member})
        sure = members.sure | one if value else members.sure - one
        possible = members.possible | one if value else members.possible - one
        return Fact(Value(Members(sure, possible)))
    return Fact(Value(Finite((value,)) if isinstance(value, Fraction) else frozenset({value})))


def _change(settled: Settled) -> Change:
    lever = settled.lever
    now = lever.record.fact(lever.attribute.name).value
    if lever.before is None:
        before = None
    elif lever.member is None and not now.known:
        before = _in_part(lever, now)
    else:
        before = _written(lever, lever.before)
    to = lever.member if lever.member is not None else _written(lever, settled.limit)
    return Change(lever.record.path, lever.attribute, before, settled.bound, to)


def _in_part(lever: Lever, value: Value) -> str:
    """Return what is known of a fact that is known in part: a range, or all that it may be."""
    possible: Any = value.possible
    if isinstance(possible, Interval):
        ends = (
            (possible.low, ">" if possible.low_open else "≥"),
            (possible.high, "<" if possible.high_open else "≤"),
        )
        return ", ".join(f"{sign} {_written(lever, end)}" for end, sign in ends if end is not None)
    members = possible.values if isinstance(possible, Finite) else sorted(possible)
    return " / ".join(_written(lever, member) for member in members)


def _written(lever: Lever, value: Plain) -> str:
    kind = lever.attribute.type
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(kind, Date):
        return day_of(value)
    assert isinstance(kind, Number)
    return figure(value) if kind.unit == NUMBER else f"{figure(value)} {kind.unit.symbol}"
