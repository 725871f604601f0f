"""A type in words, for messages."""

from __future__ import annotations

from dualprev_rules.facts.types import Bool, Date, Enum, ListOf, Number, Rec, Row, SetOf, Text, Type
from dualprev_rules.facts.units import NUMBER
from dualprev_rules.problems import Words


def describe(of: Type) -> Words:
    """Return what a type is called in a message."""
    match of:
        case Bool():
            return Words("是否", "true or false")
        case Text():
            return Words("文字", "a text")
        case Date():
            return Words("日期", "a date")
        case Number(unit=unit) if unit == NUMBER:
            return Words("数", "a number")
        case Number(unit=unit) if unit.symbol.startswith("="):
            return Words(f"乘积（{unit.symbol[1:]}）", f"a product ({unit.symbol[1:]})")
        case Number(unit=unit):
            return Words(f"数（{unit.symbol}）", f"a number in {unit.symbol}")
        case Enum(members=members):
            few = "、".join(members[:6])
            return Words(f"选项（{few}）", f"one of {few}")
        case Rec(entity=entity):
            return Words(f"记录 {entity}", f"a record of {entity}")
        case Row(table=table):
            return Words(f"表 {table} 的一行", f"a row of {table}")
        case ListOf(of=Rec(entity=entity)):
            return Words(f"{entity} 的列表", f"a list of {entity}")
        case SetOf():
            return Words("集合", "a set")


def example(of: Type, written: str) -> str:
    """Return a comparison that makes a condition of something of a type."""
    match of:
        case Enum(members=members):
            return f"{written} == '{members[0]}'"
        case Text():
            return f"{written} == '…'"
        case Date():
            return f"{written} > '2026-01-31'"
        case ListOf() | SetOf():
            return f"count({written}) > 0"
        case Rec() | Row():
            return f"{written}.… > 0"
        case _:
            return f"{written} > 0"


def cell_forms(of: Type) -> str:
    """Return what a cell of a column of a type may look like."""
    match of:
        case Bool():
            return "true、false"
        case Enum(members=members):
            return "、".join(members[:12])
        case Date():
            return ">= '2026-01-31'、['2026-01-01'..'2026-12-31']"
        case Number():
            return ">= 100、[50..100)、5"
        case _:
            return "'…'"
