"""What is timed side by side gives the same answers, and the harness tells the truth about times."""

from __future__ import annotations

from pathlib import Path

import pytest

from dualprev_rules import Engine
from tests.benchmarks import live, peers, twins, worlds
from tests.benchmarks.judging import outcome_codes
from tests.benchmarks.measure import Contestant, Effort, race
from tests.benchmarks.outcome import Promise, Row, Suite
from tests.benchmarks.report import MARK, page, table


def test_flat_twin() -> None:
    engine = Engine.load(worlds.FLAT, as_of=worlds.AS_OF)
    for facts in worlds.flat_facts():
        assert outcome_codes(engine, facts, 40) == [twins.judge_flat_dict(facts)]


@pytest.mark.parametrize("substances", [1, 7, 50])
def test_installation_twin(tmp_path: Path, substances: int) -> None:
    engine = Engine.load(worlds.installation_pack(tmp_path), as_of=worlds.AS_OF)
    facts = worlds.units_facts(5, substances)
    critical = worlds.critical_quantities()
    assert outcome_codes(engine, facts, 4) == twins.judge_units_dict(facts, critical)
    assert [twins.judge_unit(unit, critical) for unit in worlds.as_objects(facts)] == twins.judge_units_dict(
        facts, critical
    )


def test_guards_are_disjoint(tmp_path: Path) -> None:
    engine = Engine.load(worlds.guarded_pack(tmp_path, 100), as_of=worlds.AS_OF)
    for facts in worlds.guarded_facts(100):
        result = engine.assess(facts)
        assert result.count("not_applicable") == 90
        assert result.count("undetermined") == 0


def test_every_second_fact_is_missing() -> None:
    facts = {"enterprise": {"id": "E", "a": 1, "b": {"value": 2}, "units": [{"c": 3, "d": [4], "e": 5}]}}
    assert worlds.with_every_second_missing(facts) == {
        "enterprise": {"id": "E", "a": 1, "units": [{"c": 3, "e": 5}]}
    }


def test_grammars() -> None:
    conditions = {"r": "(hazard in {'toxic', 'explosive'}) and (0.1 <= pressure < 1.6 and not has_alarm)"}
    assert peers.Grammar().write(conditions) == {
        "r": '(hazard in ["toxic", "explosive"] and ((0.1 <= pressure and pressure < 1.6) and not has_alarm))'
    }
    assert peers.Durable().write(conditions) == {
        "r": '(((m.hazard == "toxic") | (m.hazard == "explosive"))'
        " & (((m.pressure >= 0.1) & (m.pressure < 1.6)) & (m.has_alarm == False)))"
    }


def test_race_times_what_runs() -> None:
    now = 0.0

    def spend(seconds: float) -> None:
        nonlocal now
        now += seconds

    short = Contestant("short", spend, [0.001])
    long = Contestant("long", spend, [0.003, 0.005])
    timings = race([short, long], Effort(rounds=3, block=0.08, limit=5, clock=lambda: now))
    assert timings[0].times_faster_than(timings[1]) == pytest.approx(4)
    assert [timing.median for timing in timings] == pytest.approx([0.001, 0.004])
    assert all(len(timing.rounds) == 3 for timing in timings)


def test_table_and_page_say_what_is_not_held() -> None:
    promise = Promise("fast", 2, 1.5, at_least=True)
    suite = Suite("x", "title", [Row("us", 2e-6, 1e-7)], [promise], ["them: why"])
    written = page(f"# Page\n\n{MARK}\nold\n", [suite], {"cpu": "one"})
    assert written.startswith(f"# Page\n\n{MARK}\n\nOne run: cpu one.\n")
    assert "| fast ≥ 2 × | 1.5 × | **not held** |" in written
    assert "Not measured: them: why." in written
    assert "old" not in written
    shown = table(suite)
    assert "NOT HELD fast" in shown
    assert "2 µs" in shown
    assert "not measured: them: why" in shown


@pytest.mark.needs("durable_rules_engine")
def test_live_readings_give_the_same_warnings() -> None:
    ours, bare, opened = live.Ours(), live.Bare(), 0
    for _, lines in zip(range(90), live.stream(sensors=20, often=0.002), strict=False):
        # A stretch ends with the first reading of its last second, whoever's that is.
        told = sorted(warning for line in lines for warning in ours.feed(line))
        assert told == sorted(warning for line in lines for warning in bare.feed(line))
        opened += len(told)
    assert opened > 5
