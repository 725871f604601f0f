"""Rules that ask several facts of one record, judged all at once: a bit for each rule.

A rule that joins tests of single facts by *and* is met where each fact meets its own tests. So for each
fact there is a small tree from its value to a number, in which the bit of every rule is set whose tests the
value meets, and the rules that are met have their bits in all of these numbers. A rule that joins
by *or* is judged by its contrary. What the bits are for a value is asked of the exact closures.

Of a fact that is missing there are two numbers: the rules that are surely met, and those that may be.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate.compiled.exact import told
from dualprev_rules.evaluate.compiled.groups import BitGroup, majors
from dualprev_rules.evaluate.compiled.layout import LARGEST, bounds
from dualprev_rules.evaluate.compiled.quote import const, expr, name
from dualprev_rules.facts.schema import Attribute
from dualprev_rules.facts.types import Bool, Date, Enum, Number
from dualprev_rules.lang.tree import Compare, Const, Get, IsIn, Logic, Node, Not, Param, Scale, Var, children
from dualprev_rules.pack.model import Rule

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.program import Program

LEAST_SHARED = 3
"""So often, on the average, must a fact be asked: a rule by itself costs less where it is asked once."""

Test = tuple[Node, bool]
"""A condition about one fact, and whether its contrary is meant."""


@dataclass(slots=True)
class Together:
    """Rules that are judged at once, those with guards first, and what each of their bits asks."""

    rules: list[Rule] = field(default_factory=list[Rule])
    guarded: int = 0
    turned: int = 0
    tests: list[list[Test]] = field(default_factory=list[list[Test]])
    """Of each bit: those of the rules, then those of the guards of the first rules."""

    def group(self, kind: type[BitGroup], *, first: bool) -> BitGroup:
        """Return the group of the rules."""
        every = (1 << len(self.rules)) - 1
        return kind(tuple(self.rules), majors(self.rules), first, self.guarded, self.turned, every)

    @property
    def asked(self) -> dict[str, list[tuple[int, Test]]]:
        """The tests of each fact, each with its bit."""
        found: dict[str, list[tuple[int, Test]]] = {}
        for bit, tests in enumerate(self.tests):
            for test in tests:
                found.setdefault(_subject(test[0]) or "", []).append((bit, test))
        return found


def together(
    program: Program, entity: str, rules: Sequence[tuple[Rule, list[Node]]]
) -> tuple[Together, list[Rule]]:
    """Part rules, each with the conditions of its applicability, in those judged at once and the others."""
    attributes = program.layouts[entity].entity.attributes
    guarded: list[tuple[Rule, list[Test], list[Test]]] = []
    free: list[tuple[Rule, list[Test], bool]] = []
    for rule, guards in rules:
        if rule.standing == "guidance" or rule.unless is not None:
            continue
        applies = [test for node in guards for test in _conjuncts(node)]
        broken = [*applies, *_conjuncts(rule.violated.node)]
        turned = False
        if not guards and not all(_fit(attributes, test) for test in broken):
            broken, turned = list(_conjuncts(rule.violated.node, contrary=True)), True
        if not all(_fit(attributes, test) for test in broken):
            continue
        if guards:
            guarded.append((rule, broken, applies))
        else:
            free.append((rule, broken, turned))
    made = Together(
        [*(rule for rule, _, _ in guarded), *(rule for rule, _, _ in free)],
        len(guarded),
        sum(1 << i for i, (_, _, turned) in enumerate(free, len(guarded)) if turned),
        [*(b for _, b, _ in guarded), *(b for _, b, _ in free), *(a for _, _, a in guarded)],
    )
    if sum(map(len, made.tests)) < program.shared * len(made.asked) or not made.rules:
        made = Together()
    ids = {rule.id for rule in made.rules}
    return made, [rule for rule, _ in rules if rule.id not in ids]


def _conjuncts(node: Node, *, contrary: bool = False) -> Iterator[Test]:
    """Yield the tests that, joined by *and*, are a condition or its contrary."""
    match node:
        case Not(of=of):
            yield from _conjuncts(of, contrary=not contrary)
        case Logic(op=op, operands=operands) if (op == "or") is contrary:
            for operand in operands:
                yield from _conjuncts(operand, contrary=contrary)
        case _:
            yield node, contrary


def _subject(node: Node) -> str | None:
    """Return the one fact of the record itself that a node asks; None where it asks anything else."""
    match node:
        case Get(of=Var(name="self"), name=of):
            return of
        case Scale(of=of) | Not(of=of):
            return _subject(of)
        case Compare(left=left, right=Const() | Param()) | Compare(left=Const() | Param(), right=left):
            return _subject(left)
        case IsIn(item=item, options=options) if all(isinstance(o, Const | Param) for o in options):
            return _subject(item)
        case Logic(operands=operands):
            subjects = {_subject(operand) for operand in operands}
            return subjects.pop() if len(subjects) == 1 else None
        case _:
            return None


def _fit(attributes: Mapping[str, Attribute], test: Test) -> bool:
    subject = _subject(test[0])
    if subject is None:
        return False
    of = attributes[subject]
    if of.optional:
        return False
    if isinstance(of.type, Number):
        return bounds(of) is not None
    return isinstance(of.type, Bool | Enum | Date)


class Bits:
    """The numbers of every fact."""

    def __init__(self, program: Program, entity: str, made: Together) -> None:
        self._program = program
        self._layout = program.layouts[entity]
        self._asked = made.asked
        self._every = (1 << len(made.tests)) - 1
        self._width = len(made.tests)

    def known(self) -> ast.expr:
        """Return the code of what is found where every fact is known."""
        return self._all(lambda of, sure, _: self._tree(of, sure))

    def open(self) -> ast.expr:
        """Return the code of what is found where some are missing."""

        def one(of: Attribute, sure: Callable[[Any], int], maybe: Callable[[Any], int]) -> ast.expr:
            def both(value: Any) -> int:
                return sure(value) | maybe(value) << self._width

            parts = {"X": self._local(of), "MISSING": const(both(None)), "TREE": self._tree(of, both)}
            return expr("MISSING if X is None else TREE", **parts)

        return self._all(one)

    def _all(
        self, make: Callable[[Attribute, Callable[[Any], int], Callable[[Any], int]], ast.expr]
    ) -> ast.expr:
        parts: list[ast.expr] = []
        for called, tests in self._asked.items():
            of = self._layout.entity.attributes[called]
            met = _Met(self._program, self._layout.slots[called], self._layout.blank, tests, self._every)
            parts.append(make(of, met.surely, met.maybe))
        return reduce(lambda a, b: expr("A & B", A=a, B=b), parts)

    def _local(self, of: Attribute) -> str:
        return self._layout.local(self._layout.slots[of.name])

    def _tree(self, of: Attribute, bits: Callable[[Any], int]) -> ast.expr:
        """Return the code of the number of a fact that is known."""
        local = self._local(of)
        match of.type:
            case Bool():
                return expr("A if X else B", A=const(bits(True)), B=const(bits(False)), X=local)
            case Enum(members=members):
                table = self._program.constant({member: bits(member) for member in members})
                return expr("TABLE[X]", TABLE=table, X=local)
            case _:
                return _halved(local, _pieces(of, (n for _, (n, _) in self._asked[of.name]), bits))


@dataclass(slots=True)
class _Met:
    """Which bits the tests of one fact leave, by the exact closures."""

    program: Program
    slot: int
    blank: list[Any]
    tests: list[tuple[int, Test]]
    every: int

    def surely(self, value: Any) -> int:
        """Return the bits whose tests a value surely meets."""
        return self._left(value, True)

    def maybe(self, value: Any) -> int:
        """Return the bits whose tests a value may meet."""
        return self._left(value, None)

    def _left(self, value: Any, least: bool | None) -> int:
        row = self.blank.copy()
        row[self.slot] = value
        case = self.program.judge([])
        left = self.every
        for bit, (node, contrary) in self.tests:
            met = told(self.program.exact.of(node)(case, {"self": row}))
            if met is not None and contrary:
                met = not met
            if met is False or (met is None and least):
                left &= ~(1 << bit)
        return left


def _pieces(
    of: Attribute, nodes: Iterator[Node], bits: Callable[[Any], int]
) -> list[tuple[float | None, int]]:
    """Return where a number of other bits begins, and which: the first piece begins nowhere."""
    least = _least(of)
    cuts = {cut for node in nodes for value in _figures(node) for cut in _cuts(value)}
    if isinstance(of.type, Date) or (isinstance(of.type, Number) and of.type.whole):
        cuts = {math.ceil(cut) for cut in cuts}
    found: list[tuple[float | None, int]] = [(None, bits(least))]
    for cut in sorted(cut for cut in cuts if least < cut <= LARGEST):
        these = bits(cut)
        if these != found[-1][1]:
            found.append((cut, these))
    return found


def _least(of: Attribute) -> float:
    if isinstance(of.type, Date):
        return 1
    found = bounds(of)
    assert found is not None
    return int(found[0]) if isinstance(of.type, Number) and of.type.whole else float(found[0])


def _figures(node: Node) -> Iterator[Fraction]:
    """Yield the figures of the fact at which a test may change."""
    match node:
        case (
            Compare(left=of, right=Const(value=value) | Param(value=value))
            | Compare(left=Const(value=value) | Param(value=value), right=of)
        ):
            yield from _unscaled(of, value)
        case IsIn(item=of, options=options):
            for option in options:
                if isinstance(option, Const | Param):
                    yield from _unscaled(of, option.value)
        case _:
            for child in children(node):
                yield from _figures(child)


def _unscaled(node: Node, value: Any) -> Iterator[Fraction]:
    if isinstance(value, Fraction):
        while isinstance(node, Scale):
            value, node = (value - node.offset) / node.factor, node.of
        yield value


def _cuts(value: Fraction) -> tuple[float, ...]:
    """Return floats that part those below a value from the others, and those above it.

    A float is the shortest decimal that reads as it; these lie in the order of their floats.
    """
    if abs(value) > LARGEST:
        return ()
    near = float(value)
    return near, math.nextafter(near, math.inf)


def _halved(local: str, pieces: Sequence[tuple[float | None, int]]) -> ast.expr:
    """Return the code that finds the piece of a number by halves."""
    if len(pieces) == 1:
        return const(pieces[0][1])
    middle = len(pieces) // 2
    return expr(
        "A if X < CUT else B",
        A=_halved(local, pieces[:middle]),
        B=_halved(local, pieces[middle:]),
        X=name(local),
        CUT=const(pieces[middle][0]),
    )
