"""See that what docs/policy-coverage.md calls done has a test that fails when the thing is taken away.

``python scripts/take_away.py`` tries everything, in some minutes. Rules are taken away many at a time, in
rounds such that any two are apart in one of them: the test of a rule must fail in just the rounds in which
it is gone. Commands and functions, on which much else may rest, are taken away one by one.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "docs" / "policy" / "requirements.yaml"
Thing = tuple[str, str]
"""``rule``, ``command`` or ``function``, and its name."""


def named() -> dict[tuple[str, Thing], set[str]]:
    """Return each thing that a requirement names as doing it, with the tests of the requirement."""
    given: dict[str, Any] = yaml.safe_load(SOURCE.read_text("utf-8"))
    return {
        (one["id"], (what, name)): set(one["tests"])
        for document in given["documents"]
        for one in document["requirements"]
        for what, names in one.get("how", {}).items()
        for name in ([names] if isinstance(names, str) else names)
    }


def rules_of(things: dict[tuple[str, Thing], set[str]]) -> dict[str, set[str]]:
    """Return the rules among things, with their tests."""
    return {name: tests for (_, (what, name)), tests in things.items() if what == "rule"}


def rounds(rules: list[str]) -> list[set[str]]:
    """Return which rules each round goes without: those with a bit set in their number, from 1 on."""
    bits = len(rules).bit_length()
    numbered = list(enumerate(rules, start=1))
    return [{rule for number, rule in numbered if number >> bit & 1} for bit in range(bits)]


def failing(without: list[Thing], tests: set[str]) -> set[str]:
    """Return those of some tests that fail without some things."""
    plugins = ("-p", "scripts.without", "-p", "no:cacheprovider")
    done = subprocess.run(  # noqa: S603 - our own tests, by name
        [sys.executable, "-m", "pytest", "-q", "-rA", *plugins, *sorted(tests)],
        cwd=ROOT,
        env={**os.environ, "WITHOUT": "; ".join(" ".join(thing) for thing in without)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode not in (0, 1) and "error" not in done.stdout:
        raise RuntimeError(done.stdout + done.stderr)
    told = re.findall(r"^(PASSED|FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    passed = {run for outcome, run in told if outcome == "PASSED"}
    broken = {run for outcome, run in told if outcome != "PASSED"}
    # Of one that could not even be collected nothing is told.
    return {test for test in tests if _any_of(broken, test) or not _any_of(passed, test)}


def _own(tests: set[str], rule: str) -> set[str]:
    """Return the tests that name a rule; where none does, those of the requirement that name no other."""
    named = {test for test in tests if test.endswith(f"[{rule}]")}
    return named or {test for test in tests if "[" not in test}


def _any_of(runs: set[str], test: str) -> bool:
    """Tell whether one of the tests that were run is one that a name stands for."""
    return any(run == test or run.startswith(f"{test}[") for run in runs)


def faults_of_round(gone: set[str], rules: dict[str, set[str]]) -> Iterator[str]:
    """Yield the rules whose test does not fail in a round in which they are gone, or fails in another."""
    own = {rule: _own(tests, rule) for rule, tests in rules.items()}
    failed = failing([("rule", rule) for rule in sorted(gone)], set().union(*own.values()))
    for rule, tests in own.items():
        fails = bool(tests & failed)
        if fails != (rule in gone):
            yield f"rule {rule}: its test {'fails with it' if fails else 'passes without it'}"


def faults_without(thing: Thing, tests: set[str]) -> Iterator[str]:
    """Yield a command or function whose tests all pass without it."""
    if not failing([thing], tests):
        yield f"{' '.join(thing)}: its tests pass without it"


def main() -> int:
    """Try everything; return 1 where something can be taken away unnoticed."""
    things = named()
    rules = rules_of(things)
    found: list[str] = []
    for gone in rounds(list(rules)):
        found += faults_of_round(gone, rules)
    for (requirement, thing), tests in things.items():
        if thing[0] != "rule":
            found += [f"{requirement}: {fault}" for fault in faults_without(thing, tests)]
    print("\n".join(found) or f"{len(things)} things: each is missed by a test of its own")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
