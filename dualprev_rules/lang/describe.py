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
