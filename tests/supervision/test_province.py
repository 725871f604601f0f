"""A run over many enterprises finds what each alone would, goes on where it stopped, refuses bad input."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
import sqlalchemy

from dualprev_rules import DualprevError, Engine
from dualprev_rules.supervision.population import population, settings
from dualprev_rules.supervision.province import SNAPSHOT, Batch, open_batch, read_source
from tests.cli.run import DAY, PROGRAM, YARD, run

MANY = 120
OUTCOMES = ("violated", "presumed")


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load(YARD, as_of="2026-11-21")


@pytest.fixture(scope="module")
def given(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("province") / "all.parquet"
    list(population(engine.ruleset, settings(), file, enterprises=MANY, seed=5))
    return file


def opened(engine: Engine, given: str | Path, out: Path, *, rows: int = 50, resume: bool = False) -> Batch:
    frame = read_source(engine, given, None, out.with_suffix(".parquet"))
    return open_batch(engine, frame, out, rows=rows, outcomes=OUTCOMES, resume=resume)


def outcomes(out: Path) -> pl.DataFrame:
    return pl.read_parquet(out / "outcomes" / "*.parquet")


@pytest.mark.slow
def test_it_finds_what_each_enterprise_alone_would(engine: Engine, given: Path, tmp_path: Path) -> None:
    batch = opened(engine, given, tmp_path / "out")
    assert list(batch.run()) == [50, 100, 120]
    found = outcomes(tmp_path / "out")
    classes = pl.read_parquet(tmp_path / "out" / "enterprises" / "*.parquet")
    frame = engine.assess_frame(pl.scan_parquet(given))
    wanted: list[Any] = []
    for row in range(MANY):
        result = frame.explain(row)
        broken = [o for o in result.outcomes if o.code == "violated" and not o.record.phantom]
        wanted += [(row, o.record.path, o.rule.id) for o in broken]
        kinds = [o.rule.kind for o in broken]
        assert classes["row"][row] == row
        assert classes["major"][row] == kinds.count("major_hidden_hazard")
        assert classes["violated"][row] == len(kinds) - kinds.count("data_check")
    violated = found.filter(outcome="violated").select("row", "path", "rule")
    assert sorted(violated.rows()) == sorted(wanted)
    tally = batch.tally()
    assert tally.enterprises == MANY == tally.classes.total()
    assert sum(of.total() for of in tally.districts.values()) == MANY
    assert sum(of["violated"] for of in tally.rules.values()) == violated.height


def test_a_run_that_stopped_goes_on_and_comes_to_the_same(
    engine: Engine, given: Path, tmp_path: Path
) -> None:
    whole = opened(engine, given, tmp_path / "whole")
    list(whole.run())
    stopped = opened(engine, given, tmp_path / "stopped")
    assert next(stopped.run()) == 50
    # What was being written when it stopped is not counted.
    (tmp_path / "stopped" / "outcomes" / "000001.parquet").write_bytes(b"half")
    again = opened(engine, given, tmp_path / "stopped", resume=True)
    assert again.done() == 50
    assert list(again.run()) == [100, 120]
    assert outcomes(tmp_path / "stopped").equals(outcomes(tmp_path / "whole"))
    assert again.tally() == whole.tally()


def test_an_enterprise_of_which_lists_are_not_known_is_not_clear(engine: Engine, tmp_path: Path) -> None:
    """As judging each alone: of records that may be there nothing is decided."""
    nothing = {"sites": [], "units": []}
    unit = {"id": "U1", "drums": 1, "has_bund": True, "is_exempt": False, "kind": "storage"}
    documents = [
        {"id": "A"},
        {"id": "B", **nothing},
        {"id": "C", "sites": [], "units": [unit]},
        {"id": "D", "sites": None, "units": [None]},
        {"id": "E", "sites": [{"id": "S", "units": None}], "units": []},
    ]
    file = tmp_path / "all.parquet"
    pl.DataFrame(documents, infer_schema_length=None).write_parquet(file)
    batch = opened(engine, file, tmp_path / "out")
    list(batch.run())
    found = pl.read_parquet(tmp_path / "out" / "enterprises" / "*.parquet")["class"].to_list()
    wanted = [
        any(o.code == "undetermined" and not o.harmless for o in result.outcomes)
        for result in (engine.assess({"enterprise": document}) for document in documents)
    ]
    assert found == ["undetermined" if each else "clear" for each in wanted]
    assert {"clear", "undetermined"} == set(found)
    assert batch.tally().missing["enterprise.units"] == [1, 5]
    assert batch.tally().missing["site.units"] == [1, 1]


@pytest.mark.parametrize("content", ["", "[1]", "null", "{}", '{"enterprises": 50'])
def test_a_part_whose_tally_is_damaged_is_judged_again(
    engine: Engine, given: Path, tmp_path: Path, content: str
) -> None:
    batch = opened(engine, given, tmp_path / "out")
    assert next(batch.run()) == 50
    wanted = batch.tally()
    (tmp_path / "out" / "parts" / "000000.json").write_text(content, "utf-8")
    again = opened(engine, given, tmp_path / "out", resume=True)
    assert again.done() == 0
    assert next(again.run()) == 50
    assert again.tally() == wanted


def test_a_folder_holds_one_run(engine: Engine, given: Path, tmp_path: Path) -> None:
    opened(engine, given, tmp_path / "out")
    for rows, resume, code in ((50, False, "batch-there"), (60, True, "batch-other")):
        with pytest.raises(DualprevError) as raised:
            opened(engine, given, tmp_path / "out", rows=rows, resume=resume)
        assert [fault.code for fault in raised.value.problems] == [f"supervision.{code}"]


def test_the_input_that_is_named_is_judged(tmp_path: Path) -> None:
    """Neither what a run that was refused copied, nor what another run is of."""
    one, two, out = tmp_path / "one.csv", tmp_path / "two.csv", tmp_path / "out"
    one.write_text("id\nA\n", "utf-8")
    two.write_text("id\nB\nC\n", "utf-8")

    def judged(*options: str) -> tuple[int, str]:
        done = run("batch", *options, *DAY, "-o", str(out), "--lang", "en")
        return done.exit_code, done.output

    assert judged(str(one), "--outcomes", "foo")[0] == 2
    assert judged(str(two))[0] == 0
    classes = pl.read_parquet(out / "enterprises" / "*.parquet")
    assert classes["id"].to_list() == ["B", "C"]
    for options, other in (
        ((str(one),), "source, content"),
        ((str(two), "--query", "select 1 as id"), "query"),
        ((str(two), "--lists", "stated"), "lists"),
    ):
        code, said = judged(*options, "--resume")
        assert (code, f"({other})" in said) == (2, True), said
    assert judged(str(two))[0] == 2
    assert judged(str(two), "--resume")[0] == 0
    two.write_text("id\nB\nD\n", "utf-8")
    assert judged(str(two), "--resume")[0] == 2


def test_rows_of_a_folder_that_hang_on_nothing_are_told(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "enterprise.csv").write_text("id\nA\nB\n", "utf-8")
    (tmp_path / "in" / "unit.csv").write_text("enterprise,id\nA,U1\na,U2\n", "utf-8")
    out = tmp_path / "out"
    assert run("batch", str(tmp_path / "in"), *DAY, "-o", str(out)).exit_code == 0
    frame = read_source(engine, tmp_path / "in", None, out / SNAPSHOT, keep=True)
    batch = open_batch(engine, frame, tmp_path / "again", rows=5, outcomes=OUTCOMES, resume=False)
    (tmp_path / "again" / SNAPSHOT).with_suffix(".json").write_bytes(
        (out / SNAPSHOT).with_suffix(".json").read_bytes()
    )
    list(batch.run())
    assert batch.tally().problems == {"units.enterprise: facts.no-such-holder": [1, [1]]}
    assert batch.tally().classes == {"undetermined": 2}
    assert "facts.no-such-holder" in (out / "summary.html").read_text("utf-8")


def test_a_file_damaged_further_on_leaves_what_was_judged(
    engine: Engine, given: Path, tmp_path: Path
) -> None:
    """The footer, at the end, is whole; a column's data is not."""
    damaged = tmp_path / "damaged.parquet"
    pl.read_parquet(given).write_parquet(damaged, row_group_size=50)
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 2_000] = bytes(2_000)
    damaged.write_bytes(content)
    batch = opened(engine, damaged, tmp_path / "out")
    with pytest.raises(DualprevError) as raised:
        list(batch.run())
    assert raised.value.problems[0].code == "supervision.part-unreadable"
    assert 0 < batch.done() < MANY
    damaged.write_bytes(given.read_bytes())
    assert [*opened(engine, damaged, tmp_path / "out", resume=True).run()][-1] == MANY


