"""Clocks that are wrong: none silences the others, and what waits for a time to be believed is not lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from dualprev_rules import Engine
from dualprev_rules.control.monitor import Monitor
from dualprev_rules.control.readings import at_of
from dualprev_rules.problems import DualprevError
from tests.live.worlds import SECOND, moment, pack

pytestmark = pytest.mark.needs("durable_rules_engine")

TITLE = {"zh": "试", "en": "trial"}
OVER = {
    "warning": "over",
    "title": TITLE,
    "for": "spot",
    "sensor": "a",
    "cite": {"instrument": "i", "clause": "1"},
    "when": {"held": "0 s"},
    "alarm": "a >= 2",
}
YEARS = 73 * 365 * 86_400


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine.load(pack(tmp_path_factory.mktemp("clock"), [OVER]), as_of="2026-11-21")


@pytest.fixture
def monitor(engine: Engine) -> Iterator[Monitor]:
    with Monitor(engine) as made:
        yield made


def feed(monitor: Monitor, name: str, value: float, second: float) -> tuple[list[str], list[str]]:
    """Feed a reading of a sensor at a place of its own."""
    at = moment(int(second * SECOND))
    reading: dict[str, Any] = {"sensor": name, "record": f"spot[{name}]", "fact": "a", "value": value}
    heard = monitor.feed({**reading, "at": at})
    warned = [f"{w.event} {w.record}" for w in heard.warnings]
    return warned, [problem.code.removeprefix("control.") for problem in heard.problems]


@pytest.mark.parametrize("ahead", [60, 61, 1_800, 3_599, 3_601])
def test_a_clock_that_is_ahead_silences_nobody(monitor: Monitor, ahead: int) -> None:
    for name in "AB":
        feed(monitor, name, 0, 0)
    for second in range(0, 300, 10):
        _, codes = feed(monitor, "B", 0, ahead + second)
        assert codes == (["reading-leap"] if ahead > 60 else [])
        if not second:
            assert feed(monitor, "A", 3, 1) == (["opened spot[A]"], [])
        assert feed(monitor, "A", 3, second + 2)[1] == []


@pytest.mark.parametrize("ticks", [False, True])
def test_a_clock_that_gains_silences_nobody(monitor: Monitor, *, ticks: bool) -> None:
    for second in range(1_000):
        for delay, name in enumerate("ABC"):
            value = 3 if second == 900 else 0
            warned, codes = feed(monitor, name, value, second + delay / 10)
            assert codes == []
            assert warned == {900: [f"opened spot[{name}]"], 901: [f"closed spot[{name}]"]}.get(second, [])
        _, codes = feed(monitor, "Z", 0, second * 1.1 + 0.3)
        assert codes == (["reading-leap"] if second >= 600 else [])
        for _ in range(2 * ticks):
            assert monitor.clock is not None
            assert monitor.tick(monitor.clock + timedelta(seconds=0.25)).warnings == ()


def test_time_that_goes_on_from_a_wrong_clock_silences_nobody_for_long(monitor: Monitor) -> None:
    states: list[set[str]] = []
    for second in range(600):
        if second % 15 == 0:
            for delay, name in enumerate("ABC"):
                assert feed(monitor, name, 0, second + delay / 10)[1] == []
            feed(monitor, "Z", 0, second + (55 if second == 90 else 0.3))
        assert monitor.clock is not None
        monitor.tick(monitor.clock + timedelta(seconds=1))
        states.append({each.state for each in monitor.state().sensors if each.sensor in "ABC"})
    assert all(found == {"stands"} for found in states[:90] + states[106:])


def test_what_waits_is_no_witness_where_time_went_on_past_it(monitor: Monitor) -> None:
    for name in "AB":
        feed(monitor, name, 0, 0)
    assert feed(monitor, "Z", 0, 110) == ([], ["reading-leap"])
    for second in range(1, 131):
        monitor.tick(moment(second * SECOND))
    assert feed(monitor, "A", 3, 10) == ([], ["reading-late"])
    assert feed(monitor, "B", 3, 10.1) == (["opened spot[A]", "opened spot[B]"], ["clock-back"])


@pytest.mark.parametrize("leads", [False, True])
def test_a_clock_that_climbs_is_set_back(monitor: Monitor, *, leads: bool) -> None:
    for second in range(10):
        for name in "ABC":
            feed(monitor, name, 0, second)
        feed(monitor, "Z", 0, second + leads)
    for step in range(1, 11):
        assert feed(monitor, "Z", 0, 9 + leads + 59 * step)[1] == []
    assert feed(monitor, "A", 3, 11) == ([], ["reading-late"])
    assert feed(monitor, "B", 3, 11.1) == (["opened spot[A]", "opened spot[B]"], ["clock-back"])
    assert feed(monitor, "C", 3, 11.2) == (["opened spot[C]"], [])
    assert feed(monitor, "Z", 0, 700) == ([], ["reading-leap"])


def test_a_first_time_that_is_wrong_is_not_kept(engine: Engine, monitor: Monitor) -> None:
    assert feed(monitor, "C", 0, YEARS) == ([], [])
    assert feed(monitor, "A", 3, 0) == ([], ["reading-late"])
    kept = json.loads(json.dumps(monitor.snapshot()))
    warned, codes = feed(monitor, "B", 3, 1)
    assert (warned, codes) == (["opened spot[A]", "opened spot[B]"], ["clock-back"])
    assert feed(monitor, "C", 3, 2) == (["opened spot[C]"], [])
    assert feed(monitor, "C", 0, YEARS + 3) == ([], ["reading-leap"])
    with Monitor(engine) as other:
        other.restore(kept)
        assert feed(other, "B", 3, 1) == (warned, codes)


def test_a_sensor_takes_back_its_own_first_time(monitor: Monitor) -> None:
    assert feed(monitor, "A", 3, YEARS) == (["opened spot[A]"], [])
    assert feed(monitor, "A", 3, 0) == ([], ["reading-late"])
    # What is open stays open.
    assert feed(monitor, "A", 0, 1) == (["closed spot[A]"], ["clock-back"])
    assert feed(monitor, "A", 3, 2) == (["opened spot[A]"], [])


@pytest.mark.parametrize("hour", [1, 24 * 365 * 70])
@pytest.mark.parametrize("names", ["A", "AB"])
def test_what_is_delivered_after_time_went_on_is_not_lost(
    engine: Engine, monitor: Monitor, names: str, hour: int
) -> None:
    for name in names:
        feed(monitor, name, 0, 0)
    monitor.tick(moment(hour * 3_600 * SECOND))
    with Monitor(engine) as other:
        other.restore(json.loads(json.dumps(monitor.snapshot())))
        for each in (monitor, other):
            told = [feed(each, name, value, at) for value, at in ((3, 1), (0, 2)) for name in names]
            warned, codes = ([one for pair in told for one in pair[which]] for which in (0, 1))
            assert sorted(warned) == sorted(
                f"{event} spot[{name}]" for event in ("opened", "closed") for name in names
            )
            assert codes == ["reading-late", "clock-back"]


def test_what_waits_takes_effect_at_its_own_time_where_time_goes_on_past_it(monitor: Monitor) -> None:
    for name in "AB":
        feed(monitor, name, 0, 0)
    assert feed(monitor, "A", 3, 90) == ([], ["reading-leap"])
    assert monitor.tick(moment(80 * SECOND)).warnings == ()
    (told,) = monitor.tick(moment(110 * SECOND)).warnings
    assert (told.event, at_of(told.at).isoformat()) == ("opened", moment(90 * SECOND))


def test_time_that_goes_on_begins_no_clock(monitor: Monitor) -> None:
    monitor.tick(moment(YEARS * SECOND))
    assert monitor.clock is None
    assert feed(monitor, "A", 3, 0) == (["opened spot[A]"], [])


def test_what_is_delivered_again_sets_back_no_clock(monitor: Monitor) -> None:
    for second in range(0, 400, 50):
        feed(monitor, "A", 0, second)
    assert [feed(monitor, "A", 0, second)[1] for second in (0, 50)] == [["reading-late"]] * 2
    assert feed(monitor, "A", 0, 400) == ([], [])


@pytest.mark.parametrize("gap", [7_200, 100])
def test_after_an_outage_nothing_is_lost(monitor: Monitor, gap: int) -> None:
    for name in "AB":
        feed(monitor, name, 0, 0)
    assert feed(monitor, "A", 3, gap) == ([], ["reading-leap"])
    assert feed(monitor, "B", 0, gap + 1) == (["opened spot[A]"], [])


def test_the_one_sensor_that_goes_on_after_an_outage_is_believed(monitor: Monitor) -> None:
    for name in "AB":
        feed(monitor, name, 0, 0)
    told = [feed(monitor, "A", value, 7_200 + second)[0] for value, second in ((3, 0), (0, 30), (0, 59))]
    assert told == [[], [], []]
    assert feed(monitor, "A", 0, 7_260) == (["opened spot[A]", "closed spot[A]"], [])


def test_an_acknowledgement_neither_begins_nor_moves_the_clock_far(monitor: Monitor) -> None:
    def acknowledge(warning: str, at: str) -> list[str]:
        heard = monitor.feed({"acknowledge": warning, "by": "张三", "at": at})
        return [w.event for w in heard.warnings] + [p.code for p in heard.problems]

    assert acknowledge("?", "8999-01-01T00:00:00Z") == ["control.no-warning"]
    assert monitor.state().clock is None
    assert feed(monitor, "A", 3, 0) == (["opened spot[A]"], [])
    for at in (moment(59 * 60 * SECOND), moment(30 * SECOND)):
        assert acknowledge("?", at) == ["control.no-warning"]
        with pytest.raises(DualprevError):
            monitor.acknowledge("?", by="张三", at=at)
    with pytest.raises(DualprevError) as refused:
        monitor.acknowledge("over|spot[A]|1", by="张三", at="2062-01-01T00:00:00Z")
    assert refused.value.code == "control.reading-leap"
    with pytest.raises(DualprevError):
        monitor.acknowledge("over|spot[A]|1", by=" ", at=moment(30 * SECOND))
    assert monitor.snapshot()["clock"] == monitor.snapshot()["sensors"][0]["at"]
    # Somebody's watch may be wrong: the acknowledgement counts, its time does not.
    assert acknowledge("over|spot[A]|1", moment(59 * 60 * SECOND)) == ["acknowledged"]
    assert feed(monitor, "B", 3, 1) == (["opened spot[B]"], [])


def test_acknowledgements_climb_nowhere(monitor: Monitor) -> None:
    feed(monitor, "A", 3, 0)
    for ahead in (50, 105, 160):
        monitor.acknowledge("over|spot[A]|1", by="张三", at=moment(ahead * SECOND))
    assert [feed(monitor, name, 3, 3) for name in "AB"] == [([], []), (["opened spot[B]"], [])]


def test_what_waits_stays_within_bounds(monitor: Monitor) -> None:
    for name in "AB":
        feed(monitor, name, 0, 0)
    for second in range(300):
        feed(monitor, "B", 0, 1_800 + second)
        feed(monitor, "A", 0, second / 10 + 0.1)
    assert len(monitor.snapshot()["doubts"]["ahead"]) == 100
