"""Double-random draws (双随机): enterprises by lot, inspectors by lot, from a published seed.

The generator is ours, so that anyone can draw again on any machine, in any language. Each enterprise has as
many tickets as its weight. A ticket's number is the SHA-256 of the UTF-8 text ``dualprev-draw/1``, the
seed, ``enterprise``, the enterprise's id and the ticket's count from 1, joined by line feeds, read as a
number. The enterprise's lot is its least ticket, and the lowest lots are drawn. With equal chances of all
tickets, one of weight 4 comes before one of weight 1 in four of five draws; the order of the input has no
part in it. The inspectors of a drawn enterprise are those of the lowest SHA-256 of the same text with
``inspector``, the enterprise's id and the inspector's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import exp
from pathlib import Path
from typing import Any

from pydantic import Field

from dualprev_rules.problems import DualprevError, Problem, problem
from dualprev_rules.supervision.files import Strict, read_model
from dualprev_rules.supervision.roster import digest, spelled
from dualprev_rules.supervision.scheme import Classified

GENERATOR = "dualprev-draw/1"


class Inspector(Strict):
    """An inspector, and what keeps him from inspecting whom."""

    id: str = Field(min_length=1)
    name: str = ""
    industries: tuple[str, ...] = ()
    """The industries that he is fit for; none: all."""
    conflicts: tuple[str, ...] = ()
    """Ids of enterprises or names of groups that he must not inspect (回避)."""
    most: int | None = Field(default=None, ge=0)
    """The most enterprises that he can take."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """An enterprise that was drawn, with its inspectors."""

    classified: Classified
    inspectors: tuple[Inspector, ...]
    wanting: int
    """Inspectors that could not be found: all others are in conflict, unfit or fully loaded."""


@dataclass(frozen=True, slots=True)
class Fairness:
    """How a class fared: how many it has, how many the weights lead one to expect, how many were drawn."""

    label: str
    enterprises: int
    expected: float
    drawn: int


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw, with all that is needed to draw again."""

    seed: str
    roster: str
    """The digest of the ids that took part."""
    drawn: tuple[Drawn, ...]
    """In the order of their lots, those taken for coverage first."""
    fairness: tuple[Fairness, ...]

    def to_json(self) -> dict[str, Any]:
        """Return its values, with all that is needed to draw again."""
        return {
            "generator": GENERATOR,
            "seed": self.seed,
            "roster": self.roster,
            "drawn": [
                {
                    "id": one.classified.enterprise.id,
                    "class": one.classified.counts.id,
                    "inspectors": [person.id for person in one.inspectors],
                    "wanting": one.wanting,
                }
                for one in self.drawn
            ],
            "fairness": [
                {
                    "class": one.label,
                    "enterprises": one.enterprises,
                    "expected": one.expected,
                    "drawn": one.drawn,
                }
                for one in self.fairness
            ],
        }


class Inspectors(Strict):
    """The file of inspectors."""

    inspectors: tuple[Inspector, ...] = Field(min_length=1)


def read_inspectors(source: Path | Mapping[str, Any]) -> tuple[Inspector, ...]:
    """Read inspectors from a YAML or JSON file, ``{"inspectors": […]}``; raises DualprevError."""
    return read_model(source, Inspectors).inspectors


def draw(
    among: Sequence[Classified],
    inspectors: Sequence[Inspector],
    *,
    seed: str,
    count: int,
    each: int = 2,
    cover: int = 0,
    by_level: int = 2,
) -> Draw:
    """Draw ``count`` enterprises and ``each`` inspectors for each of them.

    Weights are the visits of the class that counts; what has none is not drawn. With ``cover`` at least so
    many of each area (``by_level``: 0 province to 3 street) are drawn, as far as it has them. Raises
    DualprevError where the seed is empty, an inspector stands twice, more are wanted than there are, or
    ``cover`` asks for more than are to be drawn.
    """
    entitled = [one for one in among if one.counts.visits > 0]
    faults = [*_faults(entitled, inspectors, seed, count)]
    if faults:
        raise DualprevError(faults)
    order = sorted(
        entitled, key=lambda one: (lot(seed, one.enterprise.id, one.counts.visits), one.enterprise.id)
    )
    covering = _cover(order, cover, by_level)
    if len(covering) > count:
        raise DualprevError(problem("supervision.cover", given=str(count), least=len(covering)))
    taken = {one.enterprise.id for one in covering}
    rest = (one for one in order if one.enterprise.id not in taken)
    chosen = [*covering, *(one for one, _ in zip(rest, range(count - len(covering)), strict=False))]
    load: Counter[str] = Counter()
    drawn = tuple(_assign(one, inspectors, load, seed, each) for one in chosen)
    ids = [one.enterprise.id for one in entitled]
    return Draw(seed, digest(ids), drawn, _fairness(entitled, chosen))


