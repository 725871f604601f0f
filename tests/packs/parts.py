"""A pack's files as written, apart from the loader: what each part cites, and every figure in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dualprev_rules.facts.quantity import parse_quantity
from dualprev_rules.facts.units import NUMBER, Unit, conversion, find_unit
from dualprev_rules.lang.text import plain

ROOT = Path(__file__).parents[2]
PACKS = ("chemicals", "construction", "fire", "gas", "mining")
_BOUND = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Part:
    """A rule, definition or table: its citations, its named parameters, and all figures that it holds."""

    id: str
    source: dict[str, Any]
    cites: frozenset[tuple[str, str]]
    parameters: dict[str, Fraction] = field(default_factory=dict[str, Fraction])
    units: dict[str, Unit] = field(default_factory=dict[str, Unit])
    figures: frozenset[Fraction] = frozenset()
    texts: frozenset[str] = frozenset()


@cache
def read(path: Path) -> Any:
    """Return a YAML file with every scalar as the text that stands there; read only."""
    return yaml.load(path.read_bytes(), Loader=yaml.CBaseLoader)


def where(pack: Path) -> dict[str, dict[str, Any]]:
    """Return what the pack says of each item and table of its reference: what encodes it, or why nothing.

    Items: ``encoded``, ``declared``, ``no_determination``; tables: ``tables``, ``tables_no_determination``.
    """
    name = pack.name.removeprefix("dualprev_pack_")
    tables = read(ROOT / f"tests/reference/{name}.yaml").get("tables", {})
    found: dict[str, dict[str, Any]] = {
        kind: {} for kind in ("encoded", "declared", "no_determination", "tables", "tables_no_determination")
    }
    for of in read(pack / "coverage.yaml"):
        for one in of["stated"]:
            item, is_table = one["item"], one["item"] in tables
            if "by" in one:
                found["tables" if is_table else "encoded"][item] = one["by"]
            elif "declared" in one:
                found["declared"][item] = of["instrument"]
            elif "no_determination" in one:
                kind = "tables_no_determination" if is_table else "no_determination"
                found[kind][item] = one["no_determination"]["zh"]
    return found


@cache
def parts(pack: Path) -> dict[str, Part]:
    """Return every rule, definition and table of the pack in the folder ``pack`` by its id."""
    found = [_rule(rule) for path in sorted(pack.glob("rules/**/*.yaml")) for rule in read(path)]
    found += [definition(one) for one in read(pack / "definitions.yaml")]
    found += [_table(table) for path in sorted(pack.glob("tables/*.yaml")) for table in _listed(read(path))]
    return {part.id: part for part in found}


def _listed(written: Any) -> list[Any]:
    return written if isinstance(written, list) else [written]


def _cites(source: dict[str, Any]) -> frozenset[tuple[str, str]]:
    cite = source.get("cite", [])
    return frozenset((c["instrument"], c["clause"]) for c in (cite if isinstance(cite, list) else [cite]))


def _rule(source: dict[str, Any]) -> Part:
    units = {
        name: find_unit(p["unit"]) or NUMBER if "unit" in p else NUMBER
        for name, p in source.get("parameters", {}).items()
    }
    values = {name: Fraction(p["value"]) for name, p in source.get("parameters", {}).items()}
    written = [source[key] for key in ("applies", "violated", "unless") if key in source]
    figures, texts = _of_conditions(written)
    return Part(source["rule"], source, _cites(source), values, units, figures | set(values.values()), texts)


def definition(source: dict[str, Any]) -> Part:
    """Return one definition as a part."""
    written = [source[key] for key in ("is", "when") if key in source]
    cells: list[str] = []
    for column in source.get("decide", {}).get("inputs", []):
        written += [column["is"]] if "is" in column else []
    for row in source.get("decide", {}).get("rows", []):
        # What comes out is a grade or a row of a table, which have their own tests.
        cells += [cell for name, cell in row.items() if name != "then"]
    figures, texts = _of_conditions(written)
    figures |= {Fraction(figure) for cell in cells for figure in _BOUND.findall(cell)}
    return Part(source["define"], source, _cites(source), figures=figures, texts=texts | frozenset(cells))


def _table(source: dict[str, Any]) -> Part:
    conditions = [row["when"] for row in source["rows"] if "when" in row]
    figures, texts = _of_conditions(conditions)
    return Part(source["table"], source, _cites(source), figures=figures, texts=texts)


def _of_conditions(written: list[str]) -> tuple[frozenset[Fraction], frozenset[str]]:
    figures: set[Fraction] = set()
    texts: set[str] = set()
    for text in written:
        for node in ast.walk(ast.parse(f"({plain(text).text}\n)", mode="eval")):
            match node:
                case ast.Constant(value=bool()):
                    pass
                case ast.Constant(value=int() | float() as number):
                    figures.add(Fraction(str(number)))
                case ast.Constant(value=str(quoted)):
                    texts.add(quoted)
                    quantity = parse_quantity(quoted)
                    if quantity is not None and quoted[:1].isdigit() and quantity[1] is not None:
                        figures.add(quantity[0])
                case ast.Name(id=name):
                    texts.add(name)
                case _:
                    pass
    return frozenset(figures), frozenset(texts)


def numbers(parameter: dict[str, Any]) -> Iterator[Fraction]:
    """Yield the figures of a parameter of the reference: none where its value is a word or a date."""
    value = parameter["value"]
    for one in value if isinstance(value, list) else [value]:
        try:
            yield Fraction(one)
        except ValueError:
            continue


def same(value: Fraction, unit: Unit, wanted: Fraction, spelling: str) -> bool:
    """Tell whether two figures are one, each in its own unit."""
    other = find_unit(spelling) if spelling else NUMBER
    if other is None or other == unit or other.dimension != unit.dimension:
        return value == wanted
    factor, offset = conversion(other, unit)
    return value == wanted * factor + offset
