"""The loop of a watch: a reading, its warnings, now and then a checkpoint."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dualprev_rules.cli.output import complain
from dualprev_rules.cli.watch_checkpoint import Checkpoint, save
from dualprev_rules.cli.watch_input import Source
from dualprev_rules.cli.watch_output import Output, writing
from dualprev_rules.cli.watch_send import Outbox
from dualprev_rules.problems import Problem, problem
from dualprev_rules.report.phrases import phrase

if TYPE_CHECKING:
    from dualprev_rules.cli.watch_table import Table
    from dualprev_rules.control.monitor import Monitor
    from dualprev_rules.control.monitor_warning import Heard
    from dualprev_rules.problems.words import Lang


class _Ended(Exception):  # noqa: N818 - no error: somebody ends the watch while it waits for a line
    pass


class Watch:
    """Takes readings from a source, and tells warnings to an output and to outboxes."""

    def __init__(
        self,
        monitor: Monitor,
        source: Source,
        output: Output | None,
        outboxes: Sequence[Outbox],
        lang: Lang,
        *,
        checkpoint: Path | None = None,
        client: str = "",
        tick: bool = False,
        table: Table | None = None,
    ) -> None:
        self.monitor = monitor
        self.source = source
        self.output = output
        self.outboxes = outboxes
        self.lang: Lang = lang
        self.checkpoint = checkpoint
        self.client = client
        self.tick = tick
        self.table = table
        self.stopped = self.waiting = self.unread = False
        self._again = 0
        self._went_on = time.monotonic()
        """When a reading came or time went on without one: by this time runs while nothing comes."""

    def run(self) -> None:
        """Watch until the input ends, or somebody ends the watch."""
        for name in ("SIGINT", "SIGTERM"):
            signal.signal(getattr(signal, name), self._stop)
        shown: AbstractContextManager[object] = self.table if self.table is not None else nullcontext()
        with shown:
            reached = self._run()
        for each in self.outboxes:
            left = each.close()
            if left:
                code = "cli.not-sent" if self.checkpoint is None else "cli.sent-later"
                where = each.to.address.shown
                self.complain([problem(code, severity="warning", given=where, count=len(left))])
        self.save(reached)
        if self._again:
            complain(phrase("live_again", n=self._again).get(self.lang))

    def _run(self) -> int:
        source, since = self.source, 0
        reached = saved = source.start
        self.save(saved)
        coming = source.lines(lambda: self.stopped)
        while (arrived := self.next(coming)) is not None:
            line, reached = arrived
            told = False
            if line.strip():
                since += 1
                told = self.tell(self.monitor.feed(line.rstrip(b"\r\n")))
                self._went_on = time.monotonic()
            elif self.tick and not line:
                told = self.go_on()
            if since >= source.every or told or (reached != saved and not line):
                self.save(reached)
                saved, since = reached, 0
            self.complain(source.problems())
            for each in self.outboxes:
                self.complain(each.problems())
            if self.table is not None:
                self.table.show(1 if line.strip() else 0)
        return reached

    def go_on(self) -> bool:
        """Let as much time go on as has passed here; whether this machine's clock is right is no matter."""
        before, self._went_on = self._went_on, time.monotonic()
        clock = self.monitor.clock
        if clock is None:
            return False
        return self.tell(self.monitor.tick(clock + timedelta(seconds=self._went_on - before)))

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
        self.complain([each for each in heard.problems if each.severity != "note"])
        self._again += sum(each.code == "control.reading-repeated" for each in heard.problems)
        for warning in heard.warnings:
            line = json.dumps(warning.to_json(), ensure_ascii=False)
            if self.output is not None:
                self.output.write(line)
            elif self.table is None or not self.table.takes_stdout:
                self._print(line)
            for each in self.outboxes:
                each.put(line)
        return bool(heard.warnings)

    def _print(self, line: str) -> None:
        try:
            if not self.unread:
                sys.stdout.write(f"{line}\n")
                sys.stdout.flush()
        except BrokenPipeError:
            # Nobody reads any more; somebody may still be told.
            self.unread = True
            self.stopped = self.stopped or not self.outboxes

    def complain(self, problems: Sequence[Problem]) -> None:
        """Say on standard error what was wrong, above the table where there is one."""
        for each in problems:
            if self.table is not None:
                self.table.say(each.show(self.lang))
            else:
                complain(each.show(self.lang))

    def save(self, reached: int) -> None:
        """Write the checkpoint, behind all that was written."""
        if self.output is not None:
            self.output.sync()
        if self.checkpoint is not None:
            kept = Checkpoint(
                as_of=self.monitor.ruleset.as_of.isoformat(),
                monitor=self.monitor.snapshot(),
                read=reached,
                input=self.source.mark,
                written=self.output.written if self.output is not None else 0,
                output=self.output.mark if self.output is not None else "",
                client=self.client,
                waiting={each.to.address.mark: each.waiting() for each in self.outboxes},
            )
            with writing(str(self.checkpoint)):
                save(self.checkpoint, kept)
        self.source.saved()
