"""What is judged: the packs and the facts, the same in every run."""

from __future__ import annotations

import random
import shutil
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from tests.benchmarks.twins import Substance, Unit

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
AS_OF = "2026-11-21"
FLAT = HERE / "packs" / "flat"
CHEMICALS = ROOT / "packs" / "chemicals" / "dualprev_pack_chemicals"
EXAMPLE = ROOT / "examples" / "chlor_alkali_lpg" / "site.yaml"
HAZARDS = ("toxic", "flammable", "explosive", "corrosive")
_SEED = 18218


# --- (a) forty flat rules -------------------------------------------------------------------------


def flat_conditions() -> dict[str, str]:
    """Return each rule of packs/flat, in order, with when it is violated: what makes it apply included."""
    rules = yaml.safe_load((FLAT / "rules" / "forty.yaml").read_text("utf-8"))
    return {
        rule["rule"]: f"({rule['applies']}) and ({rule['violated']})"
        if "applies" in rule
        else rule["violated"]
        for rule in rules
    }


def flat_facts(how_many: int = 64) -> list[dict[str, Any]]:
    """Return facts for packs/flat as JSON would bring them: whole numbers, figures of few digits, texts."""
    chance = random.Random(_SEED)
    return [
        {
            "enterprise": {
                "quantity": chance.choice((0.4, 3, 12.5, 60, 130, 250.75, 480, 700, 1600)),
                "pressure": chance.choice((0, 0.05, 0.35, 0.7, 1.6, 2.6, 5, 7.5, 12)),
                "temperature": chance.choice((-45, -5, 20, 36.5, 50, 75, 95, 130, 240)),
                "distance": chance.choice((5, 12, 18.5, 24, 35, 55, 90, 140, 250)),
                "hazard": chance.choice(HAZARDS),
                "has_alarm": chance.random() < 0.5,
            }
        }
        for _ in range(how_many)
    ]


# --- (b) units of GB 18218 ------------------------------------------------------------------------


@cache
def critical_quantities() -> dict[str, float]:
    """Return CAS → critical quantity: the rows of table 1 that the number alone picks."""
    return {row["cas"][0]: float(row["q"]) for row in _plain_rows()}


def _plain_rows() -> list[dict[str, Any]]:
    # All scalars as text: YAML 1.1 reads the key `no` as false.
    table = yaml.load((CHEMICALS / "tables" / "gb18218_table1.yaml").read_text("utf-8"), yaml.CBaseLoader)
    return [row for row in table["rows"] if len(row["cas"]) == 1 and "when" not in row]


def installation_pack(into: Path) -> Path:
    """Write packs/installation with its table into a folder and return where."""
    folder = into / "installation"
    shutil.copytree(HERE / "packs" / "installation", folder, dirs_exist_ok=True)
    rows = [{"no": row["no"], "cas": row["cas"], "q": row["q"]} for row in _plain_rows()]
    table = {
        "table": "installation.table1",
        "title": {"zh": "临界量", "en": "Critical quantities"},
        "cite": {"instrument": "gb18218-2018", "clause": "表1"},
        "key": {"cas": "cas"},
        "columns": {"q": {"type": "number", "unit": "t", "above": 0}},
        "rows": rows,
    }
    (folder / "tables").mkdir(exist_ok=True)
    (folder / "tables" / "table1.yaml").write_text(yaml.safe_dump(table, allow_unicode=True), "utf-8")
    return folder


@cache
def correction_factors() -> dict[str, float]:
    """Return CAS → correction factor: of table 3, and 1 for what else is measured with."""
    table = yaml.load((CHEMICALS / "tables" / "gb18218_table3.yaml").read_text("utf-8"), yaml.CBaseLoader)
    named = {cas: float(row["beta"]) for row in table["rows"] for cas in row["cas"]}
    return dict.fromkeys(critical_quantities(), 1.0) | named


def levels_pack(into: Path) -> Path:
    """Write packs/installation with what packs/levels adds: R, the level, and three rules."""
    folder = installation_pack(into)
    added = HERE / "packs" / "levels"
    with (folder / "definitions.yaml").open("a", encoding="utf-8") as file:
        file.write((added / "definitions.yaml").read_text("utf-8"))
    shutil.copytree(added / "rules", folder / "rules", dirs_exist_ok=True)
    table = {
        "table": "installation.table3",
        "title": {"zh": "校正系数", "en": "Correction factors"},
        "cite": {"instrument": "gb18218-2018", "clause": "表3"},
        "key": {"cas": "cas"},
        "columns": {"beta": {"type": "number", "min": 1}},
        "rows": [
            {"no": str(no), "cas": [cas], "beta": str(beta)}
            for no, (cas, beta) in enumerate(correction_factors().items(), start=1)
        ],
    }
    (folder / "tables" / "table3.yaml").write_text(yaml.safe_dump(table, allow_unicode=True), "utf-8")
    return folder


