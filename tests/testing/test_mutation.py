"""Mutants: what is changed in a pack, and that a case which tells it apart kills it."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from dualprev_rules.problems import DualprevError
from dualprev_rules.testing.mutation import mutate, read_explained
from dualprev_rules.testing.mutation.bench import Bench
from dualprev_rules.testing.mutation.figures import neighbours
from tests.cli.run import YARD, run

SHED = Path(__file__).parent / "shed"
LEFT = {
    "shed.2020.01 applies: goods in {paint, paper} → goods in {paint}",
    "shed.2020.01 applies: goods in {paint, paper} → goods in {paint, paper, metal}",
    (
        "shed.2020.01 violated: spacing < share * least_spacing and not sprinklered"
        " → spacing < share * least_spacing or not sprinklered"
    ),
    "shed.2020.01 violated: spacing < share * least_spacing and not sprinklered → not sprinklered",
    (
        "shed.2020.01 violated: spacing < share * least_spacing and not sprinklered"
        " → spacing < share * least_spacing"
    ),
    "shed.2020.01 violated: spacing < share * least_spacing → spacing <= share * least_spacing",
    "shed.2020.01 parameters.share: 1.0 → 1.1",
    "shed.spacing row 1, metres: 10 → 11",
    "shed.spacing row 2, metres: 7.5 → 7.4",
    "shed.spacing row 2, metres: 7.5 → 7.6",
    "shed-2020 from: 2020-01-01 → 2019-12-31",
}
"""What one case at 9.9 m of 10 m, on the first day of the instrument, cannot tell."""
NOTICED = {
    "shed.2020.01 applies: goods in {paint, paper} → not (goods in {paint, paper})",
    "shed.2020.01 applies: goods in {paint, paper} → goods in {paper}",
    "shed.2020.01 violated: spacing < share * least_spacing → spacing >= share * least_spacing",
    "shed.2020.01 violated: share * least_spacing → share / least_spacing",
    "shed.2020.01 violated: not sprinklered → sprinklered",
    "shed.2020.01 parameters.share: 1.0 → 0.9",
    "shed.spacing row 1, metres: 10 → 9",
    "shed-2020 from: 2020-01-01 → 2020-01-02",
}
UNIT = "{enterprise: {units: [{id: U1, goods: %s, spacing: %s, sprinklered: %s, commissioned_on: %s}]}}"
MORE = [
    ("paper", "7.5", "false", "2020-01-01", "compliant"),
    ("paper", "7.4", "false", "2020-01-01", "violated"),
    ("paper", "7.45", "false", "2020-01-01", "violated"),
    ("paper", "7.4", "true", "2020-01-01", "compliant"),
    ("paint", "10", "false", "2020-01-01", "compliant"),
    ("metal", "1", "false", "2020-01-01", "not_applicable"),
    ("paint", "1", "false", "2019-12-31", "not_applicable"),
]


def test_the_mutants_of_a_pack_and_which_of_them_a_case_notices() -> None:
    bench = Bench(SHED)
    assert {mutant.id for mutant in bench.mutants if not bench.kills(mutant)} == LEFT
    assert {mutant.id for mutant in bench.mutants} == LEFT | NOTICED


def test_cases_on_both_sides_of_everything_notice_all(tmp_path: Path) -> None:
    pack = shutil.copytree(SHED, tmp_path / "shed")
    with (pack / "cases/shed.yaml").open("a", encoding="utf-8") as file:
        for at, (goods, spacing, wet, day, outcome) in enumerate(MORE):
            facts = UNIT % (goods, spacing, wet, day)
            file.write(f"- case: c{at}\n  as_of: 2026-11-21\n  facts: {facts}\n")
            file.write(f'  expect: {{"unit[U1]: shed.2020.01": {outcome}}}\n')
    found = mutate(pack)
    assert [survivor.id for survivor in found.survivors] == []
    assert (found.score, found.mutants) == (100.0, len(LEFT | NOTICED))


def test_two_processes_find_what_one_finds() -> None:
    assert mutate(SHED, jobs=2) == mutate(SHED)


def test_only_the_parts_named() -> None:
    found = mutate(SHED, rules=["shed.spacing"])
    assert (found.mutants, len(found.survivors)) == (4, 3)
    assert {survivor.place.line for survivor in found.survivors if survivor.place} == {6, 7}
    with pytest.raises(DualprevError, match=r"(?s)testing\.no-part.*shed\.2020\.01"):
        mutate(SHED, rules=["shed.2020.1"])


def test_what_is_explained_leaves_the_score_and_must_survive(tmp_path: Path) -> None:
    file = tmp_path / "survivors.yaml"
    told = [*sorted(LEFT)[:2], min(NOTICED)]
    listed = "".join(f'    - "{name}"\n' for name in told)
    file.write_text(f"- because: 说明\n  mutants:\n{listed}", encoding="utf-8")
    found = mutate(SHED, explained=read_explained(file))
    assert {survivor.id for survivor in found.survivors if survivor.because} == set(told[:2])
    assert found.stale == (told[2],)
    assert len(found.open) == len(LEFT) - 2
    assert found.score == pytest.approx(100 * len(NOTICED) / (len(NOTICED | LEFT) - 2))


@pytest.mark.parametrize("text", ["- mutants: [a]\n", "because: x\n", "- a\n"])
def test_explanations_of_another_form_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "survivors.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DualprevError, match=r"testing\.not-explained"):
        read_explained(file)


def test_a_case_that_fails_tells_nothing(tmp_path: Path) -> None:
    pack = shutil.copytree(SHED, tmp_path / "shed")
    file = pack / "cases/shed.yaml"
    file.write_text(file.read_text("utf-8").replace("violated", "compliant"), encoding="utf-8")
    found = mutate(pack)
    assert found.killed == 0
    assert found.failing == (f"{file.as_posix()}:1:9: 油漆间距9.9米",)


@pytest.mark.parametrize(
    ("value", "text", "whole", "beside"),
    [
        (Fraction(30), "30 m", False, (29, 31)),
        (Fraction(1), "1", False, (Fraction(9, 10), Fraction(11, 10))),
        (Fraction(3, 4), "0.75", False, (Fraction(74, 100), Fraction(76, 100))),
        (Fraction(2, 3), "2/3", False, (Fraction(197, 300), Fraction(203, 300))),
        (Fraction(1600), "'1.6 MPa'", False, (1500, 1700)),
        (Fraction(3), "3 人", True, (2, 4)),
    ],
)
def test_neighbours_of_figures(
    value: Fraction, text: str, whole: bool, beside: tuple[Fraction, Fraction]
) -> None:
    assert neighbours(value, text, whole=whole) == beside


def test_the_command_shows_survivors_with_file_and_line() -> None:
    done = run("pack", "mutate", YARD, "--lang", "en")
    assert done.exit_code == 1
    assert "rules/yard.yaml:17:13: yard.2020.02 violated: 100 → 99" in done.stdout
    assert done.stdout.splitlines()[-1] == (
        "13 mutants: 7 noticed by a case, 0 explained, 6 survive; score 53.85 %"
    )
