"""Facts of one version of the data standard as facts of the next: what moves, and what is told."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from dualprev_rules import DualprevError, Engine
from dualprev_rules.facts import Facts, facts_schema
from dualprev_rules.facts.possible import Finite, Interval, Items
from dualprev_rules.supervision.data_standard import JsonSchema, data_standard, next_version, schema_changes
from dualprev_rules.supervision.migrate import Migrated, migrate
from dualprev_rules.supervision.moves import Moves, read_moves
from tests.cases import cases
from tests.cli.run import run
from tests.facts.asserts import read
from tests.facts.schema import SCHEMA
from tests.facts.sites import SITES

BANS = Path(__file__).parents[1] / "risk" / "bans"
AGE = "age: {type: number, unit: a, min: 0, label: {zh: 使用年限, en: Age}}"
OLD = """
    mass: {type: number, unit: t, min: 0, label: {zh: 质量, en: Mass}}
    vol: {type: number, unit: m³, min: 0, label: {zh: 容积, en: Volume}}
    fuel: {type: enum, values: {coal: 煤, gas: 气}, label: {zh: 燃料, en: Fuel}}
    uses: {type: list, of: {enum: {heat: 供热, steam: 供汽}}, label: {zh: 用途, en: Uses}}
    powered: {type: bool, label: {zh: 带动力, en: Powered}}
    colour: {type: text, label: {zh: 颜色, en: Colour}}
"""
NEW = """
    mass: {type: number, unit: kg, min: 0, label: {zh: 质量, en: Mass}}
    vol: {type: number, unit: L, min: 0, label: {zh: 容积, en: Volume}}
    fuel: {type: list, of: {enum: {solid: 固体, gas: 气}}, label: {zh: 燃料种类, en: Fuels}}
    uses: {type: list, of: {enum: {heat: 供热, power: 发电}}, label: {zh: 用途, en: Uses}}
    has_motor: {type: bool, label: {zh: 有电动机, en: Has a motor}}
