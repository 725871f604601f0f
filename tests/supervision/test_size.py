"""A hundred thousand enterprises: classes, pooled grades, plan and a draw in under a minute."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random
from time import process_time

import pytest

from dualprev_rules.supervision.draw import Inspector, draw
from dualprev_rules.supervision.plan import annual_plan
from dualprev_rules.supervision.pool import pool
from dualprev_rules.supervision.roster import read_roster
from dualprev_rules.supervision.scheme import classify
from tests.supervision.schemes import SCHEME

SIZE = 100_000


@pytest.mark.slow
def test_a_province_is_classed_planned_drawn_and_pooled_in_a_minute(tmp_path: Path) -> None:
    random = Random(1)
    file = tmp_path / "roster.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "name", "province", "city", "county", "grade", "management"])
        for n in range(SIZE):
            grade = random.choice(["", "1", "2", "3", "4"])
            state = random.choice(["", "weak", "sound"])
            writer.writerow([f"E{n}", f"企业{n}", "省", f"市{n % 14}", f"县{n % 100}", grade, state])
    start = process_time()
    roster = read_roster(file)
    classified = [classify(SCHEME, one) for one in roster]
    plan = annual_plan(classified, 2027)
    made = draw(classified, [Inspector(id=f"P{n}") for n in range(200)], seed="s", count=1_000, cover=2)
    counties = pool(roster, "county")
    assert process_time() - start < 60
    assert (len(plan.rows), len(made.drawn)) == (SIZE, 1_000)
    assert sum(each.enterprises for each in counties) == SIZE
    assert max(plan.load) - min(plan.load) <= 3
