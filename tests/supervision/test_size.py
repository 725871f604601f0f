"""A hundred thousand enterprises: classes, plan, draw, pooled grades and map in a minute and 2 GiB."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

ROOT = Path(__file__).parents[2]
SIZE = 100_000
# The peak is read from /proc: getrusage counts what the process that started this one held, too.
RUN = r"""
import json, re, sys
from datetime import date
from time import process_time
from dualprev_rules import Engine
from dualprev_rules.report.map import pooled_map
from dualprev_rules.supervision.draw import draw
from dualprev_rules.supervision.inspectors import Inspector
from dualprev_rules.supervision.plan import annual_plan
from dualprev_rules.supervision.pool import pool
from dualprev_rules.supervision.roster import read_roster
from dualprev_rules.supervision.scheme import classify
from pathlib import Path
from tests.supervision.schemes import SCHEME
roster = read_roster(Path(sys.argv[1]))
classified = [classify(SCHEME, one) for one in roster]
plan = annual_plan(classified, 2027)
made = draw(classified, [Inspector(id=f"P{n}") for n in range(200)], seed="s", count=1_000, cover=1)
profile = Engine.load(packs=[], as_of="2026-11-21").profile
counties = pool(roster, "county")
page = pooled_map(counties, profile, date(2026, 11, 21))
streets = pooled_map(pool(roster, "street"), profile, date(2026, 11, 21))
told = {
    "streets": streets.count('class="zone"'),
    "planned": len(plan.rows),
    "apart": max(plan.load) - min(plan.load),
    "drawn": len(made.drawn),
    "pooled": sum(each.enterprises for each in counties),
    "zones": page.count('class="zone"'),
    "seconds": process_time(),
    "mebibytes": int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))[1]) / 1024,
}
print(json.dumps(told))
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="the peak of memory is read from /proc")
def test_a_province_is_classed_planned_drawn_pooled_and_mapped_in_a_minute_and_two_gibibytes(
    tmp_path: Path,
) -> None:
    random = Random(1)
    file = tmp_path / "roster.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "name", "province", "city", "county", "street", "grade", "management"])
        for n in range(SIZE):
            grade = random.choice(["", "1", "2", "3", "4"])
            state = random.choice(["", "weak", "sound"])
            area = ["省", f"市{n % 14}", f"县{n % 100}", f"街道{n // 700 % 25}"]
            writer.writerow([f"E{n}", f"企业{n}", *area, grade, state])
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(file)], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["planned"], told["drawn"], told["pooled"]) == (SIZE, 1_000, SIZE)
    assert told["apart"] <= 3
    assert told["zones"] == 700  # 100 names of counties and 14 cities: 700 pairs
    assert told["streets"] == 17_500
    assert told["seconds"] < 60
    assert told["mebibytes"] < 2048
