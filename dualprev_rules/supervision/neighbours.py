"""Neighbours and domino: what each place can do to the next, and who must be told.

How far an event reaches is a fact (a study, a report of consequences), never guessed here. A place reaches
another where one of its events reaches as far as the two are apart. From this follow chains, clusters, the
places whose hardening parts a cluster, and the set to be told. What is not known is listed with every
answer: a place whose reach was not given may reach any other, and one of unknown position may be reached.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import floor, hypot
from pathlib import Path
from typing import Annotated, Any, Literal

import networkx as nx
from pydantic import AfterValidator, Field

from dualprev_rules.problems import DualprevError, Problem, nearest, problem
from dualprev_rules.supervision.files import Strict, read_model
from dualprev_rules.supervision.roster import spelled

Kind = Literal["unit", "enterprise", "pipeline", "target"]
Place = Annotated[float, Field(ge=-1e8, le=1e8)]
"""East or north in metres: farther than round the earth is no place on one plane."""
Metres = Annotated[float, Field(ge=0, le=1e8)]
EVERY_KIND: tuple[Kind, ...] = ("unit", "enterprise", "pipeline", "target")


Spelled = Annotated[str, AfterValidator(spelled)]
"""A name that is compared: in its normal form, however it is written."""


class Effect(Strict):
    """An event of a place, and how far it harms what."""

    name: str = Field(min_length=1)
    reach: Metres
    to: tuple[Kind, ...] = EVERY_KIND
    """What it harms at that distance."""


class Node(Strict):
    """A place: a unit, an enterprise, a pipeline, or a protected target, which harms nothing."""

    id: Spelled = Field(min_length=1)
    kind: Kind
    name: str = ""
    enterprise: Spelled | None = None
    """Whose it is; an enterprise is its own."""
    x: Place | None = None
    y: Place | None = None
    """On one plane for all."""
    radius: Metres = 0
    """How far it extends around its point; distances are between edges."""
    effects: tuple[Effect, ...] | None = None
    """None: not known. An empty list: known to harm nothing."""
    evacuates_by: tuple[Spelled, ...] = ()
    """Names of the ways by which people leave."""
    keeps: Metres | None = None
    """The external safety distance that was determined for it (GB/T 37243)."""

    @property
    def owner(self) -> str | None:
        """The enterprise whose it is."""
        return self.enterprise or (self.id if self.kind == "enterprise" else None)


class Link(Strict):
    """A distance that was measured; it counts before that of the coordinates."""

    one: Spelled
    other: Spelled
    distance: Metres


class Places(Strict):
    """The file of places."""

    nodes: tuple[Node, ...] = Field(min_length=1)
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """Who must be told when a place changes."""

    direct: tuple[str, ...]
    """Places that an event of it reaches, not of its own enterprise."""
    by_chain: tuple[str, ...]
    """Places that only a chain of events reaches."""
    enterprises: tuple[str, ...]
    """The enterprises of both, its own left out."""
    open: tuple[str, ...]
    """What may belong to them and is not known: places whose distance from the changed one, or from one that
    a chain comes to, nobody said; and of these what reaches others nobody said how far, or from where.
    """


@dataclass(frozen=True, slots=True)
class TooNear:
    """A protected target within the distance that a place must keep."""

    place: str
    target: str
    distance: float | None
    """None: not known, so that nothing can be said."""
    keeps: float


class Neighbourhood:
    """Places with all that each reaches. Immutable once made."""

    def __init__(self, places: Places) -> None:
        self.nodes: Mapping[str, Node] = {node.id: node for node in places.nodes}
        self._links = {_pair(link.one, link.other): link.distance for link in places.links}
        self._linked: dict[str, set[str]] = {}
        for one, other in self._links:
            self._linked.setdefault(one, set()).add(other)
            self._linked.setdefault(other, set()).add(one)
        self._grid = _Grid(node for node in places.nodes if node.x is not None and node.y is not None)

    @cached_property
    def graph(self) -> nx.DiGraph[str]:
        """The graph: an edge where a place reaches another, with ``effect`` and ``distance``."""
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(self.nodes)
        for node in self.nodes.values():
            for other, distance, effect in self._reached(node):
                graph.add_edge(node.id, other, effect=effect, distance=distance)
        return graph

    @cached_property
    def unknown_reach(self) -> tuple[str, ...]:
        """The places that may reach any other: nobody said how far."""
        return tuple(n.id for n in self.nodes.values() if n.kind != "target" and n.effects is None)

    @cached_property
    def unknown_position(self) -> tuple[str, ...]:
        """The places without coordinates, unless the distance to every other one was measured."""
        return tuple(name for name in self.nodes if name in self._unplaced and not self._measured(name))

    @cached_property
    def _unplaced(self) -> set[str]:
        return {node.id for node in self.nodes.values() if node.x is None}

    def _measured(self, name: str) -> bool:
        return len(self._linked.get(name, ())) == len(self.nodes) - 1

    def distance(self, one: str, other: str) -> float | None:
        """Return the metres between two places; None where it is not known."""
        measured = self._links.get(_pair(one, other))
        if measured is not None:
            return measured
        a, b = self.nodes[one], self.nodes[other]
        if a.x is None or a.y is None or b.x is None or b.y is None:
            return None
        return max(0.0, hypot(a.x - b.x, a.y - b.y) - a.radius - b.radius)

    def chains(self, start: str) -> dict[str, tuple[str, ...]]:
        """Return the shortest chain to each place that events beginning at ``start`` can come to."""
        paths: Mapping[str, list[str]] = nx.single_source_shortest_path(self.graph, start)
        return {end: tuple(path) for end, path in sorted(paths.items()) if end != start}

    def told(self, changed: str) -> Told:
        """Return who must be told when ``changed`` changes: the notice to neighbours."""
        owner, chains = self.nodes[changed].owner, self.chains(changed)
        others = {end: path for end, path in chains.items() if self._of_others(end, owner)}
        owners = {self.nodes[end].owner for end in others}
        starts = (changed, *chains)
        unknown = {name for start in starts for name in self._perhaps_reached(start)} - {*starts}
        unknown |= {start for start in starts if self._reaches_who_knows_what(start)}
        return Told(
            tuple(end for end, path in others.items() if len(path) == 2),
            tuple(end for end, path in others.items() if len(path) > 2),
            tuple(sorted(name for name in owners if name is not None)),
            tuple(sorted(unknown)),
        )

    def clusters(self) -> tuple[tuple[str, ...], ...]:
        """Return the groups of places that chains join, the largest first."""
        found = (tuple(sorted(part)) for part in nx.weakly_connected_components(self.graph) if len(part) > 1)
        return tuple(sorted(found, key=lambda part: (-len(part), part)))

    def cut_points(self) -> tuple[str, ...]:
        """Return the places whose hardening parts a cluster."""
        return tuple(sorted(nx.articulation_points(self.graph.to_undirected(as_view=True))))

    def shared_ways(self) -> dict[str, tuple[str, ...]]:
        """Return each way of evacuation that several enterprises share, with the enterprises."""
        ways: dict[str, set[str]] = {}
        for node in self.nodes.values():
            for way in node.evacuates_by if node.owner is not None else ():
                ways.setdefault(way, set()).add(str(node.owner))
        return {way: tuple(sorted(owners)) for way, owners in sorted(ways.items()) if len(owners) > 1}

    def too_near(self) -> tuple[TooNear, ...]:
        """Return the protected targets within the external safety distance of a place, or perhaps within."""
        targets = [node for node in self.nodes.values() if node.kind == "target"]
        unplaced = [node.id for node in targets if node.x is None]
        found: list[TooNear] = []
        for node in self.nodes.values():
            if node.keeps is None or node.kind == "target":
                continue
            placed = node.x is not None
            near = {*self._grid.near(node, node.keeps), *unplaced} if placed else {t.id for t in targets}
            for other in sorted(near | self._linked.get(node.id, set())):
                if self.nodes[other].kind != "target":
                    continue
                distance = self.distance(node.id, other)
                if distance is None or distance < node.keeps:
                    found.append(TooNear(node.id, other, distance, node.keeps))
        return tuple(found)

    def _harms(self, name: str) -> set[Kind]:
        """Return the kinds of place that a place may harm; all of them where nobody said."""
        node = self.nodes[name]
        if node.kind == "target":
            return set()
        return {*EVERY_KIND} if node.effects is None else {kind for each in node.effects for kind in each.to}

    def _perhaps_reached(self, name: str) -> set[str]:
        """Return the places without coordinates that a place may reach: nobody said how far they are."""
        harms = self._harms(name)
        open_to = self._unplaced - self._linked.get(name, set()) if harms else set[str]()
        return {other for other in open_to if self.nodes[other].kind in harms}

    def _reaches_who_knows_what(self, name: str) -> bool:
        """Tell whether nobody said how far a place reaches, or from where."""
        node = self.nodes[name]
        unplaced = node.x is None and not self._measured(name)
        return bool(self._harms(name)) and (node.effects is None or unplaced)

    def _of_others(self, name: str, owner: str | None) -> bool:
        return owner is None or self.nodes[name].owner != owner

    def _reached(self, node: Node) -> Iterator[tuple[str, float, str]]:
        """Yield what a place reaches, how far it is, and by which event, the one of the greatest reach."""
        effects = sorted(node.effects or (), key=lambda effect: -effect.reach)
        if node.kind == "target" or not effects:
            return
        near = {*self._grid.near(node, effects[0].reach), *self._linked.get(node.id, set())}
        for other in sorted(near - {node.id}):
            distance = self.distance(node.id, other)
            if distance is None:
                continue
            kind = self.nodes[other].kind
            for effect in effects:
                if distance <= effect.reach and kind in effect.to:
                    yield other, distance, effect.name
                    break


class _Grid:
    """Places by squares of a plane, so that few are looked at to find those nearby."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        placed = list(nodes)
        reaches = sorted(max((e.reach for e in node.effects or ()), default=0) for node in placed)
        middle = reaches[len(reaches) // 2] if reaches else 0
        self._widest = max((node.radius for node in placed), default=0)
        self._side = max(middle, 50.0)
        self._squares: dict[tuple[int, int], list[Node]] = {}
        for node in placed:
            assert node.x is not None
            assert node.y is not None
            self._squares.setdefault(self._square(node.x, node.y), []).append(node)

    def near(self, node: Node, reach: float) -> Iterator[str]:
        """Yield the places whose edge may lie within ``reach`` of the edge of ``node``."""
        if node.x is None or node.y is None:
            return
        around = reach + node.radius + self._widest
        west, south = self._square(node.x - around, node.y - around)
        east, north = self._square(node.x + around, node.y + around)
        if (east - west + 1) * (north - south + 1) > len(self._squares):
            for square in self._squares.values():
                yield from (other.id for other in square)
            return
        for column in range(west, east + 1):
            for row in range(south, north + 1):
                yield from (other.id for other in self._squares.get((column, row), ()))

    def _square(self, x: float, y: float) -> tuple[int, int]:
        return floor(x / self._side), floor(y / self._side)


def read_places(source: Path | Mapping[str, Any]) -> Neighbourhood:
    """Read places from a YAML or JSON file; raises DualprevError with every fault."""
    places = read_model(source, Places)
    faults = [*_faults(places)]
    if faults:
        raise DualprevError(faults)
    return Neighbourhood(places)


def _faults(places: Places) -> Iterator[Problem]:
    names: set[str] = set()
    for node in places.nodes:
        if node.id in names:
            yield problem("supervision.same-place", given=node.id)
        names.add(node.id)
        if (node.x is None) != (node.y is None):
            yield problem("supervision.half-position", given=node.id)
    measured: set[tuple[str, str]] = set()
    for link in places.links:
        for name in (link.one, link.other):
            if name not in names:
                yield problem("supervision.place", given=name, nearest=nearest(name, names))
        if _pair(link.one, link.other) in measured or link.one == link.other:
            yield problem("supervision.link-twice", given=link.one, other=link.other)
        measured.add(_pair(link.one, link.other))


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one <= other else (other, one)
