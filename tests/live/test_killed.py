"""Kill -9 at any moment: no warning of the output is lost or doubled, none of a hook is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests.cases import FULL
from tests.live.worlds import pack, readings, watched, written
from tests.packs.parts import ROOT

pytestmark = pytest.mark.needs("durable_rules_engine")

KILLS = 100 if FULL else 10


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of POSIX")
def test_whatever_is_killed_the_warnings_are_those_of_an_undisturbed_run(tmp_path: Path) -> None:
    random = Random(11)
    pack(tmp_path / "pack", [written(watched(random, f"w{number}"), "spot") for number in range(5)])
    lines = (json.dumps(reading) for reading in readings(Random(11), 1_500, "spot"))
    (tmp_path / "readings.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    command = [sys.executable, "-m", "tests.live.killing", str(tmp_path), str(KILLS), "11"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    kills, _, ends = done.stdout.split()[:3]
    assert int(kills) >= KILLS
    assert int(ends) >= 1
