"""Which rule is the stricter: pairs planted with each verdict, their witnesses run as cases of the packs."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dualprev_rules.pack.load import read_cases
from dualprev_rules.pack.read import read_pack
from dualprev_rules.problems import DualprevError
from dualprev_rules.standards import Comparison, compare
from dualprev_rules.testing.cases import run_cases
from tests.cli.run import run
from tests.standards.written import written

PAIR = Path(__file__).with_name("pair")
LOCAL, NATIONAL = PAIR / "local", PAIR / "national"
DAY = date(2026, 11, 21)
VERDICTS = {
    "same": "equal",
    "limit": "stricter",
    "scope": "weaker",
    "exception": "weaker",
    "crossed": "incomparable",
    "deadline": "weaker",
}
TURNED = {"stricter": "weaker", "weaker": "stricter"}
ARGUMENTS = ("compare", str(LOCAL), str(NATIONAL), "--as-of", "2026-11-21", "--lang", "en")


@cache
def compared() -> Comparison:
    return compare(LOCAL, NATIONAL, as_of=DAY)


def test_each_pair_has_the_verdict_that_was_planted() -> None:
    found = {pair.first.id.removeprefix("local."): pair.verdict for pair in compared().pairs}
    assert found == VERDICTS
    assert (compared().only_first, compared().only_second) == (("local.own",), ("national.alone",))


def test_turned_about_each_verdict_is_turned_about() -> None:
    turned = compare(NATIONAL, LOCAL, as_of=DAY)
    found = {pair.first.id.removeprefix("national."): pair.verdict for pair in turned.pairs}
    assert found == {name: TURNED.get(verdict, verdict) for name, verdict in VERDICTS.items()}


def test_every_witness_passes_as_a_case_of_the_packs(tmp_path: Path) -> None:
    file = tmp_path / "witnesses" / "cases" / "compare.yaml"
    file.parent.mkdir(parents=True)
    (tmp_path / "witnesses" / "pack.yaml").write_bytes((LOCAL / "pack.yaml").read_bytes())
    done = run(*ARGUMENTS, "--cases", str(file))
    assert done.exit_code == 0
    cases = read_cases(read_pack(tmp_path / "witnesses"))
    # One more is of the rule that has no counterpart, and that the other side as a whole does not hold.
    sides = 1 + sum(2 if verdict == "incomparable" else verdict != "equal" for verdict in VERDICTS.values())
    assert len(cases) == sides
    assert [len(case.expect) for case in cases] == [2] * (sides - 1) + [1]
    assert [r.mismatches or r.problems for r in run_cases(cases, [NATIONAL, LOCAL])] == [()] * sides


def test_what_is_weaker_fails_where_stricter_or_equal_is_required() -> None:
    done = run(*ARGUMENTS, "--require", "stricter-or-equal")
    assert done.exit_code == 1
    assert "local.scope (local-2022 scope) is weaker than national.scope (national-2020 scope)" in done.stdout
    document = json.loads(run(*ARGUMENTS, "--json").stdout)
    assert [pair["verdict"] for pair in document["pairs"]] == list(VERDICTS.values())


def test_comments_are_a_table_that_a_committee_can_read(tmp_path: Path) -> None:
    file = tmp_path / "comments.xlsx"
    assert run(*ARGUMENTS[:-2], "--comments", str(file)).exit_code == 0
    sheet = load_workbook(file).active
    assert sheet is not None
    heads, *rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert heads == ["条款", "问题", "例证", "建议修改"]
    by_clause = {row[0]: row for row in rows}
    # What is equal needs no comment; what is stricter stands after what has to change.
    order = [f"local-2022 {name}" for name in ("scope", "exception", "crossed", "deadline", "limit")]
    assert list(by_clause) == [*order, ""]
    _, problem, case, advice = by_clause["local-2022 scope"]
    assert "弱于" in problem
    assert case.endswith("此时违反 national-2020 scope，却不违反 local-2022 scope")
    drums = re.search(r"桶数为(\d+)", case)
    assert drums is not None
    assert 5 < int(drums[1]) <= 20
    assert "围堰为否" in case
    assert "凡桶数超过5" in advice
    assert "national-2020 alone" in by_clause[""][3]


def test_a_rule_that_has_no_counterpart_is_not_kept() -> None:
    found = compared()
    equal = tuple(pair for pair in found.pairs if pair.verdict == "equal")
    assert found.only_second == ("national.alone",)
    assert not replace(found, pairs=equal).stricter_or_equal
    assert not replace(found, pairs=()).stricter_or_equal
    assert replace(found, pairs=equal, covered_second=()).stricter_or_equal


def test_profiles_are_compared_over_packs() -> None:
    found = compare("shandong", "national", packs=["gas"], as_of=DAY)
    assert {pair.verdict for pair in found.pairs} == {"equal"}
    assert found.only_first
    assert not found.only_second
    assert found.covers is True
    # Each method beside itself alone, not beside others of the same scales.
    assert [(pair.method, pair.other, pair.verdict) for pair in found.grades] == [("lec", "lec", "equal")]
    assert found.stricter_or_equal


def test_instruments_of_a_pack_are_compared() -> None:
    found = compare("local-2022", "national-2020", packs=[NATIONAL, LOCAL], as_of=DAY)
    assert {pair.first.id.removeprefix("local."): pair.verdict for pair in found.pairs} == VERDICTS


def test_a_name_of_nothing_is_refused_with_the_nearest() -> None:
    with pytest.raises(DualprevError) as raised:
        compare("local-2022", "nationl-2020", packs=[NATIONAL, LOCAL], as_of=DAY)
    assert raised.value.problems[0].nearest == "national-2020"


_FIGURES = """
- table: {name}.limits
  title: {{zh: 限值, en: limits}}
  cite: {{instrument: {name}-1, clause: "2"}}
  key: {{name: name}}
  columns:
    name: {{type: text, label: {{zh: 名, en: name}}}}
    q: {{type: number, above: 0, label: {{zh: 限, en: limit}}}}
  rows:
