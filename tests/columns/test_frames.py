"""`Engine.assess_frame`: the same outcomes from every library, layout and slice; faults are said."""

from __future__ import annotations

import pickle
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dualprev_rules import DualprevError, Engine
from tests.benchmarks import column_twins, columns, worlds
from tests.cli.run import YARD

DECIDED = ("violated", "compliant", "not_applicable")


@pytest.fixture(scope="module")
def flat() -> Engine:
    return Engine.load(worlds.FLAT, as_of=worlds.AS_OF)


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine.load(worlds.installation_pack(tmp_path_factory.mktemp("packs")), as_of=worlds.AS_OF)


def enterprises(how_many: int) -> list[dict[str, Any]]:
    return [
        {"id": f"E{seed}", **worlds.units_facts(3, 4, seed=seed)["enterprise"]} for seed in range(how_many)
    ]


def test_the_tidy_table_says_what_assess_says(units: Engine) -> None:
    documents = enterprises(8)
    outcomes = ("violated", "compliant", "not_applicable", "undetermined", "presumed", "harmless")
    tidy = units.assess_frame(pl.DataFrame(documents), outcomes=outcomes).tidy()
    wanted = [
        (row, f"E{row}", "unit", outcome.record.path, outcome.rule.id, outcome.code)
        for row, document in enumerate(documents)
        for outcome in units.assess({"enterprise": document}).outcomes
        if outcome.rule.entity == "unit"
    ]
    assert sorted(tidy.rows()) == sorted(wanted)


@pytest.mark.parametrize("missing", columns.SHARES)
def test_hand_written_polars_gives_the_same_codes(flat: Engine, missing: float) -> None:
    frame = columns.flat_frame(3_000, missing)
    twin = column_twins.judge_flat_open if missing else column_twins.judge_flat
    assert flat.assess_frame(frame).wide().drop("row").equals(twin(frame))


def test_hand_written_polars_sums_the_same(units: Engine) -> None:
    frame = columns.unit_frame(1_000)
    found = units.assess_frame(frame, entity="unit").wide().drop("row")
    assert found.equals(column_twins.judge_units(frame, worlds.critical_quantities()))


def test_hand_written_polars_finds_the_same_levels(tmp_path: Path) -> None:
    engine = Engine.load(worlds.levels_pack(tmp_path), as_of=worlds.AS_OF)
    frame = columns.level_frame(1_000)
    result = engine.assess_frame(frame, entity="unit")
    twin = column_twins.judge_levels(frame, worlds.critical_quantities(), worlds.correction_factors())
    assert result.wide().drop("row").equals(twin)
    levels = result.derived("unit.hazard_level")["possible"].drop_nulls().list.first()
    assert levels.n_unique() == 4


def test_libraries_and_slices_make_no_difference(flat: Engine) -> None:
    frame = columns.flat_frame(500, 0.2)
    wanted = flat.assess_frame(frame).tidy()
    for other in (frame.lazy(), frame.to_arrow(), frame.to_pandas()):
        assert flat.assess_frame(other).tidy().equals(wanted)
    sliced = flat.assess_frame(frame, rows=70)
    assert sliced.tidy().equals(wanted)
    assert [judged.first for judged in sliced.slices()] == [*range(0, 500, 70)]
    assert (
        sliced.counts()
        .sort("rule", "outcome")
        .equals(flat.assess_frame(frame).counts().sort("rule", "outcome"))
    )


def test_flat_tables_are_the_same_as_nested_ones(units: Engine) -> None:
    nested = pl.DataFrame(enterprises(5))
    flat_units = nested.explode("units").select(
        pl.col("id").alias("enterprise"), pl.col("units").struct.unnest()
    )
    flat_units = flat_units.with_columns(id=pl.col("enterprise") + pl.col("id"))
    substances = flat_units.explode("substances").select(
        pl.col("id").alias("unit"), pl.col("substances").struct.unnest()
    )
    tables = {
        "enterprise": nested.select("id"),
        "unit": flat_units.drop("substances"),
        "substance": substances,
    }
    found = units.assess_frame(tables, layout="flat").tidy()
    assert found["rule", "outcome"].equals(units.assess_frame(nested).tidy()["rule", "outcome"])
    with pytest.raises(DualprevError) as raised:
        units.assess_frame({**tables, "substance": substances.drop("unit")}, layout="flat")
    assert [fault.code for fault in raised.value.problems] == ["evaluate.no-holder"]
    with pytest.raises(DualprevError) as raised:
        units.assess_frame({**tables, "装置": flat_units}, layout="flat")
    assert [fault.code for fault in raised.value.problems] == ["evaluate.table-twice"]


