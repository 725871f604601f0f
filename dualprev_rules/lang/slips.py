"""What is wrong with a condition that Python's grammar refuses, in the words of who knows Excel or Chinese.

Operands and operators take turns. Where they do not, the token at fault tells what was meant: a word
for a sign, a figure with its unit, a side that is missing. All such faults of a text are found.
"""

from __future__ import annotations

import keyword
import re

from dualprev_rules.facts.units import find_unit, nearest_unit
from dualprev_rules.lang import constructs
from dualprev_rules.lang.constructs import Token
from dualprev_rules.lang.excel import CALL, CLOSE, OPEN, spelt_out
from dualprev_rules.lang.spoken import (
    GLUED,
    MEANT,
    NOTHING,
    OPPOSITE,
    bound_at,
    contained_at,
    phrase_at,
    range_at,
)
from dualprev_rules.lang.text import Located, Mend, Plain
from dualprev_rules.lang.walk import HOLE, NO_TOKEN, Walk
from dualprev_rules.problems import Problem, Words

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
_COMPARING = frozenset(OPPOSITE)
_BETWEEN = frozenset(("between", "BETWEEN", "介于"))
_UNIT = re.compile(r"\s*(?P<unit>[^\s,()\[\]{}<>=!+*'\"]+)")


def slips(read: Plain, source: Located) -> tuple[list[Problem], list[Mend] | None]:
    """Return what is wrong with a text that cannot be parsed; nothing where the slip is of another kind.

    With it comes how to mend the text, or None where that is not plain.
    """
    walk = _Slips(read, source)
    walk.run()
    return walk.faults, walk.mends