def lot(seed: str, enterprise: str, tickets: int) -> int:
    """Return the lot of an enterprise: the least of its tickets.

    >>> lot("2026-01", "A", 4) == min(lot("2026-01", "A", 1), lot("2026-01", "A", 4))
    True
    """
    # Bytes of one length, the first the weightiest, compare as the numbers that they are.
    head = f"{GENERATOR}\n{seed}\nenterprise\n{spelled(enterprise)}\n".encode()
    start = sha256(head)
    least = b"\xff" * 32
    for ticket in range(1, tickets + 1):
        made = start.copy()
        made.update(str(ticket).encode())
        least = min(least, made.digest())
    return int.from_bytes(least)


def _cover(order: Sequence[Classified], cover: int, level: int) -> list[Classified]:
    """Return the first ``cover`` of each area in the order of lots; one without an area is of none."""
    seen: Counter[tuple[str | None, ...]] = Counter()
    found: list[Classified] = []
    for one in order if cover else ():
        area = one.enterprise.area[: level + 1]
        if area[-1] is not None and seen[area] < cover:
            seen[area] += 1
            found.append(one)
    return found


def _assign(
    one: Classified, inspectors: Sequence[Inspector], load: Counter[str], seed: str, each: int
) -> Drawn:
    enterprise = one.enterprise
    fit = [
        inspector
        for inspector in inspectors
        if not {enterprise.id, enterprise.group} & {*inspector.conflicts}
        and (not inspector.industries or {*inspector.industries} & {*enterprise.industries})
        and (inspector.most is None or load[inspector.id] < inspector.most)
    ]
    head = f"{GENERATOR}\n{seed}\ninspector\n{spelled(enterprise.id)}\n"
    fit.sort(key=lambda inspector: (sha256(f"{head}{spelled(inspector.id)}".encode()).digest(), inspector.id))
    for inspector in fit[:each]:
        load[inspector.id] += 1
    return Drawn(one, tuple(fit[:each]), each - len(fit[:each]))


def _fairness(among: Sequence[Classified], chosen: Sequence[Classified]) -> tuple[Fairness, ...]:
    """Return how each class fared.

    Drawing without putting back, one of weight w is drawn with a chance of about 1 - exp(-wt), with t such
    that the chances sum to how many were drawn.
    """
    weights = Counter(sorted(one.counts.visits for one in among))
    time = _time(weights, len(chosen))
    sizes = Counter(one.counts.id for one in among)
    drawn = Counter(one.counts.id for one in chosen)
    visits: Mapping[str, int] = {one.counts.id: one.counts.visits for one in among}
    classes = sorted(sizes, key=lambda name: (-visits[name], name))
    return tuple(
        Fairness(name, sizes[name], round(sizes[name] * (1 - exp(-visits[name] * time)), 3), drawn[name])
        for name in classes
    )


def _time(weights: Counter[int], count: int) -> float:
    if count >= weights.total():
        return float("inf")
    low, high = 0.0, 1.0
    while sum(n * (1 - exp(-w * high)) for w, n in weights.items()) < count:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        short = sum(n * (1 - exp(-w * middle)) for w, n in weights.items()) < count
        low, high = (middle, high) if short else (low, middle)
    return high


def _faults(
    among: Sequence[Classified], inspectors: Sequence[Inspector], seed: str, count: int
) -> Iterable[Problem]:
    if not seed.strip():
        yield problem("supervision.no-seed")
    if not 0 < count <= len(among):
        yield problem("supervision.count", given=str(count), most=len(among))
    twice = [name for name, n in Counter(spelled(each.id) for each in inspectors).items() if n > 1]
    for name in sorted(twice):
        yield problem("supervision.same-inspector", given=name)
