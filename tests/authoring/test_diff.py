"""What changed between two versions, and the step it calls for; figures confirmed."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Literal

import pytest

from dualprev_rules.authoring.diff import bumped, changes, step
from dualprev_rules.pack import read_pack
from tests.authoring.test_fmt import silo
from tests.cli.run import run
from tests.standards.written import written


@pytest.mark.parametrize(
    ("file", "old", "new", "told", "wanted"),
    [
        (
            "rules/venting.yaml",
            "zh: 积尘过厚",
            "zh: 积尘太厚",
            ("changed", "rule", "silo.2026.02", "title"),
            "patch",
        ),
        ("cases/venting.yaml", "presumed", "violated", ("changed", "case", "…", "expect"), "patch"),
        (
            "rules/venting.yaml",
            'value: "3"',
            'value: "2"',
            ("changed", "rule", "silo.2026.02", "parameters"),
            "minor",
        ),
        (
            "rules/venting.yaml",
            "not has_explosion_vent",
            "has_explosion_vent",
            ("changed", "rule", "silo.2026.01", "violated"),
            "minor",
        ),
        (
            "tables/contents.yaml",
            'q: "50"',
            'q: "60"',
            ("changed", "table", "silo.contents", "rows[1]"),
            "minor",
        ),
        (
            "tables/contents.yaml",
            'q: "50"}',
            'q: "50", note: 约数}',
            ("changed", "table", "silo.contents", "rows[1]"),
            "patch",
        ),
        (
            "rules/venting.yaml",
            'clause: "5.4", status: recalled',
            'clause: "5.4", status: transcription',
            ("changed", "rule", "silo.2026.02", "cite"),
            "patch",
        ),
        (
            "rules/venting.yaml",
            'clause: "5.4"',
            'clause: "5.5"',
            ("changed", "rule", "silo.2026.02", "cite"),
            "minor",
        ),
        ("facts.yaml", "unit: mm", "unit: cm", ("changed", "fact", "silo.dust_layer", "unit"), "major"),
        ("facts.yaml", "    dust_layer:", "    layer:", ("added", "fact", "silo.layer", None), "major"),
        (
            "measures/silo.yaml",
            "silo.m.cleaning",
            "silo.m.sweeping",
            ("added", "measure", "silo.m.sweeping", None),
            "minor",
        ),
    ],
)
def test_a_change_and_its_step(
    file: str, old: str, new: str, told: tuple[str, ...], wanted: str, tmp_path: Path
) -> None:
    before = silo(tmp_path)
    after = tmp_path / "after"
    shutil.copytree(before, after)
    text = (after / file).read_text("utf-8")
    assert old in text
    (after / file).write_text(text.replace(old, new, 1), "utf-8")
    found = changes(read_pack(before), read_pack(after))
    first = found[0]
    assert (first.what, first.part, first.key) == (told[0], told[1], told[3])
    assert told[2] in ("…", first.id)
    assert step(found) == wanted


def test_the_same_in_chinese_is_no_change_of_keys_and_nothing_is_nothing(tmp_path: Path) -> None:
    pack = silo(tmp_path)
    assert changes(read_pack(pack), read_pack(pack)) == ()
    assert step(()) is None
    assert run("pack", "diff", str(pack), str(pack), "--lang", "en").stdout == "nothing differs\n"


def test_another_spelling_is_no_change(tmp_path: Path) -> None:
    before = silo(tmp_path)
    after, book, again = tmp_path / "after", tmp_path / "book.xlsx", tmp_path / "again"
    shutil.copytree(before, after)
    assert run("pack", "fmt", str(after), "--lang", "zh", "--as-of", "2026-11-21").exit_code == 0
    assert "违反" in (after / "rules" / "venting.yaml").read_text("utf-8")
    assert run("pack", "diff", str(before), str(after), "--lang", "en").stdout == "nothing differs\n"
    assert run("pack", "to-xlsx", str(before), "-o", str(book)).exit_code == 0
    assert run("pack", "from-xlsx", str(book), "-o", str(again)).exit_code == 0
    assert run("pack", "diff", str(before), str(again), "--lang", "en").stdout == "nothing differs\n"
    rules = after / "rules" / "venting.yaml"
    rules.write_text(rules.read_text("utf-8").replace("违反: 非 ", "违反: ", 1), "utf-8")
    (one,) = json.loads(run("pack", "diff", str(before), str(after), "--json").stdout)["changes"]
    assert (one["key"], one["old"], one["new"]) == (
        "violated",
        "not has_explosion_vent",
        "has_explosion_vent",
    )


def test_the_command_says_it_in_words_and_as_json(tmp_path: Path) -> None:
    before = silo(tmp_path)
    after = tmp_path / "after"
    shutil.copytree(before, after)
    rules = after / "rules" / "venting.yaml"
    rules.write_text(rules.read_text("utf-8").replace('value: "3"', 'value: "2"'), "utf-8")
    said = run("pack", "diff", str(before), str(after)).stdout
    assert said.startswith("规则 silo.2026.02 的 参数：")
    assert said.endswith("共 1 处。判定有新增或改变：升次版本（1.0.0 → 1.1.0）\n新的规则包写的是 1.0.0\n")
    document = json.loads(run("pack", "diff", str(before), str(after), "--json").stdout)
    assert (document["step"], document["changes"][0]["id"]) == ("minor", "silo.2026.02")
    assert document["version"] == {"old": "1.0.0", "new": "1.0.0", "called_for": "1.1.0"}
    head = after / "pack.yaml"
    head.write_text(head.read_text("utf-8").replace("version: 1.0.0", "version: 1.1.0"), "utf-8")
    said = run("pack", "diff", str(before), str(after), "--lang", "en").stdout
    assert said.endswith("2 in all. Determinations are new or others: a minor step (1.0.0 → 1.1.0)\n")


@pytest.mark.parametrize(("by", "to"), [("major", "2.0.0"), ("minor", "1.5.0"), ("patch", "1.4.3")])
def test_the_version_that_a_step_leads_to(by: Literal["major", "minor", "patch"], to: str) -> None:
    assert bumped("1.4.2", by) == to
    assert bumped("2026", by) is None


def test_a_rule_is_confirmed_against_a_text(tmp_path: Path) -> None:
    pack = silo(tmp_path)
    rules = pack / "rules" / "venting.yaml"
    options = ("--against", "2026年版，第3页", "--by", "张三", "--as-of", "2026-11-21")
    assert run("pack", "confirm", str(pack), "silo.2026.02", *options).exit_code == 0
    assert run("pack", "confirm", str(pack), "silo.2026.01", *options).exit_code == 0
    text = rules.read_text("utf-8")
    said = 'status: official, confirmed: {by: "张三", against: "2026年版，第3页", day: 2026-11-21, digest: "'
    assert f'cite: {{instrument: silo-2026, clause: "5.4", {said}' in text
    assert f'cite: {{instrument: silo-2026, clause: "5.2", {said}' in text
    assert [c.status for rule in read_pack(pack).rules for c in rule.cite] == ["official"] * 2
    again = run("pack", "confirm", str(pack), "silo.2026.02", *options)
    assert (again.exit_code, "authoring.confirmed" in again.stderr) == (2, True)
    assert "cli.no-rule" in run("pack", "confirm", str(pack), "silo.2026.09", *options).stderr
    blank = ("--against", " ", "--by", "", "--as-of", "2026-11-21")
    refused = run("pack", "confirm", str(pack), "silo.2026.02", *blank)
    assert (refused.exit_code, refused.stderr.count("authoring.confirm-blank")) == (2, 2)
    assert rules.read_text("utf-8") == text
    unsaid = run("pack", "say", str(pack), "nosuch", "--as-of", "2026-11-21", "--lang", "en")
    assert "fix: write silo.2026.01 / silo.2026.02" in unsaid.stderr
    unlike = run("pack", "confirm", str(pack), "nosuch", *options, "--lang", "en").stderr
    assert "fix: write silo.2026.01 / silo.2026.02" in unlike


def lint_of(pack: Path, day: str = "2026-11-21") -> tuple[int, bool, bool]:
    done = run("pack", "lint", str(pack), "--as-of", day)
    return (
        done.exit_code,
        "pack.changed-since-confirmed" in done.output,
        "pack.confirmed-ahead" in done.output,
    )


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("rules/venting.yaml", 'value: "3"', 'value: "2"'),
        ("rules/venting.yaml", 'clause: "5.4"', 'clause: "5.5"'),
        ("rules/venting.yaml", "day: 2026-11-21, digest: ", "day: 2026-11-21, digest: x"),
    ],
)
def test_a_confirmation_binds_what_was_confirmed(tmp_path: Path, file: str, old: str, new: str) -> None:
    pack = silo(tmp_path)
    options = ("--against", "3", "--by", "张三", "--as-of", "2026-11-21")
    assert run("pack", "confirm", str(pack), "silo.2026.02", *options).exit_code == 0
    assert lint_of(pack) == (0, False, False)
    path = pack / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    assert lint_of(pack) == (2, True, False)
    assert run("pack", "confirm", str(pack), "silo.2026.02", *options).exit_code == 0
    assert lint_of(pack) == (0, False, False)
    assert path.read_text("utf-8").count("confirmed: {") == 1


_READ = """
- define: unit.is_high
  label: {zh: 高, en: is high}
  when: n > 1
  is: height > 5
  cite: {instrument: nat-1, clause: "2"}
