"""The fields of a register or card about risk points: one, or those of one post together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from dualprev_rules.facts.record import Record
from dualprev_rules.pack.model import Shows
from dualprev_rules.problems import DualprevError, Words, problem
from dualprev_rules.report.carriers.filled import NOTHING, Filled, of_texts, of_words
from dualprev_rules.report.carriers.hazards import found_hazards
from dualprev_rules.report.measures import chinese, measure_words
from dualprev_rules.report.phrases import named, phrase, value_words
from dualprev_rules.result import Result
from dualprev_rules.result.result import DerivedFact
from dualprev_rules.risk.grades import RiskGrade, open_grade, worst
from dualprev_rules.risk.level import ControlLevel
from dualprev_rules.risk.place import Place
from dualprev_rules.risk.point import ControlMeasure, HazardSource, RiskPoint
from dualprev_rules.risk.profile import Shown
from dualprev_rules.risk.reading import ENTITY, text

Points = Sequence[RiskPoint]


class PointFields:
    """Fills fields about the risk points of one result.

    Raises DualprevError where the facts do not hold one enterprise.
    """

    def __init__(self, result: Result) -> None:
        if result.place is None:
            raise DualprevError(problem("report.no-enterprise"))
        self.result = result
        self.place: Place = result.place
        self._classified: dict[str, Words | None] = {}
        self._places = {place.path: place for place in self.place.all_places()}
        self._fill: Mapping[Shows, Callable[[Points], Filled]] = {
            "name": lambda points: of_texts(point.name or point.short for point in points),
            "number": lambda points: of_texts(text(self.record(point), "id") for point in points),
            "place": lambda points: of_texts(self._place_name(point) for point in points),
            "post": lambda points: self._of_posts(points, "name"),
            "grade": self._grade,
            "category": lambda points: of_texts(e.accident_type for p in points for e in p.events),
            "hazard_factors": lambda points: of_texts(map(_factor, _sources(points))),
            "consequences": lambda points: self._said(points, "consequences"),
            "measures": lambda points: of_words(map(measure_words, _measures(points))),
            "calls": lambda points: of_words(map(_call, _measures(points))),
            "emergency": self._emergency,
            "duties": lambda points: self._of_posts(points, "duties"),
            "procedures": lambda points: self._of_posts(points, "procedures"),
            "control_level": lambda points: of_words(map(self._level, points)),
            "department": lambda points: of_texts(point.department for point in points),
            "owner": lambda points: of_texts(point.owner for point in points),
            "report_phone": lambda points: self._said(points, "report_phone"),
            "signs": lambda points: of_texts(sign for point in points for sign in self._signs(point)),
            "major_hazard_installations": lambda points: of_words(
                words for point in points for words in self._installations(point)
            ),
            "hidden_hazards": lambda points: of_words(
                words for point in points for words in self._hazards.get(point.path, ())
            ),
        }

    def fill(self, shows: Shows, points: Points) -> Filled:
        """Return what a field shows of points; nothing where the facts do not say it."""
        fill = self._fill.get(shows)
        return NOTHING if fill is None else fill(points)

    def grade(self, points: Points) -> RiskGrade:
        """Return the worst grade of points, on the basis that the profile counts."""
        found = worst([point.grade(self.result.profile.basis) for point in points])
        assert found is not None
        return found

    def shown(self, points: Points) -> Shown:
        """Return how the worst grade of points is shown."""
        profile = self.result.profile
        return profile.show(self.grade(points), any(point.assessed(profile.basis) for point in points))

    def shown_of_post(self, points: Points) -> Shown:
        """Return how the grade of a post is shown: open where a place of its points may hold further ones."""
        unlisted = {cause for point in points for cause in self._places[point.place].unlisted}
        if not unlisted:
            return self.shown(points)
        found = worst([self.grade(points), open_grade(*unlisted)])
        basis = self.result.profile.basis
        return self.result.profile.show(found, any(point.assessed(basis) for point in points))

    def record(self, point: RiskPoint) -> Record:
        """Return the record of a point."""
        return self._records[point.path]

    def post(self, point: RiskPoint) -> Record | None:
        """Return the post that a point names, where it is known which."""
        value = self.record(point).value("at_post")
        return value.possible[0] if value.known else None

    def occupational(self, points: Points) -> Filled:
        """Return the hazard sources of points that are known to be factors of occupational disease."""
        sources = [s for p in points for s in self.record(p).value("hazard_sources").possible.records]
        known = (s for s in sources if s.value("is_occupational").possible == frozenset((True,)))
        return of_texts(text(source, "name") or source.short for source in known)

    @cached_property
    def _records(self) -> Mapping[str, Record]:
        return {r.path: r for r in self.result.facts.records() if r.entity.name == ENTITY}

    @cached_property
    def _hazards(self) -> Mapping[str, list[Words]]:
        """By the path of a risk point: the hidden hazards found at it, and at what belongs to it."""
        found: dict[str, list[Words]] = {}
        for hazard in found_hazards(self.result):
            path = hazard.path
            while path and path not in self._records:
                path = path.rpartition(".")[0]
            found.setdefault(path, []).append(hazard.title)
        return found

    def _grade(self, points: Points) -> Filled:
        shown = self.shown(points)
        return Filled((shown.label,), shown=shown)

    def _place_name(self, point: RiskPoint) -> str:
        place = self._places[point.place]
        return place.name or place.short

    def _of_posts(self, points: Points, attribute: str) -> Filled:
        posts = [post for point in points if (post := self.post(point)) is not None]
        return of_texts(line for post in posts for line in _prose(post, attribute))

    def _said(self, points: Points, attribute: str) -> Filled:
        return of_texts(line for point in points for line in _prose(self.record(point), attribute))

    def _emergency(self, points: Points) -> Filled:
        """Return what to do in an emergency; where that differs, under the points that it is for."""
        steps: dict[tuple[str, ...], list[str]] = {}
        for point in points:
            lines = tuple(_prose(self.record(point), "emergency_response"))
            if lines:
                steps.setdefault(lines, []).append(point.name or point.short)
        if len(steps) <= 1:
            return Filled(tuple(Words(line) for lines in steps for line in lines))
        return Filled(
            tuple(
                words
                for lines, names in steps.items()
                for words in (phrase("steps_for", what="、".join(names)), *map(Words, lines))
            )
        )

    def _signs(self, point: RiskPoint) -> list[str]:
        return sorted(self.record(point).value("warning_signs").possible.sure)

    def _level(self, point: RiskPoint) -> Words | None:
        """Return the level given; where it is lower than the profile wants, or is not given, also that."""
        profile = self.result.profile
        given = point.control_level
        own = None if given is None else named("control", given.member)
        if not point.assessed(profile.basis):
            return own
        level: ControlLevel = profile.control_level(point.grade(profile.basis))
        if given is not None and given <= level:
            return own
        wanted = named("control", level.member)
        return phrase("level_wanted", wanted=wanted, given=own or phrase("no_one"))

    def _installations(self, point: RiskPoint) -> Iterator[Words]:
        """Yield the major hazard installations that hold a point; an open one says so."""
        above = self.record(point).parent
        while above is not None:
            if above.path not in self._classified:
                self._classified[above.path] = installation(self.result, above)
            found = self._classified[above.path]
            if found is not None:
                yield found
            above = above.parent


def installation(result: Result, record: Record) -> Words | None:
    """Return what a major hazard installation is called, with its level; None for what surely is none.

    None also where no pack at hand classifies such records.
    """
    classified = _derived(result, record, "is_major_hazard_installation")
    if classified is None:
        return None
    name = text(record, "name") or record.short
    if classified.open:
        return phrase("installation_open", name=name)
    if classified.value is not True:
        return None
    level = _derived(result, record, "hazard_level")
    if level is None:
        return Words(name)
    called = {member: words.to_json() for member, words in (result.called(level) or {}).items()}
    return phrase("installation", name=name, level=value_words(level.value, called=called))


def _derived(result: Result, record: Record, name: str) -> DerivedFact | None:
    for definition in result.ruleset.definitions.values():
        if definition.entity == record.entity.name and definition.name == name:
            return result.derive(definition, record)
    return None


def _prose(record: Record, attribute: str) -> list[str]:
    """Return a text line by line, with the punctuation of Chinese, which reading has made that of ASCII."""
    return [chinese(line.strip()) for line in (text(record, attribute) or "").splitlines()]


def _sources(points: Points) -> Iterator[HazardSource]:
    return (source for point in points for source in point.hazard_sources)


def _factor(source: HazardSource) -> str | None:
    said = source.name or source.factor_class
    return chinese(said) if said else None


def _measures(points: Points) -> Iterator[ControlMeasure]:
    """Yield the measures of points and of their events."""
    for point in points:
        yield from point.measures
        for event in point.events:
            yield from event.measures


def _call(measure: ControlMeasure) -> Words | None:
    """Return what is pointed at and said of a measure; nobody is made to confirm one that fails."""
    if measure.name is None or measure.in_place is False or measure.is_effective is False:
        return measure_words(measure)
    return phrase("call", measure=chinese(measure.name))
