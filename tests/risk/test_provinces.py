"""The profiles that are shipped say what their documents say, clause by clause."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dualprev_rules import DualprevError
from dualprev_rules.engine import core_pack, profile_files
from dualprev_rules.pack import load_ruleset
from dualprev_rules.risk import ControlLevel, Profile, RiskGrade
from tests.engines import loaded

NAMES = ("national", "liaoning", "shandong", "henan", "fujian")
PROFILES = {name: loaded(profile=name).profile for name in NAMES}

# Fields and lists as the documents have them, by the section that lists them.
FIELDS = [
    ("liaoning", "cards", "post_notice", "（七）", "岗位职责 岗位风险 岗位安全操作规程 应急处置"),
    ("liaoning", "cards", "notice_board", "（七）", "风险级别 风险类别 重大危险源 应对措施"),
    ("shandong", "cards", "post_notice", "三（一）4", "主要危险危害因素 后果 事故预防措施 应急措施 报告电话"),
    ("shandong", "cards", "notice_board", "三（一）4", "主要风险点 风险类别 风险等级 管控措施 应急措施"),
    ("shandong", "cards", "occupational_sign", "三（一）7", "种类 后果 预防措施 应急救治措施"),
]
LISTS = [
    ("liaoning", "identify", "生产系统 设备设施 物料工艺 操作行为 职业禁忌 环境条件 安全管理"),
    ("liaoning", "change_triggers", "作业环境 工艺技术 设备设施 作业内容 人员"),
    (
        "shandong",
        "identify",
        "生产系统 设备设施 输送管线 操作行为 职业健康 环境条件 矿山采空区 施工场所 城市垃圾堆场 安全管理",
    ),
    ("shandong", "measure_kinds", "制度管理 物理工程 在线监测 视频监控 自动化控制 应急管理"),
    ("fujian", "change_triggers", "新材料 新工艺 新业态"),
]


@pytest.mark.parametrize(("profile", "kind", "carrier", "clause", "fields"), FIELDS)
def test_a_card_has_the_fields_of_its_document(
    profile: str, kind: str, carrier: str, clause: str, fields: str
) -> None:
    found = getattr(PROFILES[profile], kind)[carrier]
    assert [field.label.zh for field in found.fields] == fields.split()
    assert [cited.clause for cited in found.citations] == [clause]


@pytest.mark.parametrize(("profile", "key", "items"), LISTS)
def test_a_list_is_that_of_its_document(profile: str, key: str, items: str) -> None:
    found = getattr(PROFILES[profile], key)
    assert [item.zh for item in found.items] == items.split()
    assert found.citations


def test_shandong_has_four_levels_of_control_and_every_lower_one_acts() -> None:
    company, workshop, team, post = (
        ControlLevel.COMPANY,
        ControlLevel.WORKSHOP,
        ControlLevel.TEAM,
        ControlLevel.POST,
    )
    acting = [PROFILES["shandong"].acting(RiskGrade((grade,))) for grade in (1, 2, 3, 4)]
    assert acting == [
        (company, workshop, team, post),
        (company, workshop, team, post),
        (workshop, team, post),
        (team, post),
    ]


def test_henan_names_five_results() -> None:
    henan = PROFILES["henan"]
    named = {id_ for id_, paper in (henan.registers | henan.cards).items() if paper.citations}
    assert named >= {
        "four_colour_map",
        "notice_board",
        "graded_control_list",
        "hidden_hazard_list",
        "point_and_say",
    }
    # It names the lists and not their columns: those of the national profile stay.
    assert henan.registers["graded_control_list"].fields == (
        PROFILES["national"].registers["graded_control_list"].fields
    )


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda p: p.id)
def test_one_is_the_worst_in_every_profile_and_its_colour_is_red(profile: Profile) -> None:
    assert [profile.grades[grade].colour for grade in (1, 2, 3, 4)] == ["red", "orange", "yellow", "blue"]
    for grade in (1, 2, 3):
        assert profile.acting(RiskGrade((grade,)))[0] <= profile.acting(RiskGrade((grade + 1,)))[0]


def test_what_a_province_asks_for_is_asked_for_under_its_profile_alone() -> None:
    asked: list[set[str]] = []
    for name in ("national", "shandong"):
        schema = loaded(profile=name).ruleset.schema
        asked.append(set(schema.entities["enterprise"].attributes))
    national, shandong = asked
    assert national < shandong
    assert "has_neighbours" in shandong - national


def test_a_wrong_fact_of_a_profile_is_said_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "local.yaml"
    file.write_text(
        "profile: local\nversion: 1.0.0\ntitle: {zh: 测试}\nextends: national\n"
        "facts:\n  enterprise:\n    extends: core.enterprise\n    attributes:\n"
        "      has_pool: {type: boolean, label: {zh: 有水池}}\n",
        "utf-8",
    )
    with pytest.raises(DualprevError) as caught:
        load_ruleset(
            [], "local", date(2026, 11, 21), core=core_pack(), profiles={**profile_files(), "local": file}
        )
    (fault,) = caught.value.problems
    assert fault.place is not None
    assert (fault.place.line, fault.given, fault.nearest) == (9, "boolean", "bool")
