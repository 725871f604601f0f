"""The order of definitions and rules: each after what it rests on; circles are refused by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from dualprev_rules.lang.tree import Derived, Lookup, Node, RuleState, walk
from dualprev_rules.pack.model import Definition, Expression, Rule, Table


def looked_up(
    definitions: Iterable[Definition], rules: Iterable[Rule], tables: Mapping[str, Table]
) -> frozenset[str]:
    """Return the tables that something looks up, in a condition of the rows of ``tables`` too."""
    nodes = [e.node for d in definitions for e in (d.body, d.when) if e is not None]
    nodes += [e.node for r in rules for e in (r.dated, r.applies, r.violated, r.unless) if e is not None]
    found: set[str] = set()
    while nodes:
        for node in walk(nodes.pop()):
            if isinstance(node, Lookup) and node.table not in found:
                found.add(node.table)
                rows = tables[node.table].rows if node.table in tables else ()
                nodes += [row.when.node for row in rows if row.when is not None]
    return frozenset(found)


def needs(expressions: Iterable[Expression | None], tables: Mapping[str, Table]) -> tuple[str, ...]:
    """Return the ids of the definitions and rules that expressions rest on, in the order of the text.

    A look-up rests on the conditions of the table's rows, too.
    """
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting: list[Node] = [
        expression.node for expression in reversed([*expressions]) if expression is not None
    ]
    while waiting:
        for node in walk(waiting.pop()):
            match node:
                case Derived(entity=entity, name=name):
                    found[f"{entity}.{name}"] = None
                case RuleState(rule=rule):
                    found[rule] = None
                case Lookup(table=table) if table in tables and table not in seen:
                    seen.add(table)
                    waiting += [row.when.node for row in tables[table].rows if row.when is not None]
                case _:
                    pass
    return tuple(found)


def graph(
    definitions: Iterable[Definition], rules: Iterable[Rule], tables: Mapping[str, Table]
) -> dict[str, tuple[str, ...]]:
    """Return what each definition and rule rests on."""
    edges = {d.id: needs((d.body, d.when), tables) for d in definitions}
    for rule in rules:
        edges[rule.id] = needs((rule.dated, rule.applies, rule.violated, rule.unless), tables)
    return edges


def sort(edges: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], list[list[str]]]:
    """Return the ids in order, or the circles: of each knot one shortest way round.

    The standard library sorts; networkx takes a third of a second to import and is asked only where
    there is a circle to be named.
    """
    try:
        order = TopologicalSorter(edges).static_order()
        return tuple(name for name in order if name in edges), []
    except CycleError:
        return (), _circles(edges)


def _circles(edges: Mapping[str, tuple[str, ...]]) -> list[list[str]]:
    import networkx as nx

    library: Any = nx  # its stubs leave half of the types open
    whole = library.DiGraph([(name, need) for name, targets in edges.items() for need in targets])
    circles: list[list[str]] = []
    for knot in library.strongly_connected_components(whole):
        first = min(knot)
        if len(knot) == 1 and first not in edges.get(first, ()):
            continue
        circle: list[str] = [source for source, _ in library.find_cycle(whole.subgraph(sorted(knot)), first)]
        at = circle.index(min(circle))
        circles.append([*circle[at:], *circle[:at], circle[at]])
    return sorted(circles)
