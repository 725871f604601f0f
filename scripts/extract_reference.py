"""Extract the figures of a reference file, without its prose, for the tests that compare the packs with it.

Run once for each industry: ``python scripts/extract_reference.py chemicals.yaml tests/reference/chemicals.yaml``.
The result changes later only by hand, with a note naming the official text that showed the error.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

ITEM = ("id", "instrument", "clause", "kind", "status")
INSTRUMENT = ("id", "number", "effective", "supersedes", "in_force", "status")
TABLE = ("instrument", "clause", "kind", "unit", "status")
# Working notes of the reference's compilers: packs have their own sentences.
PROSE = ("note", "desc_", "condition_", "meaning_", "measures_", "category_en", "name_en", "status", "en")


def main(source: Path, target: Path) -> None:
    """Read the reference file ``source`` and write its figures to ``target``."""
    given = yaml.load(source.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    figures = {
        "instruments": [_only(one, INSTRUMENT) for one in given["instruments"]],
        "items": [_item(item) for item in given["items"]],
        "tables": {name: _table(table) for name, table in given["tables"].items()},
    }
    text = yaml.dump(figures, allow_unicode=True, sort_keys=False, width=110, Dumper=_Dumper)
    target.write_text(text, encoding="utf-8", newline="\n")


class _Dumper(yaml.SafeDumper):
    """Writes rows and parameters on one line each, lists of records one below the other."""

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        flat = all(isinstance(value, str | list) for value in mapping.values())
        nested = any(isinstance(v, list) and v and isinstance(v[0], dict) for v in mapping.values())
        return super().represent_mapping(tag, mapping, flow_style=flat and not nested)

    def represent_sequence(
        self, tag: str, sequence: Any, flow_style: bool | None = None
    ) -> yaml.SequenceNode:
        flat = all(isinstance(value, str) for value in sequence)
        return super().represent_sequence(tag, sequence, flow_style=flat)

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(
    dict, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data.items() and data)
)
_Dumper.add_representer(list, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data))


def _only(record: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: record[key] for key in keys if key in record}


def _item(item: dict[str, Any]) -> dict[str, Any]:
    return {**_only(item, ITEM), "parameters": [dict(one) for one in item.get("parameters") or []]}


def _table(table: dict[str, Any]) -> dict[str, Any]:
    rows = [{k: v for k, v in row.items() if not _is_prose(k)} for row in table["rows"]]
    return {**_only(table, TABLE), "rows": rows}


def _is_prose(key: str) -> bool:
    return key.startswith(PROSE) and key != "entry"


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