@pytest.mark.slow
@pytest.mark.needs("bash")
def test_a_full_disk_is_said_and_the_run_goes_on_once_there_is_room(given: Path, tmp_path: Path) -> None:
    """No file may grow over a few KB, as on a disk that is full."""
    options = ["batch", str(given), *DAY, "--rows", "60", "-o", str(tmp_path / "out"), "--lang", "en"]
    full = ["bash", "-c", 'ulimit -f 3; exec "$@"', "-", *PROGRAM, *options]
    done = subprocess.run(full, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 2, done.stderr
    assert f"cannot write to “{tmp_path / 'out'}”" in done.stderr
    assert "--resume" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "out").rglob("*.part"))
    assert run(*options, "--resume").exit_code == 0
    assert pl.read_parquet(tmp_path / "out" / "enterprises" / "*.parquet").height == MANY


def test_other_sources_come_to_the_same(engine: Engine, tmp_path: Path) -> None:
    tables: dict[str, list[tuple[Any, ...]]] = {
        "enterprise": [("id", "district"), ("A", 1), ("B", 2)],
        "unit": [
            ("enterprise", "id", "kind", "drums", "has_bund"),
            ("A", "U1", "储存", 101, True),
            ("B", "U2", "production", None, False),
        ],
    }
    units = [
        [{"id": "U1", "kind": "storage", "drums": 101, "has_bund": True}],
        [{"id": "U2", "kind": "production", "drums": None, "has_bund": False}],
    ]
    nested = pl.DataFrame({"id": ["A", "B"], "district": ["1", "2"], "units": units})
    nested.write_parquet(tmp_path / "nested.parquet")
    (tmp_path / "csv").mkdir()
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    database = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'province.db'}")
    for name, rows in tables.items():
        lines = (",".join("" if cell is None else str(cell) for cell in row) for row in rows)
        (tmp_path / "csv" / f"{name}.csv").write_text("\n".join(lines), "utf-8")
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        frame = pl.DataFrame(rows[1:], schema=list(rows[0]), orient="row")
        frame.write_database(name, database)
    book.save(tmp_path / "book.xlsx")
    found: list[Any] = []
    for name in ("nested.parquet", "csv", "book.xlsx", f"sqlite:///{tmp_path / 'province.db'}"):
        out = tmp_path / f"out{len(found)}"
        batch = opened(engine, name if "://" in name else tmp_path / name, out)
        list(batch.run())
        found.append(batch.tally())
    assert found[1:] == found[:1] * 3


