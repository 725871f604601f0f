"""What stands in one field: words, a day, a figure, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dualprev_rules.problems import Words
from dualprev_rules.risk.profile import Shown


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in a field, line by line; empty where the facts do not say it."""

    lines: tuple[Words, ...] = ()
    value: date | int | None = None
    """In the place of lines: a day, or a count."""
    shown: Shown | None = None
    """The grade in whose colour the field stands; its words are in the lines."""

    @property
    def empty(self) -> bool:
        """True where there is nothing to show."""
        return not self.lines and self.value is None


NOTHING = Filled()


def of_words(lines: Iterable[Words | None]) -> Filled:
    """Return a field of lines, each once, in their order; what is not known is left out."""
    return Filled(tuple(dict.fromkeys(line for line in lines if line is not None)))


def of_texts(texts: Iterable[str | None]) -> Filled:
    """Return a field of texts that are the same in both languages, as the facts have them."""
    return of_words(Words(text) if text else None for text in texts)
