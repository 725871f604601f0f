"""Draw records of a schema: a column for each attribute, a list of structs for each list."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from math import inf, isinf
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dualprev_rules.facts.possible import Interval
from dualprev_rules.facts.schema import ROOT, Attribute
from dualprev_rules.facts.types import Bool, Date, Enum, ListOf, Number, SetOf
from dualprev_rules.pack.model import Ruleset
from dualprev_rules.supervision.population.leanings import Leaning, leanings
from dualprev_rules.supervision.population.settings import Settings

DEEP = 4
"""Lists inside lists end here."""
_EPOCH = date(1970, 1, 1).toordinal()
_NONE = Leaning()
Floats = NDArray[np.float64]


class Drawing:
    """Draws enterprises of a ruleset's schema, most of whose facts keep its rules."""

    def __init__(self, ruleset: Ruleset, settings: Settings) -> None:
        self.ruleset = ruleset
        self.settings = settings
        self._leanings = leanings(ruleset)
        shares = np.array([each.share for each in settings.industries])
        self._shares = shares / shares.sum()

    def enterprises(self, first: int, count: int, seed: int) -> pl.DataFrame:
        """Return so many enterprises, numbered from ``first``; the seed and ``first`` settle every one."""
        rng = np.random.default_rng([seed, first])
        industry = rng.choice(len(self._shares), size=count, p=self._shares)
        found = _Records(self, rng, ROOT, industry, 0, np.arange(first + 1, first + count + 1))
        return pl.DataFrame(list(found.columns().values()))

    def leaning(self, entity: str, name: str) -> Leaning:
        """Return what keeps the rules that ask a fact."""
        return self._leanings.facts.get((entity, name), _NONE)

    def picks(self, entity: str, name: str) -> bool:
        """Tell whether an attribute picks a row of a table by its number."""
        return (entity, name) in self._leanings.picks

    def texts(self, entity: str) -> list[dict[str, str]]:
        """Return what the rows of tables say of an entity's texts."""
        return self._leanings.texts.get(entity, [])


