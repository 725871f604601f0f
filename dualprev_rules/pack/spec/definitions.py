"""definitions.yaml: derived facts, by an expression or a decision table."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from dualprev_rules.lang.tree import Monotone
from dualprev_rules.pack.source import Map, Tree
from dualprev_rules.pack.spec.facts import RangeSpec, TypedSpec
from dualprev_rules.pack.spec.instruments import Citations
from dualprev_rules.pack.spec.keys import OF_DECISION_ROWS, in_english
from dualprev_rules.pack.spec.located import Spec
from dualprev_rules.pack.spec.scalars import NOTHING, Condition, Flag, Reads, Sentence, Text, one_of, read_map


def _read_row(tree: Tree) -> Map:
    return in_english(read_map(tree), OF_DECISION_ROWS)


Row = Annotated[Map, Reads(_read_row, {"type": "object", "required": ["then"]}, Map(NOTHING, 0))]


class InputSpec(RangeSpec):
    """An input of a decision table: its name in the rows and, where that is another, its expression."""

    name: Condition
    is_: Condition | None = Field(None, alias="is")
    monotone: Annotated[Monotone, one_of(Monotone)] | None = None
    """``rising``: where the input rises the output never falls, which ``dualprev verify`` proves."""


class DecisionSpec(Spec):
    """A decision table with DMN's hit policies."""

    hit: Condition
    """unique, first, any, priority, collect(min|max|sum|count)."""
    inputs: tuple[InputSpec, ...]
    rows: tuple[Row, ...]
    """Cells by input, and ``then``."""
    default: Condition | None = None
    priority: tuple[Text, ...] = ()
    gap: Sentence | None = None
    """Why some combinations have no row: the source itself leaves them open."""


class DefinitionSpec(TypedSpec):
    """A derived fact."""

    define: Text
    """``entity.name``."""
    is_: Condition | None = Field(None, alias="is")
    decide: DecisionSpec | None = None
    when: Condition | None = None
    monotone: dict[str, Annotated[Monotone, one_of(Monotone)]] = Field(default_factory=dict)
    """Fact (``entity.name``) → ``rising``: where it rises this never falls; ``dualprev verify`` proves it."""
    classification: Flag = False
    cite: Citations = ()
