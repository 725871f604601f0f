"""Where a YAML parser stopped, in our words."""

from __future__ import annotations

import re
from typing import Any

import yaml

from dualprev_rules.pack.source import SourceFile

_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MEANT = {
    "mapping values": "pack.second-colon",
    "expected ':'": "pack.no-colon",
    "',' or": "pack.brackets",
    "expected key": "pack.level",
    "expected '-'": "pack.level",
    "block end": "pack.level",
    "block sequence": "pack.level",
}
"""What the wording of a YAML parser, which no author sees, comes down to."""
# libyaml where PyYAML was built with it; the events of both parsers are the same.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_YAML: Any = yaml


class Where:
    """Where a YAML parser stopped: the line to show and the lines that may be at fault."""

    def __init__(self, index: int, line: int, lines: list[int], code: str) -> None:
        self.index = index
        self.line = line
        self.lines = lines
        self.code = code

    @classmethod
    def of(cls, error: yaml.YAMLError, file: SourceFile) -> Where:
        """Read the marks of an error; a reader's error has a position only."""
        last = max(len(file.text) - 1, 0)
        mark: Any = getattr(error, "problem_mark", None)
        if mark is None:
            found = _UNPRINTABLE.search(file.text)
            index = found.start() if found else 0
            line = file.place(index, index).line or 1
            return cls(index, line, [line], "pack.unprintable" if found else "pack.yaml-syntax")
        detail = str(getattr(error, "problem", "") or error)
        code = next((code for said, code in _MEANT.items() if said in detail), "pack.yaml-syntax")
        index = min(mark.index, last)
        line = file.place(index, index).line or 1
        lines = [line]
        context: Any = getattr(error, "context_mark", None)
        if context is not None:
            opened = file.place(min(context.index, last), 0).line or 1
            # At the end of the file the fault is where the unfinished thing began.
            if mark.index >= last:
                index, line = context.index, opened
            lines.append(opened)
        before = lines[0] - 1
        while before > 1 and not file.line(before).strip():
            before -= 1
        lines += [number for number in (before,) if number >= 1]
        return cls(index, line, list(dict.fromkeys(lines)), code)


def first_error(file: SourceFile) -> Where | None:
    """Return where the parser stops, or None where it reads the whole file."""
    try:
        for _ in _YAML.parse(file.text, Loader=LOADER):
            pass
    except yaml.YAMLError as error:
        return Where.of(error, file)
    return None
