"""Suites (a) to (f): what one assessment costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dualprev_rules import Engine
from dualprev_rules.facts import Facts
from tests.benchmarks import peers, twins, worlds
from tests.benchmarks.measure import Contestant, Timing, race
from tests.benchmarks.outcome import Promise, Row, Setting, Suite

OURS_READ, HAND_READ = "dualprev, facts read", "by hand, facts read"
OURS, HAND = "dualprev, dict to result", "by hand, dict to result"

_UNIT_IN_ZEN = {
    "s": "sum(map(substances, #.quantity / #.critical))",
    "installation.1": "$.s >= 1 and not is_filed",
    "installation.2": "$.s >= 1 and not has_assessment",
    "installation.3": "$.s >= 0.5 and not has_monitoring",
    "installation.4": "len(substances) > 0 and not has_warning_sign",
}
_S_IN_RULE_ENGINE = "$sum([s.quantity / s.critical for s in substances])"
_UNIT_IN_RULE_ENGINE = {
    "installation.1": f"{_S_IN_RULE_ENGINE} >= 1 and not is_filed",
    "installation.2": f"{_S_IN_RULE_ENGINE} >= 1 and not has_assessment",
    "installation.3": f"{_S_IN_RULE_ENGINE} >= 0.5 and not has_monitoring",
    "installation.4": "substances.length > 0 and not has_warning_sign",
}


def flat(setting: Setting) -> Suite:
    """(a) Forty flat rules over six attributes, beside the same by hand and in other engines."""
    suite = Suite("a", "40 flat rules over six attributes")
    engine = Engine.load(worlds.FLAT, as_of=worlds.AS_OF)
    facts = worlds.flat_facts()
    inner = [each["enterprise"] for each in facts]
    conditions = worlds.flat_conditions()
    for each in facts:
        _same("by hand", [twins.judge_flat_dict(each)], outcome_codes(engine, each, len(conditions)))
    plain = peers.Grammar().write(conditions)
    loaded = _loaded(
        suite,
        {
            "zen-engine": lambda: peers.zen(plain),
            "durable-rules": lambda: peers.durable(peers.Durable().write(conditions), ruleset="flat"),
            "rule-engine": lambda: peers.rule_engine(plain),
        },
    )
    for peer in loaded:
        for each in facts:
            _same(peer.name, peer.judge(each["enterprise"]), _violated(engine, each))
    values = [tuple(each.values()) for each in inner]
    contestants = [
        Contestant(OURS_READ, _judged(engine), _read(engine, facts)),
        Contestant(HAND_READ, lambda each: twins.judge_flat(*each), values),
        Contestant(OURS, _assessed(engine), facts),
        Contestant(HAND, twins.judge_flat_dict, facts),
        *(Contestant(peer.name, peer.run, inner) for peer in loaded),
    ]
    timings = _raced(suite, contestants, setting)
    suite.promises += [
        _faster("facts read, beside hand-written Python", 1.0, timings[OURS_READ], timings[HAND_READ]),
        _faster("dict to result, beside hand-written Python", 0.7, timings[OURS], timings[HAND]),
    ]
    for peer, target in (("zen-engine", 8), ("durable-rules", 80), ("rule-engine", 80)):
        if peer in timings:
            suite.promises.append(
                _faster(f"dict to result, beside {peer}", target, timings[OURS], timings[peer])
            )
    return suite


def installation(setting: Setting) -> Suite:
    """(b) A GB 18218 unit: S = sum(q / Q) over 1 to 50 substances, and four rules."""
    suite = Suite("b", "a GB 18218 unit with 1 to 50 substances")
    engine = Engine.load(worlds.installation_pack(setting.folder), as_of=worlds.AS_OF)
    critical = worlds.critical_quantities()
    # The peers have no tables: the critical quantity is given to them beside each quantity.
    loaded = _loaded(
        suite,
        {
            "zen-engine": lambda: peers.zen(_UNIT_IN_ZEN),
            "rule-engine": lambda: peers.rule_engine(_UNIT_IN_RULE_ENGINE),
        },
    )
    suite.not_measured.append("durable-rules: has no sum over a list of a fact")
    for size in (1, 50) if setting.effort.quick else (1, 5, 10, 25, 50):
        facts = [worlds.units_facts(1, size, seed=number) for number in range(16)]
        units = [worlds.as_objects(each)[0] for each in facts]
        for each in facts:
            _same("by hand", twins.judge_units_dict(each, critical), outcome_codes(engine, each, 4))
        given = [worlds.with_critical_quantities(each) for each in facts]
        for peer in loaded:
            for each, unit in zip(facts, given, strict=True):
                _same(peer.name, peer.judge(unit), _violated(engine, each))
        contestants = [
            Contestant(OURS_READ, _judged(engine), _read(engine, facts)),
            Contestant(HAND_READ, lambda unit: twins.judge_unit(unit, critical), units),
            Contestant(OURS, _assessed(engine), facts),
            Contestant(HAND, lambda each: twins.judge_units_dict(each, critical), facts),
            *(Contestant(peer.name, peer.run, given) for peer in loaded),
        ]
        timings = _raced(suite, contestants, setting, f"{size:>2} substances: ")
        read, hand_read = timings[OURS_READ], timings[HAND_READ]
        whole, hand = timings[OURS], timings[HAND]
        suite.promises += [
            _faster(f"{size} substances, facts read, beside hand-written Python", 0.8, read, hand_read),
            _faster(f"{size} substances, dict to result, beside hand-written Python", 0.35, whole, hand),
        ]
    return suite


def chemicals(setting: Setting) -> Suite:
    """(c) The whole chemicals pack over the example site."""
    suite = Suite("c", "the chemicals pack over the example site")
    engine = Engine.load("chemicals", as_of=worlds.AS_OF)
    site = [worlds.site()]
    contestants = [
        Contestant("read the facts", engine.read, site),
        Contestant("judge facts read", _judged(engine), [engine.read(site[0])]),
        Contestant("dict to result", _assessed(engine), site),
    ]
    _raced(suite, contestants, setting)
    return suite


def many_rules(setting: Setting) -> Suite:
    """(d) Cost as rules grow whose guards are disjoint."""
    suite = Suite("d", "rules with disjoint guards grow")
    sizes = (100, 1_000) if setting.effort.quick else (100, 1_000, 10_000)
    contestants: list[Contestant] = []
    for size in sizes:
        engine = Engine.load(worlds.guarded_pack(setting.folder, size), as_of=worlds.AS_OF)
        contestants.append(Contestant(f"{size:>6} rules", _assessed(engine), worlds.guarded_facts(size)))
    timings = list(_raced(suite, contestants, setting).values())
    growth = timings[0].times_faster_than(timings[-1])
    suite.promises.append(
        Promise(f"time of one assessment, {sizes[-1]} rules beside {sizes[0]}", 1.5, growth, at_least=False)
    )
    return suite


def many_units(setting: Setting) -> Suite:
    """(e) Cost as facts grow."""
    suite = Suite("e", "facts grow: units of five substances")
    engine = Engine.load(worlds.installation_pack(setting.folder), as_of=worlds.AS_OF)
    sizes = (1, 10, 100, 1_000) if setting.effort.quick else (1, 10, 100, 1_000, 10_000)
    contestants = [
        Contestant(f"{size:>6} units", _assessed(engine), [worlds.units_facts(size, 5)]) for size in sizes
    ]
    timings = list(_raced(suite, contestants, setting).values())
    growth = timings[2].times_faster_than(timings[-1]) * sizes[2] / sizes[-1]
    suite.promises.append(
        Promise(
            f"time of one unit among {sizes[-1]} beside one among {sizes[2]} (linear: 1)",
            1.25,
            growth,
            at_least=False,
        )
    )
    return suite


def half_unknown(setting: Setting) -> Suite:
    """(f) Every second fact missing, outcome codes only, on the workloads of (a) and (c)."""
    suite = Suite("f", "every second fact missing, facts read, outcome codes only")
    workloads = (
        ("flat", Engine.load(worlds.FLAT, as_of=worlds.AS_OF), worlds.flat_facts()),
        ("site", Engine.load("chemicals", as_of=worlds.AS_OF), [worlds.site()]),
    )
    for name, engine, facts in workloads:
        known, half = f"{name}, all known", f"{name}, half missing"
        contestants = [
            Contestant(known, _judged(engine), [engine.read(each) for each in facts]),
            Contestant(
                half, _judged(engine), [engine.read(worlds.with_every_second_missing(each)) for each in facts]
            ),
        ]
        timings = _raced(suite, contestants, setting)
        slower = timings[known].times_faster_than(timings[half])
        suite.promises.append(Promise(f"{name}, half missing beside all known", 3, slower, at_least=False))
    return suite


def _judged(engine: Engine) -> Callable[[Any], int]:
    return lambda facts: engine.result_of(facts).count("violated")


def _read(engine: Engine, facts: Sequence[Any]) -> list[Facts]:
    """Read facts as an engine does that has read facts of this shape before."""
    for each in facts:
        engine.read(each)
    return [engine.read(each) for each in facts]


def _assessed(engine: Engine) -> Callable[[Any], int]:
    return lambda facts: engine.assess(facts).count("violated")


def outcome_codes(engine: Engine, facts: dict[str, Any], rules: int) -> list[tuple[str, ...]]:
    """Return our outcomes as the twins give theirs: a tuple for each record, in the order of the rules."""
    by_record: dict[str, dict[str, str]] = {}
    for outcome in engine.assess(facts).outcomes:
        by_record.setdefault(outcome.record.path, {})[outcome.rule.id] = outcome.code
    found = [tuple(of[rule] for rule in sorted(of)) for of in by_record.values()]
    return [codes for codes in found if len(codes) == rules]


def _violated(engine: Engine, facts: dict[str, Any]) -> frozenset[str]:
    outcomes = engine.assess(facts).outcomes
    return frozenset(outcome.rule.id for outcome in outcomes if outcome.code == "violated")


def _same(name: str, theirs: object, ours: object) -> None:
    """Stop where another answers otherwise: there is nothing to compare then."""
    if theirs != ours:
        raise AssertionError(f"{name}: {theirs} is not {ours}")


def _loaded(suite: Suite, makers: Mapping[str, Callable[[], peers.Peer]]) -> list[peers.Peer]:
    """Return the peers that are installed; the table says which are not."""
    found: list[peers.Peer] = []
    for distribution, make in makers.items():
        if peers.installed(distribution):
            found.append(make())
        else:
            suite.not_measured.append(f"{distribution}: not installed (pip install '.[bench]')")
    return found


def _raced(
    suite: Suite, contestants: Sequence[Contestant], setting: Setting, heading: str = ""
) -> dict[str, Timing]:
    timings = race(contestants, setting.effort)
    suite.rows += [Row.of(timing, heading + timing.name) for timing in timings]
    return {timing.name: timing for timing in timings}


def _faster(text: str, target: float, ours: Timing, theirs: Timing) -> Promise:
    return Promise(text, target, ours.times_faster_than(theirs), at_least=True)
