"""What states and events are called, and the codes that the ministry's exchange has for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from dualprev_rules.problems import Words


@dataclass(frozen=True, slots=True)
class Term:
    """A member of a vocabulary: its name and its code of exchange, None where it has none."""

    words: Words
    exchange: str | None = None


def term(vocabulary: str, member: str) -> Term:
    """Return the term of a member; raises KeyError where there is none.

    >>> term("states", "awaiting_review").exchange
    '1'
    """
    return vocabularies()[vocabulary][member]


@cache
def vocabularies() -> Mapping[str, Mapping[str, Term]]:
    """Return every vocabulary of the life cycle by name: ``states``, ``events``, ``causes`` and so on."""
    text = (files("dualprev_rules.control") / "words.yaml").read_text("utf-8")
    read: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(text)
    return {
        name: {
            member: Term(Words(said["zh"], said["en"]), said.get("exchange")) for member, said in of.items()
        }
        for name, of in read.items()
    }
