"""A result of plain input, judged from rows, reads as the one that the ordinary reader gives, to the byte."""

from __future__ import annotations

import json
from collections import Counter
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from dualprev_rules import Engine, Result
from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.compiled import Case, Program
from dualprev_rules.evaluate.compiled.checks import Unusual, check_of
from dualprev_rules.facts import Schema, read_facts
from dualprev_rules.facts.types import ListOf
from tests.benchmarks import worlds as bench
from tests.cases import FULL, cases
from tests.differential.chance import Chance
from tests.differential.compare import against
from tests.property.build import build
from tests.property.generate import settle, worlds
from tests.property.knowledge import Knowledge, begin_record
from tests.property.writer import ROOT

AS_OF = "2026-11-21"
TREE = Path(__file__).parents[2]
EXAMPLES = (
    ("chemicals", "chlor_alkali_lpg"),
    ("fire", "shopping_complex"),
    ("mining", "coal_mine"),
    ("mining", "metal_mine"),
)


def plain(given: dict[str, Any], entity: str, schema: Schema) -> dict[str, Any]:
    """Return a record without what the fast reader leaves to the other: units, ranges, references."""
    made: dict[str, Any] = {}
    for name, value in given.items():
        attribute = schema.entities[entity].attributes.get(name)
        if attribute is None:
            continue
        if isinstance(attribute.type, ListOf):
            items = value["items"] if isinstance(value, dict) else value
            made[name] = [plain(each, attribute.type.of.entity, schema) for each in items]
            continue
        held = value.get("value") if isinstance(value, dict) else value
        try:
            check_of(attribute)(held)
        except Unusual:
            continue
        made[name] = held
    return made


def counted(result: Result) -> dict[str, int]:
    """Return the counts as the outcomes of the reference give them."""
    codes = Counter(outcome.code for outcome in result.outcomes)
    return {
        **{code: codes[code] for code in ("violated", "undetermined", "compliant", "not_applicable")},
        "presumed": sum(outcome.presumed for outcome in result.outcomes),
        "harmless": sum(outcome.harmless for outcome in result.outcomes),
        "major": sum(
            outcome.code == "violated" and outcome.rule.kind == "major_hidden_hazard"
            for outcome in result.outcomes
        ),
    }


@pytest.mark.parametrize(("pack", "example"), EXAMPLES)
def test_counts_of_examples(pack: str, example: str) -> None:
    engine = Engine.load(TREE / "packs" / pack / f"dualprev_pack_{pack}", as_of=AS_OF)
    result = engine.assess(TREE / "examples" / example / "site.yaml")
    assert dict(result.counts) == counted(result)
    assert result.count("violated") == result.counts["violated"]
    violated = {outcome.rule.id for outcome in result.outcomes if outcome.code == "violated"}
    may_be = {outcome.rule.id for outcome in result.outcomes if "violated" in outcome.possible}
    sure, still_open = ([rule.id for rule in rules] for rules in result.rules_broken)
    assert ({*sure}, {*still_open}) == (violated, may_be - violated)


@pytest.mark.parametrize(("pack", "example"), EXAMPLES if FULL else EXAMPLES[3:])
def test_documents_of_examples(pack: str, example: str) -> None:
    engine = Engine.load(TREE / "packs" / pack / f"dualprev_pack_{pack}", as_of=AS_OF)
    file = yaml.safe_load((TREE / "examples" / example / "site.yaml").read_text("utf-8"))
    site = {ROOT: plain(file[ROOT], ROOT, engine.ruleset.schema)}
    ordinary = engine.result_of(engine.read(site))
    given = deepcopy(site)
    assert Program(engine.ruleset, {}).read(given) is not None
    fast = engine.assess(given)
    spoil(given)
    assert dict(fast.counts) == dict(ordinary.counts)
    assert fast.to_json() == ordinary.to_json()


def spoil(of: Any) -> None:
    """Change everything in an input, as its owner may after it was judged."""
    if isinstance(of, dict):
        for part in of.values():
            spoil(part)
        of.clear()
        of["spoilt"] = True
    elif isinstance(of, list):
        for part in of:
            spoil(part)
        of.append("spoilt")


