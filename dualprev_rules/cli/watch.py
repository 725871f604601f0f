"""``dualprev watch``: readings in as JSON lines, warnings out as JSON lines."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, BinaryIO, Literal

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Packs, Profile

if TYPE_CHECKING:
    from dualprev_rules.control.monitor import Monitor
    from dualprev_rules.control.monitor_warning import Heard
    from dualprev_rules.problems.words import Lang

_STDIN = "-"
_EVERY = 5_000
"""Readings between two checkpoints."""


def watch(
    readings: Annotated[
        str, typer.Argument(metavar="READINGS", help="File of JSON lines; - is standard input. 读数文件。")
    ] = _STDIN,
    packs: Packs = None,
    site: Annotated[
        Path | None, typer.Option("--facts", metavar="SITE", help="Facts that have no sensor. 企业数据。")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Add the warnings to a file. 预警写入文件。")
    ] = None,
    checkpoint: Annotated[
        Path | None, typer.Option("--checkpoint", metavar="FILE", help="Where to go on from. 检查点文件。")
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="Wait for what is written to the file later. 持续读取。")
    ] = False,
    tick: Annotated[
        bool,
        typer.Option("--tick", help="While nothing comes, go by this machine's clock. 无读数时按本机时钟。"),
    ] = False,
    silent_after: Annotated[
        int,
        typer.Option("--silent-after", min=1, metavar="SECONDS", help="Silence of a sensor. 无数据时限。"),
    ] = 60,
    isolation: Annotated[
        Literal["process", "none"],
        typer.Option("--isolation", help="Where durable-rules runs. durable-rules 是否用单独的进程。"),
    ] = "process",
    profile: Profile = "national",
    as_of: AsOf = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Watch readings and tell warnings (实时监测：读数进，预警出)."""
    from dualprev_rules.cli import watch_checkpoint
    from dualprev_rules.cli.loading import load
    from dualprev_rules.control.monitor import Monitor

    kept = watch_checkpoint.load(checkpoint)
    engine = load(packs, profile, as_of, lang)
    patience = timedelta(seconds=silent_after)
    with (
        Monitor(engine, site, silent_after=patience, isolation=isolation) as monitor,
        _input(readings) as stream,
        _output(out, kept.written if kept is not None else None) as output,
    ):
        start = 0
        if kept is not None:
            monitor.restore(kept.monitor)
            if readings != _STDIN:
                start = kept.read
                stream.seek(start)
        _Watch(monitor, output, checkpoint, lang, tick).run(stream, start, follow=follow)


class _Ended(Exception):  # noqa: N818 - no error: somebody ends the watch while it waits for a line
    pass


class _Watch:
    """The loop: a reading, its warnings, now and then a checkpoint."""

    def __init__(
        self,
        monitor: Monitor,
        output: IO[bytes] | None,
        checkpoint: Path | None,
        lang: Lang,
        tick: bool,
    ) -> None:
        self.monitor = monitor
        self.output = output
        self.checkpoint = checkpoint
        self.lang: Lang = lang
        self.tick = tick
        self.stopped = self.waiting = False

    def run(self, stream: BinaryIO, start: int, *, follow: bool) -> None:
        """Watch until the input ends, or somebody ends the watch."""
        from dualprev_rules.cli.watch_input import lines

        for name in ("SIGINT", "SIGTERM"):
            signal.signal(getattr(signal, name), self._stop)
        reached = saved = start
        since = 0
        self.save(start)
        coming = lines(stream, start, follow=follow, stopped=lambda: self.stopped)
        while (arrived := self.next(coming)) is not None:
            line, reached = arrived
            told = False
            if line.strip():
                since += 1
                told = self.tell(self.monitor.feed(line.rstrip(b"\r\n")))
            elif self.tick and not line:
                told = self.tell(self.monitor.tick(datetime.now().astimezone()))
            if since >= _EVERY or told or (reached > saved and not line):
                self.save(reached)
                saved, since = reached, 0
        self.save(reached)

    def next(self, coming: Iterator[tuple[bytes, int]]) -> tuple[bytes, int] | None:
        """Return the next line, or None where there is none or the watch was ended."""
        self.waiting = True
        try:
            return next(coming, None)
        except _Ended:
            return None
        finally:
            self.waiting = False

    def _stop(self, *_: Any) -> None:
        self.stopped = True
        if self.waiting:
            raise _Ended

    def tell(self, heard: Heard) -> bool:
        """Write the warnings, and complain of what was wrong; return whether there were warnings."""
        import json

        from dualprev_rules.cli.output import complain

        for problem in heard.problems:
            if problem.severity != "note":
                complain(problem.show(self.lang))
        for warning in heard.warnings:
            line = json.dumps(warning.to_json(), ensure_ascii=False) + "\n"
            if self.output is None:
                sys.stdout.write(line)
            else:
                self.output.write(line.encode("utf-8", "backslashreplace"))
        if heard.warnings:
            (self.output or sys.stdout).flush()
        return bool(heard.warnings)

    def save(self, reached: int) -> None:
        """Write the checkpoint, behind all that was written."""
        if self.checkpoint is None:
            return
        from dualprev_rules.cli.watch_checkpoint import Checkpoint, save

        written = 0
        if self.output is not None:
            os.fsync(self.output.fileno())
            written = self.output.tell()
        save(self.checkpoint, Checkpoint(self.monitor.snapshot(), reached, written))


@contextmanager
def _input(readings: str) -> Generator[BinaryIO]:
    if readings == _STDIN:
        yield sys.stdin.buffer
        return
    from dualprev_rules.problems import DualprevError, problem

    try:
        stream = Path(readings).open("rb")  # noqa: SIM115 - closed below
    except OSError as error:
        raise DualprevError(problem("cli.readings", given=readings, error=str(error))) from error
    with stream:
        yield stream


@contextmanager
def _output(out: Path | None, written: int | None) -> Generator[IO[bytes] | None]:
    """Open the output; what was written after the checkpoint is written again."""
    if out is None:
        yield None
        return
    with out.open("ab") as stream:
        if written is not None:
            stream.truncate(written)
        stream.seek(0, os.SEEK_END)
        yield stream
