"""Try random worlds for a given time: ``make fuzz SECONDS=60``, or ``python -m tests.differential.fuzz``.

Prints how many cases were tried, each minute and at last, and every difference. A case is one rule on one
record under one set of facts, judged by the compiled evaluator and by the reference. A seed finds a world
again.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.differential.loops import known_cases_of
from tests.differential.seeded import cases_of

SETS = 40
"""Sets of facts tried in each world."""
MINUTE = 60


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Run, and return how many differences were found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    begun = said = time.monotonic()
    end = begun + chosen.seconds
    cases = differences = 0
    seed = chosen.seed
    while time.monotonic() < end:
        for case in (*cases_of(seed, SETS), *known_cases_of(seed, SETS)):
            cases += 1
            if case.found != case.wanted:
                differences += 1
                say(f"seed {seed}: {case}")
        seed += 1
        if time.monotonic() > said + MINUTE:
            said = time.monotonic()
            say(f"{said - begun:.0f} s: {cases} cases, {differences} differences")
    say(f"{cases} cases in {seed - chosen.seed} worlds (seeds {chosen.seed} to {seed - 1})")
    say(f"{differences} differences")
    return min(differences, 1)


if __name__ == "__main__":
    sys.exit(main())
