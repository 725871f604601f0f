"""``dualprev profile`` and the grade by a province's bands."""

from __future__ import annotations

from tests.cli.run import run


def test_show_gives_fields_with_their_clause() -> None:
    shown = run("profile", "show", "shandong", "--as-of", "2026-11-21")
    assert shown.exit_code == 0
    assert "报告电话" in shown.output
    assert "鲁政办字" in shown.output
    # Its own rules too, and what it calls a major risk directly.
    assert "视频监控" in shown.output
    assert "sd.2016.023" in shown.output
    assert "sd.2882.levels" in shown.output
    assert "直接判定重大风险" in shown.output


def test_compare_shows_only_what_differs() -> None:
    differing = run("profile", "compare", "liaoning", "shandong", "--as-of", "2026-11-21").output
    assert "职业禁忌" in differing
    assert "重大风险，红" not in differing
    everything = run("profile", "compare", "liaoning", "shandong", "--all", "--as-of", "2026-11-21").output
    assert "重大风险，红" in everything
    same = run("profile", "compare", "henan", "henan", "--as-of", "2026-11-21").output
    assert "没有差别" in same


def test_a_profile_that_is_not_there_is_named_with_the_nearest() -> None:
    refused = run("profile", "show", "shandon", "--as-of", "2026-11-21")
    assert refused.exit_code == 2
    assert "shandong" in refused.output


def test_a_grade_by_hand_says_level_colour_band_and_where_the_band_is_from() -> None:
    graded = run(
        "grade", "lec", "L=3", "E=6", "C=15", "--profile", "shandong", "--as-of", "2026-11-21"
    ).output
    assert "较大风险（橙）" in graded
    assert "[160..319]" in graded
    assert "转录" in graded
    assert "鲁政办字〔2016〕36号 三（一）2" in graded
    assert "DB37/T 2882-2016" in graded
    without = run("grade", "dow_fei", "MF=24", "F1=2", "F2=2.5", "--as-of", "2026-11-21").output
    assert "中等" in without
    assert "没有给出对应的四级风险" in without
