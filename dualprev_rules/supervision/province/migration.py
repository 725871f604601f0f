"""The same enterprises under two sets of rules: how many change class, which, and by which rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dualprev_rules.engine import Engine, profile_files
from dualprev_rules.pack.load import read_packs
from dualprev_rules.pack.registry import find_pack
from dualprev_rules.risk.grades import RiskGrade
from dualprev_rules.supervision.province.batch import read_part
from dualprev_rules.supervision.province.tally import CLASSES, enterprises

if TYPE_CHECKING:
    import polars as pl

    from dualprev_rules.evaluate.columns import Judged

VIOLATED, OPEN = (1,), (3, 4)
"""Codes of columns: what is violated, and what is open, presumed or not."""
GRADES = ("1", "2", "3", "4", "open", "none")
"""Risk grades of enterprises, the worst first: ``open`` where several are possible, ``none`` without any."""


@dataclass(slots=True)
class Migration:
    """How enterprises move between classes, and the rules by which what was found of them differs."""

    enterprises: int = 0
    moved: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    """Class before and after → enterprises."""
    graded: Counter[tuple[str, str]] | None = None
    """Risk grade before and after → enterprises, where it is asked."""
    newly: Counter[str] = field(default_factory=Counter[str])
    """Rule → enterprises that violate it after, and did not before."""
    no_longer: Counter[str] = field(default_factory=Counter[str])
    opened: Counter[str] = field(default_factory=Counter[str])
    """Rule → enterprises of which it is open after, at some record, and was not before."""
    closed: Counter[str] = field(default_factory=Counter[str])
    changed: list[pl.DataFrame] = field(default_factory=list["pl.DataFrame"])
    """A row for each enterprise that changes class: row, id, before, after, newly, no_longer, opened, closed.

    Where grades are asked also for each that changes grade, with grade_before and grade_after.
    """

    @property
    def changes(self) -> int:
        """How many enterprises change class."""
        return sum(count for (before, after), count in self.moved.items() if before != after)

    @property
    def worse(self) -> int:
        """How many of them are in a graver class after."""
        return sum(n for (b, a), n in self.moved.items() if CLASSES.index(a) < CLASSES.index(b))

    def to_json(self) -> dict[str, Any]:
        """Return the counts; a matrix by class or grade before, then after, the gravest first."""
        graded = self.graded
        return {
            "enterprises": self.enterprises,
            "changes": self.changes,
            "worse": self.worse,
            "matrix": {b: {a: self.moved[b, a] for a in CLASSES} for b in CLASSES},
            "grades": None if graded is None else {b: {a: graded[b, a] for a in GRADES} for b in GRADES},
            "newly_violated": dict(sorted(self.newly.items(), key=_most)),
            "no_longer_violated": dict(sorted(self.no_longer.items(), key=_most)),
            "newly_open": dict(sorted(self.opened.items(), key=_most)),
            "no_longer_open": dict(sorted(self.closed.items(), key=_most)),
        }


def draft_engine(
    draft: str | None,
    packs: Sequence[str],
    profile: str,
    *,
    day: date,
    draft_day: date,
    keys: Sequence[str | Path] = (),
) -> tuple[Engine, Engine]:
    """Return the engine of what is in force, and of the draft.

    A draft is a profile; or a pack, by id or folder, which takes the place of the one of its id, or joins the
    packs; or none, where only the day is another. With ``keys`` all of them must be signed by one of these.
    Raises DualprevError for what does not load.
    """
    before = Engine.load(list(packs), profile, as_of=day, keys=keys)
    after_packs, after_profile = list(packs), profile
    if draft is not None and draft in profile_files():
        after_profile = draft
    elif draft is not None:
        ids = {source.id for source in read_packs([draft], cases=False)}
        after_packs = [pack for pack in packs if not ids & _ids(pack)] + [draft]
    return before, Engine.load(after_packs, after_profile, as_of=draft_day, keys=keys)


def _ids(pack: str) -> set[str]:
    folder, _ = find_pack(pack)
    return {source.id for source in read_packs([folder], cases=False)}


def migrate(before: Engine, after: Engine, frame: pl.LazyFrame, rows: int, found: Migration) -> Iterator[int]:
    """Judge the rows by both and count into ``found``; yield how many are done, ``rows`` at a time."""
    import polars as pl

    total: int = frame.select(pl.len()).collect().item()
    for first in range(0, total, rows):
        part = read_part(frame, first, rows)
        sides: list[pl.DataFrame] = []
        grades: list[pl.Series] = []
        broken: list[pl.DataFrame] = []
        unsure: list[pl.DataFrame] = []
        for engine in (before, after):
            result = engine.assess_frame(part, rows=rows)
            (judged,) = result.slices()
            sides.append(enterprises(judged, part, result))
            if found.graded is not None:
                every = [_grade(result.explain(row).grade) for row in range(part.height)]
                grades.append(pl.Series(every, dtype=pl.String))
            broken.append(_with(judged, engine, VIOLATED))
            unsure.append(_with(judged, engine, OPEN))
        if found.graded is not None:
            found.graded.update(zip(*grades, strict=True))
        _add(found, first, sides, (*_differ(broken), *_differ(unsure)), grades)
        yield first + part.height


def _grade(grade: RiskGrade | None) -> str:
    return "none" if grade is None else "open" if grade.level is None else str(grade.level)


def _with(judged: Judged, engine: Engine, wanted: tuple[int, ...]) -> pl.DataFrame:
    """Return a row for each enterprise and rule that has one of these codes at some record of it."""
    import polars as pl

    kinds = {rule.id: rule.kind for rule in engine.ruleset.rules.values()}
    parts = [pl.DataFrame(schema={"row": pl.UInt32, "rule": pl.String})]
    for codes in judged.codes.values():
        for rule in codes.columns[1:]:
            if kinds[rule] != "data_check":
                rows = codes["row"].filter(codes[rule].is_in(wanted)).unique()
                parts.append(pl.DataFrame({"row": rows}).with_columns(pl.lit(rule).alias("rule")))
    return pl.concat(parts)


def _differ(sides: list[pl.DataFrame]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what only the second side has, and what only the first has."""
    before, after = sides
    return after.join(before, on=["row", "rule"], how="anti"), before.join(
        after, on=["row", "rule"], how="anti"
    )