def test_a_flat_row_that_hangs_on_nothing_is_said_and_leaves_its_lists_open(
    units: Engine, tmp_path: Path
) -> None:
    """As the reader of such a folder does: none, another, or two records have the key of the holder."""
    cas = next(iter(worlds.critical_quantities()))
    for case, holders, code in (
        ("typo", ["U1", "U-2"], "facts.no-such-holder"),
        ("case", ["U1", "u2"], "facts.no-such-holder"),
        ("empty", ["U1", None], "facts.no-such-holder"),
        ("twice", ["U1", "U3"], "facts.several-holders"),
    ):
        tables = {
            "enterprise": pl.DataFrame({"id": ["E1"]}),
            "unit": pl.DataFrame({"enterprise": ["E1"] * 4, "id": ["U1", "U2", "U3", "U3"]}),
            "substance": pl.DataFrame({"unit": holders, "cas": [cas] * 2, "quantity": [0.001, 900_000.0]}),
        }
        result = units.assess_frame(tables, layout="flat")
        said = result.problems().filter(code=code).drop("code").rows()
        assert said == [("units.substances", "unit", 1, [1])], case
        assert result.derived("unit.s_value")["high"].to_list() == [None] * 4, case
        folder = tmp_path / case
        folder.mkdir()
        for name, table in tables.items():
            table.write_csv(folder / f"{name}.csv")
        explained = units.assess(folder)
        assert code in {fault.code for fault in explained.data_problems} or case == "empty"
        wanted = Counter((o.rule.id, o.code) for o in explained.outcomes if o.rule.entity == "unit")
        for _, rule, outcome, count in result.counts().rows():
            assert outcome not in DECIDED or wanted[rule, outcome] >= count, (case, rule)


def test_faults_of_the_data_are_counted_and_nothing_rests_on_them(flat: Engine) -> None:
    frame = columns.flat_frame(20, 0.0).with_columns(
        quantity=pl.when(pl.int_range(20) < 3).then(-5.0).otherwise("quantity"),
        hazard=pl.when(pl.int_range(20) == 4).then(pl.lit("poison")).otherwise("hazard"),
        has_alarm=pl.when(pl.int_range(20) == 5).then(pl.lit("约")).otherwise(pl.lit("true")),
    )
    result = flat.assess_frame(frame)
    assert result.problems().drop("place").sort("attribute").rows() == [
        ("has_alarm", "facts.not-a-bool", 1, [5]),
        ("hazard", "facts.not-a-member", 1, [4]),
        ("quantity", "facts.out-of-range", 3, [0, 1, 2]),
    ]
    wide = result.wide()
    for row in range(20):
        explained = result.explain(row)
        assert {outcome.rule.id for outcome in explained.outcomes if outcome.code == "violated"} == {
            rule for rule in wide.columns[1:] if wide[rule][row] == 1
        }
    assert result.asked().cells > 0


def test_figures_of_every_type_are_exact(units: Engine) -> None:
    """Ten substances at a tenth of their threshold are at 1; the next float below is not."""
    critical = worlds.critical_quantities()
    cas, threshold = next((cas, q) for cas, q in critical.items() if q == 10)
    for kind in (pl.Float64, pl.Float32, pl.Decimal(20, 4), pl.String):
        frame = pl.DataFrame(
            {
                "id": ["at", "below", "large"],
                "substances": [
                    [{"cas": cas, "quantity": f"{threshold / 10:.1f}"}] * 10,
                    [{"cas": cas, "quantity": f"{threshold / 10:.1f}"}] * 9
                    + [{"cas": cas, "quantity": "0.9999"}],
                    [{"cas": cas, "quantity": "9007199254740993"}],
                ],
                "is_filed": [False] * 3,
            }
        )
        inner = pl.List(pl.Struct({"cas": pl.String, "quantity": kind}))
        codes = units.assess_frame(frame.cast({"substances": inner}), entity="unit").wide()
        assert codes["installation.1"].to_list() == [1, 0, 1], kind