"""
MOVES = Moves(
    keys={"equipment.powered": "has_motor"},
    values={"equipment.fuel": {"coal": "solid", "煤": "solid"}},
    drop=("equipment.colour",),
)


SAME = facts_schema(SCHEMA)


def engine_of(folder: Path, attributes: str, age: str) -> Engine:
    copytree(BANS, folder)
    facts, rules = folder / "facts.yaml", folder / "rules" / "bans.yaml"
    facts.write_text(facts.read_text("utf-8").replace(AGE, age) + attributes.lstrip("\n"), "utf-8")
    rules.write_text(rules.read_text("utf-8").replace(" and age > 10", ""), "utf-8")
    return Engine.load(packs=[folder], as_of="2026-11-21", cache=False)


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, Engine]:
    """Return the engines of an older version and of ours."""
    folder = tmp_path_factory.mktemp("versions")
    years = AGE.replace("age:", "years:").replace("}}", "}, aliases: [age]}")
    return engine_of(folder / "old", OLD, AGE), engine_of(folder / "new", NEW, years)


@pytest.fixture(scope="module")
def standards(engines: tuple[Engine, Engine]) -> tuple[JsonSchema, JsonSchema]:
    old, new = (data_standard(engine, "1.0") for engine in engines)
    return old, new


def moved(engines: tuple[Engine, Engine], equipment: dict[str, Any], moves: Moves = MOVES) -> Migrated:
    """Move one piece of equipment, which the older version takes; what comes out the newer one takes."""
    old, new = (data_standard(engine, "1.0") for engine in engines)
    document = {"enterprise": {"units": [{"id": "U1", "equipment": [{"id": "Q1", **equipment}]}]}}
    assert [*Draft202012Validator(old).iter_errors(document)] == []
    assert engines[0].read(document).problems == ()
    made = migrate(document, old, new, moves)
    assert [*Draft202012Validator(new).iter_errors(made.document)] == []
    assert engines[1].read(made.document).problems == ()
    return made


def equipment_of(made: Migrated) -> dict[str, Any]:
    (unit,) = made.document["enterprise"]["units"]
    (equipment,) = unit["equipment"]
    return {key: value for key, value in equipment.items() if key != "id"}


def test_a_document_of_the_older_version_is_moved(engines: tuple[Engine, Engine]) -> None:
    made = moved(
        engines,
        {
            "type": "open_pot",
            "使用年限": 12,
            "mass": 2,
            "燃料": "煤",
            "powered": {"value": True, "by": "张三"},
            "colour": "red",
        },
    )
    assert made.left == ()
    assert equipment_of(made) == {
        "type": "open_pot",
        "years": 12,
        "mass": "2 t",
        "fuel": ["solid"],
        "has_motor": {"value": True, "by": "张三"},
    }
    assert made.moved == 4
    # The same is known of it: two tonnes are two thousand kilograms.
    assert mass(engines[1], made.document) == mass(
        engines[1], {"enterprise": {"units": [{"id": "U1", "equipment": [{"id": "Q1", "mass": 2000}]}]}}
    )


def mass(engine: Engine, document: dict[str, Any]) -> object:
    (held,) = (
        one for one in engine.read(document).records() if one.entity.name == "equipment" and not one.phantom
    )
    return held.facts["mass"].value.possible


@pytest.mark.parametrize(
    ("given_as", "made"),
    [
        (2, "2 t"),
        ("2.50", "2.50 t"),
        ("2000 kg", "2000 kg"),
        ("<3", "<3 t"),
        ("2 ", "2 t"),
        ("5\u200b", "5 t"),
        ({"value": 2, "unit": "t"}, {"value": 2, "unit": "t"}),
        ({"value": 6, "unit": ""}, {"value": "6 t", "unit": ""}),
        ({"at_least": 1, "by": "7"}, {"at_least": "1 t", "by": "7"}),
        ({"介于": [1, 2]}, {"介于": ["1 t", "2 t"]}),
        ({"one_of": [1, "900 kg"]}, {"one_of": ["1 t", "900 kg"]}),
        (None, None),
    ],
)
def test_a_bare_figure_keeps_its_unit(engines: tuple[Engine, Engine], given_as: Any, made: Any) -> None:
    assert equipment_of(moved(engines, {"mass": given_as})) == {"mass": made}


FIGURES = st.sampled_from(["2", "2.5", "1,000", "2/3", "５", "1e2"])
ENDS = st.sampled_from(["", " ", "\u200b", "m3", " m3", "m³", " m³ ", "立方米", " L", "升"])


@given(st.sampled_from(["", "<", "≥ "]), FIGURES, ENDS, st.sampled_from(["", "m3", "L"]), st.booleans())
@settings(max_examples=cases(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_figure_reads_as_before(
    engines: tuple[Engine, Engine],
    standards: tuple[JsonSchema, JsonSchema],
    sign: str,
    figure: str,
    end: str,
    beside: str,
    partly: bool,
) -> None:
    old, new = standards
    text = f"{sign}{figure}{end}"
    vol = {"between": [0, text], "unit": beside} if partly else {"value": text, "unit": beside}
    document = {"enterprise": {"units": [{"equipment": [{"vol": vol}]}]}}
    made = migrate(document, old, new, Moves())
    assert made.left == ()
    before, after = volume(engines[0], document), volume(engines[1], made.document)
    assert [each * 1000 for each in before] == after


def volume(engine: Engine, document: dict[str, Any]) -> list[Fraction]:
    """Return the values that a volume may have, or the ends of the interval."""
    (held,) = (one for one in engine.read(document).records() if one.path.endswith("equipment[1]"))
    match held.facts["vol"].value.possible:
        case Finite(values):
            return sorted(Fraction(str(value)) for value in values)
        case Interval(low=low, high=high):
            return [Fraction(low or 0), Fraction(high or 0)]
        case _:
            return []


@pytest.mark.parametrize(
    ("equipment", "code", "path"),
    [
        ({"fuel": "coal"}, "move-value", "fuel"),
        ({"uses": ["heat", "steam"]}, "move-value", "uses"),
        ({"uses": "heat、steam"}, "move-value", "uses"),
        ({"powered": True}, "move-key", "powered"),
        ({"colour": "red"}, "move-key", "colour"),
    ],
)
def test_what_nobody_said_where_to_is_left_out_whole_and_told(
    engines: tuple[Engine, Engine], equipment: dict[str, Any], code: str, path: str
) -> None:
    made = moved(engines, {"type": "open_pot", **equipment}, Moves())
    assert equipment_of(made) == {"type": "open_pot"}
    (left,) = made.left
    assert left.code == f"supervision.{code}"
    assert left.path == f"enterprise.units[1].equipment[1].{path}"


def test_lists_stay_as_complete_as_they_were(engines: tuple[Engine, Engine]) -> None:
    old, new = (data_standard(engine, "1.0") for engine in engines)
    units = {"items": [{"id": "U1", "equipment": {"id": "Q1", "age": 3}}], "complete": False}
    made = migrate({"企业": {"units": units}}, old, new, MOVES)
    assert made.document == {
        "企业": {"units": {"items": [{"id": "U1", "equipment": {"id": "Q1", "years": 3}}], "complete": False}}
    }
    made = migrate({"enterprise": {"units": None}, "nothing": {}}, old, new, MOVES)
    assert made.document == {"enterprise": {"units": None}}
    assert [one.path for one in made.left] == ["nothing"]


def test_what_is_newly_demanded_is_told_and_not_made_up(engines: tuple[Engine, Engine]) -> None:
    old, new = (data_standard(engine, "1.0") for engine in engines)
    new["$defs"]["equipment"]["required"] = ["mass"]
    site = {"enterprise": {"units": [{"equipment": [{"mass": 1}, {"age": 2}]}]}}
    (left,) = migrate(site, old, new, MOVES).left
    assert (left.code, left.path) == ("supervision.move-required", "enterprise.units[1].equipment[2].mass")


@pytest.mark.parametrize(
    "moves",
    [
        Moves(keys={"equipment.power": "has_motor"}),
        Moves(keys={"equipment.powered": "motor"}),
        Moves(values={"equipment.fule": {"coal": "solid"}}),
        Moves(drop=("colour",)),
    ],
)
def test_moves_of_what_is_not_there_are_refused(engines: tuple[Engine, Engine], moves: Moves) -> None:
    with pytest.raises(DualprevError, match=r"supervision\.move-unknown"):
        moved(engines, {"mass": 1}, moves)


@pytest.mark.parametrize(
    ("moves", "lines"),
    [
        ("values: {equipment.fuel: {cool: gas}}", [(1, "move-old-value")]),
        ("values: {equipment.fuel: {coal: solids}}", [(1, "move-new-value")]),
        (
            "values:\n  equipment.powered: {true: maybe}\nkeys: {equipment.powered: has_motor}",
            [(2, "move-new-value")],
        ),
        ("values: {equipment.mass: {'2': 3 m}}", [(1, "move-new-value")]),
        ("keys: {equipment.mass: vol}", [(1, "move-unit")]),
        ("keys: {equipment.powered: has_motor}\ndrop: [equipment.powered]", [(2, "move-dropped")]),
        (
            "drop: [equipment.colour]\nvalues: {equipment.colour: {red: '1'}}",
            [(1, "move-dropped"), (2, "move-unknown")],
        ),
        ("keys:\n  equipment.powered: motor\n  equipment.powered: has_motor", [(3, "same-name")]),
        ("keys:\n  equipment.powered: has_motor\n  equipment.colour: has_motor", [(3, "move-same")]),
        (
            "keys: {equipment.power: motor}\ndrop:\n  - colour\nvalues:\n  equipment.fuel: {oil: wet}",
            [(1, "move-unknown"), (3, "move-unknown"), (5, "move-new-value"), (5, "move-old-value")],
        ),
    ],
)
def test_every_fault_of_a_file_of_moves_is_told_with_its_line(
    tmp_path: Path, standards: tuple[JsonSchema, JsonSchema], moves: str, lines: list[tuple[int, str]]
) -> None:
    file = tmp_path / "moves.yaml"
    file.write_text(moves, "utf-8")
    with pytest.raises(DualprevError) as raised:
        read_moves(file, *standards)
    told = [
        (fault.place.line, fault.code.partition(".")[2]) for fault in raised.value.problems if fault.place
    ]
    assert sorted(told) == lines


def test_moves_that_fit_both_versions_are_taken(
    tmp_path: Path, engines: tuple[Engine, Engine], standards: tuple[JsonSchema, JsonSchema]
) -> None:
    file = tmp_path / "moves.yaml"
    file.write_text(
        "keys: {equipment.powered: has_motor}\n"
        "values: {equipment.powered: {true: false}, equipment.fuel: {煤: 固体}, equipment.mass: {2: 3 t}}\n",
        "utf-8",
    )
    moves = read_moves(file, *standards)
    made = moved(engines, {"powered": True, "fuel": "煤", "mass": "2"}, moves)
    assert (made.left, equipment_of(made)) == ((), {"has_motor": "false", "fuel": ["固体"], "mass": "3 t"})


def test_a_fact_under_two_names_is_left_whole(engines: tuple[Engine, Engine]) -> None:
    old, new = (data_standard(engine, "1.0") for engine in engines)
    equipment = {"id": "Q1", "mass": "2", "质量": "3"}
    made = migrate({"enterprise": {"units": [{"id": "U1", "equipment": [equipment]}]}}, old, new, MOVES)
    assert equipment_of(made) == {}
    assert [(one.code, one.given) for one in made.left] == [
        ("supervision.move-two", "2"),
        ("supervision.move-two", "3"),
    ]


def test_a_text_is_given_no_unit(engines: tuple[Engine, Engine]) -> None:
    made = moved(engines, {"colour": "5"}, Moves(keys={"equipment.colour": "mass"}))
    assert (equipment_of(made), [one.code for one in made.left]) == ({}, ["supervision.move-value"])


def test_what_breaks_and_is_not_moved_by_itself_is_what_changes_list(engines: tuple[Engine, Engine]) -> None:
    old, new = (data_standard(engine, "1.0") for engine in engines)
    changes = schema_changes(old, new)
    assert {change.path.partition(".")[2]: change.kind for change in changes if change.breaking} == {
        "mass": "unit_changed",
        "vol": "unit_changed",
        "fuel": "type_changed",
        "uses": "values_gone",
        "powered": "key_gone",
        "colour": "key_gone",
        # Its label is a key, too: data that have it move by the name of what it meant.
        "燃料": "key_gone",
        "Fuel": "key_gone",
    }
    assert next_version("1.4", changes) == "2.0"


@given(SITES)
@settings(max_examples=cases(60))
def test_within_one_version_everything_reads_as_before(site: dict[str, Any]) -> None:
    made = migrate(site, SAME, SAME, Moves())
    assert made.left == ()
    assert known(read(made.document)) == known(read(site))


def known(facts: Facts) -> dict[str, object]:
    """Return path → what is possible there, records by their paths."""
    found: dict[str, object] = {}
    for record in facts.records():
        for name, fact in record.facts.items():
            possible = fact.value.possible
            if isinstance(possible, Items):
                possible = [one.path for one in possible.records], possible.complete
            elif isinstance(possible, tuple):
                possible = [one.path for one in possible]
            found[f"{record.path}.{name}"] = possible, fact.provenance
    return found


def test_the_command_moves_a_file(tmp_path: Path, engines: tuple[Engine, Engine]) -> None:
    old, new, moves, site, out = (
        tmp_path / name for name in ("o.json", "n.json", "m.yaml", "s.json", "r.json")
    )
    old.write_text(json.dumps(data_standard(engines[0], "1.3")), "utf-8")
    new.write_text(json.dumps(data_standard(engines[1], "2.0")), "utf-8")
    moves.write_text("values: {equipment.fuel: {coal: solid}}\n", "utf-8")
    long = "0.30000000000000000000001"
    equipment = '{"fuel": "coal", "mass": ' + long + ', "colour": "red"}'
    site.write_text('{"enterprise": {"units": [{"equipment": [' + equipment + "]}]}}", "utf-8")
    options = ("--from", str(old), "--to", str(new), "--moves", str(moves), "-o", str(out), "--lang", "en")
    done = run("facts", "migrate", str(site), *options)
    assert done.exit_code == 1, done.output
    assert "Version 1.3 → 2.0: 2 facts rewritten, 1 not moved." in done.output
    assert "enterprise.units[1].equipment[1].colour: the new version has no such key" in done.output
    (unit,) = json.loads(out.read_text("utf-8"))["enterprise"]["units"]
    assert unit["equipment"] == [{"fuel": ["solid"], "mass": f"{long} t"}]
    moves.write_text(moves.read_text("utf-8") + "drop: [equipment.colour]\n", "utf-8")
    assert run("facts", "migrate", str(site), *options).exit_code == 0
    site.write_text("[1]", "utf-8")
    assert run("facts", "migrate", str(site), *options).exit_code == 2
