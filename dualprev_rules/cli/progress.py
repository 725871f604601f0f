"""How far a long command is, shown on a terminal and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dualprev_rules.cli.output import console
from dualprev_rules.problems import Words
from dualprev_rules.problems.words import Lang

if TYPE_CHECKING:
    from dualprev_rules.report.registers import Watch


_LONG = 100
"""What is shorter is done before anybody has read how far it is."""


@contextmanager
def watching(lang: Lang) -> Generator[Watch]:
    """Show a bar for each long sequence; until the first, that the site is read and judged."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from dualprev_rules.report.phrases import phrase

    on = console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=on, transient=True, disable=not on.is_terminal) as bars:
        first = bars.add_task(phrase("judging").get(lang), total=None)

        def watch(rows: Sequence[Any], title: Words) -> Iterable[Any]:
            if len(rows) < _LONG:
                return rows
            bars.update(first, visible=False)
            return bars.track(rows, description=title.get(lang))

        yield watch


@contextmanager
def counting(lang: Lang, title: Words, total: int | None, done: int = 0) -> Generator[Callable[[int], None]]:
    """Show how many of ``total`` are done, how many a second, and how long the rest takes.

    What it yields is told how many are done; ``done`` of them were before.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed or 0:,.0f}/s")

    on = console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), Remaining())
    with Progress(*columns, console=on, transient=True, disable=not on.is_terminal) as bars:
        task = bars.add_task(title.get(lang), total=total, completed=done)
        yield lambda now: bars.update(task, completed=now)
