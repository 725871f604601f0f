"""``dualprev watch``: JSON lines in and out, from a checkpoint after the process was killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from dualprev_rules.cli.watch_lock import locked
from tests.cases import FULL
from tests.cli.run import run
from tests.live.worlds import pack, readings, watched, written

pytestmark = pytest.mark.needs("durable_rules_engine")

SEED = 7
COMMAND = [sys.executable, "-c", "from dualprev_rules.cli import main; main()", "watch"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("watch")
    random = Random(SEED)
    pack(where / "pack", [written(watched(random, f"w{number}"), "spot") for number in range(5)])
    lines = (json.dumps(reading) for reading in readings(Random(SEED), 1_500, "spot"))
    (where / "readings.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return where


def options(folder: Path) -> list[str]:
    return ["--pack", str(folder / "pack"), "--as-of", "2026-11-21", "--silent-after", "15"]


@pytest.fixture(scope="module")
def undisturbed(folder: Path) -> bytes:
    command = [*COMMAND, str(folder / "readings.jsonl"), *options(folder), "--isolation", "none"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert b"control.reading-value" in done.stderr
    assert done.stdout.count(b"\n") > 20
    return done.stdout


def test_standard_input_gives_the_same(folder: Path, undisturbed: bytes) -> None:
    given = (folder / "readings.jsonl").read_bytes()
    done = subprocess.run([*COMMAND, *options(folder)], input=given, capture_output=True, check=True)
    assert done.stdout == undisturbed
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert {each["event"] for each in told} >= {"opened", "closed"}


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of POSIX")
def test_killed_at_any_moment_no_warning_is_lost_or_doubled(
    folder: Path, undisturbed: bytes, tmp_path: Path
) -> None:
    """The command itself; ``test_killed.py`` kills the same loop a hundred times."""
    out, checkpoint = tmp_path / "warnings.jsonl", tmp_path / "checkpoint.json"
    files = ["--out", str(out), "--checkpoint", str(checkpoint), "--isolation", "none"]
    command = [*COMMAND, str(folder / "readings.jsonl"), *options(folder), *files]
    random = Random(SEED)
    for _ in range(3 if FULL else 1):
        running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        wanted = (out.stat().st_size if out.exists() else 0) + random.randrange(len(undisturbed) // 3)
        while running.poll() is None and (not out.exists() or out.stat().st_size <= wanted):
            time.sleep(0.001)
        running.send_signal(signal.SIGKILL)
        running.wait()
    done = subprocess.run(command, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 0, done.stderr[-2_000:].decode("utf-8", "replace")
    assert out.read_bytes() == undisturbed


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are of POSIX")
def test_ends_cleanly_while_it_waits(folder: Path, undisturbed: bytes, tmp_path: Path) -> None:
    growing, out, checkpoint = tmp_path / "r.jsonl", tmp_path / "w.jsonl", tmp_path / "c.json"
    given = (folder / "readings.jsonl").read_bytes()
    growing.write_bytes(given[:1_001])
    files = ["--follow", "--out", str(out), "--checkpoint", str(checkpoint)]
    command = [*COMMAND, str(growing), *options(folder), *files]
    for count in (len(given) // 2, len(given)):
        running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        with growing.open("ab") as stream:
            stream.write(given[growing.stat().st_size : count])
        whole = given.rfind(b"\n", 0, count) + 1
        while not checkpoint.exists() or json.loads(checkpoint.read_text("utf-8"))["read"] < whole:
            time.sleep(0.05)
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0
    assert out.read_bytes() == undisturbed


Begun = tuple[list[str], Path, Path, Path]


@pytest.fixture
def begun(folder: Path, tmp_path: Path) -> Begun:
    """A watch that has come to the end of half the readings: its command, readings, warnings, checkpoint."""
    growing, out, checkpoint = tmp_path / "r.jsonl", tmp_path / "w.jsonl", tmp_path / "c.json"
    given = (folder / "readings.jsonl").read_bytes()
    growing.write_bytes(given[: given.index(b"\n", len(given) // 2) + 1])
    options = ["--pack", str(folder / "pack"), "--silent-after", "15", "--isolation", "none"]
    command = ["watch", str(growing), *options, "--checkpoint", str(checkpoint)]
    done = run(*command, "--as-of", "2026-11-21", "--out", str(out))
    assert done.exit_code == 0, done.output
    growing.write_bytes(given)
    return command, growing, out, checkpoint


def test_goes_on_with_the_day_of_its_checkpoint(begun: Begun, undisturbed: bytes) -> None:
    command, _, out, checkpoint = begun
    done = run(*command, "--out", str(out), "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "Going on from the checkpoint, with its day 2026-11-21" in done.output
    assert out.read_bytes() == undisturbed
    assert json.loads(checkpoint.read_text("utf-8"))["as_of"] == "2026-11-21"


def test_a_checkpoint_that_does_not_fit_cuts_nothing(begun: Begun) -> None:
    command, _, out, checkpoint = begun
    with out.open("ab") as stream:
        stream.write(b"told after the checkpoint\n")
    before = out.read_bytes()
    kept = json.loads(checkpoint.read_text("utf-8"))
    kept["monitor"]["version"] = 99
    checkpoint.write_text(json.dumps(kept), "utf-8")
    done = run(*command, "--out", str(out))
    assert done.exit_code == 2
    assert "control.snapshot" in done.output
    assert out.read_bytes() == before


def test_no_file_but_the_same_output_is_cut(begun: Begun, undisturbed: bytes, tmp_path: Path) -> None:
    command, _, out, checkpoint = begun
    told, kept = out.read_bytes(), checkpoint.read_bytes()
    other = tmp_path / "precious.txt"
    other.write_bytes(b"precious\n" * 10_000)
    done = run(*command, "--out", str(other))
    assert "cli.watch-output-other" in done.output
    assert other.read_bytes() == b"precious\n" * 10_000 + undisturbed[len(told) :]
    checkpoint.write_bytes(kept)
    out.write_bytes(b"")
    done = run(*command, "--out", str(out))
    assert "cli.watch-output-other" in done.output
    assert out.read_bytes() == undisturbed[len(told) :]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are of POSIX")
def test_two_watches_do_not_share_a_checkpoint(begun: Begun) -> None:
    command, _, out, checkpoint = begun
    before = out.read_bytes()
    with locked(checkpoint):
        done = run(*command, "--out", str(out))
        assert done.exit_code == 2
        assert "cli.watch-taken" in done.output
        assert out.read_bytes() == before
    done = run(*command, "--out", str(out))
    assert done.exit_code == 0, done.output
    assert out.read_bytes() != before


@pytest.mark.skipif(sys.platform == "win32", reason="links are of POSIX")
def test_a_checkpoint_by_another_name_is_the_same(begun: Begun, undisturbed: bytes, tmp_path: Path) -> None:
    command, _, out, checkpoint = begun
    link = tmp_path / "link.json"
    link.symlink_to(checkpoint)
    command = [str(link) if each == str(checkpoint) else each for each in command]
    with locked(checkpoint):
        assert "cli.watch-taken" in run(*command, "--out", str(out)).output
    assert run(*command, "--out", str(out)).exit_code == 0
    assert link.is_symlink()
    assert out.read_bytes() == undisturbed


def test_while_nothing_comes_by_standard_input_time_goes_on(tmp_path: Path) -> None:
    words = {"zh": "试", "en": "trial"}
    cite = {"instrument": "i", "clause": "1"}
    over = {"warning": "w", "title": words, "for": "spot", "sensor": "a", "cite": cite, "alarm": "a > 2"}
    made = pack(tmp_path / "pack", [{**over, "when": {"held": "0 s"}}])
    command = [*COMMAND, "-", "--pack", str(made), "--tick", "--silent-after", "1", "--isolation", "none"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        at = datetime.now().astimezone().isoformat()
        reading = {"sensor": "A", "record": "spot[1]", "fact": "a", "value": "1", "at": at}
        running.stdin.write(json.dumps(reading).encode() + b"\n")
        running.stdin.flush()
        # The pipe stays open, and nothing comes any more.
        told = json.loads(running.stdout.readline())
        assert (told["event"], told["warning"], told["sensor"]) == ("opened", "silence.spot.a", "A")
        assert told["title"]["en"] == "No data from a sensor: measure a"
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0


def test_a_checkpoint_keeps_texts_that_are_no_unicode(folder: Path, tmp_path: Path) -> None:
    at, lone = "2026-11-22T08:00:00+08:00", "\ud800"
    good = {"sensor": "A", "record": "spot[1]", "fact": "a", "value": "1", "at": at}
    texts: dict[str, str] = {
        "sensor": lone,
        "value": lone,
        "mark": lone,
        "unit": lone,
        "record": f"spot[{lone}]",
    }
    given = [good, *({**good, "sensor": f"S-{key}", key: text} for key, text in texts.items())]
    file, checkpoint = tmp_path / "r.jsonl", tmp_path / "c.json"
    file.write_text("".join(f"{json.dumps(each)}\n" for each in given), "ascii")
    files = [str(file), "--checkpoint", str(checkpoint), "--out", str(tmp_path / "w.jsonl")]
    for _ in range(2):
        done = run("watch", *files, *options(folder), "--isolation", "none")
        assert done.exit_code == 0, done.output
    sensors = json.loads(checkpoint.read_bytes())["monitor"]["sensors"]
    assert lone in {each["name"] for each in sensors}


@pytest.mark.parametrize(
    ("option", "code"),
    [("--out", "cli.watch-file"), ("--checkpoint", "cli.watch-file"), ("--hook", "cli.address")],
)
def test_what_cannot_be_written_is_told(folder: Path, tmp_path: Path, option: str, code: str) -> None:
    given = [str(folder / "readings.jsonl"), *options(folder), "--isolation", "none"]
    done = run("watch", *given, option, str(tmp_path / "no" / "such" / "place"))
    assert done.exit_code == 2
    assert code in done.output


def test_says_what_to_install(folder: Path) -> None:
    hidden = (
        "import sys; sys.modules['durable_rules_engine'] = None; from dualprev_rules.cli import main; main()"
    )
    command = [sys.executable, "-c", hidden, "watch", *options(folder), "--lang", "en"]
    done = subprocess.run(command, input=b"", capture_output=True, check=False, env={**os.environ})
    assert done.returncode == 2
    assert b"dualprev-rules[monitor]" in done.stderr
