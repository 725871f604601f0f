"""A draft's effect on a population is what judging each enterprise by both sides says."""

from __future__ import annotations

import itertools
import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dualprev_rules import Engine
from dualprev_rules.result import Result
from dualprev_rules.supervision.population import population, settings
from tests.cli.run import DAY, YARD, run

MANY = 100


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The yard's rules, of which one now counts at ten drums, and one is major no more."""
    folder = tmp_path_factory.mktemp("draft") / "yard"
    shutil.copytree(YARD, folder)
    rules = folder / "rules" / "yard.yaml"
    text = rules.read_text("utf-8").replace("drums > 100", "drums > 10")
    rules.write_text(text.replace("kind: major_hidden_hazard", "kind: check"), "utf-8")
    return folder


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("what_if") / "all.parquet"
    ruleset = Engine.load(YARD, as_of="2026-11-21").ruleset
    list(population(ruleset, settings(), file, enterprises=MANY, seed=2))
    return file


def still_open(result: Result) -> set[str]:
    return {
        o.rule.id
        for o in result.outcomes
        if not o.record.phantom and o.code in ("undetermined", "presumed") and not o.harmless
    }


def gravest(result: Result) -> str:
    outcomes = [o for o in result.outcomes if not o.record.phantom]
    if any(o.code == "violated" and o.rule.kind == "major_hidden_hazard" for o in outcomes):
        return "major"
    if any(o.code == "violated" for o in outcomes):
        return "violated"
    if any(o.presumed for o in outcomes):
        return "presumed"
    still_open = any(o.code == "undetermined" and not o.harmless for o in outcomes)
    return "undetermined" if still_open else "clear"


@pytest.mark.slow
def test_the_matrix_is_that_of_each_enterprise(draft: Path, given: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.parquet"
    done = run(
        "what-if",
        str(given),
        "--draft",
        str(draft),
        *DAY,
        "--rows",
        "40",
        "--json",
        "--changed",
        str(changed),
    )
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    engines = [Engine.load(pack, as_of="2026-11-21") for pack in (YARD, draft)]
    frames = [engine.assess_frame(pl.scan_parquet(given)) for engine in engines]
    moved: Counter[tuple[str, str]] = Counter()
    newly: Counter[str] = Counter()
    opened: Counter[str] = Counter()
    closed: Counter[str] = Counter()
    listed: dict[int, Any] = {}
    for row in range(MANY):
        before, after = (frame.explain(row) for frame in frames)
        classes = gravest(before), gravest(after)
        moved[classes] += 1
        broken = [{o.rule.id for o in r.outcomes if o.code == "violated"} for r in (before, after)]
        unsure = [still_open(r) for r in (before, after)]
        opened.update(unsure[1] - unsure[0])
        closed.update(unsure[0] - unsure[1])
        newly.update(broken[1] - broken[0])
        if classes[0] != classes[1]:
            listed[row] = (
                *classes,
                sorted(broken[1] - broken[0]) or None,
                sorted(broken[0] - broken[1]) or None,
                sorted(unsure[1] - unsure[0]) or None,
                sorted(unsure[0] - unsure[1]) or None,
            )
    assert {(b, a): n for b, of in found["matrix"].items() for a, n in of.items() if n} == dict(moved)
    assert found["newly_violated"] == dict(newly)
    assert found["newly_open"] == dict(opened)
    assert found["no_longer_open"] == dict(closed)
    assert opened or closed
    assert found["changes"] == len(listed) > 0
    rows = pl.read_parquet(changed)
    rows = rows.select("row", "before", "after", "newly", "no_longer", "opened", "closed").rows()
    assert {row: tuple(rest) for row, *rest in rows} == listed
    # Whoever changes class has a rule that says why.
    assert all(any(rest[2:]) for rest in listed.values())


@pytest.mark.slow
def test_grades_move_as_each_enterprise_does(tmp_path: Path) -> None:
    """By the draft a point may be a major risk directly, of which these facts say nothing."""
    points = [
        [{"method": "lec", **dict(zip("LEC", scores, strict=True))}]
        for scores in itertools.product((1, 6), (1, 3, 6), (3, 7, 15))
    ]
    ids = [f"E{row}" for row in range(len(points) + 1)]
    file = tmp_path / "graded.parquet"
    lists: list[list[Any]] = [[] for _ in ids]
    nothing = {"sites": lists, "units": lists}
    frame = pl.DataFrame({"id": ids, "risk_points": [*points, None], **nothing})
    frame.write_parquet(file)
    changed = tmp_path / "changed.parquet"
    options = ("--draft", "shandong", *DAY, "--grades")
    done = run("what-if", str(file), *options, "--json", "--changed", str(changed))
    assert done.exit_code == 0, done.output
    moved = {(b, a): n for b, of in json.loads(done.stdout)["grades"].items() for a, n in of.items() if n}
    wanted: Counter[tuple[str, ...]] = Counter()
    listed: list[tuple[str, ...]] = []
    engines = [Engine.load(YARD, profile, as_of="2026-11-21") for profile in ("national", "shandong")]
    for enterprise, given in zip(ids, [*points, None], strict=True):
        facts = {"enterprise": {"id": enterprise, "risk_points": given, "sites": [], "units": []}}
        grades = [engine.assess(facts).grade for engine in engines]
        both = tuple("none" if g is None else str(g.level or "open") for g in grades)
        wanted[both] += 1
        if len(set(both)) == 2:
            listed.append((enterprise, *both))
    assert moved == wanted
    found = pl.read_parquet(changed).filter(pl.col("grade_before") != pl.col("grade_after"))
    assert found.select("id", "grade_before", "grade_after").rows() == listed
    assert listed
    shown = run("what-if", str(file), *options, "--lang", "en")
    assert f"{len(listed)} of them change risk grade" in shown.output


def test_nothing_changes_by_the_same_rules(given: Path) -> None:
    done = run("what-if", str(given), "--draft", YARD, *DAY, "--lang", "en")
    assert done.exit_code == 0, done.output
    assert f"Of {MANY} enterprises 0 change class" in done.output


@pytest.mark.slow
def test_a_draft_may_be_a_profile_or_a_day_and_must_be_something(given: Path) -> None:
    by_profile = run("what-if", str(given), "--draft", "liaoning", *DAY)
    by_day = run("what-if", str(given), "--draft-as-of", "2027-01-01", *DAY)
    assert (by_profile.exit_code, by_day.exit_code) == (0, 0), by_profile.output
    for wrong in ((), ("--draft", "mars")):
        assert run("what-if", str(given), *wrong, *DAY).exit_code == 2
