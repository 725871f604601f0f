"""What an engineer would write by hand in Polars: the same outcome codes, no checks of any kind."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

N, V, C, U, H = (pl.lit(code, dtype=pl.UInt8) for code in (0, 1, 2, 3, 5))


def flat_rules() -> list[tuple[pl.Expr | None, pl.Expr]]:
    """Return the 40 rules of packs/flat, in their order: what makes each apply, and what violates it."""
    quantity, pressure, temperature, distance = map(
        pl.col, ("quantity", "pressure", "temperature", "distance")
    )
    hazard, has_alarm = pl.col("hazard"), pl.col("has_alarm")
    toxic, flammable = hazard == "toxic", hazard == "flammable"
    explosive, corrosive = hazard == "explosive", hazard == "corrosive"
    return [
        (None, (quantity > 50) & ~has_alarm),
        (None, (quantity > 200) & (distance < 50)),
        (None, (quantity > 500) & (distance < 100)),
        (None, (quantity > 1000) & (distance < 150)),
        (None, (pressure > 1.6) & ~has_alarm),
        (None, (pressure > 4) & (distance < 30)),
        (None, pressure >= 10),
        (None, (pressure < 0.1) & (temperature > 60)),
        (None, (temperature > 120) & (quantity > 10)),
        (None, temperature > 200),
        (None, (temperature < -40) & (pressure > 0.8)),
        (None, distance < 10),
        (None, (distance < 25) & (quantity > 20)),
        (None, (distance < 25) & (pressure > 0.4)),
        (None, (distance < 40) & (temperature > 80)),
        (None, (quantity > 5) & (pressure > 2.5) & (distance < 60)),
        (None, (quantity > 100) & (temperature > 45) & ~has_alarm),
        (None, (quantity > 300) | (pressure > 6.4)),
        (None, (temperature > 90) | (pressure > 8)),
        (None, (pressure >= 0.1) & (pressure < 1.6) & (quantity > 400)),
        (toxic, quantity > 5),
        (toxic, distance < 150),
        (toxic, ~has_alarm),
        (toxic, (pressure > 0.6) & (distance < 300)),
        (toxic, (temperature > 40) & (quantity > 1)),
        (flammable, quantity > 50),
        (flammable, distance < 60),
        (flammable, temperature > 55),
        (flammable, (pressure > 1.2) & ~has_alarm),
        (flammable, (quantity > 120) & (temperature > 30)),
        (explosive, quantity > 1),
        (explosive, distance < 200),
        (explosive, temperature > 35),
        (explosive, pressure > 0.3),
        (explosive, (quantity > 0.5) & ~has_alarm),
        (corrosive, (quantity > 80) & (distance < 20)),
        (corrosive, (temperature > 70) & (pressure > 0.5)),
        (hazard.is_in(["corrosive", "flammable"]), distance < 15),
        (hazard.is_in(["toxic", "explosive"]), (quantity > 10) & (distance < 80)),
        (hazard != "corrosive", (temperature < 0) & (pressure > 1)),
    ]


def judge_flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Judge packs/flat where nothing is missing."""
    codes: list[pl.Expr] = []
    for number, (applies, violated) in enumerate(flat_rules(), start=1):
        code = pl.when(violated).then(V).otherwise(C)
        if applies is not None:
            code = pl.when(applies).then(code).otherwise(N)
        codes.append(code.alias(f"flat.{number:02}"))
    return frame.select(codes)


def judge_flat_open(frame: pl.DataFrame) -> pl.DataFrame:
    """Judge packs/flat by Kleene logic: null is what is not known."""
    codes: list[pl.Expr] = []
    for number, (applies, violated) in enumerate(flat_rules(), start=1):
        code = pl.when(violated).then(V).when(~violated).then(C).otherwise(U)
        if applies is not None:
            open_code = pl.when(~violated).then(H).otherwise(U)
            code = pl.when(applies).then(code).when(~applies).then(N).otherwise(open_code)
        codes.append(code.alias(f"flat.{number:02}"))
    return frame.select(codes)


def judge_units(units: pl.DataFrame, critical: Mapping[str, float]) -> pl.DataFrame:
    """Judge packs/installation over units with lists of substances: S = sum(q / Q)."""
    table = pl.DataFrame({"cas": list(critical), "critical": list(critical.values())})
    substances = (
        units.lazy()
        .select("substances")
        .with_row_index("unit")
        .explode("substances")
        .unnest("substances")
        .join(table.lazy(), on="cas", how="left")
        .group_by("unit")
        .agg((pl.col("quantity") / pl.col("critical")).sum().alias("s"), pl.len().alias("count"))
        .collect()
    )
    joined = units.with_row_index("unit").join(substances, on="unit", how="left", maintain_order="left")
    return joined.select(_codes("installation", _unit_rules(pl.col("s") >= 1)))


def _unit_rules(major: pl.Expr) -> list[tuple[pl.Expr, pl.Expr]]:
    """Return what makes each rule of packs/installation apply, and what keeps it."""
    return [
        (major, pl.col("is_filed")),
        (major, pl.col("has_assessment")),
        (pl.col("s") >= 0.5, pl.col("has_monitoring")),
        (pl.col("count") > 0, pl.col("has_warning_sign")),
    ]


def _codes(name: str, rules: list[tuple[pl.Expr, pl.Expr]]) -> list[pl.Expr]:
    return [
        pl.when(applies).then(pl.when(kept).then(C).otherwise(V)).otherwise(N).alias(f"{name}.{number}")
        for number, (applies, kept) in enumerate(rules, start=1)
    ]


def judge_levels(
    units: pl.DataFrame, critical: Mapping[str, float], factors: Mapping[str, float]
) -> pl.DataFrame:
    """Judge packs/installation and what packs/levels adds: R = α · Σ β·q/Q, the level by R, three rules."""
    table = pl.DataFrame(
        {
            "cas": list(critical),
            "critical": list(critical.values()),
            "beta": [factors[cas] for cas in critical],
        }
    )
    ratio = pl.col("quantity") / pl.col("critical")
    substances = (
        units.lazy()
        .select("substances")
        .with_row_index("unit")
        .explode("substances")
        .unnest("substances")
        .join(table.lazy(), on="cas", how="left")
        .group_by("unit")
        .agg(
            ratio.sum().alias("s"), (pl.col("beta") * ratio).sum().alias("corrected"), pl.len().alias("count")
        )
        .collect()
    )
    joined = units.with_row_index("unit").join(substances, on="unit", how="left", maintain_order="left")
    people = pl.col("exposed_people")
    alpha = (
        pl.when(people >= 100).then(2.0).when(people >= 50).then(1.5).when(people >= 30).then(1.2)
        .when(people >= 1).then(1.0).otherwise(0.5)
    )  # fmt: skip
    r = alpha * pl.col("corrected")
    level = pl.when(r >= 100).then(1).when(r >= 50).then(2).when(r >= 10).then(3).otherwise(4)
    judged = joined.with_columns(level.cast(pl.UInt8).alias("level"), (pl.col("s") >= 1).alias("major"))
    major = pl.col("major")
    rules = [
        (major & (pl.col("level") <= 2), pl.col("has_monitoring")),
        (major & (pl.col("level") == 3), pl.col("is_filed")),
        (major & (pl.col("level") == 4), pl.col("has_assessment")),
    ]
    return judged.select(*_codes("installation", _unit_rules(major)), *_codes("levels", rules))
