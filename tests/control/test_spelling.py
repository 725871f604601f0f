"""Names: which may be one person's, however they are written."""

from __future__ import annotations

import pytest

from dualprev_rules.control.spelling import blank, same_person


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
    ],
)
def test_one_person_however_the_name_is_written(other: str) -> None:
    assert same_person("王五", other)
    assert same_person(other, "王五")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("王五", "王五一"),
        ("王五（设备部）", "王五（安全部）"),
        ("John Smith", "Anna Smith"),
        ("王五、赵六", "张三、李四"),
        ("李四", "张三（李四代）"),
    ],
)
def test_two_persons_stay_two(one: str, other: str) -> None:
    assert not same_person(one, other)


def test_what_shows_nothing_is_blank() -> None:
    assert all(blank(text) for text in ("", " ", "\ufe0f", "\u3164", "\u2800", "\u200b"))
