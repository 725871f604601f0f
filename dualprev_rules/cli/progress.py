"""How far a long command is, shown on a terminal and nowhere else."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
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
