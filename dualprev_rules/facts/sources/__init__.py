"""Sources of facts: objects in memory, and files of every format, each read into a plain located tree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dualprev_rules.facts.document import Document
from dualprev_rules.facts.plan import Plans


def open_source(source: Any, plans: Plans) -> Document:
    """Return the tree of a source; text is the path of a file."""
    if not isinstance(source, (str, Path)):
        return Document(source)
    from dualprev_rules.facts.sources.files import open_file

    return open_file(Path(source), plans)
