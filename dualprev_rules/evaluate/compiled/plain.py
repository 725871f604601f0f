"""Code about a whole document of which every fact that is asked is known: nothing in it stays open.

Records are gone through once, in loops within loops, and their facts stand in locals. What goes over a
list (a sum, a count, *any* and *all*) is kept up while its records are gone through, so that it has no
loop of its own. Where something might stay open after all (a figure at a threshold, a text in no table),
the code gives up, and the document is judged over rows.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import count
from typing import TYPE_CHECKING

from dualprev_rules.evaluate.compiled import logic, things
from dualprev_rules.evaluate.compiled.at_once import all_together, asked, found
from dualprev_rules.evaluate.compiled.checks import Unusual
from dualprev_rules.evaluate.compiled.code import CannotCompile, Frame, Thing, Truth
from dualprev_rules.evaluate.compiled.groups import BitGroup, majors
from dualprev_rules.evaluate.compiled.guards import conditions
from dualprev_rules.evaluate.compiled.layout import Layout
from dualprev_rules.evaluate.compiled.loops import total, zero
from dualprev_rules.evaluate.compiled.names import is_short
from dualprev_rules.evaluate.compiled.quote import all_of, const, expr, name, stmts, tuple_of
from dualprev_rules.facts.types import Bool, ListOf
from dualprev_rules.lang.tree import Aggregate, Derived, Get, Node, Quantify, Var
from dualprev_rules.pack.model import Rule

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.program import Program

MOST_RULES = 64
"""A document about which there are more is judged over rows: it is not likely that all they ask is known."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What many documents have in common: the keys of a record, and the shapes of what stands in its lists.

    A list that was empty has none.
    """

    entity: str
    keys: tuple[str, ...] = ()
    lists: tuple[tuple[str, Shape], ...] = ()


def merged(shapes: list[Shape]) -> Shape | None:
    """Return the shape of records one or the other of which has something in each of its lists."""
    if not shapes:
        return None
    lists: dict[str, list[Shape]] = {}
    for shape in shapes:
        for key, inside in shape.lists:
            lists.setdefault(key, []).append(inside)
    inner = ((key, merged(inside)) for key, inside in lists.items())
    return Shape(shapes[0].entity, shapes[0].keys, tuple((key, of) for key, of in inner if of is not None))


@dataclass(slots=True)
class Level:
    """The records of one place in a document, and the code that is run for each."""

    layout: Layout
    row: str
    """What stands for the record while code is made; it is never part of it."""
    numbers: Iterator[int]
    """Numbers of temporaries: no two in one function are the same, wherever their code is put."""
    inside: dict[int, Level] = field(default_factory=dict[int, "Level"])
    """The records of its lists, by slot."""
    used: dict[int, str] = field(default_factory=dict[int, str])
    """Slot → local, of the facts that are asked."""
    counted: set[int] = field(default_factory=set[int])
    """The lists that are counted."""
    before: dict[int, list[ast.stmt]] = field(default_factory=dict[int, list[ast.stmt]])
    """What is run before the records of a list are gone through."""
    after: list[ast.stmt] = field(default_factory=list[ast.stmt])
    """What is run once all that stands in the record was gone through."""
    found: list[ast.expr] = field(default_factory=list[ast.expr])
    """What is found of the record then; nothing where no rule is about it."""
    derived: dict[str, Truth | Thing] = field(default_factory=dict[str, Truth | Thing])

    @property
    def entity(self) -> str:
        """What its records are."""
        return self.layout.entity.name

    @property
    def matters(self) -> bool:
        """Whether anything is run for its records."""
        return bool(self.after or self.before or self.found) or any(
            level.matters for level in self.inside.values()
        )

    @property
    def ending(self) -> list[ast.stmt]:
        """What is run once all that stands in the record was gone through, with what is found of it."""
        return [*self.after, *(stmts("out += FOUND", FOUND=tuple_of(self.found)) if self.found else ())]

    def every(self) -> Iterator[Level]:
        """Yield the level and all inside."""
        yield self
        for level in self.inside.values():
            yield from level.every()


class Plain(Frame):
    """The part of the function that is about one level: facts and derived values stand in locals."""

    plain = True

    def __init__(
        self, program: Program, level: Level, within: dict[str, Level], rows: dict[str, str]
    ) -> None:
        super().__init__(program, level.entity, rows, unpacked=True)
        self._level = level
        self._within = {**within, level.row: level}
        self.known = True
        self.bare = level.row
        self._numbers = level.numbers

    def local(self, row: ast.expr, entity: str, slot: int) -> str | None:
        """Return the local that holds an attribute."""
        level = self._within.get(row.id) if isinstance(row, ast.Name) else None
        if level is None:
            raise CannotCompile
        return level.used.setdefault(slot, level.layout.local(slot))

    def ask(self, node: Node) -> ast.expr:
        """Return code that gives up."""
        return expr("unusual()")

    def derived(self, node: Derived) -> Truth | Thing:
        """Return the local of a derived value, which is found once for each record."""
        level = self._of(node.of)
        known = level.derived.get(node.name)
        if known is not None:
            return known
        definition = self.program.ruleset.definitions[node.entity, node.name]
        if definition.when is not None or definition.not_encoded is not None:
            raise CannotCompile
        frame = Plain(self.program, level, {}, {"self": level.row})
        body = definition.body.node
        local = f"{level.layout.local(level.layout.derived[node.name])}_{level.row}"
        if isinstance(definition.type, Bool):
            truth = logic.condition(frame, body)
            made: Truth | Thing = replace(truth, code=name(local))
        else:
            truth = things.thing(frame, body)
            if truth.spread is not None:
                raise CannotCompile
            made = replace(truth, code=name(local), value=None)
        if is_short(body) and not any(isinstance(part, ast.NamedExpr) for part in ast.walk(truth.code)):
            made = replace(made, code=truth.code)
        else:
            level.after += stmts("X = CODE", X=local, CODE=truth.code)
        level.derived[node.name] = made
        return made

    def looped(self, node: Quantify | Aggregate) -> Truth | Thing:
        """Return the local that is kept up while the records of a list are gone through."""
        over = node.over
        if not isinstance(over, Get) or not isinstance(over.type, ListOf):
            raise CannotCompile
        level = self._of(over.of)
        slot = level.layout.slots[over.name]
        inside = level.inside.get(slot)
        if inside is None:
            raise CannotCompile
        if isinstance(node, Aggregate) and node.kind == "count" and node.where is None:
            many = f"n{slot}_{level.row}"
            if slot not in level.counted:
                level.counted.add(slot)
                level.after += stmts("N = len(LIST)", N=many, LIST=level.layout.local(slot))
            return Thing(name(many), open=False, whole=True, positive=True)
        rows = {**self.rows, node.var: inside.row}
        frame = Plain(self.program, inside, self._within, rows)
        local = f"a{len(level.before.setdefault(slot, []))}_{inside.row}"
        counts = const(True) if node.where is None else logic.condition(frame, node.where).code
        if isinstance(node, Quantify):
            start, step, made = const(node.kind == "all"), *self._met(frame, node, local)
        else:
            start, step, made = self._added(frame, node, local)
        level.before[slot] += stmts("X = START", X=local, START=start)
        inside.after += (
            step if node.where is None else stmts("if COUNTS:\n    STEP", COUNTS=counts, STEP=step)
        )
        return made

    def _met(self, frame: Plain, node: Quantify, local: str) -> tuple[list[ast.stmt], Truth]:
        met = logic.condition(frame, node.body)
        test = met.code if node.kind == "any" else logic.negation(met).code
        step = stmts("if TEST:\n    X = FOUND", TEST=test, X=local, FOUND=const(node.kind == "any"))
        return step, Truth(name(local), strict=True)

    def _added(self, frame: Plain, node: Aggregate, local: str) -> tuple[ast.expr, list[ast.stmt], Thing]:
        if node.body is None:
            made = Thing(name(local), open=False, whole=True, positive=True)
            return const(0), stmts("X += 1", X=local), made
        if node.kind != "sum":
            raise CannotCompile
        body = things.thing(frame, node.body)
        made = replace(total(body), code=name(local), open=False)
        return zero(body), stmts("X += TERM", X=local, TERM=body.code), made

    def _of(self, node: Node) -> Level:
        """Return the level of a record, which is the innermost: what is outside was not gone through yet."""
        if not isinstance(node, Var) or self.rows[node.name] != self._level.row:
            raise CannotCompile
        return self._level


def levels(program: Program, shape: Shape) -> Level | None:
    """Return the code about documents of a shape; None where something in it may stay open."""
    root = _level(program, shape, [], count())
    entities = {level.entity for level in root.every()}
    if any(entity in program.ruleset.schema.descend(entity) for entity in entities):
        return None  # locals are named by what a record is: one within another of its kind has the same
    places = [level.entity for level in root.every()]
    if not 0 < sum(len(program.by_entity.get(entity, ())) for entity in places) <= MOST_RULES:
        return None
    try:
        for level in root.every():
            level.found = _judged(program, level)
    except CannotCompile:
        return None
    strange = {"case", "GONE", *(level.row for level in root.every())}
    code = [node for level in root.every() for node in (*level.after, *level.found)]
    named = {part.id for node in code for part in ast.walk(node) if isinstance(part, ast.Name)}
    return None if named & strange else root


def _level(program: Program, shape: Shape, rows: list[str], numbers: Iterator[int]) -> Level:
    rows.append(f"r{len(rows)}")
    made = Level(program.layouts[shape.entity], rows[-1], numbers)
    slots = made.layout.slots
    made.inside = {slots[key]: _level(program, inside, rows, numbers) for key, inside in shape.lists}
    return made


def _judged(program: Program, level: Level) -> list[ast.expr]:
    """Return what is found of a record: what stands for its row, the group of its rules, and their bits."""
    rules = program.by_entity.get(level.entity, ())
    if not rules:
        return []
    head = program.constant([level.entity, None, None, None])
    bits = all_together(program, level.entity, rules)
    if bits is not None:
        level.used |= asked(program, level.entity, bits)
        return [head, *found(program, level.entity, bits, first=True).values()]
    frame = Plain(program, level, {}, {"self": level.row})
    size = len(rules)
    of = BitGroup(tuple(rules), majors(rules), True, size, 0, (1 << size) - 1)
    outcomes = [_outcome(frame, rule, 1 << at, 1 << size + at) for at, rule in enumerate(rules)]
    return [head, program.constant(of), reduce(lambda a, b: expr("A | B", A=a, B=b), outcomes)]


def _outcome(frame: Plain, rule: Rule, broken: int, applied: int) -> ast.expr:
    """Return the bits of a rule (semantics, *Classifications and rules*), where nothing is open."""
    if rule.standing == "guidance":
        raise CannotCompile  # open, whatever is known
    guards = [logic.condition(frame, node).code for node in conditions(rule, guarded=False)]
    violated = logic.condition(frame, rule.violated.node).code
    met = const(broken | applied)
    if rule.unless is not None:
        met = expr("0 if UNLESS else MET", UNLESS=logic.condition(frame, rule.unless.node).code, MET=met)
    code = expr("MET if VIOLATED else APPLIED", MET=met, VIOLATED=violated, APPLIED=const(applied))
    return expr("CODE if APPLIES else 0", CODE=code, APPLIES=all_of(guards)) if guards else code


def unusual() -> None:
    """Give up."""
    raise Unusual
