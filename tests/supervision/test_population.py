"""A synthetic population is settled by its seed, fits its schema, keeps most rules, lacks what it should."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from dualprev_rules import DualprevError, Engine
from dualprev_rules.supervision.population import population, settings
from tests.cli.run import DAY, YARD, run


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load(YARD, as_of="2026-11-21")


@pytest.fixture(scope="module")
def drawn(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    file = tmp_path_factory.mktemp("population") / "all.parquet"
    parts = list(population(engine.ruleset, settings(), file, enterprises=2_500, seed=3))
    assert parts == [2_000, 2_500]
    return pl.read_parquet(file)


def test_the_seed_settles_every_enterprise(engine: Engine, drawn: pl.DataFrame, tmp_path: Path) -> None:
    again = tmp_path / "again.parquet"
    list(population(engine.ruleset, settings(), again, enterprises=2_500, seed=3))
    assert pl.read_parquet(again).equals(drawn)
    list(population(engine.ruleset, settings(), again, enterprises=100, seed=4))
    assert not pl.read_parquet(again).equals(drawn[:100])


def test_its_facts_are_facts_of_the_schema(engine: Engine, drawn: pl.DataFrame) -> None:
    result = engine.assess_frame(drawn)
    assert result.problems().height == 0
    counts = result.counts().group_by("outcome").agg(pl.col("count").sum())
    of = dict(counts.rows())
    assert of.get("violated", 0) > 0
    assert of["compliant"] > of["violated"]


def test_shares_are_those_of_the_settings(drawn: pl.DataFrame) -> None:
    shares = {each.id: each.share for each in settings().industries}
    counted = drawn["industries"].list.first().value_counts()
    for industry, count in counted.rows():
        assert count / 2_500 == pytest.approx(shares[industry] / sum(shares.values()), abs=0.04)
    assert drawn["id"].n_unique() == 2_500
    units = drawn["units"].list.len().fill_null(0)
    of_chemicals = drawn["industries"].list.first() == "chemicals"
    assert units.filter(of_chemicals).mean() == pytest.approx(3, rel=0.25)  # type: ignore[arg-type]
    assert drawn["units"].null_count() / 2_500 == pytest.approx(settings().missing_lists, abs=0.01)


@pytest.mark.parametrize("missing", [0.0, 0.6])
def test_the_share_of_missing_facts_is_the_one_asked_for(
    engine: Engine, missing: float, tmp_path: Path
) -> None:
    file = tmp_path / "chemicals.parquet"
    chosen = settings().only(("chemicals",), missing)
    list(population(engine.ruleset, chosen, file, enterprises=1_000, seed=1))
    frame = pl.read_parquet(file)
    assert frame["industries"].list.first().unique().to_list() == ["chemicals"]
    units = frame.explode("units", keep_nulls=False, empty_as_null=False).select(
        pl.col("units").struct.unnest()
    )
    assert units["kind"].null_count() / units.height == pytest.approx(missing, abs=0.04)


def test_an_industry_that_there_is_none_of_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DualprevError) as raised:
        settings().only(("chemical", "mars"), None)
    assert [fault.nearest for fault in raised.value.problems] == ["chemicals", None]
    file = tmp_path / "none.parquet"
    done = run("synth", *DAY, "-o", str(file), "--industry", "mars")
    assert done.exit_code == 2
    assert not file.exists()


def test_the_command_says_that_figures_are_assumed(tmp_path: Path) -> None:
    file = tmp_path / "some.parquet"
    done = run("synth", *DAY, "-o", str(file), "-n", "50", "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "assumptions" in done.output
    assert pl.read_parquet(file).height == 50
    done = run("synth", *DAY, "-o", str(tmp_path / "no" / "such.parquet"))
    assert done.exit_code == 2
    assert list(tmp_path.iterdir()) == [file]