def test_common_shapes(tmp_path: Path) -> None:
    """Records with the same keys again and again, for which functions are made, read as any other."""
    installation = Engine.load(bench.installation_pack(tmp_path), as_of=AS_OF)
    units = [bench.units_facts(3, size, seed=size) for size in (1, 5, 20)]
    for engine, many in ((Engine.load(bench.FLAT, as_of=AS_OF), bench.flat_facts(32)), (installation, units)):
        program = Program(engine.ruleset, {})
        for _ in range(2):
            for facts in many:
                rows = program.read(facts)
                assert rows is not None
                again = {name: of[0] for name, of in program.given(rows).items()}
                assert json.dumps(again, sort_keys=True) == json.dumps(facts, sort_keys=True)
                for compared in against(program, engine.read(facts), program.judge(rows)):
                    assert compared.found == compared.wanted, compared


def test_a_rule_may_look_above_what_it_loops_over() -> None:
    """No rule is about the parts, and yet their rows have to know the enterprise."""
    label = {"label": {"zh": "x", "en": "x"}}
    made = build(
        {
            "facts": {
                "enterprise": {
                    "attributes": {
                        "open": {"type": "bool", **label},
                        "parts": {"type": "list", "of": "part", **label},
                    }
                },
                "part": {"attributes": {"p": {"type": "number", **label}}},
            },
            "definitions": [{"define": "part.counts", "is": "p > 1 and enterprise.open"}],
            "rules": [
                {
                    "rule": "r",
                    "kind": "check",
                    "for": "enterprise",
                    "violated": "any(x.counts for x in parts)",
                }
            ],
        }
    )
    ruleset = made.ruleset(date.fromisoformat(AS_OF))
    for stated, wanted in ((True, "violated"), (False, "compliant"), (None, "undetermined")):
        document = {ROOT: {"open": stated, "parts": [{"p": 2}]}}
        program = Program(ruleset, {})
        rows = program.read(document)
        assert rows is not None
        facts = read_facts(document, ruleset.schema, as_of=ruleset.as_of)
        (compared,) = against(program, facts, program.judge(rows))
        assert compared.found == compared.wanted
        outcome = Reference(ruleset).outcome(ruleset.rules["r"], facts.roots[0])
        assert outcome.code == wanted


def as_json(knowledge: Knowledge) -> dict[str, Any]:
    """Return what is known as JSON would bring it, figures as figures; what is not plain is left out."""
    made: dict[str, Any] = {"id": knowledge.id}
    for name, known in knowledge.facts.items():
        kind = known.attr.kind
        if kind == "list" and known.complete:
            made[name] = [as_json(record) for record in known.items]
        elif kind in ("set", "words") and known.complete:
            made[name] = list(known.items)
        elif kind in ("number", "whole") and known.form == "value" and known.possible:
            (value,) = known.possible
            if value.denominator != 3:
                made[name] = int(value) if value.denominator == 1 else float(value)
        elif known.form == "value" and kind != "ref":
            made[name] = knowledge.document()[name]
    return made


def test_seeded_worlds() -> None:
    """What the fast reader reads is judged as what the ordinary reader reads, and is the same facts."""
    taken = 0
    for seed in (798, *range(cases(1_200))):  # 798: a rule looped over records whose definition looks above
        draw = Chance(seed)
        world = draw(worlds())
        program = Program(world.ruleset, {})
        for _ in range(10):
            start = begin_record(draw, ROOT, world.shapes, [], sound=True)
            knowledge = settle(draw, world, start) if draw.random.random() < 0.7 else start
            document = {ROOT: as_json(knowledge)}
            rows = program.read(document)
            if rows is None:
                continue
            taken += 1
            facts = read_facts(document, world.ruleset.schema, as_of=date.fromisoformat(AS_OF))
            assert json.dumps(program.given(rows)[ROOT][0], sort_keys=True) == json.dumps(
                document[ROOT], sort_keys=True
            )
            case: Case = program.judge(rows)
            for compared in against(program, facts, case):
                assert compared.found == compared.wanted, (seed, compared)
    assert taken >= 9 * cases(1_200)