class _Slips(Walk):
    """Goes over the tokens, now wanting an operand and now an operator."""

    def run(self) -> None:
        """Go over all tokens."""
        wants_operand = True
        while self.at < len(self.tokens):
            wants_operand = self._operand() if wants_operand else self._operator()
            self.at += 1
        last = self.token(-1)
        if wants_operand and last is not NO_TOKEN and not self.faults:
            self._missing(last, Words("右边", "right"))
        if not self.faults:
            self._no_else()

    def _no_else(self) -> None:
        """Note conditions with an *if* and without *else*; ``true if a`` is ``a``."""
        for at in constructs.without_else(self.tokens):
            before, token = self.tokens[at - 1], self.tokens[at]
            if at == 1 and before.text.casefold() in ("true", "是"):
                self.fail("lang.superfluous", before.start, token.end, "")
            else:
                self.fail("lang.no-else", token.start, token.end)

    def _missing(self, token: Token, side: Words) -> None:
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
        if token.text in ("any", "all"):
            loop = constructs.loop_at(self.read.text, self.tokens[self.at :])
            if self.said(loop, "lang.loop"):
                return False
        if token.text in constructs.NEITHER and self.token(-1).text != "is":
            nors = constructs.neither_at(self.tokens[self.at + 1 :])
            if nors:
                self.nors |= {self.at + 1 + each for each in nors}
                self.fail("lang.sign", token.start, token.end, "not")
                return True
        if token.text in constructs.BOTH and after.operand:
            self.fail("lang.superfluous", token.start, token.end, "")
            return True
        if after.text == "(" and token.text not in ("not", "in") and CALL.match(f"{token.text}()"):
            return self._excel()
        if token.text in _NOT and after.operand:
            self.fail("lang.sign", token.start, token.end, "not")
            return True
        if token.text.casefold() == "if" and self.token(-1) is NO_TOKEN:
            self.fail("lang.superfluous", token.start, token.end, "")
            return True
        if token.text in _INFIX:
            self._missing(token, Words("左边", "left"))
            return True
        if token.text != "not" and token.text not in _ATOMS and keyword.iskeyword(token.text):
            self.fail("lang.reserved", token.start, token.end, f"{token.text}_")
        self._squared()
        return token.text == "not"

    def _squared(self) -> None:
        """Note a power at the end of a name: ``pressure²``."""
        name = self.subject(0)
        parts = constructs.squared(name.text.rpartition(".")[2])
        if parts is not None:
            base = name.text[: -len(parts[1])]
            self.fail("lang.power", name.start, name.end, constructs.power(base, parts[1]))

    def _power(self) -> bool:
        """Take a power behind its base: ``pressure ^ 2``, ``(a + b)²``."""
        token, exponent = self.token(), self.token(1)
        alone = constructs.squared(token.text)
        if alone is not None and not alone[0]:
            base, last = self.subject(-1), token
        elif token.text in ("^", "**") and exponent.kind == "number":
            base, last = self.subject(-1), exponent
            self.at += 1
        else:
            return False
        near = constructs.power(base.text, last.text) if base.kind == "word" else None
        self.fail("lang.power", base.start, last.end, near)
        return True

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
        if token.text == "=" and before is NO_TOKEN:
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
        if self._power():
            return False
        if token.text == "~" and self.token(1).text == "=":
            self.fail("lang.sign", token.start, self.token(1).end, "!=")
            self.at += 1
            return True
        if self.at in self.nors:
            self.fail("lang.sign", token.start, token.end, "and not")
            return True
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
        return self._not() if token.text == "not" else self._infix_word()

    def _not(self) -> bool:
        """Take a *not* behind an operand; tell whether an operand is wanted next."""
        token, after, name = self.token(), self.token(1), self.subject(-1)
        plain = after.operand and after.text != "(" and self.token(2).text not in (".", "(")
        if after.text == "in":
            self.at += 1
        elif after.text in OPPOSITE:
            self.fail("lang.sign", token.start, after.end, OPPOSITE[after.text])
            self.at += 1
        elif plain and name.kind == "word":
            args = {"left": name.text, "right": after.text}
            self.fail("lang.not-between", name.start, after.end, f"{name.text} != {after.text}", **args)
            self.at += 1
            return False
        else:
            self._between_operands()
        return True

    def _infix_word(self) -> bool:
        token = self.token()
        if token.text in MEANT:
            self.fail("lang.sign", token.start, token.end, MEANT[token.text])
            return True
        if token.text in _IS and self.token(1).operand:
            self.fail("lang.sign", token.start, token.end, "==")
            return True
        if token.text in constructs.IN_BRACES and self.token(1).text == "{":
            self.fail("lang.sign", token.start, token.end, constructs.IN_BRACES[token.text])
            return True
        if token.text in constructs.AMONG and self.token(-1).text == "}":
            self.fail("lang.superfluous", token.start, token.end, "")
            return False
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
        elif token.text == "!" and self.token(1).text in OPPOSITE:
            self.at += 1
            self.fail("lang.sign", token.start, self.token().end, OPPOSITE[self.token().text])
        elif token.text == "!":
            self.fail("lang.sign", token.start, token.end, "!=")
        elif token.text == ".":
            self.at += 1
            name = self.token()
            if keyword.iskeyword(name.text):
                self.fail("lang.reserved", name.start, name.end, f"{name.text}_")
            self._squared()
            return name.kind != "word"
        elif token.text in OPEN:
            self._before_bracket()
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

    def _before_bracket(self) -> None:
        """Note what may not stand before a bracket; 在 may be part of the name before braces."""
        token, before = self.token(), self.token(-1)
        glued = next((word for word in ("不在", "在") if before.text.endswith(word)), None)
        if token.text == "{" and glued is not None:
            near = f"{before.text.removesuffix(glued)} {constructs.IN_BRACES[glued]}"
            self.fail("lang.sign", before.start, before.end, near)
        elif before.kind in ("number", "text") or token.text == "{":
            self._between_operands()

    def _range(self) -> bool:
        """Take a range as one says it, with the name before it."""
        name = self.subject(-1)
        if name.kind != "word":
            return False
        return self.said(range_at(self.read.text, self.token().start, name.text), "lang.between", name.start)

    def _bound(self) -> bool:
        """Take a bound as one says it, behind a name."""
        behind_name = self.token(-1).kind == "word"
        return behind_name and self.said(bound_at(self.read.text, self.token().start), "lang.sign")

    def _contains(self) -> bool:
        """Take what is said to be in a set, with the name of the set before it."""
        name = self.subject(-1)
        if name.kind != "word":
            return False
        return self.said(contained_at(self.read.text, self.token().start, name.text), "lang.sign", name.start)

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
        return self.said(phrase_at(self.read.text, self.token().start), "lang.sign")

    def _skip(self, end: int) -> None:
        while self.token(1) is not NO_TOKEN and self.token(1).start < end:
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
