"""Whatever left an outcome open stands in its explanation."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given, settings

from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.explain import Explainer, Reason
from dualprev_rules.facts import Facts, Record
from tests.cases import cases
from tests.property.generate import worlds
from tests.property.writer import World


def _shown(explainer: Explainer, reference: Reference, facts: Facts, reasons: Iterable[Reason]) -> set[str]:
    """Return the paths of all facts in an explanation and in those that it points to."""
    records: dict[str, Record] = {record.short: record for record in facts.records()}
    found: set[str] = set()
    seen: set[str] = set()
    waiting = list(reasons)
    while waiting:
        reason = waiting.pop()
        waiting += reason.because
        found |= {reason.path} if reason.path else set()
        if reason.see is None or reason.see in seen:
            continue
        seen.add(reason.see)
        short, _, rule = reason.see.partition(": ")
        if rule:
            waiting += explainer.outcome(reference.outcome(reference.ruleset.rules[rule], records[short]))
            continue
        short, _, name = reason.see.rpartition(".")
        record = records[short]
        waiting += explainer.definition(reference.ruleset.definitions[record.entity.name, name], record)
    return found


@settings(max_examples=cases(1_000))
@given(worlds())
def test_every_cause_is_in_the_explanation(world: World) -> None:
    facts, reference = world.read(), Reference(world.ruleset)
    explainer = Explainer(reference)
    for record in facts.records():
        for rule in world.ruleset.rules.values():
            if record.phantom or rule.entity != record.entity.name:
                continue
            outcome = reference.outcome(rule, record)
            shown = _shown(explainer, reference, facts, explainer.outcome(outcome))
            for cause in outcome.causes:
                if cause.reason != "gap":
                    assert any(path == cause.path or path.startswith(f"{cause.path}[") for path in shown), (
                        cause
                    )