_DIFFER = ("newly", "no_longer", "opened", "closed")


def _add(
    found: Migration,
    first: int,
    sides: list[pl.DataFrame],
    differ: tuple[pl.DataFrame, ...],
    grades: list[pl.Series],
) -> None:
    import polars as pl

    before, after = sides
    found.enterprises += before.height
    moved = pl.DataFrame({"before": before["class"], "after": after["class"]})
    for one, other, count in moved.group_by("before", "after").len().rows():
        found.moved[one, other] += count
    for name, rows in zip(_DIFFER, differ, strict=True):
        counted: Counter[str] = getattr(found, name)
        counted.update(dict(rows.group_by("rule").len().rows()))
    keys = before.select("row", *(["id"] if "id" in before.columns else []))
    listed = keys.with_columns(moved["before"], moved["after"])
    changes = pl.col("before") != pl.col("after")
    if grades:
        listed = listed.with_columns(grade_before=grades[0], grade_after=grades[1])
        changes |= pl.col("grade_before") != pl.col("grade_after")
    listed = listed.filter(changes)
    for name, rows in zip(_DIFFER, differ, strict=True):
        lists = rows.sort("row", "rule").group_by("row").agg(pl.col("rule").alias(name))
        listed = listed.join(lists, on="row", how="left", maintain_order="left")
    found.changed.append(listed.with_columns((pl.col("row") + first).cast(pl.UInt32)))


def _most(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]