def units_facts(units: int, substances: int, *, seed: int = _SEED) -> dict[str, Any]:
    """Return an enterprise of so many units of so many substances; S is about 1, above in half of them."""
    chance = random.Random(seed)
    critical = critical_quantities()
    return {
        "enterprise": {
            "units": [
                {
                    "id": f"U{number}",
                    "substances": [
                        {
                            "cas": cas,
                            "quantity": round(critical[cas] * chance.uniform(0.2, 1.8) / substances, 3)
                            or 0.001,
                        }
                        for cas in chance.sample(sorted(critical), substances)
                    ],
                    "is_filed": chance.random() < 0.5,
                    "has_assessment": chance.random() < 0.5,
                    "has_monitoring": chance.random() < 0.5,
                    "has_warning_sign": chance.random() < 0.5,
                }
                for number in range(units)
            ]
        }
    }


def as_objects(facts: dict[str, Any]) -> list[Unit]:
    """Return the units of facts as an engineer's own objects."""
    return [
        Unit(
            [Substance(each["cas"], each["quantity"]) for each in unit["substances"]],
            unit["is_filed"],
            unit["has_assessment"],
            unit["has_monitoring"],
            unit["has_warning_sign"],
        )
        for unit in facts["enterprise"]["units"]
    ]


def with_critical_quantities(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the first unit of facts, with the critical quantity beside each quantity."""
    unit = facts["enterprise"]["units"][0]
    critical = critical_quantities()
    return {
        **unit,
        "substances": [{**each, "critical": critical[each["cas"]]} for each in unit["substances"]],
    }


# --- (c) the example site -------------------------------------------------------------------------


@cache
def site() -> dict[str, Any]:
    """Return the example site as a dict."""
    return yaml.load(EXAMPLE.read_text("utf-8"), yaml.CSafeLoader)


def with_every_second_missing(facts: dict[str, Any]) -> dict[str, Any]:
    """Return facts without every second of them: ids and the lists of records stay."""
    return _halved(facts, count())


def _halved(facts: dict[str, Any], seen: count[int]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in facts.items():
        if isinstance(value, list) and any(isinstance(each, dict) for each in value):
            kept[key] = [_halved(each, seen) for each in value]
        elif isinstance(value, dict) and "value" not in value:
            kept[key] = _halved(value, seen)
        elif key == "id" or next(seen) % 2 == 0:
            kept[key] = value
    return kept


# --- (d) rules with disjoint guards ---------------------------------------------------------------

RULES_A_GUARD = 10


def guarded_pack(into: Path, rules: int) -> Path:
    """Write a pack of so many rules, ten for each of so many materials, and return where."""
    folder = into / f"guarded{rules}"
    (folder / "rules").mkdir(parents=True)
    guards = rules // RULES_A_GUARD
    head = (FLAT / "pack.yaml").read_text("utf-8").replace("pack: flat", f"pack: guarded{rules}")
    (folder / "pack.yaml").write_text(head, "utf-8")
    facts = yaml.safe_load((FLAT / "facts.yaml").read_text("utf-8"))
    attributes = facts["enterprise"]["attributes"]
    attributes["material"] = {
        "type": "enum",
        "values": [f"m{number}" for number in range(guards)],
        "label": {"zh": "物料", "en": "Material"},
    }
    (folder / "facts.yaml").write_text(yaml.safe_dump(facts, allow_unicode=True), "utf-8")
    bodies = list(flat_conditions().values())[:RULES_A_GUARD]
    for guard in range(guards):
        written = "".join(
            f"- rule: guarded.m{guard}.{number}\n"
            f"  kind: check\n"
            f"  title: {{zh: 物料{guard}第{number}条, en: Material {guard} rule {number}}}\n"
            f"  cite: {{instrument: flat-rules, clause: '{number}'}}\n"
            f"  for: enterprise\n"
            f"  duty_of: 企业\n"
            f"  decided_by: facts\n"
            f"  applies: material == 'm{guard}'\n"
            f"  violated: {body}\n"
            for number, body in enumerate(bodies)
        )
        (folder / "rules" / f"m{guard}.yaml").write_text(written, "utf-8")
    return folder


def guarded_facts(rules: int, how_many: int = 16) -> list[dict[str, Any]]:
    """Return facts of ``how_many`` records, each of another material where there are so many."""
    guards = rules // RULES_A_GUARD
    facts = flat_facts(how_many)
    for number, each in enumerate(facts):
        each["enterprise"]["material"] = f"m{number * 7 % guards}"
    return facts
