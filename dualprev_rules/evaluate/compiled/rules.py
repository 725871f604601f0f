"""The code of a rule's outcome, and of all rules of an entity: in groups, by what they are guarded with."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate.compiled import logic, things
from dualprev_rules.evaluate.compiled.code import CannotCompile, Frame, Thing, Truth
from dualprev_rules.evaluate.compiled.keys import key, repeated
from dualprev_rules.evaluate.compiled.quote import const, expr, name, stmts
from dualprev_rules.facts.types import Bool, Enum, ListOf
from dualprev_rules.lang.tree import Compare, Const, Get, IsIn, Logic, Node, Param, Var
from dualprev_rules.pack.model import Rule

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.layout import Row
    from dualprev_rules.evaluate.compiled.program import Program

NOT_APPLICABLE, COMPLIANT, VIOLATED, UNDETERMINED, PRESUMED, HARMLESS = range(6)
"""Outcome codes. The last three are undetermined; one presumed heads the list, one harmless asks nothing."""

MOST_KNOWN = 12
"""Rules about so few facts are written twice: once for records of which all of these are known."""


def outcome(frame: Frame, rule: Rule) -> ast.expr:
    """Return the code of what a rule says of a record (semantics, *Classifications and rules*)."""
    guards = [logic.condition(frame, e.node) for e in (rule.dated, rule.applies) if e is not None]
    violated = logic.condition(frame, rule.violated.node)
    unless = None if rule.unless is None else logic.condition(frame, rule.unless.node)
    if not guards:
        applies = Truth(const(True), strict=True)
    else:
        applies = guards[0] if len(guards) == 1 else logic.conjunction(frame, guards[0], guards[1])
    a, b, v, w, x = (frame.temporary() for _ in range(5))
    if applies.strict:
        code = _applied(violated, unless, v, x)
        return code if not guards else expr("CODE if A else 0", CODE=code, A=applies.code)
    if unless is None:
        met, kept, open_ = "2 if B else 3", "1 if B else 5", "3"
    else:
        met = "0 if (X := UNLESS) else (2 if B else 3) if X is False else (4 if B else 3)"
        kept, open_ = "1 if B else 5", "5 if UNLESS else 3"
    pattern = (
        f"0 if (A := APPLIES) is False else ({met}) if (V := VIOLATED)"
        f" else ({kept}) if W is False else ({open_})"
    )
    parts: dict[str, Any] = {"A": a, "B": a, "V": v, "W": v, "X": x}
    parts |= {"APPLIES": applies.code, "VIOLATED": violated.code}
    if unless is not None:
        parts["UNLESS"] = unless.code
    del b, w
    return expr(pattern, **parts)


def _applied(violated: Truth, unless: Truth | None, v: str, x: str) -> ast.expr:
    """Return the code of a rule that surely applies."""
    if unless is None:
        if violated.strict:
            return expr("2 if V else 1", V=violated.code)
        return expr("2 if (T := V) else 1 if T is False else 3", V=violated.code, T=v)
    met = "0 if (X := UNLESS) else 2 if X is False else 4"
    pattern = f"({met}) if (T := V) else 1 if T is False else (5 if UNLESS else 3)"
    return expr(pattern, V=violated.code, UNLESS=unless.code, T=v, X=x)


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Rules that are judged together, in the order of their codes."""

    rules: tuple[Rule, ...]
    major: tuple[int, ...]
    """Positions of those about a major hidden hazard."""
    first: bool
    """It is the group that every record of the entity has."""


def group(rules: Sequence[Rule], *, first: bool) -> Group:
    """Return the group of some rules."""
    major = tuple(i for i, rule in enumerate(rules) if rule.kind == "major_hidden_hazard")
    return Group(tuple(rules), major, first)


@dataclass(slots=True)
class Guarded:
    """Rules that apply to some members of one enum attribute only."""

    slot: int
    members: tuple[str, ...]
    rules: list[tuple[frozenset[str], Rule]]


def guard(rule: Rule) -> tuple[str, frozenset[str]] | None:
    """Return the enum attribute, and its members, that a rule's applicability begins with."""
    if rule.applies is None:
        return None
    first = rule.applies.node
    if isinstance(first, Logic) and first.op == "and":
        first = first.operands[0]
    match first:
        case Compare(
            op="==", left=Get(of=Var(name="self"), name=of, type=Enum()), right=Const(value=str() as m)
        ):
            return of, frozenset((m,))
        case IsIn(item=Get(of=Var(name="self"), name=of, type=Enum()), options=options) if all(
            isinstance(option, Const) for option in options
        ):
            return of, frozenset(str(option.value) for option in options if isinstance(option, Const))
        case _:
            return None


_BELOW = """
held = row[SLOT]
if held.__class__ is list:
    if held:
        judge = JUDGES[ENTITY]
        for child in held:
            judge(child, case, out)
else:
    case.rest(row, SLOT, LIST, out)
"""


