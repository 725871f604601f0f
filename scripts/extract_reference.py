"""Extract the figures of a reference file, without its prose, for the tests that compare the packs with it.

Run once for each industry: ``python scripts/extract_reference.py SOURCE tests/reference/chemicals.yaml``.
The result changes later only by hand, with a note naming the official text that showed the error.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

ITEM = ("id", "instrument", "clause", "kind", "status", "parameters")
ROWS = ("unit", "rows")
INSTRUMENT = ("id", "number", "effective", "supersedes", "in_force", "status")
TABLE = ("instrument", "clause", "kind", "unit", "status")
# Working notes of the reference's compilers: packs have their own sentences.
PROSE = ("note", "desc_", "condition_", "meaning_", "measures_", "category_en", "name_en", "status", "en")
NOTES = ("action", "cut_off_range", "row_status")


def main(source: Path, target: Path) -> None:
    """Read the reference file ``source`` and write its figures to ``target``."""
    # Every scalar stays the text that stands there: 5.10 is a clause, 0.30 a figure as it was printed.
    given = yaml.load(source.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    target.write_text("\n".join(_lines(given)) + "\n", encoding="utf-8", newline="\n")


def _lines(given: dict[str, Any]) -> Iterator[str]:
    yield "instruments:"
    yield from (f"- {_flow(one, INSTRUMENT)}" for one in given["instruments"])
    yield "items:"
    # Some files keep a table as an item with rows, others all tables by name at the end.
    yield from (f"- {_flow(item, (*ITEM, *ROWS) if 'rows' in item else ITEM)}" for item in given["items"])
    if "tables" not in given:
        return
    yield "tables:"
    for name, table in _tables(given["tables"]):
        yield f"  {name}:"
        yield from (f"    {key}: {table[key]}" for key in TABLE if table.get(key))
        yield "    rows:"
        yield from (f"    - {_flow(row, (k for k in row if not _is_prose(k)))}" for row in table["rows"])


def _tables(tables: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield tables by name. One file lists them, with the columns named once and each row as its cells."""
    if isinstance(tables, dict):
        yield from tables.items()
        return
    for table in tables:
        rows = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
        kept = [{key: cell for key, cell in row.items() if key not in NOTES} for row in rows]
        yield table["id"], {**table, "rows": kept}


def _flow(record: dict[str, Any], keys: Iterable[str]) -> str:
    kept = {key: record[key] for key in keys if key in record}
    text = yaml.safe_dump(kept, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6)
    return text.strip()


def _is_prose(key: str) -> bool:
    return key.startswith(PROSE)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
