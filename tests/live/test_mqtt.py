"""``dualprev watch`` with a broker: readings from a topic, warnings to one, at least once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path
from random import Random

import pytest

from dualprev_rules.cli.watch_mqtt import mqtt_source
from dualprev_rules.cli.watch_send import courier
from dualprev_rules.problems import DualprevError
from tests.live.broker import broker, connected, free_port, hear, publish
from tests.live.test_watch import COMMAND, options
from tests.live.worlds import pack, readings, watched, written

pytestmark = pytest.mark.needs("durable_rules_engine", "mosquitto", "paho")

SEED = 7


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("mqtt")
    random = Random(SEED)
    pack(where / "pack", [written(watched(random, f"w{number}"), "spot") for number in range(5)])
    return where


@pytest.fixture(scope="module")
def port(folder: Path) -> Generator[int]:
    found = free_port()
    with broker(folder, found):
        yield found


def lines(count: int) -> list[bytes]:
    return [json.dumps(reading).encode() for reading in readings(Random(SEED), count, "spot")]


def undisturbed(folder: Path, given: list[bytes]) -> list[dict[str, str]]:
    command = [*COMMAND, *options(folder), "--isolation", "none"]
    done = subprocess.run(command, input=b"\n".join(given), capture_output=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def start(folder: Path, readings: str, *more: str, said: Path) -> subprocess.Popen[bytes]:
    """Start a watch, and wait until it has subscribed."""
    command = [*COMMAND, readings, *options(folder), *more, "--isolation", "none"]
    with said.open("wb") as stderr:
        running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr)
    wait_for(lambda: b"mqtt://" in said.read_bytes() or running.poll() is not None)
    assert running.poll() is None, said.read_text("utf-8")
    return running


def wait_for(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def kept(checkpoint: Path) -> int:
    return int(json.loads(checkpoint.read_text("utf-8"))["read"])


def told(out: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def test_readings_from_a_topic_and_warnings_to_one(folder: Path, port: int, tmp_path: Path) -> None:
    given = lines(150)
    expected = undisturbed(folder, given)
    where = f"mqtt://127.0.0.1:{port}"
    said = tmp_path / "said.txt"
    with connected(port) as client:
        came = hear(client, "out/#")
        running = start(folder, f"{where}/in/#", "--hook", f"{where}/out/warnings", said=said)
        # The second is no reading, and too long by far; nothing of it stops the watch.
        publish(client, "in/one", [given[0], b"9" * 10_000_000, *given[1:]])
        heard = [json.loads(came.get(timeout=60)) for _ in expected]
        running.send_signal(signal.SIGTERM)
        out, _ = running.communicate(timeout=60)
    assert running.returncode == 0
    assert heard == expected
    assert [json.loads(line) for line in out.splitlines()] == expected
    assert "control.reading-too-long" in said.read_text("utf-8")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of POSIX")
def test_what_a_killed_watch_had_not_kept_comes_again(folder: Path, port: int, tmp_path: Path) -> None:
    given, out, checkpoint = lines(600), tmp_path / "warnings.jsonl", tmp_path / "checkpoint.json"
    expected = undisturbed(folder, given)
    where = f"mqtt://127.0.0.1:{port}/kill/readings"
    files = ["--out", str(out), "--checkpoint", str(checkpoint)]
    random, sent = Random(SEED), 0
    with connected(port) as client:
        for turn in range(3):
            running = start(folder, where, *files, said=tmp_path / f"said-{turn}.txt")
            publish(client, "kill/readings", given[sent : sent + 200])
            sent += 200
            time.sleep(random.random() * 0.2)
            running.send_signal(signal.SIGKILL)
            running.communicate()
        running = start(folder, where, *files, said=tmp_path / "said.txt")
        wait_for(lambda: len(told(out)) >= len(expected))
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=60)
    assert running.returncode == 0
    assert told(out) == expected


@pytest.mark.slow
def test_a_broker_that_comes_back_is_gone_on_with(folder: Path, tmp_path: Path) -> None:
    port, given = free_port(), lines(60)
    expected = undisturbed(folder, given)
    out, checkpoint, said = tmp_path / "warnings.jsonl", tmp_path / "checkpoint.json", tmp_path / "said.txt"
    files = ["--out", str(out), "--checkpoint", str(checkpoint)]
    with broker(tmp_path, port):
        running = start(folder, f"mqtt://127.0.0.1:{port}/in", *files, said=said)
        with connected(port) as client:
            publish(client, "in", given[:30])
            wait_for(lambda: kept(checkpoint) == 30)
    with broker(tmp_path, port):
        wait_for(lambda: "cli.broker-back" in said.read_text("utf-8"))
        with connected(port) as client:
            publish(client, "in", given[30:])
            wait_for(lambda: kept(checkpoint) == 60)
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=60)
    assert running.returncode == 0
    assert "cli.broker-lost" in said.read_text("utf-8")
    assert told(out) == expected


def test_a_broker_that_is_away_is_told() -> None:
    with pytest.raises(DualprevError) as refused, mqtt_source(f"mqtt://127.0.0.1:{free_port()}/in/#", ""):
        pass
    assert refused.value.code == "cli.broker"


def test_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "paho", None)
    for wanted in (lambda: courier("mqtt://127.0.0.1/x"), lambda: mqtt_source("mqtt://h/x", "").__enter__()):
        with pytest.raises(DualprevError) as refused:
            wanted()
        assert "dualprev-rules[mqtt]" in refused.value.show("en")
