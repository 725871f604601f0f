"""Readings that are none, or strange: nothing stops the monitor, and each is reported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dualprev_rules import Engine
from dualprev_rules.control import Heard
from dualprev_rules.control.monitor import Monitor
from dualprev_rules.problems import DualprevError
from tests.live.worlds import SECOND, moment, pack

pytestmark = pytest.mark.needs("durable_rules_engine")

TITLE = {"zh": "试", "en": "trial"}
CITE = {"instrument": "i", "clause": "1"}


def warning(name: str, **rest: Any) -> dict[str, Any]:
    return {"warning": name, "title": TITLE, "for": "spot", "sensor": "a", "cite": CITE, **rest}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    rules = [
        warning("over", when={"held": "0 s"}, alarm="a >= 2"),
        warning("quiet", when={"silence": "60 s"}),
        warning("steep", when={"rate": {"rise": "0.0000001", "within": "10 s"}}, restore="a < -40"),
    ]
    return Engine.load(pack(tmp_path_factory.mktemp("hostile"), rules), as_of="2026-11-21")


@pytest.fixture
def monitor(engine: Engine) -> Iterator[Monitor]:
    with Monitor(engine) as made:
        yield made


def reading(value: Any, second: float = 0, **rest: Any) -> dict[str, Any]:
    at = moment(int(second * SECOND))
    return {"sensor": "x", "record": "spot[1]", "fact": "a", "value": value, "at": at, **rest}


def codes(monitor: Monitor, given: Any) -> list[str]:
    return [problem.code.removeprefix("control.") for problem in monitor.feed(given).problems]


UNREADABLE = [
    float("nan"),
    float("inf"),
    "NaN",
    1e308,
    "1e308",
    "1" * 60,
    "x",
    "",
    None,
    [1],
    {},
    True,
    99,
    "9 m",
]


@pytest.mark.parametrize("value", UNREADABLE, ids=lambda value: type(value).__name__)
def test_a_value_that_cannot_be_read_is_unknown_and_closes_nothing(monitor: Monitor, value: Any) -> None:
    assert [w.event for w in monitor.feed(reading(3)).warnings] == ["opened"]
    heard = monitor.feed(reading(value, 1))
    assert [p.code for p in heard.problems] == ["control.reading-value"]
    assert heard.problems[0].nearest == "[-50, 50]"
    assert heard.warnings == ()
    assert [w.event for w in monitor.feed(reading(1, 2)).warnings] == ["closed"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (b"", "not-a-reading"),
        (b"\xff\xfe", "not-a-reading"),
        ("[1, 2]", "not-a-reading"),
        ("[" * 50_000, "not-a-reading"),
        ('{"sensor": "x", "sensor": "y", "record": "spot[1]", "fact": "a", "value": 1}', "not-a-reading"),
        ('{"value": ' + "9" * 10_000_000 + "}", "reading-too-long"),
        (7, "not-a-reading"),
        ({}, "reading-key"),
        (reading(1, sensor=3), "reading-key"),
        (reading(1, record="  "), "reading-key"),
        (reading(1, record="nowhere[1]"), "reading-fact"),
        (reading(1, record="enterprise.spots[1]"), "reading-fact"),
        (reading(1, fact="id"), "reading-fact"),
        (reading(1, at="2026-11-22T08:00:00"), "reading-time"),
        (reading(1, at="soon"), "reading-time"),
    ],
    ids=lambda given: str(given)[:30],
)
def test_what_is_no_reading_is_refused(monitor: Monitor, given: Any, code: str) -> None:
    assert codes(monitor, given) == [code]
    before = monitor.snapshot()
    assert before["sensors"] == []


def test_repeated_late_and_leaping_readings_are_not_taken(monitor: Monitor) -> None:
    assert codes(monitor, reading(1, 100)) == []
    assert codes(monitor, reading("1.0", 100)) == ["reading-repeated"]
    assert codes(monitor, reading(3, 100)) == ["reading-conflict"]
    assert codes(monitor, reading(3, 99)) == ["reading-late"]
    assert codes(monitor, reading(1, 0, sensor="y")) == ["reading-late"]  # silent by now
    assert codes(monitor, reading(1, 90, sensor="y")) == []
    assert codes(monitor, reading(1, 9_000)) == ["reading-leap"]
    assert codes(monitor, reading(1, 9_001)) == ["reading-leap"]  # the same clock says it again
    assert codes(monitor, reading(1, 101)) == []  # so it was wrong, and says so itself
    assert codes(monitor, reading(1, 9_000)) == ["reading-leap"]
    assert codes(monitor, reading(1, 9_002, sensor="y")) == []  # another one comes to that time
    assert monitor.feed(reading(1, 9_003)).problems == ()


def test_a_place_that_the_site_does_not_name_is_told_once(engine: Engine) -> None:
    site = {"enterprise": {"id": "E", "spots": [{"id": "S-1"}, {"id": "S-2"}]}}
    with Monitor(engine, site) as monitor:
        assert codes(monitor, reading(1, record="spot[S-1]")) == []
        (wrong,) = monitor.feed(reading(1, record="spot[s1]")).problems
        assert (wrong.code, wrong.nearest) == ("control.reading-record", "spot[S-1]")
        assert codes(monitor, reading(1, 1, record="spot[s1]")) == []
        (other,) = monitor.feed(reading(1, record="spot[#]")).problems
        assert "None" not in other.show("en")


def test_a_sensor_that_no_warning_takes_up_is_told_once(monitor: Monitor) -> None:
    assert codes(monitor, reading(50, fact="b")) == ["reading-unwatched"]
    assert codes(monitor, reading(49, 1, fact="b")) == []
    assert codes(monitor, reading(1, 1)) == []


def test_what_is_wrong_with_the_site_is_told_with_the_first_reading(engine: Engine) -> None:
    with Monitor(engine, {"enterprise": {"id": "E", "spots": [{"id": "1", "b": "lots"}]}}) as monitor:
        (wrong,) = monitor.feed(reading(1)).problems
        assert wrong.path == "enterprise.spots[1].b"
        assert monitor.feed(reading(1, 1)).problems == ()


def test_days_before_1970_and_at_the_ends_of_the_calendar(monitor: Monitor) -> None:
    for at in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999-12:00"):
        assert codes(monitor, reading(1, at=at)) == ["reading-time"]
    assert codes(monitor, reading(1, at="1969-12-31T00:00:00+00:00")) == []
    assert codes(monitor, reading(3, at="1969-12-31T00:00:01+00:00")) == []


def test_a_tiny_rise_counts_exactly(monitor: Monitor) -> None:
    steep = [
        [w.warning for w in monitor.feed(json.dumps(reading(value, second))).warnings]
        for second, value in enumerate([0, 9e-8, 1e-7])
    ]
    assert steep == [[], [], ["steep"]]


def test_a_mark_is_shown_and_hides_nothing(monitor: Monitor) -> None:
    (opened,) = monitor.feed(reading("2.0", mark="calibration")).warnings
    assert opened.to_json()["readings"][0]["mark"] == "calibration"


@pytest.mark.parametrize("mark", ["标校", ["test"], 7])
def test_a_mark_that_is_not_known_is_told_and_the_reading_taken(monitor: Monitor, mark: Any) -> None:
    heard = monitor.feed(reading("2.0", mark=mark))
    assert [p.code for p in heard.problems] == ["control.reading-mark"]
    (opened,) = heard.warnings
    assert opened.to_json()["readings"][0]["mark"] == (mark if isinstance(mark, str) else repr(mark))


def test_a_marked_reading_closes_nothing(monitor: Monitor) -> None:
    assert [w.event for w in monitor.feed(reading("2.0")).warnings] == ["opened"]
    assert monitor.feed(reading("0.0", 1, mark="calibration")).warnings == ()
    assert [w.event for w in monitor.feed(reading("0.0", 2)).warnings] == ["closed"]


def test_a_marked_reading_breaks_no_stretch(tmp_path: Path) -> None:
    rules = [
        warning("long", when={"held": "30 s"}, alarm="a >= 2"),
        warning("often", when={"count": {"hits": 3, "of": 3}}, alarm="a >= 2", restore="a < 2"),
    ]
    engine = Engine.load(pack(tmp_path / "pack", rules), as_of="2026-11-21")
    with Monitor(engine) as monitor:
        told = [
            [w.warning for w in monitor.feed(given).warnings]
            for given in (reading(2), reading(0, 10, mark="test"), reading(3, 20), reading(2, 30))
        ]
    # The marked one counts as a hit too: who knows whether the 2 before it still stands.
    assert told == [[], [], ["often"], ["long"]]


def test_only_an_open_warning_is_acknowledged_and_by_name(monitor: Monitor) -> None:
    (opened,) = monitor.feed(reading(2)).warnings
    at = moment(SECOND)
    for name, by, code in (("?", "张三", "control.no-warning"), (opened.id, " ", "control.blank")):
        with pytest.raises(DualprevError) as refused:
            monitor.acknowledge(name, by=by, at=at)
        assert [problem.code for problem in refused.value.problems] == [code]
    (said,) = monitor.acknowledge(opened.id, by="张三", at=at).warnings
    assert (said.event, said.by, said.id) == ("acknowledged", "张三", opened.id)


def test_a_line_among_the_readings_acknowledges(engine: Engine) -> None:
    with Monitor(engine) as monitor:
        (opened,) = monitor.feed(reading(2)).warnings
        line = {"acknowledge": opened.id, "by": "张三", "at": moment(SECOND)}
        (said,) = monitor.feed(json.dumps(line)).warnings
        assert (said.event, said.by, said.id) == ("acknowledged", "张三", opened.id)
        # It may be delivered more than once.
        assert monitor.feed(line) == Heard((), ())
        assert codes(monitor, {**line, "acknowledge": "?"}) == ["no-warning"]
        assert codes(monitor, {**line, "by": " "}) == ["reading-key"]
        assert codes(monitor, {**line, "at": "soon"}) == ["reading-time"]
        assert codes(monitor, {**line, "at": "2036-01-01T00:00:00+08:00"}) == ["reading-leap"]
        assert codes(monitor, reading(1, 2)) == []


def test_what_is_escalated_is_acknowledged_once(tmp_path: Path) -> None:
    rule = warning("over", when={"held": "0 s"}, alarm="a >= 2", escalate="30 s")
    engine = Engine.load(pack(tmp_path / "pack", [rule]), as_of="2026-11-21")
    monitor, told = Monitor(engine), []
    line = {"acknowledge": "over|spot[1]|1", "by": "张三", "at": moment(40 * SECOND)}
    for given in (reading(2), reading(3, 31), line, line):
        told.append([w.event for w in monitor.feed(given).warnings])
        kept = json.loads(json.dumps(monitor.snapshot()))
        monitor.close()
        monitor = Monitor(engine)
        monitor.restore(kept)
    monitor.close()
    assert told == [["opened"], ["escalated"], ["acknowledged"], []]


def test_a_snapshot_in_pieces_is_refused(engine: Engine, monitor: Monitor) -> None:
    monitor.feed(reading(2))
    kept = monitor.snapshot()
    for broken in ({**kept, "doubts": 1}, {**kept, "clock": "x"}, {**kept, "sensors": [{}]}, {}):
        with Monitor(engine) as fresh, pytest.raises(DualprevError) as refused:
            fresh.restore(broken)
        assert refused.value.code == "control.snapshot"


def test_time_goes_on_without_readings(monitor: Monitor) -> None:
    monitor.feed(reading(None))
    assert monitor.tick(moment(59 * SECOND)).warnings == ()
    assert [w.warning for w in monitor.tick(moment(60 * SECOND)).warnings] == ["quiet"]
    with pytest.raises(DualprevError):
        monitor.tick("2026-11-22")


def test_sensors_without_end_are_refused(monitor: Monitor) -> None:
    told = [codes(monitor, reading(1, sensor=f"x{number}")) for number in range(18)]
    assert told == [[]] * 16 + [["reading-sensors"]] * 2
    assert codes(monitor, reading(1, record="spot[2]")) == []
