"""coverage.yaml: what the instruments state, by an independent list, and what of the pack encodes it."""

from __future__ import annotations

from typing import Annotated, Literal

from dualprev_rules.pack.spec.located import Spec
from dualprev_rules.pack.spec.scalars import Flag, Id, Sentence, Text, one_of

Confirmed = Literal["checked", "recalled", "uncertain"]


class StatedSpec(Spec):
    """One determination of an instrument: what encodes it, or why nothing does."""

    item: Id
    """Its id in the list that was made apart from the pack."""
    clause: Text
    status: Annotated[Confirmed, one_of(Confirmed)] = "checked"
    """``uncertain``: it may be wrong, and decides nothing."""
    by: tuple[Id, ...] = ()
    """Rules, definitions and tables."""
    declared: Flag = False
    """True where it is how the instrument itself is declared: that its text was not seen, say."""
    no_determination: Sentence | None = None
    """Why nothing can be decided by it: it is the amount of a fine, a count, a definition of a word."""
    left_out: Sentence | None = None
    """Why it is not encoded."""


class CoverageSpec(Spec):
    """What one instrument states."""

    instrument: Id
    stated: tuple[StatedSpec, ...]
