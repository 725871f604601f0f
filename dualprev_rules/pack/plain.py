"""The parts of a file whose form others know (facts of a case, a profile's registers) as plain values."""

from __future__ import annotations

from typing import Any

from dualprev_rules.facts.document import plain_scalar
from dualprev_rules.pack.source import Map, Scalar, Seq, Tree


def plain(tree: Tree) -> Any:
    """Return dicts, lists and scalars as JSON means them: quoted ones are text, figures keep their digits."""
    match tree:
        case Scalar():
            if tree.empty:
                return None
            return plain_scalar(tree.text) if tree.style == "plain" else tree.text
        case Seq():
            return [plain(item) for item in tree]
        case Map():
            return {key: plain(value) for key, value in tree.items()}