- define: unit.height
  type: number
  label: {zh: 高度, en: height}
  decide:
    hit: first
    inputs: [{name: n}]
    rows: [{n: "< 3", then: 4}, {n: ">= 3", then: 6}]
  cite: {instrument: nat-1, clause: "2"}
- define: unit.is_other
  label: {zh: 另, en: other}
  is: n > 7
  cite: {instrument: nat-1, clause: "3"}
"""


@pytest.mark.parametrize(
    ("old", "new", "refused"),
    [
        ("height > 5", "height >= 5", True),
        ('n: "< 3", then: 4', 'n: "< 3", then: 5', True),
        ("height > 5", "(height > 5)", False),
        ("n > 7", "n > 8", False),
    ],
)
def test_a_confirmation_binds_the_definitions_that_are_read(
    tmp_path: Path, old: str, new: str, refused: bool
) -> None:
    pack = written(tmp_path, "nat", "violated: is_high and a", facts=True, definitions=_READ)
    options = ("--against", "3", "--by", "张三", "--as-of", "2026-11-21")
    assert run("pack", "confirm", str(pack), "nat.r", *options).exit_code == 0
    assert not lint_of(pack)[1]
    path = pack / "definitions.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    assert lint_of(pack)[1] == refused


def test_none_confirms_on_a_day_to_come_or_by_hand(tmp_path: Path) -> None:
    pack = silo(tmp_path)
    rules = pack / "rules" / "venting.yaml"
    options = ("--against", "3", "--by", "张三", "--as-of", "2026-11-21")
    assert run("pack", "confirm", str(pack), "silo.2026.02", *options).exit_code == 0
    assert lint_of(pack, "2026-11-20") == (2, False, True)
    text = rules.read_text("utf-8")
    rules.write_text(re.sub(', digest: "[0-9a-f]+"', "", text), "utf-8")
    assert lint_of(pack) == (2, True, False)


def test_who_confirmed_a_figure_comes_through_excel_and_fmt_and_official_needs_it(tmp_path: Path) -> None:
    pack, book, again = silo(tmp_path), tmp_path / "book.xlsx", tmp_path / "again"
    options = ("--against", "2026年版, 第3页", "--by", "张三", "--as-of", "2026-11-21")
    assert run("pack", "confirm", str(pack), "silo.2026.02", *options).exit_code == 0
    assert run("pack", "lint", str(pack), "--as-of", "2026-11-21").exit_code == 0
    assert run("pack", "fmt", str(pack), "--lang", "zh", "--as-of", "2026-11-21").exit_code == 0
    assert run("pack", "to-xlsx", str(pack), "-o", str(book)).exit_code == 0
    assert run("pack", "from-xlsx", str(book), "-o", str(again)).exit_code == 0
    for folder in (pack, again):
        (cite,) = next(rule for rule in read_pack(folder).rules if rule.rule == "silo.2026.02").cite
        assert cite.status == "official"
        assert cite.confirmed is not None
        assert lint_of(folder) == (0, False, False)
        said = cite.confirmed
        assert (said.by, said.against, said.day.isoformat()) == ("张三", "2026年版, 第3页", "2026-11-21")
    rules = again / "rules" / "all.yaml"
    text = rules.read_text("utf-8")
    rules.write_text(re.sub(r",? *(已确认|confirmed): *\{[^}]*\}", "", text), "utf-8")
    done = run("pack", "lint", str(again), "--as-of", "2026-11-21")
    assert (done.exit_code, "pack.unproved-official" in done.output) == (2, True)
