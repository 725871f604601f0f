"""Kill a watch again and again: ``python -m tests.live.killing FOLDER KILLS SEED``, on POSIX.

The engine is loaded once; each watch is a fork of this process, and ends by kill -9 at a random moment, be it
in the middle of a line, of a checkpoint or of a delivery. Whenever one comes to the end of the readings its
warnings are compared with those of an undisturbed run. Prints the kills and how often the end was reached.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

from dualprev_rules import Engine
from dualprev_rules.cli import watch_checkpoint
from dualprev_rules.cli.watch_address import Address, address
from dualprev_rules.cli.watch_input import file_source
from dualprev_rules.cli.watch_output import output_of
from dualprev_rules.cli.watch_run import Watch
from dualprev_rules.cli.watch_send import Outbox
from dualprev_rules.control.monitor import Monitor
from dualprev_rules.problems import Problem

SHARE = 0.4
"""Of the time of an undisturbed run, until a kill at most."""


class Notes:
    """A courier that writes down what it is given; a line is written whole or not at all."""

    def __init__(self, file: Path) -> None:
        self.address: Address = address("http://notes/", "http")
        self.file = file

    def deliver(self, warning: str) -> None:
        with self.file.open("ab", buffering=0) as stream:
            stream.write(warning.encode() + b"\n")


def watch(engine: Engine, folder: Path, place: Path) -> None:
    """Watch as the command does, from the checkpoint where there is one."""
    checkpoint, out = place / "checkpoint.json", place / "out.jsonl"
    kept = watch_checkpoint.load(checkpoint)
    complaints: list[Problem] = []
    with (
        Monitor(engine, silent_after=timedelta(seconds=15)) as monitor,
        output_of(out, kept, complaints.append) as output,
        file_source(
            str(folder / "readings.jsonl"),
            kept.read if kept else 0,
            kept.input if kept else "",
            follow=False,
        ) as source,
    ):
        if kept is not None:
            monitor.restore(kept.monitor)
        notes = Notes(place / "notes.jsonl")
        outbox = Outbox(notes, kept.waiting[notes.address.mark] if kept else ())
        Watch(monitor, source, output, [outbox], "en", checkpoint=checkpoint).run()
        assert not complaints


def forked(work: Callable[[], None], after: float | None) -> bool:
    """Work in a fork, and kill it so many seconds after it has begun; return whether it came to its end."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reading)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            os.write(writing, b".")
            work()
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    select.select([reading], [], [])
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    os.close(reading)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit(f"a watch has failed: {status}")
    return os.WIFEXITED(status)


def main(folder: Path, kills: int, seed: int) -> None:
    """Kill so often, then let the last one end."""
    engine = Engine.load(folder / "pack", as_of="2026-11-21")
    undisturbed = folder / f"undisturbed-{seed}"
    undisturbed.mkdir()
    begin = time.monotonic()
    assert forked(lambda: watch(engine, folder, undisturbed), None)
    longest = SHARE * (time.monotonic() - begin)
    expected = (undisturbed / "out.jsonl").read_bytes()
    random, killed, ends = Random(seed), 0, 0
    while killed < kills or not ends:
        place = folder / f"run-{seed}-{ends}"
        place.mkdir()
        ended = False
        while not ended:
            after = random.random() * longest if killed < kills else None
            ended = forked(lambda where=place: watch(engine, folder, where), after)
            killed += not ended
        ends += 1
        if (place / "out.jsonl").read_bytes() != expected:
            raise SystemExit(f"after {killed} kills the warnings of {place} are others")
        notes = (place / "notes.jsonl").read_bytes().splitlines()
        if list(dict.fromkeys(notes)) != expected.splitlines():
            raise SystemExit(f"after {killed} kills the deliveries of {place} are others")
    sys.stdout.write(f"{killed} kills, {ends} ends\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
