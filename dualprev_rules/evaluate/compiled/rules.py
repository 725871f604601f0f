"""The code of a rule's outcome, and of all rules of an entity: in groups, by what they are guarded with."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate.compiled import logic, things
from dualprev_rules.evaluate.compiled.at_once import all_together, at_once, opened
from dualprev_rules.evaluate.compiled.bits import together
from dualprev_rules.evaluate.compiled.code import CannotCompile, Frame, Thing, Truth
from dualprev_rules.evaluate.compiled.groups import (
    CODES,
    MOST_RULES,
    UNDETERMINED,
    group,
)
from dualprev_rules.evaluate.compiled.guards import conditions, guard
from dualprev_rules.evaluate.compiled.keys import key, repeated
from dualprev_rules.evaluate.compiled.layout import GIVEN, PHANTOM
from dualprev_rules.evaluate.compiled.quote import all_of, const, expr, name, stmts, tuple_of
from dualprev_rules.facts.schema import Attribute
from dualprev_rules.facts.types import Bool, ListOf
from dualprev_rules.lang.tree import Compare, Const, Derived, Logic, Node, Param, Var
from dualprev_rules.pack.model import Rule

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.layout import Row
    from dualprev_rules.evaluate.compiled.program import Program

MOST_TOGETHER = 40
"""So few rules without a guard are written once more for each member that guards others."""
MOST_KNOWN = 12
"""Rules about so few facts are written twice: once for records of which all of these are known."""


def outcome(frame: Frame, rule: Rule, *, guarded: bool = False) -> ast.expr:
    """Return the code of what a rule says of a record (semantics, *Classifications and rules*)."""
    guards = [logic.condition(frame, node) for node in conditions(rule, guarded=guarded)]
    violated = logic.condition(frame, rule.violated.node)
    unless = None if rule.unless is None else logic.condition(frame, rule.unless.node)
    if not guards:
        applies = Truth(const(True), strict=True)
    else:
        applies = guards[0] if len(guards) == 1 else logic.conjunction(frame, guards[0], guards[1])
    a, b, x = (frame.temporary() for _ in range(3))
    if applies.strict:
        code = _applied(violated, unless, b, x)
        return code if not guards else expr("CODE if A else N", CODE=code, A=applies.code, **_CODE)
    if unless is None:
        met, open_ = "V if A else U", "U"
    else:
        met = "N if (X := UNLESS) else (V if A else U) if X is False else (P if A else U)"
        open_ = "H if UNLESS else U"
    pattern = (
        f"N if (A := APPLIES) is False else ({met}) if (B := VIOLATED)"
        f" else (C if A else H) if B is False else ({open_})"
    )
    parts: dict[str, Any] = {"A": a, "B": b, "X": x, **_CODE}
    parts |= {"APPLIES": applies.code, "VIOLATED": violated.code}
    if unless is not None:
        parts["UNLESS"] = unless.code
    return expr(pattern, **parts)


def _applied(violated: Truth, unless: Truth | None, b: str, x: str) -> ast.expr:
    """Return the code of a rule that surely applies."""
    if unless is None:
        if violated.strict:
            return expr("V if VIOLATED else C", VIOLATED=violated.code, **_CODE)
        return expr("V if (B := VIOLATED) else C if B is False else U", VIOLATED=violated.code, B=b, **_CODE)
    met = "N if (X := UNLESS) else V if X is False else P"
    pattern = f"({met}) if (B := VIOLATED) else C if B is False else (H if UNLESS else U)"
    return expr(pattern, VIOLATED=violated.code, UNLESS=unless.code, B=b, X=x, **_CODE)


_CODE = {letter: const(code) for letter, code in CODES.items()}


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

_BELOW_ANY = """
held = row[SLOT]
if held.__class__ is list:
    if held:
        judge = JUDGES[ENTITY]
        for child in held:
            judge(child, case, out)
elif held is None and row[GIVEN] is not PHANTOM:
    case.open.extend(FOUND)
else:
    case.rest(row, SLOT, LIST, out)
