"""What the applicability of a rule begins with: a test of one enum attribute that others begin with too."""

from __future__ import annotations

from dataclasses import replace

from dualprev_rules.facts.types import Enum
from dualprev_rules.lang.tree import Compare, Const, Get, IsIn, Logic, Node, Var
from dualprev_rules.pack.model import Rule


def conditions(rule: Rule, *, guarded: bool) -> list[Node]:
    """Return what a rule's applicability asks; ``guarded``: what is left where the guard is met."""
    found = [e.node for e in (rule.dated, rule.applies) if e is not None]
    if not guarded:
        return found
    of = found.pop()
    if isinstance(of, Logic):
        rest = of.operands[1:]
        found.append(rest[0] if len(rest) == 1 else replace(of, operands=rest))
    return found


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
