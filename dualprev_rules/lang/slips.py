"""What is wrong with a condition that Python's grammar refuses, in the words of who knows Excel or Chinese.

Operands and operators take turns. Where they do not, the token at fault tells what was meant: a word
for a sign, a figure with its unit, a side that is missing. All such faults of a text are found.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from typing import Any

from dualprev_rules.facts.units import find_unit, nearest_unit
from dualprev_rules.lang.excel import CALL, CLOSE, OPEN, TOKEN, spelt_out
from dualprev_rules.lang.spoken import (
    GLUED,
    MEANT,
    NOTHING,
    bound_at,
    contained_at,
    phrase_at,
    range_at,
)
from dualprev_rules.lang.text import Located, Mend, Plain
from dualprev_rules.problems import Problem, Words, problem

_INFIX = frozenset(("and", "or", "in", "is", "if", "else", "for"))
_ATOMS = frozenset(("True", "False", "None"))
_SIGNS = {"&&": "and", "||": "or", "<>": "!=", "=>": ">=", "=<": "<=", "&": "and", "|": "or", ";": "and"}
_BINARY = frozenset(("+", "-", "*", "/", "**", "//", "<", ">", "<=", ">=", "==", "!=", ",", ":", "^", "@"))
_NOT = frozenset(("非", "不", "不是", "没有", "无", "NOT", "Not", "without", "Without", "no", "No"))
_IS = frozenset(("为", "是", "系"))
_AS_ONE_SPEAKS = frozenset(("如果", "当", "若是", "假如", "的", "的话", "时候", "。"))
_UNLESS = frozenset(("unless", "除非"))
_THEN = frozenset(("then", "THEN", "Then", "则", "那么"))
_EMPTY = frozenset(("为空", "是空", "空缺", "未填", "未填报", *NOTHING))
_NUMBERED = re.compile(r"[0-9]+(?:\.[0-9]+){2,}(?![\w.])")
_GROUP = re.compile(r"[0-9]{3}(?:\.[0-9]+)?")
_LEADING_ZERO = re.compile(r"0+(?P<figure>[0-9]+)")
_COMPARING = frozenset(("<", "<=", ">", ">=", "==", "!="))
_BETWEEN = frozenset(("between", "BETWEEN", "介于"))
_MENDED = frozenset(
    (
        "lang.between",
        "lang.blank-in-figure",
        "lang.figure",
        "lang.quantity",
        "lang.reserved",
        "lang.sign",
        "lang.superfluous",
        "lang.unquoted-number",
    )
)
"""Codes of slips whose nearest is what to write instead."""
_LEFT_OUT = ("lang.reserved", "lang.unquoted-number")
"""Those of which nothing more is to be said, whatever stands instead."""
_UNIT = re.compile(r"\s*(?P<unit>[^\s,()\[\]{}<>=!+*'\"]+)")


HOLE = "__"
"""Stands in a mended text where something is missing."""


def slips(read: Plain, source: Located) -> tuple[list[Problem], list[Mend] | None]:
    """Return what is wrong with a text that cannot be parsed; nothing where the slip is of another kind.

    With it comes how to mend the text, or None where that is not plain.
    """
    walk = _Walk(read, source)
    walk.run()
    return walk.faults, walk.mends


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int

    @property
    def operand(self) -> bool:
        """True of what may begin an operand."""
        plain = self.kind == "word" and not keyword.iskeyword(self.text)
        return plain or self.kind in ("number", "text") or self.text in ("(", *_ATOMS)


_NONE = _Token("end", "", -1, -1)


class _Walk:
    """Goes over the tokens, now wanting an operand and now an operator."""

    def __init__(self, read: Plain, source: Located) -> None:
        self.read = read
        self.source = source
        self.faults: list[Problem] = []
        self.mends: list[Mend] | None = []
        self.tokens = [
            _Token(str(match.lastgroup), match[0], *match.span())
            for match in TOKEN.finditer(read.text)
            if match.lastgroup != "space"
        ]
        self.at = 0
        self.opened: list[str] = []
        """The brackets that are open; that of a call is ``call``."""

    def token(self, offset: int = 0) -> _Token:
        """Return the token at hand, or one before or after it."""
        at = self.at + offset
        return self.tokens[at] if 0 <= at < len(self.tokens) else _NONE

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

    def subject(self, offset: int) -> _Token:
        """Return the name that ends with a token before the one at hand, with all before its dots."""
        last = first = self.token(offset)
        while self.token(offset - 1).text == ".":
            offset -= 2
            first = self.token(offset)
        text = self.read.text[first.start : last.end]
        return _Token(last.kind, text, first.start, last.end)

    def run(self) -> None:
        """Go over all tokens."""
        wants_operand = True
        while self.at < len(self.tokens):
            wants_operand = self._operand() if wants_operand else self._operator()
            self.at += 1
        last = self.token(-1)
        if wants_operand and last is not _NONE and not self.faults:
            self._missing(last, Words("右边", "right"))

    def _missing(self, token: _Token, side: Words) -> None:
        example = "not a" if token.text == "not" else f"a {token.text} b"
        meant = self._compared_again() if side.en == "left" else None
        if meant is not None:
            example = f"{meant} {token.text} {self.token(1).text}"
        mends = self.mends
        self.fail("lang.operand", token.start, token.end, side=side, example=example)
        if mends is not None:
            at = token.start if side.en == "left" else token.end
            self.mends = [*mends, (at, at, meant or HOLE)]

    def _compared_again(self) -> str | None:
        """Return what is compared in ``x > 3 and < 5`` the second time."""
        joined, sign, name = self.token(-1), self.token(-3), self.subject(-4)
        again = joined.text in ("and", "or") and sign.text in _COMPARING and name.kind == "word"
        return name.text if again and self.token().text in _COMPARING else None

    def _operand(self) -> bool:
        """Take what stands where an operand is wanted; tell whether one is still wanted."""
        token = self.token()
        if token.kind == "number" and (zeros := _LEADING_ZERO.fullmatch(token.text)) is not None:
            self.fail("lang.figure", token.start, token.end, zeros["figure"])
        if token.kind in ("number", "text"):
            return False
        if token.text in _AS_ONE_SPEAKS and self.token(1).text != ".":
            self.fail("lang.superfluous", token.start, token.end, "")
            return True
        return self._word() if token.kind == "word" else self._sign()

    def _word(self) -> bool:
        token, after = self.token(), self.token(1)
        if after.text == "(" and token.text not in ("not", "in") and CALL.match(f"{token.text}()"):
            return self._excel()
        if token.text in _NOT and after.operand:
            self.fail("lang.sign", token.start, token.end, "not")
            return True
        if token.text.casefold() == "if" and self.token(-1) is _NONE:
            self.fail("lang.superfluous", token.start, token.end, "")
            return True
        if token.text in _INFIX:
            self._missing(token, Words("左边", "left"))
            return True
        if token.text != "not" and token.text not in _ATOMS and keyword.iskeyword(token.text):
            self.fail("lang.reserved", token.start, token.end, f"{token.text}_")
        return token.text == "not"

    def _excel(self) -> bool:
        """Take a call in Excel's form, with all that its brackets hold."""
        name, depth = self.token(), 0
        for offset, token in enumerate(self.tokens[self.at :]):
            depth += (token.text in OPEN) - (token.text in CLOSE)
            if token.text in CLOSE and depth == 0:
                text = self.read.text[name.start : token.end]
                self.fail("lang.excel", name.start, token.end, spelt_out(text))
                self.at += offset
                break
        return False

    def _sign(self) -> bool:
        token, before = self.token(), self.token(-1)
        if token.text in OPEN:
            self.opened.append(token.text)
            return True
        if token.text in CLOSE:
            if self.opened:
                self.opened.pop()
            if before.text not in (*OPEN, ","):
                self._missing(before, Words("右边", "right"))
            return False
        if token.text == "!":
            self.fail("lang.sign", token.start, token.end, "not")
            return True
        if token.text == "=" and before is _NONE:
            self.fail("lang.excel", token.start, token.end, self.read.text[token.end :].strip())
            return True
        joined = before.text + token.text
        if joined in (">=", "<=", "==", "!=", "===", "!=="):
            self.fail("lang.sign", before.start, token.end, joined[:2])
        elif token.text in "-+~" or (token.text in ("*", "**") and before.text in ("(", ",")):
            pass
        elif token.text in _BINARY or token.text in _SIGNS or token.text in ("%", "=", "."):
            self._missing(token, Words("左边", "left"))
        else:
            self.fail("lang.syntax", token.start, token.end)
        return True

    def _operator(self) -> bool:
        """Take what stands where an operator is wanted; tell whether an operand is wanted next."""
        token = self.token()
        if self._range() or self._bound() or self._contains() or self._grouped() or self._numbered():
            return False
        if self._phrase():
            return True
        if token.text in _THEN or (token.text == "时" and self.token(1).operand):
            self.fail("lang.then", token.start, token.end)
            return True
        if token.text in _UNLESS:
            self.fail("lang.unless", token.start, token.end)
            return True
        if token.text.casefold() in _EMPTY:
            name = self.subject(-1)
            self.fail("lang.null", token.start, token.end, f"not known({name.text})")
            return False
        if self.token(-1).kind == "number" and self._unit():
            return False
        if token.text in _AS_ONE_SPEAKS:
            self.fail("lang.superfluous", token.start, token.end, "")
            return False
        if token.kind == "sign":
            return self._infix_sign()
        if token.text in _INFIX:
            return True
        if token.text == "not":
            if self.token(1).text == "in":
                self.at += 1
            else:
                self._between_operands()
            return True
        return self._infix_word()

    def _infix_word(self) -> bool:
        token = self.token()
        if token.text in MEANT:
            self.fail("lang.sign", token.start, token.end, MEANT[token.text])
            return True
        if token.text in _IS and self.token(1).operand:
            self.fail("lang.sign", token.start, token.end, "==")
            return True
        if token.text in ("where", "WHERE") and self.opened:
            self.fail("lang.sign", token.start, token.end, "if")
            return True
        if token.text in _BETWEEN:
            self.fail("lang.between", token.start, token.end)
            return True
        glued = GLUED.match(token.text)
        name, rest = self.subject(-3), token.text[glued.end() :] if glued is not None else ""
        if glued is not None and rest in MEANT and self.token(-2).text in _COMPARING and name.kind == "word":
            near = f"{MEANT[glued[0]]} {name.text} {MEANT[rest]}"
            self.fail("lang.sign", token.start, token.end, near)
            return True
        if glued is not None:
            self.fail("lang.sign", token.start, token.start + glued.end(), MEANT[glued[0]])
        else:
            self._between_operands()
        return False

    def _between_operands(self) -> None:
        before, token = self.token(-1), self.token()
        if self.opened and self.opened[-1] in ("{", "["):
            near = f"{before.text}, {token.text}"
            self.fail("lang.no-comma", before.start, token.end, near, left=before.text, right=token.text)
            return
        self.fail("lang.operator", token.start, token.end, left=before.text, right=token.text)

    def _infix_sign(self) -> bool:
        token, before = self.token(), self.token(-1)
        if token.text in _SIGNS:
            self.fail("lang.sign", token.start, token.end, _SIGNS[token.text])
        elif token.text == "!":
            self.fail("lang.sign", token.start, token.end, "!=")
        elif token.text == ".":
            self.at += 1
            name = self.token()
            if keyword.iskeyword(name.text):
                self.fail("lang.reserved", name.start, name.end, f"{name.text}_")
            return name.kind != "word"
        elif token.text in OPEN:
            if before.kind in ("number", "text") or token.text == "{":
                self._between_operands()
            self.opened.append("call" if token.text == "(" else token.text)
        elif token.text in CLOSE:
            if self.opened:
                self.opened.pop()
            return False
        elif token.text == "=":
            # One equals sign is right only between a key and its value in a call: lookup(cas=cas).
            keyed = self.opened[-1:] == ["call"] and self.token(-2).text in ("(", ",")
            if not (keyed and before.kind == "word"):
                self.fail("lang.sign", token.start, token.end, "==")
        elif token.text not in _BINARY and token.text != "%":
            self.fail("lang.syntax", token.start, token.end)
        return True

    def _range(self) -> bool:
        """Take a range as one says it, with the name before it."""
        name = self.subject(-1)
        said = range_at(self.read.text, self.token().start, name.text) if name.kind == "word" else None
        if said is None:
            return False
        self.fail("lang.between", name.start, said.end, said.meant)
        self._skip(said.end)
        return True

    def _bound(self) -> bool:
        """Take a bound as one says it, behind a name."""
        said = bound_at(self.read.text, self.token().start) if self.token(-1).kind == "word" else None
        if said is None:
            return False
        self.fail("lang.sign", said.start, said.end, said.meant)
        self._skip(said.end)
        return True

    def _contains(self) -> bool:
        """Take what is said to be in a set, with the name of the set before it."""
        name = self.subject(-1)
        said = contained_at(self.read.text, self.token().start, name.text) if name.kind == "word" else None
        if said is None:
            return False
        self.fail("lang.sign", name.start, said.end, said.meant)
        self._skip(said.end)
        return True

    def _grouped(self) -> bool:
        """Take a figure in groups of three; within braces each may be a figure of its own."""
        first, last = self.token(-1), self.token()
        listed = self.opened[-1:] in (["{"], ["["])
        if first.kind != "number" or not _GROUP.fullmatch(last.text) or (listed and last.text[0] != "0"):
            return False
        if len(first.text) > 3 or not first.text.isdigit():
            return False
        while "." not in last.text and _GROUP.fullmatch(self.token(1).text):
            self.at += 1
            last = self.token()
        figure = "".join(self.read.text[first.start : last.end].split())
        self.fail("lang.blank-in-figure", first.start, last.end, figure)
        return True

    def _numbered(self) -> bool:
        """Take a clause or number of a document, which is a text: ``3.5.1``."""
        first = self.token(-1)
        match = _NUMBERED.match(self.read.text, first.start) if first.kind == "number" else None
        if match is None:
            return False
        self.fail("lang.unquoted-number", match.start(), match.end(), f"'{match[0]}'")
        self._skip(match.end())
        return True

    def _phrase(self) -> bool:
        """Take a sign as one says it in English."""
        said = phrase_at(self.read.text, self.token().start)
        if said is None:
            return False
        self.fail("lang.sign", said.start, said.end, said.meant)
        self._skip(said.end)
        return True

    def _skip(self, end: int) -> None:
        while self.token(1) is not _NONE and self.token(1).start < end:
            self.at += 1

    def _unit(self) -> bool:
        """Take the unit behind a figure; a remainder (``5 % 2``) is none."""
        number, token = self.token(-1), self.token()
        if token.text in _INFIX or token.text in MEANT or token.text == "not" or token.text in _BETWEEN:
            return False
        if GLUED.match(token.text) or (token.text == "%" and self.token(1).operand):
            return False
        match = _UNIT.match(self.read.text, number.end)
        ends = range(match.end(), token.end - 1, -1) if match else ()
        for end in ends:
            unit = self.read.text[number.end : end].strip()
            if find_unit(unit) is not None:
                near = f"'{number.text} {unit}'" if unit[:1] != "%" else f"'{number.text}{unit}'"
                self.fail("lang.quantity", number.start, end, near)
                self._skip(end)
                return True
        if token.kind == "word" and token.text.isascii() and self.token(1).operand:
            # What stands between two operands joins them: it is a word for a sign that there is not.
            self.fail("lang.syntax", token.start, token.end)
            self.at += 1
            return True
        if token.kind == "word" and match is not None:
            self.fail("lang.unknown-unit", token.start, token.end, nearest_unit(token.text))
            return True
        return False
