"""A scheme of classes (分类分级): management state by risk grade gives the class, the class its inspections.

No document that we have seen fixes how often a class is inspected: the figures are the regulator's own.
What documents do say is which way they must go, and a scheme that goes another way is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field

from dualprev_rules.problems import DualprevError, Problem, Words, nearest, problem
from dualprev_rules.risk.grades import GRADES
from dualprev_rules.risk.load import shipped_profiles
from dualprev_rules.supervision.files import Strict, read_model
from dualprev_rules.supervision.roster import Enterprise, spelled

Axis = Literal["risk_grade", "management"]


@dataclass(frozen=True, slots=True)
class Law:
    """What a document says of every scheme of its jurisdiction."""

    profile: str
    instrument: str
    clause: str
    rises_with: tuple[Axis, ...]
    """Inspections become more with these: with all else equal, the worst end has more than the best."""
    says: Words


class State(Strict):
    """A management state."""

    id: str = Field(min_length=1)
    label: Words


class Class(Strict):
    """A class: how often its enterprises are inspected, and what is done besides."""

    id: str = Field(min_length=1)
    label: Words
    visits: int = Field(ge=0, le=366)
    """Inspections a year; the weight of each enterprise of the class in a draw."""
    measures: tuple[Words, ...] = ()


class Scheme(Strict):
    """A regulator's scheme of classes, as its file says it."""

    scheme: str = Field(min_length=1)
    title: Words
    profile: str | None = None
    """The profile by whose document the scheme is held."""
    management: tuple[State, ...] = Field(min_length=1)
    """The management states, the worst first."""
    classes: tuple[Class, ...] = Field(min_length=1)
    """The strictest first."""
    table: Mapping[str, tuple[str, str, str, str]]
    """Management state → the class for risk grade 1, 2, 3 and 4."""
    cite: Words | None = None
    """The regulator's own document that fixes it."""

    def class_of(self, management: str, grade: int) -> Class:
        """Return the class of a management state and a risk grade."""
        return next(each for each in self.classes if each.id == self.table[management][grade - 1])


@dataclass(frozen=True, slots=True)
class Classified:
    """An enterprise with every class that it may be in."""

    enterprise: Enterprise
    possible: tuple[Class, ...]
    """The strictest first."""

    @property
    def counts(self) -> Class:
        """The class that counts: while it is open, the strictest that it may be."""
        return self.possible[0]

    @property
    def decided(self) -> bool:
        """Tell whether grade and management state leave one class only."""
        return len(self.possible) == 1


def read_scheme(source: Path | Mapping[str, Any]) -> Scheme:
    """Read a scheme and check it against its document; raises DualprevError with every fault."""
    scheme = read_model(source, Scheme)
    faults = [*_incomplete(scheme)]
    if not faults:
        faults = [*_unordered(scheme), *_against(scheme)]
    if faults:
        raise DualprevError(faults)
    return scheme


def classify(scheme: Scheme, enterprise: Enterprise) -> Classified:
    """Return the classes that an enterprise may be in; raises DualprevError for a state that is not there."""
    states = [state.id for state in scheme.management]
    if enterprise.management is not None:
        labels = {spelled(state.label.zh): state.id for state in scheme.management}
        known = labels | {spelled(each): each for each in states}
        given = spelled(enterprise.management)
        if given not in known:
            near = nearest(given, known)
            raise DualprevError(
                problem(
                    "supervision.state",
                    path=enterprise.id,
                    given=given,
                    nearest=near,
                    allowed=" ".join(states),
                )
            )
        states = [known[given]]
    named = {scheme.table[state][grade - 1] for state in states for grade in enterprise.possible}
    return Classified(enterprise, tuple(each for each in scheme.classes if each.id in named))


@cache
def laws() -> tuple[Law, ...]:
    """Return what the documents of the shipped profiles say of schemes of classes."""
    text = (files("dualprev_rules.supervision") / "classes.yaml").read_text("utf-8")
    return tuple(
        Law(
            profile,
            said["cite"]["instrument"],
            said["cite"]["clause"],
            tuple(said["rises_with"]),
            Words(said["says"]["zh"], said["says"]["en"]),
        )
        for profile, said in yaml.safe_load(text).items()
    )


def _incomplete(scheme: Scheme) -> Iterator[Problem]:
    profiles = shipped_profiles()
    if scheme.profile is not None and scheme.profile not in profiles:
        near = nearest(scheme.profile, profiles)
        allowed = " ".join(sorted(profiles))
        yield problem("supervision.profile", given=scheme.profile, nearest=near, allowed=allowed)
    for path, of in (("management", scheme.management), ("classes", scheme.classes)):
        ids = Counter(each.id for each in of)
        for name in (name for name, n in ids.items() if n > 1):
            yield problem("supervision.same-name", path=path, given=name)
    states, classes = {state.id for state in scheme.management}, {each.id for each in scheme.classes}
    for state in sorted(states - scheme.table.keys()):
        yield problem("supervision.no-row", given=state)
    for state in sorted(scheme.table.keys() - states):
        yield problem(
            "supervision.state",
            path="table",
            given=state,
            nearest=nearest(state, states),
            allowed=" ".join(sorted(states)),
        )
    for state, row in scheme.table.items():
        for name in row:
            if name not in classes:
                yield problem(
                    "supervision.class", path=f"table.{state}", given=name, nearest=nearest(name, classes)
                )


def _unordered(scheme: Scheme) -> Iterator[Problem]:
    """Yield each place where a worse grade or a worse state would mean fewer inspections."""
    for stricter, milder in pairwise(scheme.classes):
        if stricter.visits < milder.visits:
            yield problem("supervision.class-order", given=stricter.id, other=milder.id)
    states = [state.id for state in scheme.management]
    for state in states:
        for worse, better in pairwise(GRADES):
            if scheme.class_of(state, worse).visits < scheme.class_of(state, better).visits:
                yield problem(
                    "supervision.not-monotone", path=f"table.{state}", given=str(worse), other=str(better)
                )
    for worse, better in pairwise(states):
        for grade in GRADES:
            if scheme.class_of(worse, grade).visits < scheme.class_of(better, grade).visits:
                yield problem(
                    "supervision.not-monotone", path=f"table.{worse}.{grade}", given=worse, other=better
                )


def _against(scheme: Scheme) -> Iterator[Problem]:
    """Yield where the scheme does not rise as its document says."""
    first, last = scheme.management[0].id, scheme.management[-1].id
    for law in (law for law in laws() if law.profile == scheme.profile):
        ends = {
            "risk_grade": [(scheme.class_of(s.id, 1), scheme.class_of(s.id, 4)) for s in scheme.management],
            "management": [(scheme.class_of(first, g), scheme.class_of(last, g)) for g in GRADES],
        }
        for axis in law.rises_with:
            if any(worst.visits <= best.visits for worst, best in ends[axis]):
                yield problem(
                    "supervision.does-not-rise",
                    path=f"{law.instrument} {law.clause}",
                    given=axis,
                    says=law.says,
                )
