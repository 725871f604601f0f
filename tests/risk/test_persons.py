"""Names: which may be one person's, however they are written."""

from __future__ import annotations

import pytest

from dualprev_rules.risk.persons import blank, same_person, shows_nothing


@pytest.mark.parametrize(
    "other",
    [
        "王 五",
        "王五、赵六",
        "赵六,王五",
        "王五；赵六",
        "王五/赵六",
        "王五 赵六",
        "班长 王五",
        "班长王五",
        "仓储部经理王五",
        "王五班长",
        "班长王五（一班）",
        "（班长）王五",
        "王五【班长】",
        "王五[班长]",
        "王五（机修、电工）",
        "王五。",
        "王·五",
        "王五\ufe0f",
        "王五\u3164",
        "王五\u2800",
        "王五\u200b",
        "1号班王五",
        "1号班王五01",
        "A班王五",
        "王五01",
        "王五13800000000",
        "班长 王五01",
    ],
)
def test_one_person_however_the_name_is_written(other: str) -> None:
    assert same_person("王五", other)
    assert same_person(other, "王五")


@pytest.mark.parametrize(
    "other", ["Team leader Wang Wu", "Mr Wang Wu", "Wang Wu team leader", "WANG WU, fitter"]
)
def test_a_name_of_two_words_with_a_post_before_or_after_it(other: str) -> None:
    assert same_person("Wang Wu", other)
    assert same_person(other, "Wang Wu")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("王五", "王五一"),
        ("王A", "王B"),
        ("李建", "李建国0012"),
        ("李建0012", "李建国"),
        ("Wang Wu", "Wang Wuhan"),
        ("Wang Wu", "Wu Wang"),
        ("1号班王五", "1号班李四"),
        ("Team leader Wang Wu", "Team leader Li Si"),
        ("李建", "李建国"),
        ("司马光", "马光"),
        ("班长王五（0012）", "王五（0044）"),
        ("Li", "Lily Chen"),
        ("王五（设备部）", "王五（安全部）"),
        ("John Smith", "Anna Smith"),
        ("王五、赵六", "张三、李四"),
        ("李四", "张三（李四代）"),
    ],
)
def test_two_persons_stay_two(one: str, other: str) -> None:
    assert not same_person(one, other)


def test_what_shows_nothing_is_blank() -> None:
    assert all(blank(text) for text in ("", " ", "\ufe0f", "\u3164", "\u2800", "\u200b", "。", "——", "."))
    assert not any(blank(text) for text in ("王", "1", "无"))


def test_what_says_that_there_is_none_is_no_evidence() -> None:
    assert all(shows_nothing(text) for text in ("", "。", ".", "无", " 无。", "没有", "N/A", "None"))
    assert all(
        shows_nothing(text) for text in ("没拍", "同上", "没有照片", "待上传", "空", "null", "No photo")
    )
    assert not any(shows_nothing(text) for text in ("后.jpg", "无损检测报告", "1.png", "no-12.jpg"))
