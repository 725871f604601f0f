"""Pooled risk: the grades of many enterprises by street, county, city, province or industry, and their trend.

The rules of pooling are few and are said with the figures. An area is as bad as the worst enterprise in it.
An enterprise that has not reported may have any grade: it leaves its area open, and is counted for itself.
An area that is expected and from which nothing came is there, with nothing reported.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from dualprev_rules.problems import DualprevError, Place, Problem, problem
from dualprev_rules.risk.grades import GRADES, RiskGrade, worst
from dualprev_rules.supervision.files import read_text
from dualprev_rules.supervision.roster import LEVELS, Enterprise, spelled

_NO_NAME = re.compile(r'^[^\w(《]|[:{}\[\]<>"=#|;\t]|,(?! )')
"""What stands in other files (keys, lists, cells) and in no name of an area, industry or group."""
By = Literal["province", "city", "county", "street", "industry", "group"]
Change = Literal["worse", "better", "same", "open", "new", "gone"]
Area = tuple[str | None, ...]
"""Names by level, the widest first; None where an enterprise does not say."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """What is known of an area, an industry or a group."""

    area: Area
    grade: RiskGrade
    """The worst in it; open while one that is not decided, or not reported, may be worse."""
    decided: tuple[int, int, int, int]
    """Enterprises of grade 1, 2, 3 and 4."""
    open: int
    """Enterprises that reported, and whose grade is not decided."""
    not_reported: int

    @property
    def enterprises(self) -> int:
        """All enterprises in it."""
        return sum(self.decided) + self.open + self.not_reported

    def to_json(self) -> dict[str, Any]:
        """Return its values: the grade is null while it is open."""
        return {
            "area": list(self.area),
            "grade": self.grade.level,
            "possible": list(self.grade.possible),
            "enterprises": self.enterprises,
            "by_grade": dict(zip(("1", "2", "3", "4"), self.decided, strict=True)),
            "open": self.open,
            "not_reported": self.not_reported,
        }


@dataclass(frozen=True, slots=True)
class Trend:
    """What became of an enterprise between two rosters."""

    id: str
    change: Change
    """``open``: a grade that is not decided on either day leaves it open."""
    before: tuple[int, ...]
    after: tuple[int, ...]


def pool(enterprises: Iterable[Enterprise], by: By, expected: Iterable[Area] = ()) -> tuple[Pooled, ...]:
    """Return each area, industry or group with what is known of it, sorted; those expected are always there.

    One of several industries counts under each.
    """
    groups: dict[Area, list[Enterprise]] = {area: [] for area in expected}
    for one in enterprises:
        for area in areas_of(one, by):
            groups.setdefault(area, []).append(one)
    return tuple(_pooled(area, of) for area, of in sorted(groups.items(), key=lambda item: by_name(item[0])))


def nothing_from(name: str) -> Pooled:
    """Return an area from which nothing came."""
    return Pooled((name,), RiskGrade(GRADES), (0, 0, 0, 0), 0, 0)


def together(name: str, areas: Sequence[Pooled]) -> Pooled:
    """Return one or more areas as one, which is as bad as the worst of them."""
    grade = worst(each.grade for each in areas)
    assert grade is not None
    one, two, three, four = (sum(each.decided[n] for each in areas) for n in range(4))
    still_open, silent = sum(each.open for each in areas), sum(each.not_reported for each in areas)
    return Pooled((name,), grade, (one, two, three, four), still_open, silent)


def trend(before: Iterable[Enterprise], after: Iterable[Enterprise]) -> tuple[Trend, ...]:
    """Return what became of each enterprise that stands in either roster, sorted by id."""
    old, new = ({one.id: one for one in roster} for roster in (before, after))
    return tuple(_change(code, old.get(code), new.get(code)) for code in sorted(old.keys() | new.keys()))


def read_names(path: Path) -> tuple[str, ...]:
    """Return the names in a file, one a line; raises DualprevError for every line that is no name."""
    lines = enumerate(read_text(path).splitlines(), 1)
    names = [(number, name) for number, line in lines if (name := spelled(line))]
    faults = [
        problem("supervision.area-name", place=Place(str(path), number), given=name[:60])
        for number, name in names
        if _NO_NAME.search(name) or any(not spelled(part) for part in name.split("/"))
    ]
    if faults or not names:
        raise DualprevError(faults or problem("supervision.no-names", given=str(path)))
    return tuple(name for _, name in names)


def read_areas(path: Path, enterprises: Iterable[Enterprise], by: By) -> tuple[Area, ...]:
    """Return the areas that a file names, one a line, each with the wider areas that enterprises give it.

    A line may say the wider area too, as in ``徐州市/鼓楼区``. A name that no enterprise has stands alone.
    Raises DualprevError where the file cannot be read, or a line is no area of the level.
    """
    known: dict[tuple[str | None, ...], dict[Area, None]] = {}
    for area in dict.fromkeys(area for one in enterprises for area in areas_of(one, by)):
        for n in range(1, len(area) + 1):
            known.setdefault(area[-n:], {})[area] = None
    width = LEVELS.index(by) + 1 if by in LEVELS else 1
    found: dict[Area, None] = {}
    deep: list[Problem] = []
    for name in read_names(path):
        parts = tuple(map(spelled, name.split("/"))) if by in LEVELS else (name,)
        if len(parts) > width:
            deep.append(problem("supervision.area-deep", path=str(path), given=name, most=width))
            continue
        found |= known.get(parts, {(*[None] * (width - len(parts)), *parts): None})
    if deep:
        raise DualprevError(deep)
    return tuple(found)


def area_names(areas: Iterable[Area], nowhere: str) -> dict[Area, str]:
    """Return what to call each area: its own name, after those of wider ones where two have the same.

    >>> area_names([("南京市", "鼓楼区"), ("徐州市", "鼓楼区"), ("徐州市", None)], "?")[("南京市", "鼓楼区")]
    '南京市/鼓楼区'
    """
    told = {area: tuple(name or nowhere for name in area) for area in areas}
    ends = Counter(parts[-n:] for parts in told.values() for n in range(1, len(parts) + 1))
    return {
        area: "/".join(next((parts[-n:] for n in range(1, len(parts)) if ends[parts[-n:]] == 1), parts))
        for area, parts in told.items()
    }


def _change(code: str, old: Enterprise | None, new: Enterprise | None) -> Trend:
    if old is None or new is None:
        return Trend(
            code, "new" if old is None else "gone", old.grades if old else (), new.grades if new else ()
        )
    first, last = old.possible, new.possible
    change: Change = "open"
    if max(last) < min(first):
        change = "worse"
    elif min(last) > max(first):
        change = "better"
    elif len(first) == len(last) == 1:
        change = "same"
    return Trend(code, change, old.grades, new.grades)


def areas_of(one: Enterprise, by: By) -> Sequence[Area]:
    """Return the areas, industries or groups that an enterprise counts under."""
    match by:
        case "industry":
            return [(name,) for name in one.industries] or [(None,)]
        case "group":
            return [(one.group,)]
        case level:
            return [one.area[: LEVELS.index(level) + 1]]


def _pooled(area: Area, of: Sequence[Enterprise]) -> Pooled:
    decided = Counter(one.grades[0] for one in of if len(one.grades) == 1)
    silent = sum(not one.reported for one in of)
    # As many sets of grades as there are, not as many as there are enterprises.
    sets = {one.possible for one in of}
    grade = worst(RiskGrade(possible) for possible in sets) if sets else RiskGrade(GRADES)
    assert grade is not None
    counts = (decided[1], decided[2], decided[3], decided[4])
    return Pooled(area, grade, counts, len(of) - sum(counts) - silent, silent)


def by_name(area: Area) -> tuple[tuple[bool, str], ...]:
    """Return what areas are sorted by: their names, those that are not said last."""
    return tuple((name is None, name or "") for name in area)