def test_a_query_of_a_database(engine: Engine, given: Path, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect(str(tmp_path / "province.duckdb")) as database:
        database.sql(f"create table enterprises as select * from '{given.as_posix()}'")
    snapshot = tmp_path / "snapshot.parquet"
    query = "select * from enterprises order by id limit 10"
    frame = read_source(engine, tmp_path / "province.duckdb", query, snapshot)
    assert frame.collect().equals(pl.read_parquet(given).sort("id")[:10])
    for wrong in (None, "select * from nowhere"):
        with pytest.raises(DualprevError):
            read_source(engine, tmp_path / "province.duckdb", wrong, tmp_path / "other.parquet")


def test_a_query_of_another_database_keeps_every_digit(engine: Engine, tmp_path: Path) -> None:
    database = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'province.db'}")
    with database.begin() as connection:
        connection.execute(sqlalchemy.text("create table firms (code text, area text, workers integer)"))
        rows = [{"code": f"E{n}", "area": "1", "workers": 2**53 + n} for n in range(3)]
        connection.execute(sqlalchemy.text("insert into firms values (:code, :area, :workers)"), rows)
    database.dispose()
    url = f"sqlite:///{tmp_path / 'province.db'}"
    query = "select code as id, area as district, workers as employees from firms order by code"
    frame = read_source(engine, url, query, tmp_path / "snapshot.parquet").collect()
    assert frame.rows() == [(f"E{n}", "1", str(2**53 + n)) for n in range(3)]
    for given, wrong in (
        (url, "select * from nowhere"),
        (f"sqlite:///{tmp_path / 'absent.db'}", query),
        ("nothing://someone:secret@place/db", query),
    ):
        with pytest.raises(DualprevError) as raised:
            read_source(engine, given, wrong, tmp_path / "other.parquet")
        (fault,) = raised.value.problems
        assert fault.code == f"supervision.{'not-copied' if 'absent' in given else 'unreadable'}"
        assert "secret" not in raised.value.show("en")
    assert not (tmp_path / "absent.db").exists()


def test_the_command_writes_a_page_in_both_languages(given: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run("batch", str(given), *DAY, "-o", str(out))
    assert done.exit_code == 0, done.output
    page = (out / "summary.html").read_text("utf-8")
    assert f"{MANY} 家企业的判定" in page
    assert f"{MANY} enterprises judged" in page
    assert run("batch", str(given), *DAY, "-o", str(out)).exit_code == 2
    assert run("batch", str(given), *DAY, "-o", str(out), "--resume").exit_code == 0


@pytest.mark.parametrize("kind", ["truncated", "absent", "columns", "workbook", "sheets"])
def test_bad_input_is_said_and_ends_with_2(given: Path, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "in.parquet"
    if kind == "truncated":
        file.write_bytes(given.read_bytes()[:3_000])
    elif kind == "workbook":
        file = tmp_path / "in.xlsx"
        file.write_bytes(b"no workbook")
    elif kind == "sheets":
        file = tmp_path / "in.xlsx"
        book = openpyxl.Workbook()
        for title in ("enterprise", "unitt"):
            book.create_sheet(title).append(["id"])
        book.save(file)
    elif kind == "columns":
        pl.DataFrame({"id": ["A"], "distrikt": ["1"], "units": [3]}).write_parquet(file)
    done = run("batch", str(file), *DAY, "-o", str(tmp_path / "out"), "--lang", "en")
    assert done.exit_code == 2, done.output
    assert {
        "truncated": "in.parquet",
        "absent": "in.parquet",
        "columns": "district",
        "workbook": "in.xlsx",
        "sheets": "unitt",
    }[kind] in done.output
    assert "Traceback" not in done.output
