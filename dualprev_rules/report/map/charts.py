"""What stands beside the map: its legend, the work risks compared, how the risks are distributed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from dualprev_rules.problems import Words
from dualprev_rules.report.map.patch import Patch, patch, patch_of
from dualprev_rules.report.phrases import named, phrase
from dualprev_rules.risk.grades import GRADES, RiskGrade
from dualprev_rules.risk.point import RiskPoint
from dualprev_rules.risk.profile import Basis, Profile

MOST_BARS = 40
"""The work risks shown at once, the worst first; the rest unfolds."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart: what it is of, how many there are, its length in per cent."""

    label: Words
    count: int
    length: int
    patch: Patch | None = None


def legend(shown: Sequence[Patch], profile: Profile) -> list[tuple[Patch, int]]:
    """Return every grade with the number of zones that have it; open ones and grey ones besides."""
    counts = Counter(each.key for each in shown)
    always = [patch(profile, RiskGrade((grade,))) for grade in GRADES]
    open_ones = {each.key: each for each in shown if each.key.startswith("h")}
    hatched = [
        (replace(each, label=phrase("open_at_worst", worst=profile.grades[int(key[1:])].name)), counts[key])
        for key, each in sorted(open_ones.items())
    ]
    decided = [(each, counts[each.key]) for each in always]
    return [*decided, *hatched, (patch(profile, None), counts["none"])]


def work_bars(points: Iterable[RiskPoint], profile: Profile, basis: Basis) -> list[Bar]:
    """Return the work activities, the worst first, what was not assessed last.

    The bar is the longer the worse, from a quarter for grade 4 to the whole for grade 1; an open grade has
    that of the worst that it may be.
    """
    bars: list[Bar] = []
    for point in points:
        if point.kind == "activity":
            drawn = patch_of(point, profile, basis)
            steps = 0 if drawn.key == "none" else 5 - point.grade(basis).at_worst
            bars.append(Bar(Words(point.name or point.short), 1, steps * 25, drawn))
    return sorted(bars, key=lambda bar: -bar.length)


def by_grade(points: Iterable[RiskPoint], profile: Profile, basis: Basis) -> list[Bar]:
    """Return how many risk points have each grade, the worst first."""
    drawn = [patch_of(point, profile, basis) for point in points]
    by_label = {each.label: each for each in drawn}
    rows = Counter(each.label for each in drawn).items()
    ordered = sorted(rows, key=lambda row: (by_label[row[0]].sign == "–", by_label[row[0]].sign, row[0].zh))
    most = max((count for _, count in ordered), default=1)
    return [Bar(label, count, _share(count, most), by_label[label]) for label, count in ordered]


def spread(points: Sequence[RiskPoint]) -> dict[str, list[Bar]]:
    """Return how many risk points there are by type of accident, by department, by kind.

    A point counts once for each type of accident among its events.
    """
    types = ({event.accident_type for event in point.events if event.accident_type} for point in points)
    return {
        "by_category": _bars(_text(name) for found in types for name in sorted(found) or [None]),
        "by_department": _bars(_text(point.department) for point in points),
        "by_kind": _bars(named("point_kind", point.kind or "unknown") for point in points),
    }


def _text(written: str | None) -> Words:
    return Words(written) if written else phrase("no_one")


def _bars(labels: Iterable[Words]) -> list[Bar]:
    """Return how often each is there, the most frequent first, then by name."""
    rows = sorted(Counter(labels).items(), key=lambda row: (-row[1], row[0].zh))
    most = rows[0][1] if rows else 1
    return [Bar(label, count, _share(count, most)) for label, count in rows]


def _share(count: int, most: int) -> int:
    return max(1, 100 * count // most)
