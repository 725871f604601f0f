"""Inspectors, and who of them goes where: nobody where he must not, and as few lacking as can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator

from dualprev_rules.supervision.files import Strict, read_model
from dualprev_rules.supervision.roster import Enterprise, spelled


class Inspector(Strict):
    """An inspector, and what keeps him from inspecting whom. Texts are held as rosters hold them."""

    id: str = Field(min_length=1)
    name: str = ""
    industries: tuple[str, ...] = ()
    """The industries that he is fit for; none: all."""
    conflicts: tuple[str, ...] = ()
    """Enterprises, by id or name, and groups that he must not inspect (回避)."""
    most: int | None = Field(default=None, ge=0)
    """The most enterprises that he can take."""

    @field_validator("industries", "conflicts")
    @classmethod
    def _as_in_rosters(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(spelled(text) for text in given)

    def may_inspect(self, enterprise: Enterprise) -> bool:
        """Tell whether nothing but his load keeps him from an enterprise."""
        fit = not self.industries or {*self.industries} & {*map(spelled, enterprise.industries)}
        return bool(fit) and not names_of(enterprise) & {*self.conflicts}


class Inspectors(Strict):
    """The file of inspectors."""

    inspectors: tuple[Inspector, ...] = Field(min_length=1)


def read_inspectors(source: Path | Mapping[str, Any]) -> tuple[Inspector, ...]:
    """Read inspectors from a YAML or JSON file, ``{"inspectors": […]}``; raises DualprevError."""
    return read_model(source, Inspectors).inspectors


def names_of(enterprise: Enterprise) -> set[str]:
    """Return what a conflict may call an enterprise: its id, its name, its group."""
    given = (enterprise.id, enterprise.name, enterprise.group)
    return {spelled(name) for name in given if name}


def assign(
    enterprises: Sequence[Enterprise],
    inspectors: Sequence[Inspector],
    each: int,
    lot: Callable[[str, str], bytes],
) -> list[tuple[Inspector, ...]]:
    """Return ``each`` inspectors for every enterprise, those of the lowest lots as far as they have room.

    Where one lacks some, others give theirs up along the shortest chain in which each finds another, so
    that as few as can be are lacking in all. ``lot`` is that of an enterprise's and an inspector's id.
    """
    fit = [
        sorted(
            (n for n, one in enumerate(inspectors) if one.may_inspect(enterprise)),
            key=lambda n: (lot(enterprise.id, inspectors[n].id), inspectors[n].id),
        )
        for enterprise in enterprises
    ]
    made = _Assignment(fit, [one.most for one in inspectors])
    for place, able in enumerate(fit):
        for n in (n for n in able if made.has_room(n)):
            if len(made.taken[place]) < each:
                made.move([(place, n)])
    for place in range(len(fit)):
        while len(made.taken[place]) < each and (chain := made.chain(place)):
            made.move(chain)
    return [tuple(inspectors[n] for n in able if n in made.taken[k]) for k, able in enumerate(fit)]


@dataclass(frozen=True, slots=True)
class _Assignment:
    """Who has whom: places and inspectors by their numbers."""

    fit: Sequence[Sequence[int]]
    most: Sequence[int | None]
    taken: list[set[int]] = field(init=False)
    given: list[set[int]] = field(init=False)
    closed: set[int] = field(default_factory=set[int])
    """Inspectors from whom no chain leads to one with room, and never will."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "taken", [set[int]() for _ in self.fit])
        object.__setattr__(self, "given", [set[int]() for _ in self.most])

    def has_room(self, inspector: int) -> bool:
        most = self.most[inspector]
        return most is None or len(self.given[inspector]) < most

    def move(self, chain: Sequence[tuple[int, int]]) -> None:
        """Give each place of a chain its inspector, and take from it that of the place before."""
        for (_, lost), (place, _) in pairwise(chain):
            self.taken[place].remove(lost)
            self.given[lost].remove(place)
        for place, gained in chain:
            self.taken[place].add(gained)
            self.given[gained].add(place)

    def chain(self, start: int) -> list[tuple[int, int]]:
        """Return the shortest chain from a place to an inspector with room; empty where there is none."""
        gains: dict[int, int] = {}
        loses: dict[int, int] = {}
        queue = [start]
        for place in queue:
            for n in self.fit[place]:
                if n in gains or n in self.closed or n in self.taken[place]:
                    continue
                gains[n] = place
                if self.has_room(n):
                    found = [(place, n)]
                    while found[-1][0] != start:
                        lost = loses[found[-1][0]]
                        found.append((gains[lost], lost))
                    return found[::-1]
                for other in sorted(self.given[n] - loses.keys() - {start}):
                    loses[other] = n
                    queue.append(other)
        self.closed.update(gains)
        return []
