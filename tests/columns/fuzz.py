"""Try random frames for a given time: ``make fuzz-columns SECONDS=60``, or ``python -m tests.columns.fuzz``.

Prints how many pairs of a rule and a record were judged by the reference, the compiled evaluator and columns,
each minute and at last, and every difference. A seed finds a world again.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.columns.worlds import cells_of
from tests.differential.fuzz import MINUTE, say

SETS = 200
"""Rows of a frame: making columns of a world costs the same for few and for many."""


def main() -> int:
    """Run, and return 1 where differences were found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    begun = said = time.monotonic()
    end = begun + chosen.seconds
    pairs = asked = differences = 0
    seed = chosen.seed
    while time.monotonic() < end:
        codes, cells = cells_of(seed, SETS, flat=seed % 2 == 1)
        asked += codes.asked
        for cell in cells:
            pairs += 1
            if not cell.found == cell.compiled == cell.wanted:
                differences += 1
                say(f"seed {seed}: {cell}")
        seed += 1
        if time.monotonic() > said + MINUTE:
            said = time.monotonic()
            say(f"{said - begun:.0f} s: {pairs} pairs, {differences} differences")
    say(f"{pairs} pairs in {seed - chosen.seed} worlds (seeds {chosen.seed} to {seed - 1})")
    say(f"{asked} of them columns left to the exact evaluator")
    say(f"{differences} differences")
    return min(differences, 1)


if __name__ == "__main__":
    sys.exit(main())
