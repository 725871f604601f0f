"""What judging a frame gives: codes by place, a tidy table of outcomes, counts and faults of the data."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from dualprev_rules.evaluate.columns.codes import NAMES
from dualprev_rules.evaluate.columns.derived import derived
from dualprev_rules.evaluate.columns.faults import faults
from dualprev_rules.evaluate.columns.judging import Codes, Exactly, judge
from dualprev_rules.evaluate.columns.missing import lists_about, missing, rows_open
from dualprev_rules.evaluate.columns.nest import documents, tables_of
from dualprev_rules.evaluate.columns.shape import Shape
from dualprev_rules.evaluate.columns.tables import UP, Table
from dualprev_rules.facts.schema import Entity
from dualprev_rules.pack.model import Rule, Ruleset
from dualprev_rules.problems import DualprevError, nearest, problem

if TYPE_CHECKING:
    from dualprev_rules.facts.plan import Plans


class Asked(NamedTuple):
    """How many cells, a rule on a record, the exact evaluator decided, and how many there were."""

    cells: int
    of: int


@dataclass(frozen=True)
class Judged:
    """One slice of a frame, judged."""

    first: int
    """The number of its first row in the frame."""
    rows: int
    entity: str
    _codes: Codes
    _outcomes: tuple[str, ...]
    _plans: Plans

    @property
    def asked(self) -> Asked:
        """What was decided again exactly."""
        return Asked(self._codes.asked, self._codes.cells)

    @cached_property
    def codes(self) -> Mapping[str, pl.DataFrame]:
        """Return by place (``""``: the row itself, ``units.tanks`` …) a column of codes for each rule.

        Before them stands ``row``, the number of the row of the frame. What a code means is its position
        in ``columns.NAMES``.
        """
        tables = {table.place: table for table in self._codes.tables}
        return {
            place: codes.select(self._rows(tables[place]).alias("row"), pl.all())
            for place, codes in self._codes.codes.items()
        }

    def tidy(self, outcomes: Collection[str] | None = None) -> pl.DataFrame:
        """Return a row for each cell with one of ``outcomes``: row, key, entity, path, rule, outcome.

        ``None``: those that the frame was judged for.
        """
        wanted = [name for name in NAMES if name in (self._outcomes if outcomes is None else outcomes)]
        numbers = [NAMES.index(name) for name in wanted]
        parts: list[pl.DataFrame] = []
        for table in self._codes.tables:
            codes = self._codes.codes.get(table.place)
            if codes is None:
                continue
            about = pl.DataFrame(
                {
                    "row": self._rows(table),
                    "key": self._key(table),
                    "entity": pl.repeat(table.entity.name, table.height, eager=True),
                    "path": self._path(table),
                }
            ).with_row_index("#")
            for rule in codes.columns:
                at = codes[rule].is_in(numbers).arg_true()
                if at.len():
                    found = about[at].with_columns(
                        pl.lit(rule).alias("rule"), codes[rule].gather(at).alias("code")
                    )
                    parts.append(found)
        if not parts:
            return pl.DataFrame(schema=_TIDY)
        return pl.concat(parts).with_columns(_NAMED).sort("row", maintain_order=True).select(*_TIDY)

    def counts(self) -> pl.DataFrame:
        """Return how many records have each outcome, by entity and rule."""
        parts = [pl.DataFrame(schema=_COUNTS)]
        tables = {table.place: table.entity.name for table in self._codes.tables}
        for place, codes in self._codes.codes.items():
            for rule in codes.columns:
                about = pl.lit(tables[place]).alias("entity"), pl.lit(rule).alias("rule")
                counted = codes[rule].alias("code").value_counts()
                parts.append(counted.select(*about, _NAMED, "count"))
        return _summed(parts, ["entity", "rule", "outcome"])

    def problems(self) -> pl.DataFrame:
        """Return what was given and is wrong, by place, attribute and kind: how often, and in which rows."""
        return faults(self._codes.tables, self._plans, self.first)

    def derived(self, name: str) -> pl.DataFrame:
        """Return a derived value, named ``entity.name``, of each record: row, path, the value, absent, sharp.

        A number has ``low`` and ``high`` (null: no end; floats, the reference's figures are exact), a member
        ``possible`` ones (null: any), a condition ``holds`` (null: open), a text ``text`` (null: open).
        ``absent`` is 0 where there is a value, 1 where perhaps none, 2 where surely none. Where ``sharp`` is
        false the reference may know more, never anything else: ask ``explain``. Raises DualprevError for a
        name that there is none of, or that columns cannot hold.
        """
        low = self._codes.low
        names = {definition.id: definition for definition in low.ruleset.definitions.values()}
        if name not in names:
            raise DualprevError(problem("evaluate.no-derived", given=name, nearest=nearest(name, names)))
        of, parts = names[name], list[pl.DataFrame]()
        for table in self._codes.tables:
            if table.entity.name == of.entity:
                values = derived(low, table, of)
                if values is None:
                    raise DualprevError(problem("evaluate.no-derived", given=name))
                about = pl.DataFrame({"row": self._rows(table), "path": self._path(table)})
                parts.append(pl.concat([about, values], how="horizontal"))
        return pl.concat(parts) if parts else pl.DataFrame(schema=_PLACED)

    def missing(self) -> pl.DataFrame:
        """Return by entity and attribute of how many records, of how many, a fact was not given."""
        return missing(self._codes.tables)

    def undecided(self) -> pl.Series:
        """Return the rows of the frame with a list that is open though rules are about its records.

        Of records that may be there and were not given nothing is decided, and no code stands for them.
        """
        ruleset = self._codes.low.ruleset
        about = {rule.entity for rule in ruleset.rules.values() if rule.kind != "data_check"}
        return rows_open(self._codes.tables, lists_about(ruleset.schema, about)) + self.first

    def _rows(self, table: Table) -> pl.Series:
        top = self._codes.tables[0]
        return (table.given[UP] if table is top else table.row_of(top)) + self.first

    @property
    def keys(self) -> pl.Series:
        """Return what names each row of the frame, null where nothing does."""
        return self._key(self._codes.tables[0])

    def _key(self, table: Table) -> pl.Series:
        top = self._codes.tables[0]
        key = key_of(top.entity, top.given.columns)
        if key is None:
            return pl.repeat(None, table.height, dtype=pl.String, eager=True)
        keys = top.given[key].cast(pl.String)
        return keys if table is top else keys.gather(table.row_of(top))

    def _path(self, table: Table) -> pl.Series:
        if table.parent is None:
            return pl.repeat(self.entity, table.height, eager=True)
        name = table.place.rpartition(".")[2]
        position = pl.int_range(pl.len()).over(UP) + 1
        label = position.cast(pl.String)
        key = table.entity.key
        if key is not None and key in table.given.columns:
            label = pl.coalesce(pl.col(key).cast(pl.String), label)
        above = self._path(table.parent).gather(table.given[UP])
        labels = table.given.select(label.alias("of"))["of"]
        return above + f".{name}[" + labels + "]"


def key_of(entity: Entity, attributes: Collection[str]) -> str | None:
    """Return which of the attributes that are given names a record."""
    wanted = (entity.key, "id", "credit_code", "name")
    return next((name for name in wanted if name is not None and name in attributes), None)


_PLACED = {"row": pl.UInt32, "path": pl.String}
_TIDY = {
    "row": pl.UInt32,
    "key": pl.String,
    "entity": pl.String,
    "path": pl.String,
    "rule": pl.String,
    "outcome": pl.String,
}
_NAMED = (
    pl.col("code")
    .replace_strict(list(range(len(NAMES))), list(NAMES), return_dtype=pl.String)
    .alias("outcome")
)
_GRADES: Mapping[str, Any] = {
    "row": pl.UInt32,
    "key": pl.String,
    "grade": pl.UInt8,
    "possible": pl.List(pl.UInt8),
}
_COUNTS = {"entity": pl.String, "rule": pl.String, "outcome": pl.String, "count": pl.UInt32}


def _summed(parts: list[pl.DataFrame], by: list[str]) -> pl.DataFrame:
    found = pl.concat([pl.DataFrame(schema=_COUNTS), *parts])
    return found.group_by(by, maintain_order=True).agg(pl.col("count").sum())


@dataclass(frozen=True, slots=True)
class FrameResult:
    """The outcomes of a frame. Nothing is judged until it is asked for, and every question judges anew.

    Ask ``slices`` once and take of each what is wanted, where a frame is large.
    """

    frame: pl.LazyFrame
    entity: str
    outcomes: tuple[str, ...]
    shape: Shape
    ruleset: Ruleset
    rules: Mapping[str, tuple[Rule, ...]]
    plans: Plans
    size: int
    stated: bool
    exactly: Exactly
    assess: Callable[[dict[str, Any]], Any]
    strays: pl.DataFrame
    """Rows of flat tables that do not hang on one record above, counted as ``problems`` counts."""

    def slices(self) -> Iterator[Judged]:
        """Judge one slice after the other, in the order of the rows; no more than one is held."""
        first = 0
        for part in self.frame.collect_batches(chunk_size=self.size, maintain_order=True):
            for at in range(0, part.height, self.size):
                frame = part[at : at + self.size]
                found = judge(frame, self.shape, self.ruleset, self.rules, self.exactly, stated=self.stated)
                yield Judged(first, frame.height, self.entity, found, self.outcomes, self.plans)
                first += frame.height

    def tidy(self) -> pl.DataFrame:
        """Return a row for each outcome that was asked for; see ``Judged.tidy``."""
        return pl.concat([pl.DataFrame(schema=_TIDY), *(each.tidy() for each in self.slices())])

    def wide(self, place: str = "") -> pl.DataFrame:
        """Return the codes of the records at a place, a column for each rule; see ``Judged.codes``."""
        parts = [each.codes[place] for each in self.slices() if place in each.codes]
        return pl.concat(parts) if parts else pl.DataFrame(schema={"row": pl.UInt32})

    def derived(self, name: str) -> pl.DataFrame:
        """Return a derived value of each record; see ``Judged.derived``."""
        parts = [each.derived(name) for each in self.slices()]
        return pl.concat(parts, how="diagonal") if parts else pl.DataFrame(schema=_PLACED)

    def counts(self) -> pl.DataFrame:
        """Return how many records have each outcome, by entity and rule."""
        return _summed([each.counts() for each in self.slices()], ["entity", "rule", "outcome"])

    def problems(self) -> pl.DataFrame:
        """Return what was given and is wrong, by place, attribute and kind, with the first rows of each.

        Rows of a flat table that hang on nothing are told by their number in that table.
        """
        found = pl.concat([self.strays, *(each.problems() for each in self.slices())])
        by = ["place", "attribute", "code"]
        rows = pl.col("sample").explode().head(5)
        return found.group_by(by, maintain_order=True).agg(pl.col("count").sum(), rows)

    def asked(self) -> Asked:
        """Return how many cells the exact evaluator decided, of how many."""
        found = [each.asked for each in self.slices()]
        return Asked(sum(each.cells for each in found), sum(each.of for each in found))

    def grades(self) -> pl.DataFrame:
        """Return the risk grade of each row: row, key, grade, possible.

        ``grade`` is null where several are possible, both are null where there is none. Profiles pool grades
        from the risk points of an enterprise, which columns do not: each row is judged by itself, as
        ``explain`` does, which takes some milliseconds a row, and tens with a large pack.
        """
        parts = [pl.DataFrame(schema=_GRADES)]
        first = 0
        key = key_of(self.shape.plan.entity, self.shape.facts)
        for part in self.frame.collect_batches(chunk_size=self.size, maintain_order=True):
            tables = tables_of(part, self.shape, stated=self.stated)
            rows = pl.int_range(part.height, dtype=pl.UInt32, eager=True)
            grades = [self.assess({self.entity: each}).grade for each in documents(tables, rows)]
            found = {
                "row": rows + first,
                "key": pl.repeat(None, part.height, eager=True) if key is None else tables[0].given[key],
                "grade": [None if each is None else each.level for each in grades],
                "possible": [None if each is None else list(each.possible) for each in grades],
            }
            parts.append(pl.DataFrame(found, schema_overrides=_GRADES))
            first += part.height
        return pl.concat(parts)

    def document(self, row: int) -> dict[str, Any]:
        """Return a row of the frame as a document, as ``Engine.assess`` takes it.

        Raises DualprevError where there is no such row.
        """
        frame = self.frame.slice(row, 1).collect() if row >= 0 else pl.DataFrame()
        if not frame.height:
            raise DualprevError(problem("evaluate.no-row", given=str(row)))
        tables = tables_of(frame, self.shape, stated=self.stated)
        (made,) = documents(tables, pl.Series([0], dtype=pl.UInt32))
        return {self.entity: made}

    def explain(self, row: int) -> Any:
        """Return the result of one row of the frame with every reason, as ``Engine.assess`` gives it."""
        return self.assess(self.document(row))
