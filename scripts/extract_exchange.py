"""Extract the tables and codes of a reference of exchange tables, without its prose, for the tests.

``python scripts/extract_exchange.py SOURCE tests/reference/exchange.yaml``. The result changes later only by
hand, with a note naming the official text that showed the error.
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

KEPT = ("json", "db", "type", "required", "enum", "status")


def main(source: Path, target: Path) -> None:
    """Read the tables of ``source`` and write what their fields and codes are to ``target``."""
    # Every scalar stays the text that stands there.
    given = yaml.load(source.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    lines = ["tables:"]
    for table in given["tables"]:
        lines += [f"- table: {table['code']}", f"  name: {table['table']}", f"  parent: {table['parent']}"]
        lines += ["  fields:"]
        for field in table["fields"]:
            lines.append(f"  - {_flow({key: field[key] for key in KEPT if key in field})}")
    lines.append("codes:")
    for name, of in given["enums"].items():
        values = of["values"]
        lines.append(f"  {name}: {_flow([*values] if isinstance(values, dict) else values)}")
    target.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _flow(given: object) -> str:
    text = yaml.safe_dump(given, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6)
    return text.strip()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
