"""By which rules, and of which kinds, conditions about areas ask for outcomes at enterprises."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from dualprev_rules.facts.types import Rec
from dualprev_rules.lang.tree import Compare, Const, Get, IsIn, Node, Param, walk
from dualprev_rules.pack.load import ProfileFiles, Where, read_chain, read_packs
from dualprev_rules.pack.model import Expression, Ruleset
from dualprev_rules.pack.registry import installed_packs
from dualprev_rules.pack.resolve.faults import Faults
from dualprev_rules.problems import nearest

OUTCOME = "enterprise_outcome"
RULE, KIND = "rule_id", "kind"


def compared(node: Node) -> Iterator[tuple[Get, tuple[Const | Param, ...], bool]]:
    """Yield a rule or kind of an outcome with the texts that it is compared with; are these all, is last."""
    match node:
        case Compare(left=left, right=right):
            sides = (left, right)
        case IsIn(item=item, options=options):
            sides = (item, *options)
        case _:
            return
    texts = tuple(side for side in sides if isinstance(side, Const | Param) and isinstance(side.value, str))
    for side in sides:
        if isinstance(side, Get) and side.of.type == Rec(OUTCOME) and side.name in (RULE, KIND):
            yield side, texts, len(texts) + 1 == len(sides)


def asked_rules(expression: Expression) -> Iterator[str]:
    """Yield the ids of the rules that a condition asks for."""
    for node in walk(expression.node):
        for get, texts, _ in compared(node):
            if get.name == RULE:
                yield from (str(text.value) for text in texts)


def check_asked_rules(
    expressions: Iterable[Expression],
    rulesets: Sequence[Ruleset],
    elsewhere: Callable[[], Collection[str]],
    faults: Faults,
) -> None:
    """Tell of every rule that is asked for and is nowhere; what is elsewhere is found only where needed."""
    loaded = {rule for ruleset in rulesets for rule in ruleset.rules}
    asked = [(expression, rule) for expression in expressions for rule in asked_rules(expression)]
    others = [(expression, rule) for expression, rule in asked if rule not in loaded]
    there = {*loaded, *(elsewhere() if others else ())}
    for expression, rule in others:
        if rule not in there:
            faults.warn("pack.asked-rule", expression.place, given=rule, nearest=nearest(rule, there))


def rules_that_are(sources: Sequence[Where], profiles: ProfileFiles) -> set[str]:
    """Return the ids of every rule of packs, those installed too, and profiles, on whatever day."""
    installed = [pack.id for pack in installed_packs()]
    read = read_packs([*installed, *sources], cases=False)
    known = {rule.rule for source in read for rule in source.rules}
    for name in profiles:
        for profile in read_chain(name, profiles):
            known |= {rule.rule for rule in profile.spec.rules} if profile.spec is not None else set()
    return known
