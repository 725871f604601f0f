"""Which facts conditions read, and what follows: facts that nothing reads, facts that nobody is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from dualprev_rules.evaluate.solver import Answer
from dualprev_rules.facts.schema import Attribute
from dualprev_rules.facts.types import Bool, ListOf, Type
from dualprev_rules.lang.tree import (
    Aggregate,
    AsOf,
    Climb,
    Compare,
    Const,
    Derived,
    Get,
    Lookup,
    Node,
    Param,
    Quantify,
    RuleState,
    Var,
    walk,
)
from dualprev_rules.pack.model import Definition, Expression, Rule, Ruleset
from dualprev_rules.problems import problem
from dualprev_rules.standards.finding import Finding

Read = tuple[str, str]
"""A fact: entity and attribute."""


def conditions(rule: Rule) -> list[Expression]:
    """Return the conditions of a rule."""
    return [e for e in (rule.dated, rule.applies, rule.violated, rule.unless) if e is not None]


def prohibition(rule: Rule) -> Rule:
    """Return what a rule forbids, wherever it applies."""
    return replace(rule, applies=None, dated=None)


def read_by_rules(ruleset: Ruleset, rules: Iterable[Rule]) -> frozenset[Read]:
    """Return the facts that rules read, through definitions, tables and other rules, too."""
    return _facts(reached(ruleset, rules))


def read_by(ruleset: Ruleset, definitions: Iterable[Definition]) -> frozenset[Read]:
    """Return the facts that definitions rest on, in the same way."""
    return _facts(reached_by(ruleset, definitions))


def read_in(ruleset: Ruleset, node: Quantify | Aggregate) -> frozenset[Read]:
    """Return the facts that are read of each record of a list."""
    return _facts(_reached(ruleset, [part for part in (node.where, node.body) if part is not None]))


def reached_by(ruleset: Ruleset, definitions: Iterable[Definition]) -> Iterator[Node]:
    """Yield every node of definitions, in the way of ``reached``."""
    parts = [part for each in definitions for part in (each.body, each.when) if part is not None]
    return _reached(ruleset, [part.node for part in parts])


def _facts(nodes: Iterable[Node]) -> frozenset[Read]:
    return frozenset(
        (getattr(node.of.type, "entity", ""), node.name) for node in nodes if isinstance(node, Get)
    )


def reached(ruleset: Ruleset, rules: Iterable[Rule]) -> Iterator[Node]:
    """Yield every node of conditions, those of the definitions, tables and rules that they name included."""
    return _reached(ruleset, [condition.node for rule in rules for condition in conditions(rule)])


def _reached(ruleset: Ruleset, within: Iterable[Node]) -> Iterator[Node]:
    seen: set[object] = set()
    waiting: list[Node] = [*within]

    def enter(key: object, parts: Iterable[Expression | None]) -> None:
        if key not in seen:
            seen.add(key)
            waiting.extend(part.node for part in parts if part is not None)

    while waiting:
        for node in walk(waiting.pop()):
            yield node
            match node:
                case Derived(entity=entity, name=name):
                    definition = ruleset.definitions[entity, name]
                    enter((entity, name), (definition.body, definition.when))
                case Lookup(table=table):
                    enter(table, (row.when for row in ruleset.tables[table].rows))
                case RuleState(rule=rule):
                    enter((rule,), conditions(ruleset.rules[rule]))
                case _:
                    pass


def above(ruleset: Ruleset, entity: str) -> frozenset[str]:
    """Return the entities whose records hold, at whatever depth, records of an entity."""
    schema = ruleset.schema
    return frozenset(name for name in schema.entities if name != entity and entity in schema.descend(name))


MOST_COUNTED = 8
"""Lists are made so long where a rule counts records; one that counts further is not proved of."""


def longest_list(*sides: tuple[Ruleset, Iterable[Rule]]) -> int:
    """Return how many records a list must be able to hold for every count to pass its figure.

    Beside these it has to hold one for each thing else that is asked of records of that list.
    """
    return longest_of([node for ruleset, rules in sides for node in reached(ruleset, rules)])


def longest_of(nodes: Iterable[Node]) -> int:
    """Return the same of conditions, of which these are all nodes."""
    counted = 0
    asked: dict[Type, set[Node]] = {}
    for node in nodes:
        match node:
            case Compare(left=left, right=right):
                if any(_counts_records(part) for side in (left, right) for part in walk(side)):
                    figures = (int(_figure(part)) + 1 for side in (left, right) for part in walk(side))
                    counted = max(counted, *figures)
            case Quantify(over=over) | Aggregate(kind="min" | "max", over=over):
                if isinstance(over.type, ListOf):
                    asked.setdefault(over.type, set()).add(node)
            case _:
                pass
    return counted + max(map(len, asked.values()), default=0)


def rests_on_length(ruleset: Ruleset, rules: Iterable[Rule]) -> bool:
    """Tell whether what is impossible in short lists may be possible in longer ones, for all that is known.

    It may where records are added up, where several counts of them are asked, and where a count is
    compared with anything but a figure that stands there; and where each record is held to the whole list
    that it stands in.
    """
    nodes = list(reached(ruleset, rules))
    return any(adds_records(node) for node in nodes) or counts_openly(ruleset, nodes)


def counts_openly(ruleset: Ruleset, nodes: Collection[Node]) -> bool:
    """Tell whether what is possible may rest on the length of lists otherwise than by sums."""
    if any(_asks_its_list(ruleset, node) or _asks_another(ruleset, node) for node in nodes):
        return True
    counts = [node for node in nodes if _counts_records(node)]
    plain = [node for node in nodes if isinstance(node, Compare) and _counts_plainly(node)]
    return len(counts) > 1 or len(counts) > len(plain)


def _asks_its_list(ruleset: Ruleset, node: Node) -> bool:
    """Tell whether something is asked of each record of a list that asks records of that list again."""
    if not isinstance(node, Quantify | Aggregate) or not isinstance(node.over.type, ListOf):
        return False
    inner = _reached(ruleset, [part for part in (node.where, node.body) if part is not None])
    return any(isinstance(n, Quantify | Aggregate) and n.over.type == node.over.type for n in inner)


def _asks_another(ruleset: Ruleset, node: Node) -> bool:
    """Tell whether something else is asked of another list for each record of a list, or member of a set."""
    if not isinstance(node, Quantify | Aggregate):
        return False
    for part in (each for whole in (node.where, node.body) if whole is not None for each in walk(whole)):
        match part:
            case Quantify() | Aggregate() if isinstance(part.over.type, ListOf):
                if not _names(part.over, node.var) and any(
                    _names(each, node.var) for each in (part.where, part.body) if each is not None
                ):
                    return True
            case Derived() | RuleState() | Lookup():
                if _names(part, node.var) and any(map(_climbs, _reached(ruleset, [part]))):
                    return True
            case _:
                pass
    return False


def _names(node: Node, name: str) -> bool:
    return any(isinstance(part, Var) and part.name == name for part in walk(node))


def _climbs(node: Node) -> bool:
    """Tell whether a node asks a list of a record above."""
    return isinstance(node, Quantify | Aggregate) and any(isinstance(n, Climb) for n in walk(node.over))


def _counts_plainly(node: Compare) -> bool:
    sides = node.left, node.right
    return any(
        _counts_records(one) and isinstance(other, Const | Param) for one, other in (sides, sides[::-1])
    )


def adds_records(node: Node) -> bool:
    """Tell whether a node adds records up."""
    return isinstance(node, Aggregate) and node.kind == "sum" and isinstance(node.over.type, ListOf)


def open_beyond(answer: Answer) -> Answer:
    """Return an answer, undecided where it says that nothing is possible and short lists were asked."""
    if answer.is_possible is False and answer.over_lists:
        return replace(answer, is_possible=None, because="counts")
    return answer


def _counts_records(node: Node) -> bool:
    return isinstance(node, Aggregate) and node.kind == "count" and isinstance(node.over.type, ListOf)


def _figure(node: Node) -> Fraction:
    match node:
        case Const(value=Fraction() as value) | Param(value=Fraction() as value):
            return value
        case _:
            return Fraction(0)


def asks_the_day(ruleset: Ruleset, rule: Rule) -> bool:
    """Tell whether what a rule says rests on the day of the assessment itself."""
    return any(isinstance(node, AsOf) for node in reached(ruleset, [rule]))


def check_facts(ruleset: Ruleset, packs: Collection[str]) -> Iterator[Finding]:
    """Yield facts of packs that rules read and that no question and no item of a checklist asks for."""
    settled = {item.settles for list_ in ruleset.checklists.values() for item in list_.items if item.settles}
    read = read_by_rules(ruleset, ruleset.rules.values())
    for pack in sorted(packs):
        silent = [
            f"{entity.name}.{attribute.name}"
            for entity in ruleset.schema.entities.values()
            for attribute in entity.attributes.values()
            if attribute.pack == pack
            and (entity.name, attribute.name) in read
            and _without_question(attribute)
        ]
        silent = [name for name in silent if name not in settled]
        if silent:
            shown = ", ".join(silent)
            found = problem(
                "standards.no-question", severity="note", given=shown, count=len(silent), pack=pack
            )
            yield Finding(found, pack)


def _without_question(attribute: Attribute) -> bool:
    """Tell whether a yes-or-no fact has no question: a figure is asked for by its label."""
    return (
        attribute.ask is None and isinstance(attribute.type, Bool) and not isinstance(attribute.type, ListOf)
    )