"""


def judge(program: Program, entity: str, rules: Sequence[Rule]) -> Callable[[Row, Any, list[Any]], None]:
    """Make the function that appends, for a row, each group of rules that may apply and their codes.

    Rules whose applicability begins with a test of an enum attribute stand in a table by member: the
    members of other rules cost nothing. Where the other rules are few, they are judged by the same
    function, written once for each member.
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
    bits = all_together(program, entity, rules)
    if bits is not None:
        body = at_once(program, entity, bits, first=True)
    else:
        body = _by_guards(program, entity, free, by_attribute) if rules else []
    for slot, attribute in program.below[entity]:
        body += _below(program, entity, slot, attribute)
    return program.made("judge", ["row", "case", "out"], body)


def _by_guards(
    program: Program,
    entity: str,
    free: Sequence[Rule],
    by_attribute: dict[str, list[tuple[frozenset[str], Rule]]],
) -> list[ast.stmt]:
    """Return the statements that judge the rules without a guard, and the others where theirs is met."""
    body: list[ast.stmt] = []
    joined = len(by_attribute) == 1 and len(free) <= MOST_TOGETHER
    if not joined:
        body += _codes(program, entity, free, (), first=True)
    for attribute, guarded in by_attribute.items():
        table = Switch(program, entity, guarded, tuple(free) if joined else None)
        slot = const(program.layouts[entity].slots[attribute])
        body += stmts("SWITCH[row[SLOT]](row, case, out)", SWITCH=program.constant(table), SLOT=slot)
    return body


def _below(program: Program, entity: str, slot: int, attribute: Attribute) -> list[ast.stmt]:
    """Return the statements that judge the records of a list."""
    assert isinstance(attribute.type, ListOf)
    child = attribute.type.of.entity
    parts: dict[str, Any] = {"SLOT": const(slot), "ENTITY": const(child)}
    parts |= {"JUDGES": program.constant(program.judges), "LIST": program.constant(attribute)}
    if program.climbs(child) or entity in (child, *program.ruleset.schema.descend(child)):
        return stmts(_BELOW, **parts)
    # What is found of a record of which nothing is known is the same wherever its list is missing.
    parts["FOUND"] = program.constant(program.any_record(child, frozenset()))
    parts |= {"GIVEN": const(GIVEN), "PHANTOM": program.constant(PHANTOM)}
    return stmts(_BELOW_ANY, **parts)


class Switch(dict[Any, Callable[..., None]]):
    """Functions by member, each made when first needed; of None (open) all rules, of other things none."""

    def __init__(
        self,
        program: Program,
        entity: str,
        guarded: list[tuple[frozenset[str], Rule]],
        free: tuple[Rule, ...] | None,
    ) -> None:
        super().__init__()
        self._program = program
        self._entity = entity
        self._free = free
        """The rules without a guard, where they are judged together with the others."""
        self._guarded: dict[str, list[Rule]] = {}
        for wanted, rule in guarded:
            for member in wanted:
                self._guarded.setdefault(member, []).append(rule)
        self._all = tuple(rule for _, rule in guarded)

    def __missing__(self, member: Any) -> Callable[..., None]:
        first = self._free is not None
        free = self._free or ()
        if member.__class__ is str:
            made = self._made(free, self._guarded.get(member, []), first=first)
        else:
            made = self._made((*free, *self._all), (), first=first)
        self[member] = made
        return made

    def _made(self, free: Sequence[Rule], guarded: Sequence[Rule], *, first: bool) -> Callable[..., None]:
        if not first and not free and not guarded:
            return _nothing
        body = _codes(self._program, self._entity, free, guarded, first=first)
        return self._program.made("judge", ["row", "case", "out"], body)


def _nothing(row: Any, case: Any, out: Any) -> None:
    """Judge nothing: no rule applies."""


def _codes(
    program: Program, entity: str, free: Sequence[Rule], guarded: Sequence[Rule], *, first: bool
) -> list[ast.stmt]:
    """Return the statements that append a group and its codes; the guards of ``guarded`` are met."""
    rules = [*((rule, False) for rule in free), *((rule, True) for rule in guarded)]
    if len(rules) > MOST_RULES:
        half = MOST_RULES // 2
        return [
            *_codes(program, entity, free[:half], guarded[:half], first=first),
            *_codes(program, entity, free[half:], guarded[half:], first=False),
        ]
    asked = [(rule, conditions(rule, guarded=met)) for rule, met in rules]
    bits, others = together(program, entity, asked)
    body = at_once(program, entity, bits, first=first) if bits.rules else []
    if others or not bits.rules:
        ids = {rule.id for rule in others}
        left = [(rule, met) for rule, met in rules if rule.id in ids]
        body += _one_by_one(program, entity, left, first=first and not bits.rules)
    return body


