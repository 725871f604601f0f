"""Extract the requirements of a reference of policy documents, without its prose, for the tests.

``python scripts/extract_policy.py SOURCE tests/reference/profiles.yaml``. The result changes later only by
hand, with a note naming the official text that showed the error.
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

KEPT = ("id", "section", "kind", "status", "parameters")


def main(source: Path, target: Path) -> None:
    """Read the documents of ``source`` and write what each requirement is to ``target``."""
    # Every scalar stays the text that stands there.
    given = yaml.load(source.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    lines: list[str] = []
    for document in given["documents"]:
        lines.append(f"{document['code']}:")
        for one in document["requirements"]:
            kept = {key: one[key] for key in KEPT}
            text = yaml.safe_dump(
                kept, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6
            )
            lines.append(f"- {text.strip()}")
    target.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
