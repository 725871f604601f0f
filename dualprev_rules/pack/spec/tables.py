"""tables/*.yaml: look-up tables; their rows may stand in a CSV file beside them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from dualprev_rules.pack.source import Map, Scalar, Seq, Tree
from dualprev_rules.pack.spec.facts import TypedSpec
from dualprev_rules.pack.spec.instruments import Citations
from dualprev_rules.pack.spec.located import OneOrMany, Spec
from dualprev_rules.pack.spec.scalars import (
    NOTHING,
    Id,
    Name,
    Reads,
    Sentence,
    Text,
    fault,
    one_of,
    read_text,
)

OnTie = Literal["min", "max"]


def _read_rows(tree: Tree) -> Tree:
    """Return the rows, or the name of the CSV file that holds them."""
    if isinstance(tree, Scalar):
        if not read_text(tree).endswith(".csv"):
            raise fault("pack.list-wanted")
        return tree
    if isinstance(tree, Map):
        raise fault("pack.list-wanted")
    for row in tree:
        if not isinstance(row, Map):
            raise fault("pack.mapping-wanted", place=row.place())
    return tree


Rows = Annotated[
    Seq | Scalar,
    Reads(
        _read_rows,
        {"anyOf": [{"type": "array", "items": {"type": "object"}}, {"type": "string", "pattern": r"\.csv$"}]},
        Seq(NOTHING, 0),
    ),
]


class TableSpec(Spec):
    """A look-up table."""

    table: Id
    title: Sentence | None = None
    cite: Citations = ()
    for_: Name | None = Field(None, alias="for")
    """The entity whose facts the rows' conditions ask."""
    key: dict[str, Annotated[tuple[Text, ...], OneOrMany()]]
    """Name of a key → the column or columns searched."""
    row_key: Name | None = None
    """The argument of ``lookup`` that picks a row by its ``no``."""
    columns: dict[str, TypedSpec] = Field(default_factory=dict)
    on_tie: Annotated[OnTie, one_of(OnTie)] | None = None
    rows: Rows
    note: Sentence | None = None
