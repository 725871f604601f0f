"""Parts of a condition said in another way: loops, pairs of words, powers, figures in groups of three."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dualprev_rules.lang.excel import CLOSE, OPEN
from dualprev_rules.lang.spoken import Spoken
from dualprev_rules.lang.text import Located, Mend, Plain
from dualprev_rules.problems import Problem, problem

GROUPED = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])")
"""A figure with commas between its thousands."""
_PART = re.compile(
    r"'[^']*'|\"[^\"]*\"|(?P<call>\w\s*\()|(?P<open>[(\[{])|(?P<close>[)\]}])"
    rf"|(?P<figure>{GROUPED.pattern}(?:\.[0-9]+)?)"
)
_SQUARED = re.compile(r"(?P<name>\w*?)(?P<power>[²³])")
_POWERS = {"2": 2, "3": 3, "²": 2, "³": 3}
_SAID = (":", "if", "where", "WHERE")
"""What parts a list from what is said of its members."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a condition."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def operand(self) -> bool:
        """True of what may begin an operand."""
        plain = self.kind == "word" and not keyword.iskeyword(self.text)
        return plain or self.kind in ("number", "text") or self.text in ("(", "True", "False", "None")


def thousands(read: Plain, source: Located) -> tuple[list[Problem], list[Mend]]:
    """Find figures with commas between their thousands, and how to mend the text.

    Within braces and calls a comma parts two figures, unless what stands behind it begins with 0.
    """
    faults: list[Problem] = []
    mends: list[Mend] = []
    if GROUPED.search(read.text) is None:
        return faults, mends
    opened: list[bool] = []
    for match in _PART.finditer(read.text):
        if match["call"] or match["open"]:
            opened.append(bool(match["call"]) or match["open"] != "(")
        elif match["close"] and opened:
            opened.pop()
        elif (figure := match["figure"]) is not None:
            if any(opened) and not any(group.startswith("0") for group in figure.split(",")[1:]):
                continue
            place, near = source.place(*read.original(*match.span())), figure.replace(",", "")
            faults.append(problem("lang.thousands", place=place, given=figure, nearest=near))
            mends.append((*match.span(), near))
    return faults, mends


def loop_at(text: str, tokens: Sequence[Token]) -> Spoken | None:
    """Return what ``any s in xs: p`` means at the first of the tokens: ``any(p for s in xs)``."""
    bracket = len(tokens) > 1 and tokens[1].text == "("
    of = tokens[2 if bracket else 1 :]
    if len(of) < 4:
        return None
    variable, first = of[0], of[2]
    if variable.kind != "word" or keyword.iskeyword(variable.text) or of[1].text != "in":
        return None
    parted: Token | None = None
    last, depth = variable, 0
    for token in of[2:]:
        if depth == 0 and token.text in CLOSE:
            break
        depth += (token.text in OPEN) - (token.text in CLOSE)
        if depth == 0 and parted is None and token.text in _SAID:
            parted = token
        last = token
    if parted is None or parted in (first, last):
        return None
    over, said = text[first.start : parted.start].strip(), text[parted.end : last.end].strip()
    end = text.find(")", last.end) + 1 if bracket else last.end
    meant = f"{tokens[0].text}({said} for {variable.text} in {over})"
    return Spoken(tokens[0].start, end, meant) if end else None


def neither_at(tokens: Sequence[Token]) -> list[int]:
    """Return where in the tokens each *nor* stands of a *neither* that stands before them."""
    found: list[int] = []
    depth = 0
    for at, token in enumerate(tokens):
        depth += (token.text in OPEN) - (token.text in CLOSE)
        if depth < 0 or (depth == 0 and token.text in ("and", "or")):
            break
        if depth == 0 and token.text in NOR:
            found.append(at)
    return found


NEITHER = frozenset(("neither", "Neither", "既不", "既非"))
NOR = frozenset(("nor", "也不", "也非", "又不"))
BOTH = frozenset(("both", "Both", "either", "Either"))
IN_BRACES = {"在": "in", "不在": "not in"}
"""Words before braces, as in 在 {a, b} 中."""
AMONG = frozenset(("中", "里", "之中", "内", "之内"))
"""Words behind such braces."""


def power(base: str, exponent: str) -> str | None:
    """Return a second or third power as a product; None of any other, and of what is no name.

    It stands in brackets, as it may be what something is divided by.
    """
    times = _POWERS.get(exponent, 0)
    return f"({' * '.join([base] * times)})" if times and re.fullmatch(r"[\w.]+", base) else None


def squared(word: str) -> tuple[str, str] | None:
    """Return the parts of a word that ends with ² or ³."""
    match = _SQUARED.fullmatch(word)
    return (match["name"], match["power"]) if match is not None else None


def without_else(tokens: Sequence[Token]) -> Iterator[int]:
    """Yield where in the tokens an *if* stands that has no *else* and filters no list."""
    loops, open_ifs = [False], [list[int]()]
    for at, token in enumerate(tokens):
        if token.text in OPEN:
            loops.append(False)
            open_ifs.append([])
        elif token.text in CLOSE and len(loops) > 1:
            loops.pop()
            yield from open_ifs.pop()
        elif token.text == "for":
            loops[-1] = True
        elif token.text == "if" and not loops[-1]:
            open_ifs[-1].append(at)
        elif token.text == "else" and open_ifs[-1]:
            open_ifs[-1].pop()
    for pending in open_ifs:
        yield from pending
