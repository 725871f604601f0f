"""A warning of silence for every sensor that a warning watches, where no pack has one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from dualprev_rules.control.monitor import Loaded
from dualprev_rules.control.words import term
from dualprev_rules.facts.record import Facts
from dualprev_rules.facts.types import Bool
from dualprev_rules.lang.tree import Logic
from dualprev_rules.pack.live import LiveRule, Silence
from dualprev_rules.pack.model import Expression, Ruleset
from dualprev_rules.problems import Words
from dualprev_rules.risk import Profile

_MICROSECOND = timedelta(microseconds=1)


def with_silences(engine: Loaded, silent_after: timedelta) -> Loaded:
    """Return an engine that also warns where a sensor is silent so long; a warning of a pack comes first.

    No clause says after how long: such a warning cites none, and has no grade.
    """
    ruleset = engine.ruleset
    of_packs = {(r.entity, r.sensor) for r in ruleset.live.values() if isinstance(r.form, Silence)}
    watched: dict[tuple[str, str], list[Expression | None]] = {}
    for rule in ruleset.live.values():
        watched.setdefault((rule.entity, rule.sensor), []).append(rule.place)
    made = {
        rule.id: rule
        for (entity, fact), places in watched.items()
        if (entity, fact) not in of_packs
        for rule in [_silence(ruleset, entity, fact, _any(places), silent_after // _MICROSECOND)]
    }
    return _Silences(engine, replace(ruleset, live={**ruleset.live, **made}))


@dataclass(frozen=True, slots=True)
class _Silences:
    engine: Loaded
    ruleset: Ruleset

    @property
    def profile(self) -> Profile:
        return self.engine.profile

    def read(self, facts: Any) -> Facts:
        return self.engine.read(facts)


def _any(places: list[Expression | None]) -> Expression | None:
    """Return the condition of the places at which one of several warnings stands."""
    said = [each for each in places if each is not None]
    if len(said) < len(places) or len(said) == 1:
        return said[0] if len(said) == len(places) else None
    text = " or ".join(f"({each.text})" for each in said)
    operands = tuple(each.node for each in said)
    return Expression(text, Logic(type=Bool(), span=operands[0].span, op="or", operands=operands))


def _silence(ruleset: Ruleset, entity: str, fact: str, place: Expression | None, time: int) -> LiveRule:
    label = ruleset.schema.entities[entity].attributes[fact].label
    said = term("live", "silence").words
    return LiveRule(
        id=f"silence.{entity}.{fact}",
        title=Words(said.zh.format(label=label.zh), said.en.format(label=label.en)),
        pack="",
        entity=entity,
        sensor=fact,
        form=Silence(time),
        place=place,
        alarm=None,
        restore=None,
        grade=None,
        act=term("live", "silence_act").words,
        escalate=None,
        rule=None,
        citations=(),
    )
