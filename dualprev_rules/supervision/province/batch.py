"""Judge a province part by part into a folder, so that a run that stopped goes on where it was."""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dualprev_rules.engine import Engine
from dualprev_rules.problems import DualprevError, problem
from dualprev_rules.result.document import engine_version
from dualprev_rules.supervision.province.source import strays_of
from dualprev_rules.supervision.province.tally import Tally, asked_facts, enterprises, tally

if TYPE_CHECKING:
    import polars as pl

_RUN, _PARTS, _OUTCOMES, _ENTERPRISES = "run.json", "parts", "outcomes", "enterprises"
SNAPSHOT = "input.parquet"


@dataclass(frozen=True, slots=True)
class Batch:
    """A run into a folder: ``outcomes`` and ``enterprises`` as Parquet, a file of each for every part."""

    engine: Engine
    frame: pl.LazyFrame
    out: Path
    total: int
    rows: int
    outcomes: tuple[str, ...]

    @property
    def parts(self) -> range:
        """The numbers of the parts."""
        return range(-(-self.total // self.rows))

    def done(self) -> int:
        """Return how many enterprises of the whole parts so far were judged."""
        return sum(each.enterprises for n in self.parts if (each := self._counted(n)) is not None)

    def run(self) -> Iterator[int]:
        """Judge the parts that are not there; yield how many enterprises are judged after each.

        A part counts when its tally is there, which is written last; nothing half-written has its name.
        Raises DualprevError where the input cannot be read to its end, or nothing can be written.
        """
        asked = asked_facts(self.engine.ruleset)
        done = self.done()
        for number in self.parts:
            if self._counted(number) is None:
                done += self._part(number, asked)
                yield done

    def _part(self, number: int, asked: frozenset[tuple[str, str]]) -> int:
        """Judge one part, of which nothing is held when the next one begins; return how many rows it has."""
        import polars as pl

        frame = read_part(self.frame, number * self.rows, self.rows)
        result = self.engine.assess_frame(frame, outcomes=self.outcomes, rows=self.rows)
        (judged,) = result.slices()
        of, found = enterprises(judged, frame, result), judged.tidy()
        counted = tally(judged, found, of, asked, self.engine.ruleset)
        first = pl.col("row") + number * self.rows
        try:
            for folder, each in ((_OUTCOMES, found), (_ENTERPRISES, of)):
                with _whole(self.out / folder / f"{number:06}.parquet") as part:
                    each.with_columns(first.cast(pl.UInt32)).write_parquet(part)
            _write(self._tally(number), counted.to_json())
        except (pl.exceptions.PolarsError, OSError) as fault:
            raise _fault("supervision.part-unwritten", str(self.out), fault) from fault
        return frame.height

    def tally(self) -> Tally:
        """Return the sum of the parts that were judged."""
        found = Tally(problems=strays_of(self.out / SNAPSHOT))
        for number in self.parts:
            if (counted := self._counted(number)) is not None:
                found.add(counted)
        return found

    def _counted(self, number: int) -> Tally | None:
        """Return the tally of a part; None where there is none, or one that is damaged: it is judged anew."""
        file = self._tally(number)
        if not file.exists():
            return None
        try:
            counted = Tally.of_json(json.loads(file.read_text("utf-8")))
        except (ValueError, TypeError, AttributeError):
            return None
        except OSError as fault:
            raise _fault("supervision.unreadable", str(file), fault) from fault
        return counted if counted.enterprises == min(self.rows, self.total - number * self.rows) else None

    def _tally(self, number: int) -> Path:
        return self.out / _PARTS / f"{number:06}.json"


def goes_on(out: Path, source: Mapping[str, Any], *, resume: bool) -> bool:
    """Tell whether the folder holds a run of this source, which is to go on.

    Raises DualprevError where it holds a run that is not to go on, or that is of another source.
    """
    before = _before(out)
    if before is None:
        return False
    if not resume:
        raise DualprevError(problem("supervision.batch-there", given=str(out)))
    _same(out, before, source)
    return True


def open_batch(
    engine: Engine,
    frame: pl.LazyFrame,
    out: Path,
    *,
    rows: int,
    outcomes: tuple[str, ...],
    resume: bool,
    source: Mapping[str, Any] | None = None,
) -> Batch:
    """Return a run into a folder, a new one, or one that goes on; ``source`` is what ``source_of`` gave.

    Raises DualprevError where columns mean nothing, where the folder holds a run and it is not to go on, or
    where that run was of another source or version, other rows, rules or options.
    """
    import polars as pl

    result = engine.assess_frame(frame, outcomes=outcomes)
    shape = result.shape
    total: int = frame.select(pl.len()).collect().item()
    ruleset, profile = engine.ruleset, engine.profile
    run: dict[str, Any] = {
        **(source or {}),
        "version": engine_version(),
        "as_of": ruleset.as_of.isoformat(),
        "packs": {pack.id: pack.hash for pack in ruleset.packs},
        "profile": {profile.id: profile.hash},
        "columns": {**shape.facts, **{name: column for name, (column, _) in shape.lists.items()}},
        "enterprises": total,
        "rows": rows,
        "outcomes": list(outcomes),
        "lists": "stated" if result.stated else "assumed",
    }
    if goes_on(out, source or {}, resume=resume):
        _same(out, _before(out) or {}, run)
    try:
        for folder in (_PARTS, _OUTCOMES, _ENTERPRISES):
            (out / folder).mkdir(parents=True, exist_ok=True)
        _write(out / _RUN, run)
    except OSError as fault:
        raise _fault("supervision.part-unwritten", str(out), fault) from fault
    return Batch(engine, frame, out, total, rows, outcomes)


def _before(out: Path) -> dict[str, Any] | None:
    file = out / _RUN
    try:
        return json.loads(file.read_text("utf-8")) if file.exists() else None
    except (OSError, ValueError) as fault:
        raise _fault("supervision.unreadable", str(file), fault) from fault


def _same(out: Path, before: Mapping[str, Any], run: Mapping[str, Any]) -> None:
    other = ", ".join(name for name in run if before.get(name) != run[name])
    if other:
        raise DualprevError(problem("supervision.batch-other", given=str(out), other=other))


def read_part(frame: pl.LazyFrame, first: int, rows: int) -> pl.DataFrame:
    """Return some rows; raises DualprevError where they cannot be read."""
    import polars as pl

    try:
        return frame.slice(first, rows).collect()
    except (pl.exceptions.PolarsError, OSError) as fault:
        raise _fault("supervision.part-unreadable", str(first), fault) from fault


def _write(file: Path, value: Any) -> None:
    with _whole(file) as part:
        part.write_text(json.dumps(value, ensure_ascii=False), "utf-8")


@contextmanager
def _whole(file: Path) -> Generator[Path]:
    """Give what is to be written in the place of a file, which is it once all is written."""
    part = file.with_suffix(".part")
    try:
        yield part
        with part.open("rb+") as written:
            # It has its name only once it is on the disk: a power cut leaves no empty file.
            os.fsync(written.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _fault(code: str, given: str, fault: Exception) -> DualprevError:
    return DualprevError(problem(code, given=given, reason=str(fault).split("\n")[0][:200]))