def judge(program: Program, entity: str, rules: Sequence[Rule]) -> Callable[[Row, Any, list[Any]], None]:
    """Make the function that appends, for a row, each group of rules that may apply and their codes.

    Rules whose applicability begins with a test of an enum attribute stand in a table by member: the
    members of other rules cost nothing.
    """
    free: list[Rule] = []
    by_attribute: dict[str, list[tuple[frozenset[str], Rule]]] = {}
    for rule in rules:
        # Guidance is open whether it applies or not.
        found = None if rule.standing == "guidance" else guard(rule)
        if found is None:
            free.append(rule)
        else:
            by_attribute.setdefault(found[0], []).append((found[1], rule))
    layout = program.layouts[entity]
    body = _codes(program, entity, free, first=True) if rules else []
    for attribute, guarded in by_attribute.items():
        kind = layout.entity.attributes[attribute].type
        assert isinstance(kind, Enum)
        table = Switch(program, entity, kind.members, guarded)
        body += stmts(
            "SWITCH[row[SLOT]](row, case, out)",
            SWITCH=program.constant(table),
            SLOT=const(layout.slots[attribute]),
        )
    for slot, attribute in program.below[entity]:
        assert isinstance(attribute.type, ListOf)
        parts = {"SLOT": const(slot), "ENTITY": const(attribute.type.of.entity)}
        parts |= {"JUDGES": program.constant(program.judges), "LIST": program.constant(attribute)}
        body += stmts(_BELOW, **parts)
    return program.made("judge", ["row", "case", "out"], body)


class Switch(dict[Any, Callable[..., None]]):
    """Functions by member, each made when first needed; of None (open) all rules, of other things none."""

    def __init__(
        self,
        program: Program,
        entity: str,
        members: tuple[str, ...],
        guarded: list[tuple[frozenset[str], Rule]],
    ) -> None:
        super().__init__()
        self._program = program
        self._entity = entity
        self._guarded: dict[str, list[Rule]] = {}
        for wanted, rule in guarded:
            for member in wanted:
                self._guarded.setdefault(member, []).append(rule)
        self._all = [rule for _, rule in guarded]

    def __missing__(self, member: Any) -> Callable[..., None]:
        rules = self._guarded.get(member, []) if member.__class__ is str else self._all
        if rules:
            body = _codes(self._program, self._entity, rules, first=False)
            made = self._program.made("judge", ["row", "case", "out"], body)
        else:
            made = _nothing
        self[member] = made
        return made


def _nothing(row: Any, case: Any, out: Any) -> None:
    """Judge nothing: no rule applies."""


def _codes(program: Program, entity: str, rules: Sequence[Rule], *, first: bool) -> list[ast.stmt]:
    """Return the statements that append a group and its codes."""
    frame = Frame(program, entity, {"self": "row"}, unpacked=True)
    roots = [e.node for rule in rules for e in (rule.dated, rule.applies, rule.violated, rule.unless) if e]
    shared = repeated(roots)
    of = program.constant(group(rules, first=first))
    body = _written(frame, rules, shared, of)
    if 0 < len(frame.used) <= MOST_KNOWN:
        known = Frame(program, entity, {"self": "row"}, unpacked=True)
        known.known = True
        fast = _written(known, rules, shared, of)
        frame.used |= known.used
        frame.climbs |= known.climbs
        tests = [expr("X is not None", X=local) for local in frame.used.values()]
        test = tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), tests)
        body = stmts("if KNOWN:\n    FAST\nelse:\n    SLOW", KNOWN=test, FAST=fast, SLOW=body)
    return [*_opened(frame), *body]


def _opened(frame: Frame) -> list[ast.stmt]:
    """Return the statements that put attributes and records above into locals."""
    made: list[ast.stmt] = []
    for slot, local in frame.used.items():
        made += stmts("X = row[SLOT]", X=local, SLOT=const(slot))
    for entity, local in frame.climbs.items():
        made += stmts("X = climb(row, ENTITY)", X=local, ENTITY=const(entity))
    return made


def _written(frame: Frame, rules: Sequence[Rule], shared: Sequence[Node], of: ast.expr) -> list[ast.stmt]:
    made: list[ast.stmt] = []
    for node in shared:
        made += _shared(frame, node)
    codes = [const(UNDETERMINED) if rule.standing == "guidance" else outcome(frame, rule) for rule in rules]
    return [*made, *stmts("out += (row, GROUP, CODES)", GROUP=of, CODES=ast.Tuple(codes, ast.Load()))]


def _shared(frame: Frame, node: Node) -> list[ast.stmt]:
    """Return the statement that computes once what stands in several places."""
    if isinstance(node, Const | Param):
        return []
    found: Truth | Thing
    if isinstance(node.type, Bool):
        found = logic.condition(frame, node)
    else:
        try:
            found = things.thing(frame, node)
        except CannotCompile:
            return []
    if isinstance(found.code, ast.Name | ast.Constant):
        return []
    local = f"s{len(frame.shared)}"
    made = stmts("X = CODE", X=local, CODE=found.code)
    if isinstance(found, Truth):
        frame.shared[key(node)] = Truth(name(local), found.strict)
    else:
        from dataclasses import replace

        frame.shared[key(node)] = replace(found, code=name(local))
    return made