class _Records:
    """Records of one entity in the making."""

    def __init__(
        self,
        drawing: Drawing,
        rng: np.random.Generator,
        entity: str,
        industry: NDArray[np.int64],
        depth: int,
        number: NDArray[np.int64],
    ) -> None:
        self.drawing, self.settings, self.rng = drawing, drawing.settings, rng
        self.entity = drawing.ruleset.schema.entities[entity]
        self.industry, self.depth, self.number = industry, depth, number
        self.count = len(industry)
        self.figures: dict[str, Floats] = {}
        self.texts = self._texts()

    def columns(self) -> dict[str, pl.Series]:
        """Return the columns that there are."""
        found: dict[str, pl.Series] = {}
        attributes = self.entity.attributes
        instead = {each.none_beside for each in attributes.values()}
        for name, attribute in attributes.items():
            # What need not be mentioned is not: a null would say that it is unknown.
            left_out = (
                attribute.absent_is_none or name in instead or self.drawing.picks(self.entity.name, name)
            )
            column = None if left_out else self._column(attribute)
            if column is not None:
                found[name] = column.alias(name)
        return found

    def _column(self, of: Attribute) -> pl.Series | None:
        if isinstance(of.type, ListOf):
            return self._list(of, of.type.of.entity)
        special = self._special(of)
        if special is not None:
            return special
        match of.type:
            case Bool():
                made = pl.Series(self._bools(of))
            case Number(whole=whole):
                made = pl.Series(self._numbers(of))
                made = made.cast(pl.Int64) if whole else made
            case Date():
                made = pl.Series((self._days(of) + self._day()).astype(np.int32)).cast(pl.Date)
            case Enum(members=members):
                made = self._member(of, members)
            case SetOf(of=Enum(members=members)):
                made = self._members(of, members)
            case _:
                return None
        return made.set(pl.Series(self.rng.random(self.count) < self.settings.missing), None)

    def _special(self, of: Attribute) -> pl.Series | None:
        """Return what is drawn in a way of its own: keys, the industry, and texts of tables."""
        if of.name == self.entity.key:
            return pl.Series(self.number).cast(pl.String).str.zfill(7 if self.depth == 0 else 1)
        if of.name in self.texts:
            return self.texts[of.name]
        if self.depth:
            return None
        names = pl.Series([each.id for each in self.settings.industries])
        match of.name:
            case "industries":
                return names.gather(self.industry).reshape((self.count, 1)).arr.to_list()
            case "district":
                districts = self.rng.integers(1, self.settings.districts + 1, self.count)
                return pl.Series(districts).cast(pl.String).str.zfill(2)
            case "employees":
                parts = [each.employees for each in self.settings.industries]
                medians, sigmas = (np.array([getattr(p, n) for p in parts]) for n in ("median", "sigma"))
                drawn = self._lognormal(medians[self.industry], sigmas[self.industry])
                return pl.Series(np.ceil(drawn)).cast(pl.Int64)
            case _:
                return None

    def _texts(self) -> dict[str, pl.Series]:
        rows = self.drawing.texts(self.entity.name)
        if not rows:
            return {}
        frame = pl.DataFrame(rows, infer_schema_length=None)
        chosen = frame[pl.Series(self.rng.integers(0, frame.height, self.count))]
        return {name: chosen[name] for name in chosen.columns}

    # --- values --------------------------------------------------------------------------------------

    def _lapses(self) -> NDArray[np.bool_]:
        return self.rng.random(self.count) < self.settings.lapse

    def _lognormal(self, median: float | Floats, sigma: float | Floats) -> Floats:
        return median * np.exp(sigma * self.rng.standard_normal(self.count))

    def _bools(self, of: Attribute) -> NDArray[np.bool_]:
        good = self.drawing.leaning(self.entity.name, of.name).good
        if good is None:
            return self.rng.random(self.count) < self.settings.neutral
        return self._lapses() != good

    def _numbers(self, of: Attribute) -> Floats:
        found = self.figures.get(of.name)
        if found is None:
            self.figures[of.name] = np.zeros(self.count)  # two figures that lean on each other
            found = self.figures[of.name] = self._fitted(of, self._figure(of))
        return found

    def _figure(self, of: Attribute) -> Floats:
        leaning = self.drawing.leaning(self.entity.name, of.name)
        more = self.rng.exponential(self.settings.spread, self.count)
        part, lapses = self.rng.random(self.count), self._lapses()
        if leaning.beside is not None:
            other, above = self.entity.attributes[leaning.beside[0]], leaning.beside[1]
            return self._numbers(other) * np.where(lapses != above, 1 + more, part)
        low, high = leaning.low, leaning.high
        given = self.settings.figures.get(f"{self.entity.name}.{of.name}")
        if isinf(low) and isinf(high):
            if given is None and not isinf(_low(of)) and not isinf(_high(of)):
                return _low(of) + (_high(of) - _low(of)) * part
            return (
                self._lognormal(given.median, given.sigma)
                if given
                else self._lognormal(self.settings.scale, 1)
            )
        if isinf(high) or low > high:
            return np.where(lapses, low * part, low + (abs(low) or self.settings.scale) * more)
        beyond = high + (abs(high) or 1) * (more + 0.5)
        bottom = max(low, _low(of)) if not isinf(low) else max(min(0.0, high), _low(of))
        return np.where(lapses, beyond, bottom + (high - bottom) * part)

    def _fitted(self, of: Attribute, drawn: Floats) -> Floats:
        """Round, and keep within the declared range."""
        if isinstance(of.type, Number) and of.type.whole:
            drawn = np.round(drawn)
        else:
            drawn = np.where(np.abs(drawn) < 10, np.round(drawn, 3), np.round(drawn, 1))
        low, high = _low(of), _high(of)
        if isinstance(of.range, Interval):
            # An end that is open is left by a hair.
            low, high = low + 0.001 * of.range.low_open, high - 0.001 * of.range.high_open
        return np.clip(drawn, low, high)

    def _day(self) -> int:
        return self.drawing.ruleset.as_of.toordinal() - _EPOCH

    def _days(self, of: Attribute) -> Floats:
        leaning, years = self.drawing.leaning(self.entity.name, of.name), 365.0 * self.settings.years
        low, high = leaning.low, leaning.high
        if isinf(low):
            high = 0.0 if isinf(high) else high
            low = high - years
        elif isinf(high) or high < low:
            high = 0.0 if low < 0 else low + years
        part = self.rng.random(self.count)
        return np.where(self._lapses(), low - 30 - 365 * part, low + (high - low) * part)

    def _member(self, of: Attribute, members: tuple[str, ...]) -> pl.Series:
        bad = self.drawing.leaning(self.entity.name, of.name).bad
        weights = np.array([self.settings.lapse if member in bad else 1.0 for member in members])
        drawn = self.rng.choice(len(members), size=self.count, p=weights / weights.sum())
        return pl.Series(list(members)).gather(pl.Series(drawn))

    def _members(self, of: Attribute, members: tuple[str, ...]) -> pl.Series:
        leaning, settings = self.drawing.leaning(self.entity.name, of.name), self.settings
        shares = {
            m: 1 - settings.lapse
            if m in leaning.wanted
            else settings.lapse
            if m in leaning.bad
            else settings.members
            for m in members
        }
        frame = pl.DataFrame({m: self.rng.random(self.count) < share for m, share in shares.items()})
        each = [pl.when(pl.col(m)).then(pl.lit(m)) for m in members]
        return frame.select(pl.concat_list(each).list.drop_nulls().alias("of"))["of"]

    def _list(self, of: Attribute, child: str) -> pl.Series | None:
        grouped = of.either is not None and of.name not in self.settings.lists
        if self.depth >= DEEP or grouped:
            return None
        lengths = [self.settings.length(each, of.name) for each in self.settings.industries]
        mean, most = (np.array([getattr(each, name) for each in lengths]) for name in ("mean", "most"))
        counts = np.minimum(self.rng.poisson(mean[self.industry]), most[self.industry])
        ends = np.concatenate([[0], np.cumsum(counts)])
        number: NDArray[np.int64] = np.arange(int(ends[-1])) - np.repeat(ends[:-1], counts) + 1
        below = _Records(
            self.drawing, self.rng, child, np.repeat(self.industry, counts), self.depth + 1, number
        )
        columns = below.columns()
        if not columns:
            return None
        made = listed(ends, pl.DataFrame(list(columns.values())).to_struct())
        return made.set(pl.Series(self.rng.random(self.count) < self.settings.missing_lists), None)


def listed(ends: NDArray[np.int64], records: pl.Series) -> pl.Series:
    """Return records as lists that end where ``ends`` says."""
    arrow: Any = import_module("pyarrow")
    library: Any = pl
    return library.from_arrow(arrow.LargeListArray.from_arrays(arrow.array(ends), records.to_arrow()))


def _low(of: Attribute) -> float:
    return -inf if of.range.low is None else float(of.range.low)


def _high(of: Attribute) -> float:
    return inf if of.range.high is None else float(of.range.high)
