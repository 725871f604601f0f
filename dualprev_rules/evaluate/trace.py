"""What the reference notes of an expression while it records a trace."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dualprev_rules.evaluate.values import TRUE
from dualprev_rules.facts.possible import Value
from dualprev_rules.lang.tree import Node
from dualprev_rules.pack.model import Expression

_PENDING = Value(TRUE)


@dataclass(slots=True)
class Step:
    """One evaluated node of a trace: its value and its operands."""

    node: Node
    expression: Expression | None
    value: Value = _PENDING
    steps: list[Step] = field(default_factory=list["Step"])
    note: Any = None
    """What the value was taken from: the record of a fact, the definition or rule named, table rows."""
