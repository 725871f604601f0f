"""The map of a region or a sector: its enterprises by their grades, and the list behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from dualprev_rules.facts.record import Record
from dualprev_rules.problems import DualprevError, Words, problem
from dualprev_rules.problems.words import Lang
from dualprev_rules.report.map.page import draw
from dualprev_rules.report.map.patch import patch
from dualprev_rules.report.map.plan import Plan
from dualprev_rules.report.map.zones import A_ROW, Zone, block, zones_of
from dualprev_rules.report.phrases import joined, phrase
from dualprev_rules.risk.place import Place
from dualprev_rules.risk.profile import Profile
from dualprev_rules.risk.reading import text

if TYPE_CHECKING:
    from dualprev_rules.result import Result

By = Literal["district", "industry"]


@dataclass(frozen=True, slots=True)
class Enterprise:
    """An enterprise of a region: what it is called, of what kind, how risky, and where."""

    place: Place
    name: str
    code: str | None
    """Its unified social credit code."""
    id: str | None
    """What a roster knows it by: the credit code, else its own number."""
    industries: tuple[Words, ...]
    district: str | None
    profile: Profile
    major_hidden_hazards: int

    def to_json(self) -> dict[str, Any]:
        """Return the values of a list of enterprises: name, kind, grade, place, and how many risk points."""
        basis = self.profile.basis
        grade = self.place.grade(basis) if self.place.assessed(basis) else None
        points = list(self.place.all_points())
        return {
            "name": self.name,
            "credit_code": self.code,
            "id": self.id,
            "industries": [words.to_json() for words in self.industries],
            "grade": grade.level if grade else None,
            "possible": list(grade.possible) if grade else [],
            "label": self.profile.show(grade).label.to_json(),
            "district": self.district,
            "risk_points": len(points),
            "assessed": self.place.assessed(basis),
            "major_hidden_hazards": self.major_hidden_hazards,
        }


def enterprises_of(results: Sequence[Result]) -> tuple[Enterprise, ...]:
    """Return the enterprise of each result, in their order; raises DualprevError where one has none."""
    return tuple(_enterprise(result) for result in results)


def region_map(
    results: Sequence[Result],
    *,
    by: By = "district",
    plan: Plan | None = None,
    expected: Sequence[str] = (),
    lang: Lang = "zh",
) -> str:
    """Return the map of the enterprises of several results, all judged under one profile, as one page.

    They stand in rows by district or by industry, each in the colour of its grade. With a plan whose zones
    name districts (or industries) each zone has the colour of the worst enterprise in it. A district that
    is expected, and of which no enterprise came, is drawn grey and listed as not reported. Raises
    DualprevError where there is no result, one is of no enterprise, or the plan names what is not there.
    """
    every = enterprises_of(results)
    if not every:
        raise DualprevError(problem("report.nothing-to-map"))
    groups = _groups(every, by, lang)
    silent = sorted({*expected} - groups.keys())
    groups |= {name: [] for name in silent}
    districts = [_over(name, name, of) for name, of in groups.items()]
    region = _over("region", phrase("region").get(lang), districts)
    zones = tuple(_blocks(groups)) if plan is None else zones_of(region, plan)
    shown = {place.path for zone in zones for place in zone.places}
    outside = [] if plan is None else [place for place in districts if place.path not in shown]
    return draw(
        region,
        zones,
        every[0].profile,
        results[0].ruleset.as_of,
        lang,
        plan=plan,
        elsewhere=[point for place in outside for point in place.all_points()],
        enterprises=[*(_row(each) for each in every), *(_silent(name, every[0].profile) for name in silent)],
    )


def _enterprise(result: Result) -> Enterprise:
    place = result.place
    if place is None:
        raise DualprevError(problem("report.nothing-to-map"))
    record = next(root for root in result.facts.roots if root.path == place.path)
    code = text(record, "credit_code")
    return Enterprise(
        place,
        place.name or phrase("unnamed").zh,
        code,
        code or text(record, "id"),
        tuple(_industries(record)),
        text(record, "district"),
        result.profile,
        result.count("major"),
    )


def _industries(record: Record) -> Iterator[Words]:
    attribute = record.entity.attributes["industries"]
    for member in sorted(record.value("industries").possible.sure):
        yield attribute.member_labels.get(member, Words(member))


def _groups(every: Sequence[Enterprise], by: By, lang: Lang) -> dict[str, list[Place]]:
    """Return the enterprises by district or industry; one of several industries stands under each."""
    nowhere = phrase("no_one").get(lang)
    groups: dict[str, list[Place]] = {}
    for each in every:
        names = [each.district] if by == "district" else [words.get(lang) for words in each.industries]
        for name in names or [None]:
            groups.setdefault(name or nowhere, []).append(each.place)
    return dict(sorted(groups.items()))


def _over(path: str, name: str, places: Sequence[Place]) -> Place:
    """Return the place that holds some others."""
    return Place(path, path, "region", name, (), tuple(places), frozenset(), ())


def _blocks(groups: dict[str, list[Place]]) -> Iterator[Zone]:
    down = 0
    for name, places in groups.items():
        if not places:
            yield block(_over(name, name, ()), down, 0, f"{name}：{phrase('not_reported').zh}")
            down += 1
        for start in range(0, len(places), A_ROW):
            for across, place in enumerate(places[start : start + A_ROW]):
                yield block(place, down, across, f"{name}：{place.name or place.short}")
            down += 1


def _row(each: Enterprise) -> dict[str, Any]:
    basis = each.profile.basis
    grade = each.place.grade(basis) if each.place.assessed(basis) else None
    return {
        "name": each.name,
        "industries": joined(list(each.industries)) if each.industries else phrase("no_one"),
        "patch": patch(each.profile, grade),
        "district": each.district,
        "major": each.major_hidden_hazards,
    }


def _silent(name: str, profile: Profile) -> dict[str, Any]:
    """Return the row of a district of which nothing was reported."""
    said = phrase("not_reported")
    return {
        "name": f"{said.zh} {said.en}",
        "industries": Words("", ""),
        "patch": patch(profile, None),
        "district": name,
        "major": 0,
    }
