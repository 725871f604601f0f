"""The grade of a place (unit, area, site, enterprise): the worst of the risk points in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dualprev_rules.evaluate import Reference
from dualprev_rules.facts.possible import Cause
from dualprev_rules.facts.record import Record
from dualprev_rules.facts.schema import Attribute
from dualprev_rules.facts.types import ListOf
from dualprev_rules.risk.grades import RiskGrade, open_grade, worst
from dualprev_rules.risk.point import ENTITY, RiskPoint
from dualprev_rules.risk.profile import Basis, Profile
from dualprev_rules.risk.reading import absent, read_point, text


@dataclass(frozen=True, slots=True)
class Place:
    """A record that holds risk points, or other places that do."""

    path: str
    short: str
    entity: str
    name: str | None
    points: tuple[RiskPoint, ...]
    """The points that it holds itself."""
    places: tuple[Place, ...]
    unlisted: frozenset[Cause]
    """Lists that may hold more points or places than the input gives."""
    assumed: tuple[str, ...]
    """Absent lists that count as empty because the place lists the places in it."""

    def all_points(self) -> Iterator[RiskPoint]:
        """Yield every point in the place and below, in the order of the input."""
        yield from self.points
        for place in self.places:
            yield from place.all_points()

    def all_places(self) -> Iterator[Place]:
        """Yield the place and every place below it."""
        yield self
        for place in self.places:
            yield from place.all_places()

    def grade(self, basis: Basis) -> RiskGrade | None:
        """Return the worst grade in the place; None where it is known to hold no risk point.

        Open where a point is, or where there may be points that are not listed.
        """
        grades = [point.grade(basis) for point in self.points]
        below = (place.grade(basis) for place in self.places)
        grades += [grade for grade in below if grade is not None]
        if self.unlisted:
            grades.append(open_grade(*self.unlisted))
        return worst(grades)

    def assessed(self, basis: Basis) -> int:
        """Return how many of its points were assessed on a basis."""
        return sum(point.assessed(basis) for point in self.all_points())

    def because(self, basis: Basis) -> tuple[RiskPoint, ...]:
        """Return the points that make its grade so: those that are, or while it is open may be, its worst."""
        grade = self.grade(basis)
        if grade is None:
            return ()
        points = ((point, point.grade(basis)) for point in self.all_points())
        if grade.level is not None:
            return tuple(point for point, own in points if own.level == grade.level)
        return tuple(point for point, own in points if own.at_worst == grade.at_worst)


def read_place(reference: Reference, profile: Profile, record: Record) -> Place:
    """Read and grade a record, an enterprise as a rule, and every place and point below it.

    An absent list is an open question, unless the same record lists the places in it: where a site
    gives its units, it is not asked which points lie in none of them.
    """
    schema = reference.ruleset.schema
    holders = {name for name in schema.entities if ENTITY in schema.descend(name)} | {ENTITY}
    return _read(reference, profile, record, frozenset(holders))


def _read(reference: Reference, profile: Profile, record: Record, holders: frozenset[str]) -> Place:
    held = [a for a in record.entity.lists() if _child(a) in holders]
    lists = {a.name: record.fact(a.name) for a in held}
    silent = [name for name, fact in lists.items() if absent(fact)]
    placed = any(_child(a) != ENTITY and a.name not in silent for a in held)
    # Reading takes a list as empty too, where another of its kind was given.
    whole = [n for n, fact in lists.items() if fact.given is None and fact.value.possible.complete]
    assumed = [name for name in lists if name in whole or (placed and name in silent)]
    points: list[RiskPoint] = []
    places: list[Place] = []
    for fact in lists.values():
        for child in fact.value.possible.records:
            if child.entity.name == ENTITY:
                points.append(read_point(reference, profile, child))
            else:
                places.append(_read(reference, profile, child, holders))
    return Place(
        path=record.path,
        short=record.short,
        entity=record.entity.name,
        name=text(record, "name"),
        points=tuple(points),
        places=tuple(places),
        unlisted=frozenset(
            cause
            for name, fact in lists.items()
            if name not in assumed and not fact.value.possible.complete
            for cause in fact.value.causes or {Cause(f"{record.path}.{name}")}
        ),
        assumed=tuple(f"{record.path}.{name}" for name in assumed),
    )


def _child(attribute: Attribute) -> str:
    assert isinstance(attribute.type, ListOf)
    return attribute.type.of.entity
