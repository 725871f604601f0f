"""Suites (i), (j) and (l): a frame of many rows by columns, beside the same written by hand in Polars."""

from __future__ import annotations

import random
import resource
from collections.abc import Callable
from typing import Any

import polars as pl

from dualprev_rules import Engine
from tests.benchmarks import column_twins, peers, worlds
from tests.benchmarks.measure import Timing
from tests.benchmarks.outcome import Promise, Row, Setting, Suite

SHARES = (0.0, 0.2, 0.6)
"""Shares of facts that are missing."""
MIXED = 1_000
"""So many different rows are drawn; a frame is many copies of them, shuffled."""


def flat_frame(rows: int, missing: float) -> pl.DataFrame:
    """Return facts for packs/flat, a share of which is missing."""
    chance = random.Random(18218)
    drawn = [each["enterprise"] for each in worlds.flat_facts(MIXED)]
    frame = pl.DataFrame([drawn[chance.randrange(MIXED)] for _ in range(min(rows, 100_000))])
    frame = pl.concat([frame] * -(-rows // frame.height))[:rows]
    frame = frame.with_columns(pl.col(name).cast(pl.Float64) for name in frame.columns[:4])
    if not missing:
        return frame
    for seed, name in enumerate(frame.columns):
        kept = pl.int_range(rows, eager=True).hash(seed) % 1_000 >= int(missing * 1_000)
        frame = frame.with_columns(pl.when(kept).then(pl.col(name)).alias(name))
    return frame


def unit_frame(units: int) -> pl.DataFrame:
    """Return units of four substances each."""
    drawn = worlds.units_facts(MIXED, 4)["enterprise"]["units"]
    frame = pl.DataFrame(drawn)
    return pl.concat([frame] * -(-units // MIXED))[:units].sample(fraction=1, shuffle=True, seed=1)


def flat(setting: Setting) -> Suite:
    """(i) Forty flat rules over many rows, with facts missing and without."""
    rows = 100_000 if setting.effort.quick else 1_000_000
    suite = Suite("i", f"40 flat rules over {rows:,} rows, by columns")
    engine = Engine.load(worlds.FLAT, as_of=worlds.AS_OF)
    for missing, target in zip(SHARES, (1.5, 3.0, 3.0), strict=True):
        frame = flat_frame(rows, missing)
        twin = column_twins.judge_flat_open if missing else column_twins.judge_flat
        result = engine.assess_frame(frame, rows=rows)
        assert result.wide().drop("row").equals(twin(frame)), "by hand it comes out otherwise"
        heading = f"{missing:.0%} missing: "
        ours, hand = _race(setting, (lambda r=result: r.wide(), lambda t=twin, f=frame: t(f)))
        suite.rows += [Row.of(ours, heading + "dualprev"), Row.of(hand, heading + "by hand in Polars")]
        suite.promises.append(_slower(heading + "beside hand-written Polars", target, ours, hand))
        asked = result.asked()
        suite.rows.append(Row(heading + "cells decided again", 100 * asked.cells / asked.of, 0, "%"))
        if not missing:
            _beside_zen(setting, suite, result.wide, rows)
        rate = rows * 40 / ours.median / 1e6
        suite.rows.append(Row(heading + "million cells a second", rate, 0, ""))
    return suite


def _beside_zen(setting: Setting, suite: Suite, ours: Callable[[], Any], rows: int) -> None:
    """Judge rows of the same facts one by one by zen-engine in its fastest form, as suite (a) does."""
    if peers.installed("zen-engine") is None:
        suite.not_measured.append("zen-engine is not installed")
        return
    zen = peers.zen(peers.Grammar().write(worlds.flat_conditions()))
    facts = [each["enterprise"] for each in worlds.flat_facts(MIXED)]

    def judge_all() -> None:
        for each in facts:
            zen.run(each)

    taken, theirs = _race(setting, (ours, judge_all))
    suite.rows.append(Row("0% missing: zen-engine, one row", theirs.median / MIXED, theirs.spread / MIXED))
    times = taken.times_faster_than(theirs) * rows / MIXED
    suite.promises.append(Promise("a row, beside zen-engine", 300, times, at_least=True))


def installation(setting: Setting) -> Suite:
    """(j) S = sum(q / Q) and four rules over many units of four substances."""
    units = 100_000 if setting.effort.quick else 1_000_000
    suite = Suite("j", f"GB 18218, S and four rules over {units:,} units of four substances, by columns")
    engine = Engine.load(worlds.installation_pack(setting.folder), as_of=worlds.AS_OF)
    critical = worlds.critical_quantities()
    frame = unit_frame(units)
    result = engine.assess_frame(frame, entity="unit", rows=units)
    assert result.wide().drop("row").equals(column_twins.judge_units(frame, critical))
    ours, hand = _race(setting, (result.wide, lambda: column_twins.judge_units(frame, critical)))
    suite.rows += [Row.of(ours, "dualprev"), Row.of(hand, "by hand in Polars")]
    suite.promises.append(_slower("beside hand-written Polars", 2.0, ours, hand))
    asked = result.asked()
    suite.rows.append(Row("cells decided again", 100 * asked.cells / asked.of, 0, "%"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    suite.rows.append(Row("peak memory of the whole process", peak, 0, "GiB"))
    return suite


def level_frame(units: int) -> pl.DataFrame:
    """Return units of four substances each, with people around them: R lies on both sides of every bound."""
    of = pl.element().struct
    greater = pl.struct(of.field("cas"), (of.field("quantity") * 25).alias("quantity"))
    frame = unit_frame(units)
    half = units // 2
    more = frame[half:].with_columns(pl.col("substances").list.eval(greater))
    people = pl.Series([0, 12, 30, 49, 50, 99, 100, 2_000])
    drawn = people.gather(pl.int_range(units, eager=True).hash(7) % len(people))
    return pl.concat([frame[:half], more]).with_columns(exposed_people=drawn)


def levels(setting: Setting) -> Suite:
    """(l) S, R and the level of a major hazard installation over many units, and three rules on it."""
    units = 100_000 if setting.effort.quick else 1_000_000
    suite = Suite("l", f"GB 18218, S, R and the level over {units:,} units of four substances, by columns")
    engine = Engine.load(worlds.levels_pack(setting.folder), as_of=worlds.AS_OF)
    tables = worlds.critical_quantities(), worlds.correction_factors()
    frame = level_frame(units)
    result = engine.assess_frame(frame, entity="unit", rows=units)

    assert result.wide().drop("row").equals(column_twins.judge_levels(frame, *tables))
    ours, hand = _race(setting, (result.wide, lambda: column_twins.judge_levels(frame, *tables)))
    suite.rows += [Row.of(ours, "dualprev"), Row.of(hand, "by hand in Polars")]
    suite.promises.append(_slower("beside hand-written Polars", 2.0, ours, hand))
    asked = result.asked()
    suite.rows.append(Row("cells decided again", 100 * asked.cells / asked.of, 0, "%"))
    return suite


def _race(setting: Setting, runs: tuple[Callable[[], Any], ...]) -> list[Timing]:
    """Time whole runs in turn: each takes seconds, so that one is a round."""
    rounds = 3 if setting.effort.quick else 7
    clock = setting.effort.clock
    taken: list[list[float]] = [[] for _ in runs]
    for turn in range(-1, rounds):
        for place in range(len(runs)):
            at = (place + turn) % len(runs)
            start = clock()
            runs[at]()
            if turn >= 0:
                taken[at].append(clock() - start)
    return [Timing(str(at), tuple(each)) for at, each in enumerate(taken)]


def _slower(text: str, target: float, ours: Timing, theirs: Timing) -> Promise:
    return Promise(text, target, theirs.times_faster_than(ours), at_least=False)