def _one_by_one(
    program: Program, entity: str, rules: Sequence[tuple[Rule, bool]], *, first: bool
) -> list[ast.stmt]:
    """Return the statements that judge each rule by itself."""
    frame = Frame(program, entity, {"self": "row"}, unpacked=True)
    of = program.constant(group([rule for rule, _ in rules], first=first))
    body = _written(frame, rules, of)
    if 0 < len(frame.used) <= MOST_KNOWN:
        known = Frame(program, entity, {"self": "row"}, unpacked=True)
        known.known = True
        fast = _written(known, rules, of)
        frame.used |= known.used
        frame.climbs |= known.climbs
        tests = [expr("X is not None", X=local) for local in frame.used.values()]
        body = stmts("if KNOWN:\n    FAST\nelse:\n    SLOW", KNOWN=all_of(tests), FAST=fast, SLOW=body)
    return [*opened(frame), *body]


def _written(frame: Frame, rules: Sequence[tuple[Rule, bool]], of: ast.expr) -> list[ast.stmt]:
    made: list[ast.stmt] = []
    judged = [(rule, met) for rule, met in rules if rule.standing != "guidance"]
    for node in _repeated(judged):
        made += _shared(frame, node)
    codes = [
        const(UNDETERMINED) if rule.standing == "guidance" else outcome(frame, rule, guarded=met)
        for rule, met in rules
    ]
    return [*made, *stmts("out += (row, GROUP, CODES)", GROUP=of, CODES=tuple_of(codes))]


def _repeated(rules: Sequence[tuple[Rule, bool]]) -> list[Node]:
    """Return the nodes that are computed before all rules: cheap ones, and guards of several rules."""
    roots: list[Node] = []
    guards: dict[Any, tuple[int, Node]] = {}
    for rule, met in rules:
        applies = conditions(rule, guarded=met)
        roots += [*applies, *(e.node for e in (rule.violated, rule.unless) if e is not None)]
        if applies:
            node = applies[0].operands[0] if isinstance(applies[0], Logic) else applies[0]
            of = key(node)
            if of is not None and isinstance(node, Derived):
                guards[of] = (guards.get(of, (0, node))[0] + 1, node)
    return [*repeated(roots), *(node for times, node in guards.values() if times > 1)]


def _written_out(frame: Frame, node: Node) -> tuple[list[ast.stmt], Node]:
    """Return the body of a definition of the record itself, and statements for those that it surely asks."""
    if not isinstance(node, Derived) or not isinstance(node.of, Var) or node.of.name != "self":
        return [], node
    definition = frame.program.ruleset.definitions[node.entity, node.name]
    if definition.when is not None or definition.not_encoded is not None:
        return [], node
    body = definition.body.node
    asked = body.left if isinstance(body, Compare) else body
    return _shared(frame, asked) if isinstance(asked, Derived) else [], body


def _shared(frame: Frame, node: Node) -> list[ast.stmt]:
    """Return the statement that computes once what stands in several places."""
    if isinstance(node, Const | Param) or key(node) in frame.shared:
        return []
    made, body = _written_out(frame, node)
    found: Truth | Thing
    if isinstance(node.type, Bool):
        found = logic.condition(frame, body)
    else:
        try:
            found = things.thing(frame, body)
        except CannotCompile:
            return made
        if body is not node:
            if found.spread is not None:
                return made
            found = replace(found, open=True, missing=None, value=None)
    if isinstance(found.code, ast.Name | ast.Constant):
        return made
    local = f"s{len(frame.shared)}"
    made += stmts("X = CODE", X=local, CODE=found.code)
    if isinstance(found, Truth):
        frame.shared[key(node)] = Truth(name(local), found.strict)
    else:
        frame.shared[key(node)] = replace(found, code=name(local))
    return made