def test_what_is_wrong_with_the_columns_is_said_all_at_once(flat: Engine) -> None:
    frame = (
        columns.flat_frame(3, 0.0)
        .rename({"quantity": "quantitty"})
        .with_columns(pressure=pl.lit(True), 储量=pl.lit(1.0))
    )
    with pytest.raises(DualprevError) as raised:
        flat.assess_frame(frame)
    assert [(fault.code, fault.path, fault.nearest) for fault in raised.value.problems] == [
        ("evaluate.unknown-column", "quantitty", "quantity"),
        ("evaluate.column-type", "pressure", None),
    ]
    for wrong in ({"outcomes": ["bad"]}, {"layout": "deep"}, {"rows": 0}, {"entity": "planet"}):
        with pytest.raises(DualprevError):
            flat.assess_frame(frame, **wrong)
    with pytest.raises(DualprevError) as raised:
        flat.assess_frame(3)
    assert raised.value.problems[0].code == "evaluate.no-frame"
    with pytest.raises(DualprevError):
        flat.assess_frame(columns.flat_frame(3, 0.0).with_columns(储量=pl.lit(1.0)))


def test_a_frame_without_rows_has_no_outcomes(units: Engine) -> None:
    result = units.assess_frame(pl.DataFrame(schema={"id": pl.String}))
    found = (result.tidy(), result.wide(), result.counts(), result.problems(), result.derived("unit.s_value"))
    assert [each.height for each in found] == [0] * 5
    assert result.counts().columns == ["entity", "rule", "outcome", "count"]
    for row in (0, 5, -1):
        with pytest.raises(DualprevError) as raised:
            result.explain(row)
        assert [fault.code for fault in raised.value.problems] == ["evaluate.no-row"]


def test_a_truncated_file_is_said(flat: Engine, tmp_path: Path) -> None:
    file = tmp_path / "site.parquet"
    columns.flat_frame(100, 0.0).write_parquet(file)
    file.write_bytes(file.read_bytes()[:500])
    with pytest.raises(DualprevError) as raised:
        flat.assess_frame(pl.scan_parquet(file))
    assert raised.value.problems[0].code == "evaluate.no-frame"


def test_a_pickled_engine_judges_the_same(flat: Engine) -> None:
    frame = columns.flat_frame(50, 0.2)
    again: Engine = pickle.loads(pickle.dumps(flat))
    assert again.assess_frame(frame).tidy().equals(flat.assess_frame(frame).tidy())
    facts = worlds.flat_facts(1)[0]
    assert again.assess(facts).to_json() == flat.assess(facts).to_json()


def test_without_spark_it_says_what_to_install(flat: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "dualprev_rules.evaluate.columns.spark", raising=False)
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(DualprevError) as raised:
        flat.assess_spark(None)
    assert [fault.code for fault in raised.value.problems] == ["evaluate.no-spark"]
    assert "dualprev-rules[spark]" in raised.value.show("en")


def test_grades_are_those_of_each_row_alone() -> None:
    engine = Engine.load(YARD, as_of="2026-11-21")
    point = {"method": "lec", "L": 6.0, "E": 6.0}
    points = [[{**point, "C": 40.0}], [{**point, "C": 1.0}], [{**point, "C": None}], None, []]
    lists: list[list[Any]] = [[]] * len(points)
    frame = pl.DataFrame({"id": list("ABCDE"), "risk_points": points, "sites": lists, "units": lists})
    result = engine.assess_frame(frame, rows=2)
    found = result.grades()
    assert found["row"].to_list() == [0, 1, 2, 3, 4]
    assert found["key"].to_list() == list("ABCDE")
    grades = [result.explain(row).grade for row in range(len(points))]
    assert found["grade"].to_list() == [grade and grade.level for grade in grades]
    assert found["possible"].to_list() == [grade and list(grade.possible) for grade in grades]
    assert found["grade"][0] == 1
    assert found["possible"][2].len() > 1
