"""What a command prints and writes: results to stdout, everything said about them to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from dualprev_rules.problems import DualprevError, Problem, problem
from dualprev_rules.problems.words import Lang

if TYPE_CHECKING:
    from rich.console import Console

STDOUT = "-"


def use_utf8() -> None:
    """Print UTF-8 wherever output goes; a Windows pipe would be GBK or worse."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who called us: it goes nowhere
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def end() -> bool:
    """Flush what is printed while a closed pipe can still be taken calmly; return whether all was written."""
    whole = True
    for stream in (sys.stdout, sys.stderr):
        try:
            _written(stream, "")
        except OSError:
            whole = False
            _silence(stream)
    return whole


def say(text: str) -> None:
    """Print lines to stdout."""
    _written(sys.stdout, _printable(text) + "\n")


def complain(text: str) -> None:
    """Print lines to stderr."""
    _written(sys.stderr, _printable(text).rstrip("\n") + "\n")


def say_json(value: object) -> None:
    """Print one JSON document to stdout."""
    from json import dumps

    _written(sys.stdout, dumps(value, ensure_ascii=False, indent=2) + "\n")


def console(*, stderr: bool = False) -> Console:
    """Return a console for what is laid out: tables, colours, text that wraps."""
    from rich.console import Console

    class Calm(Console):
        """A console that takes a closed pipe as: nobody reads any more."""

        def on_broken_pipe(self) -> None:
            self.quiet = True
            _silence(sys.stderr if stderr else sys.stdout)

    return Calm(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=False)


def save(
    document: dict[str, Any],
    lang: Lang,
    *,
    json: str | None,
    html: Path | None,
    xlsx: Path | None,
    site: Path,
) -> list[Path]:
    """Write the outputs asked for, all or none; return the files. JSON for ``-`` goes to stdout."""
    from json import dumps

    from dualprev_rules.report import render_html, workbook, write_files

    files = [Path(json) if json not in (None, STDOUT) else None, html, xlsx]
    check_files([file for file in files if file is not None], site)
    text = dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n" if json is not None else ""
    contents: dict[Path, bytes] = {}
    if files[0] is not None:
        # A lone surrogate, which only JSON can spell, goes back to its escape.
        contents[files[0]] = text.encode("utf-8", "backslashreplace")
    if html is not None:
        contents[html] = render_html(document, lang).encode("utf-8", "replace")
    if xlsx is not None:
        contents[xlsx] = workbook(document, lang)
    write_files(contents)
    if json == STDOUT:
        _written(sys.stdout, text)
    return list(contents)


def save_json(value: object, file: str) -> None:
    """Write one JSON document to a file, or for ``-`` to stdout."""
    from json import dumps

    from dualprev_rules.report import write_files

    if file == STDOUT:
        say_json(value)
    else:
        text = dumps(value, ensure_ascii=False, indent=2) + "\n"
        write_files({Path(file): text.encode("utf-8", "backslashreplace")})


def check_files(wanted: Sequence[Path], site: Path) -> None:
    """Raise where outputs name one file twice, standard output, or the site that is read."""
    faults = [fault for file in wanted if (fault := _refuse(file, site)) is not None]
    places = [os.path.normcase(file.resolve()) for file in wanted]
    faults += [
        problem("cli.same-file", given=str(file))
        for at, file in enumerate(wanted)
        if places[at] in places[:at]
    ]
    if faults:
        raise DualprevError(faults)


def _refuse(file: Path, site: Path) -> Problem | None:
    if str(file) == STDOUT:
        return problem("cli.stdout", given=STDOUT)
    if file.exists() and site.exists() and file.samefile(site):
        return problem("cli.overwrites", given=str(file))
    return None


def _printable(text: str) -> str:
    from dualprev_rules.report.printable import printable

    return printable(text)


def _written(stream: IO[str], text: str) -> None:
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        _silence(stream)


def _silence(stream: IO[str]) -> None:
    """Let what is still written to a closed pipe go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