"""
_BY_NAME = "violated: n > lookup('{}.limits', name=t).q"


def by_table(folder: Path, local: dict[str, int], national: dict[str, int], more: str = "") -> Comparison:
    """Compare two rules that take their figure from a table each."""
    packs: list[Path] = []
    for name, rows in (("nat", national), ("loc", local)):
        body = _BY_NAME.format(name) + (more if name == "loc" else "")
        pack = written(folder, name, body, facts=name == "nat", partner="nat.r" if name == "loc" else None)
        (pack / "tables").mkdir()
        listed = "".join(f"    - {{name: {key}, q: {q}}}\n" for key, q in rows.items())
        (pack / "tables" / "limits.yaml").write_text(_FIGURES.format(name=name) + listed)
        packs.insert(0, pack)
    return compare(*packs, as_of=DAY)


@pytest.mark.parametrize(
    ("local", "more", "verdict"),
    [
        ({"x": 5, "y": 9}, "", "equal"),
        ({"x": 5, "y": 10}, "", "weaker"),
        ({"x": 4, "y": 10}, "", "incomparable"),
        ({"x": 5}, "", "weaker"),
        ({"x": 5, "y": 9, "z": 1}, "", "stricter"),
        ({"x": 5, "y": 9}, " or a", "stricter"),
        ({"x": 5, "y": 9}, " or t == 'w'", "stricter"),
        ({"x": 5, "y": 9}, " and t != 'w' and (t in {'x', 'X', 'y', 'Y'} or b)", "equal"),
        ({"x": 5, "y": 9}, " and t != 'w' and (t == 'x' or t == 'y' or b)", "weaker"),
    ],
)
def test_tables_with_text_keys_are_compared(
    tmp_path: Path, local: dict[str, int], more: str, verdict: str
) -> None:
    """A name that no row has leaves its rule open: it violates nothing, unless something else does."""
    found = by_table(tmp_path, local, {"x": 5, "y": 9}, more)
    assert found.pairs[0].verdict == verdict
    assert found.stricter_or_equal == (verdict in ("equal", "stricter"))
