"""A walk over the tokens of a condition: what stands at hand, what is at fault, and how to mend it."""

from __future__ import annotations

from typing import Any

from dualprev_rules.lang.constructs import Token
from dualprev_rules.lang.excel import TOKEN
from dualprev_rules.lang.spoken import Spoken
from dualprev_rules.lang.text import Located, Mend, Plain
from dualprev_rules.problems import Problem, problem

_MENDED = frozenset(
    (
        "lang.between",
        "lang.blank-in-figure",
        "lang.figure",
        "lang.loop",
        "lang.not-between",
        "lang.power",
        "lang.quantity",
        "lang.reserved",
        "lang.sign",
        "lang.superfluous",
        "lang.unquoted-number",
    )
)
"""Codes of slips whose nearest is what to write instead."""
_LEFT_OUT = ("lang.not-between", "lang.reserved", "lang.unquoted-number")
"""Those of which nothing more is to be said, whatever stands instead."""

HOLE = "__"
"""Stands in a mended text where something is missing."""


NO_TOKEN = Token("end", "", -1, -1)
"""What stands before the first token and behind the last."""


class Walk:
    """Goes over the tokens of a condition, and notes faults and how they are mended."""

    def __init__(self, read: Plain, source: Located) -> None:
        self.read = read
        self.source = source
        self.faults: list[Problem] = []
        self.mends: list[Mend] | None = []
        self.tokens = [
            Token(str(match.lastgroup), match[0], *match.span())
            for match in TOKEN.finditer(read.text)
            if match.lastgroup != "space"
        ]
        self.at: int = 0
        self.opened: list[str] = []
        """The brackets that are open; that of a call is ``call``."""
        self.nors: set[int] = set()
        """Where each *nor* stands of a *neither* that was met."""

    def token(self, offset: int = 0) -> Token:
        """Return the token at hand, or one before or after it."""
        at = self.at + offset
        return self.tokens[at] if 0 <= at < len(self.tokens) else NO_TOKEN

    def fail(self, code: str, start: int, end: int, near: str | None = None, **args: Any) -> None:
        """Note a fault of ``text[start:end]``."""
        first, last = self.read.original(start, end)
        given = self.source.text[first:last]
        place = self.source.place(first, last)
        self.faults.append(problem(code, place=place, given=given, nearest=near, **args))
        if near is None or code not in _MENDED:
            self.mends = None
        elif self.mends is not None:
            self.mends.append((start, end, HOLE if code in _LEFT_OUT else near))

    def subject(self, offset: int) -> Token:
        """Return the name that ends with a token before the one at hand, with all before its dots."""
        last = first = self.token(offset)
        while self.token(offset - 1).text == ".":
            offset -= 2
            first = self.token(offset)
        text = self.read.text[first.start : last.end]
        return Token(last.kind, text, first.start, last.end)

    def said(self, said: Spoken | None, code: str, start: int | None = None) -> bool:
        """Take what is said in another way, up to its end."""
        if said is None:
            return False
        self.fail(code, said.start if start is None else start, said.end, said.meant)
        while self.token(1) is not NO_TOKEN and self.token(1).start < said.end:
            self.at += 1
        return True
