"""A small schema with every type and every way of reading, for the tests of this room."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from dualprev_rules.facts.possible import EVERY_NUMBER, Interval, Numbers, interval
from dualprev_rules.facts.schema import Attribute, Entity, Schema
from dualprev_rules.facts.types import Bool, Date, Enum, ListOf, Number, Rec, SetOf, Text, Type
from dualprev_rules.facts.units import find_unit
from dualprev_rules.problems import Words


def unit(symbol: str) -> Any:
    found = find_unit(symbol)
    assert found is not None
    return found


def attribute(name: str, of: Type, zh: str = "", *, within: Numbers = EVERY_NUMBER, **more: Any) -> Attribute:
    return Attribute(name, of, Words(zh, name.replace("_", " ")), range=within, **more)


def records(name: str, entity: str, zh: str, **more: Any) -> Attribute:
    return attribute(name, ListOf(Rec(entity)), zh, **more)


def entity(name: str, zh: str, *attributes: Attribute, key: str | None = "id", **more: Any) -> Entity:
    return Entity(name, Words(zh, name.title()), key, {a.name: a for a in attributes}, **more)


NOT_NEGATIVE = Interval(Fraction(0), None, False, True)
PERCENT = interval(Fraction(0), Fraction(30)) or EVERY_NUMBER
YES_NO = {"是": "true", "否": "false", "yes": "true", "no": "false"}

SCHEMA = Schema(
    {
        e.name: e
        for e in (
            entity(
                "enterprise",
                "企业",
                attribute("id", Text(), "企业编码"),
                attribute("name", Text(), "企业名称", aliases=("名称",)),
                attribute("industries", SetOf(Text()), "行业"),
                records("sites", "site", "厂区列表", either="layout", aliases=("厂区",)),
                records("units", "unit", "单元列表", either="layout", aliases=("单元",)),
                records("persons", "person", "人员名册"),
                aliases=("生产经营单位",),
            ),
            entity(
                "site",
                "厂区",
                attribute("id", Text(), "厂区编号"),
                attribute("exposed_people", Number(whole=True), "常住人口", within=NOT_NEGATIVE),
                records("units", "unit", "单元列表", aliases=("单元",)),
            ),
            entity(
                "unit",
                "单元",
                attribute("id", Text(), "单元编号"),
                attribute("name", Text(), "单元名称", aliases=("名称",)),
                attribute(
                    "kind",
                    Enum(("production", "storage")),
                    "单元类别",
                    member_labels={
                        "production": Words("生产", "Production"),
                        "storage": Words("储存", "Storage"),
                    },
                    member_aliases={"仓储": "storage"},
                ),
                attribute("level", Enum(("1", "2", "3", "4"), ordered=True), "级别"),
                attribute(
                    "exposed_people", Number(whole=True), "常住人口", within=NOT_NEGATIVE, inherits="site"
                ),
                attribute("oxygen", Number(unit("%vol")), "氧含量", within=PERCENT),
                attribute("pressure", Number(unit("MPa")), "设计压力", within=NOT_NEGATIVE),
                attribute("gauge", Number(unit("MPa(G)")), "表压"),
                attribute("has_interlock", Bool(), "有联锁"),
                attribute("has_stop", Bool(), "有紧急停车", member_aliases=YES_NO),
                attribute("commissioned_on", Date(), "投用日期"),
                attribute(
                    "inspected",
                    Bool(),
                    "已检查",
                    accept_from=frozenset(("inspector", "document")),
                    valid_for=90,
                ),
                attribute("hazards", SetOf(Enum(("J1", "J2", "W5.1"))), "危险类别"),
                attribute("owner", Rec("person"), "责任人"),
                records("substances", "substance", "物质清单", aliases=("物质",)),
                records("tanks", "tank", "储罐清单", stated=True, aliases=("储罐",)),
                aliases=("装置",),
            ),
            entity(
                "substance",
                "物质",
                attribute("name", Text(), "物质名称", aliases=("品名",)),
                attribute("cas", Text(), "CAS号", aliases=("CAS",), check="cas"),
                attribute(
                    "quantity", Number(unit("t")), "设计最大量", within=NOT_NEGATIVE, aliases=("数量",)
                ),
                key=None,
            ),
            entity(
                "tank",
                "储罐",
                attribute("id", Text(), "储罐编号"),
                attribute("volume", Number(unit("m³")), "容积", within=NOT_NEGATIVE),
                attribute("clause", Text(), "条款"),
                records("substances", "substance", "物质清单"),
            ),
            entity("person", "人员", attribute("id", Text(), "工号"), attribute("name", Text(), "姓名")),
        )
    }
)
TODAY = date(2026, 11, 21)
