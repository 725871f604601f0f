"""Double-random draws (双随机): enterprises by lot, inspectors by lot, from a published seed.

The generator is ours, so that anyone can draw again on any machine, in any language. Each enterprise has as
many tickets as its weight. A ticket's number is the SHA-256 of the UTF-8 text ``dualprev-draw/1``, the
seed, ``enterprise``, the enterprise's id and the ticket's count from 1, joined by line feeds, read as a
number. The enterprise's lot is its least ticket, and the lowest lots are drawn. With equal chances of all
tickets, one of weight 4 comes before one of weight 1 in four of five draws; the order of the input has no
part in it. The inspectors of a drawn enterprise are those of the lowest SHA-256 of the same text with
``inspector``, the enterprise's id and the inspector's. A digest binds all that the draw depends on but the
seed: published before the seed is known, it leaves nothing to choose.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

from dualprev_rules.problems import DualprevError, Problem, problem
from dualprev_rules.supervision.fairness import Fairness, fairness
from dualprev_rules.supervision.inspectors import Inspector, assign, names_of
from dualprev_rules.supervision.roster import LEVELS, Enterprise, spelled
from dualprev_rules.supervision.scheme import Classified

GENERATOR = "dualprev-draw/1"


@dataclass(frozen=True, slots=True)
class Terms:
    """What is drawn: ``count`` enterprises, ``cover`` of each area at least, ``each`` inspectors for all."""

    count: int
    each: int = 2
    cover: int = 0
    level: int = 2
    """Of the areas that are covered: 0 province to 3 street."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """An enterprise that was drawn, with its inspectors."""

    classified: Classified
    inspectors: tuple[Inspector, ...]
    wanting: int
    """Inspectors that could not be found: all others are in conflict, unfit or fully loaded."""


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw, with all that is needed to draw again from the same roster and inspectors."""

    seed: str
    digest: str
    """See ``digest``: what was drawn from, and how."""
    terms: Terms
    drawn: tuple[Drawn, ...]
    """In the order of their lots, those taken for coverage first."""
    fairness: tuple[Fairness, ...]

    def to_json(self) -> dict[str, Any]:
        """Return its values, with all that is needed to draw again."""
        return {
            "generator": GENERATOR,
            "seed": self.seed,
            "digest": self.digest,
            "count": self.terms.count,
            "each": self.terms.each,
            "cover": self.terms.cover,
            "level": LEVELS[self.terms.level],
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
    DualprevError where the seed is empty, an inspector stands twice or has a conflict that names nobody,
    more are wanted than there are, ``cover`` asks for more than are drawn, or an enterprise has no area.
    """
    seed, terms = spelled(seed), Terms(count, each, cover, by_level)
    faults = [*_faults(among, inspectors, terms)]
    if not seed:
        faults.append(problem("supervision.no-seed"))
    if faults:
        raise DualprevError(faults)
    entitled = _entitled(among)
    order = sorted(
        entitled, key=lambda one: (lot(seed, one.enterprise.id, one.counts.visits), one.enterprise.id)
    )
    covering = _cover(order, terms)
    taken = {one.enterprise.id for one in covering}
    rest = (one for one in order if one.enterprise.id not in taken)
    chosen = [*covering, *(one for one, _ in zip(rest, range(count - len(covering)), strict=False))]
    sent = assign([one.enterprise for one in chosen], inspectors, each, partial(_of_inspector, seed))
    drawn = tuple(Drawn(one, to, each - len(to)) for one, to in zip(chosen, sent, strict=True))
    fared = fairness(entitled, chosen, cover, by_level)
    return Draw(seed, _digest(entitled, inspectors, terms), terms, drawn, fared)


def digest(among: Sequence[Classified], inspectors: Sequence[Inspector], terms: Terms) -> str:
    """Return what is published before the seed is known: the SHA-256 of all that a draw depends on but it.

    The lines, each a list in JSON without spaces: the generator and the terms; the enterprises, sorted, by
    id, tickets, area, name, group and industries; the inspectors, sorted, by id, industries, conflicts and
    most. Raises DualprevError as ``draw`` does.
    """
    faults = [*_faults(among, inspectors, terms)]
    if faults:
        raise DualprevError(faults)
    return _digest(_entitled(among), inspectors, terms)


def lot(seed: str, enterprise: str, tickets: int) -> int:
    """Return the lot of an enterprise: the least of its tickets.

    >>> lot("2026-01", "A", 4) == min(lot("2026-01", "A", 1), lot("2026-01", "A", 4))
    True
    """
    # Bytes of one length, the first the weightiest, compare as the numbers that they are.
    head = f"{GENERATOR}\n{spelled(seed)}\nenterprise\n{spelled(enterprise)}\n".encode()
    start = sha256(head)
    least = b"\xff" * 32
    for ticket in range(1, tickets + 1):
        made = start.copy()
        made.update(str(ticket).encode())
        least = min(least, made.digest())
    return int.from_bytes(least)


def _of_inspector(seed: str, enterprise: str, inspector: str) -> bytes:
    text = f"{GENERATOR}\n{seed}\ninspector\n{spelled(enterprise)}\n{spelled(inspector)}"
    return sha256(text.encode()).digest()


def _digest(among: Sequence[Classified], inspectors: Sequence[Inspector], terms: Terms) -> str:
    head = [GENERATOR, terms.count, terms.each, terms.cover, LEVELS[terms.level]]
    enterprises = [_values(one.enterprise, one.counts.visits) for one in among]
    people = [[spelled(p.id), sorted(p.industries), sorted(p.conflicts), p.most] for p in inspectors]
    lines = [_line(head), *sorted(map(_line, enterprises)), *sorted(map(_line, people))]
    return sha256("\n".join(lines).encode()).hexdigest()


def _values(of: Enterprise, tickets: int) -> list[object]:
    return [spelled(of.id), tickets, of.area, of.name, of.group, sorted(of.industries)]


def _line(values: Sequence[object]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _entitled(among: Sequence[Classified]) -> list[Classified]:
    return [one for one in among if one.counts.visits > 0]


def _cover(order: Sequence[Classified], terms: Terms) -> list[Classified]:
    """Return the first of each area in the order of lots, as many as cover it."""
    seen: Counter[tuple[str | None, ...]] = Counter()
    found: list[Classified] = []
    for one in order if terms.cover else ():
        area = one.enterprise.area[: terms.level + 1]
        if seen[area] < terms.cover:
            seen[area] += 1
            found.append(one)
    return found


def _faults(among: Sequence[Classified], inspectors: Sequence[Inspector], terms: Terms) -> Iterable[Problem]:
    entitled = _entitled(among)
    if not 0 < terms.count <= len(entitled):
        yield problem("supervision.count", given=str(terms.count), most=len(entitled))
    if terms.cover:
        yield from _uncovered(entitled, terms)
    twice = [name for name, n in Counter(spelled(each.id) for each in inspectors).items() if n > 1]
    for name in sorted(twice):
        yield problem("supervision.same-inspector", given=name)
    if any(each.conflicts for each in inspectors):
        names = {name for one in among for name in names_of(one.enterprise)}
        for each in inspectors:
            for conflict in each.conflicts:
                if conflict not in names:
                    yield problem("supervision.conflict", path=each.id, given=conflict)


def _uncovered(entitled: Sequence[Classified], terms: Terms) -> Iterable[Problem]:
    sizes = Counter(one.enterprise.area[: terms.level + 1] for one in entitled)
    least = sum(min(n, terms.cover) for n in sizes.values())
    if least > terms.count:
        yield problem("supervision.cover", given=str(terms.count), least=least)
    nowhere = [one.enterprise.id for one in entitled if one.enterprise.area[terms.level] is None]
    if nowhere:
        yield problem("supervision.cover-area", given=" ".join(nowhere[:5]), n=len(nowhere))
    by_name: dict[str | None, list[tuple[str | None, ...]]] = {}
    for area in sizes:
        by_name.setdefault(area[-1], []).append(area)
    for area in sizes:
        if area[-1] is not None and any(_may_be(area, other) for other in by_name[area[-1]] if other != area):
            several = [
                one.enterprise.id for one in entitled if one.enterprise.area[: terms.level + 1] == area
            ]
            yield problem(
                "supervision.cover-wider", path=area[-1], given=" ".join(several[:5]), n=len(several)
            )


def _may_be(area: tuple[str | None, ...], other: tuple[str | None, ...]) -> bool:
    """Tell whether an area that leaves wider ones blank may be another one of its name."""
    return all(mine in (None, name) for mine, name in zip(area, other, strict=True))
