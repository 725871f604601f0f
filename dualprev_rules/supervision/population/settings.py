"""What synthetic enterprises are like: the figures of ``population.yaml``, each an assumption."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from dualprev_rules.problems import DualprevError, nearest, problem


@dataclass(frozen=True, slots=True)
class Figures:
    """A lognormal distribution."""

    median: float
    sigma: float


@dataclass(frozen=True, slots=True)
class Length:
    """How many records a list has: a Poisson distribution that is cut off."""

    mean: float
    most: int


@dataclass(frozen=True, slots=True)
class Industry:
    """What is told apart by industry."""

    id: str
    share: float
    employees: Figures
    lists: Mapping[str, Length]


@dataclass(frozen=True, slots=True)
class Settings:
    """A population; the names and meanings are those of the file."""

    missing: float
    missing_lists: float
    lapse: float
    neutral: float
    members: float
    years: int
    spread: float
    scale: float
    districts: int
    figures: Mapping[str, Figures]
    lists: Mapping[str, Length]
    industries: tuple[Industry, ...]

    def length(self, industry: Industry, name: str) -> Length:
        """Return how long a list is."""
        return industry.lists.get(name) or self.lists.get(name) or self.lists["other"]

    def only(self, industries: tuple[str, ...], missing: float | None) -> Settings:
        """Return the population of some industries, with another share of missing facts where one is named.

        Raises DualprevError for an industry that there is none of.
        """
        have = [each.id for each in self.industries]
        wrong = [each for each in industries if each not in have]
        if wrong:
            raise DualprevError(
                problem(
                    "supervision.no-industry", given=name, nearest=nearest(name, have), of=", ".join(have)
                )
                for name in wrong
            )
        kept = tuple(each for each in self.industries if not industries or each.id in industries)
        return replace(self, industries=kept, missing=self.missing if missing is None else missing)


@cache
def settings() -> Settings:
    """Return the population that is shipped."""
    text = files("dualprev_rules.supervision.population").joinpath("population.yaml").read_text("utf-8")
    given: dict[str, Any] = yaml.safe_load(text)
    industries = tuple(
        Industry(name, float(of["share"]), Figures(**of["employees"]), _lengths(of.get("lists", {})))
        for name, of in given.pop("industries").items()
    )
    figures = {name: Figures(**of) for name, of in given.pop("figures").items()}
    lists = _lengths(given.pop("lists"))
    return Settings(**given, figures=figures, lists=lists, industries=industries)


def _lengths(given: Mapping[str, Any]) -> dict[str, Length]:
    return {name: Length(**of) for name, of in given.items()}
