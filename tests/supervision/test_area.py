"""Areas with enterprises as children: what was found of each decides what the area's rules ask."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from dualprev_rules import DualprevError, Engine
from dualprev_rules.supervision.area import JudgedArea, judge_area
from tests.cli.run import run

BANS = Path(__file__).parents[1] / "risk" / "bans"
RULE = """
- rule: {id}
  kind: requirement
  title: {{zh: 测试规则, en: Test rule}}
  cite: {{instrument: bans-law, clause: "10"}}
  for: {of}
  duty_of: 测试
  decided_by: facts
  violated: {when}
"""
RULES = (
    (
        "area.region",
        "region",
        "any(any(o.violated for o in e.outcomes if o.rule_id == 'bans.law.9') for e in enterprises)",
    ),
    ("area.park", "park", "count(e for e in enterprises if e.grade == 1) > 1"),
    (
        "area.group",
        "group",
        "any(any(o.violated for o in e.outcomes if o.kind == 'prohibition') for e in enterprises)",
    ),
)
STOVE, SAW, POT = "coal_stove", "dry_saw", "open_pot"


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("areas") / "bans"
    copytree(BANS, made)
    rules = "".join(RULE.format(id=id_, of=of, when=json.dumps(when)) for id_, of, when in RULES)
    (made / "rules" / "areas.yaml").write_text(rules, "utf-8")
    return made


@pytest.fixture(scope="module")
def engine(pack: Path) -> Engine:
    return Engine.load(packs=[pack], as_of="2026-11-21", cache=False)


def works(code: str, *types: str | None, figure: str | None = None) -> dict[str, Any]:
    """Return an enterprise with equipment of some types (None: of a type that is not known)."""
    equipment = [{"id": f"Q{n}", **({"type": of} if of else {})} for n, of in enumerate(types)]
    points = [{"id": "R", "method": "lec", "L": figure, "E": "10", "C": "15"}] if figure else []
    return {"id": code, "units": [{"id": "U", "equipment": equipment, "risk_points": points}]}


def outcome(made: JudgedArea, rule: str, path: str | None = None) -> str:
    (found,) = (one for one in made.result.find(rule, path))
    return found.code


@pytest.mark.parametrize(
    ("of", "types", "expected"),
    [
        ("region", [[STOVE], [SAW]], "violated"),
        ("region", [[SAW], [POT]], "compliant"),
        ("region", [[None], [SAW]], "undetermined"),
        ("region", [[None], [STOVE]], "violated"),
        ("region", [], "compliant"),
        ("group", [[POT]], "violated"),
        ("group", [["belt_drive"]], "compliant"),
    ],
)
def test_what_an_enterprise_breaks_its_area_answers_for(
    engine: Engine, of: str, types: list[list[str | None]], expected: str
) -> None:
    enterprises = [works(f"E{n}", *each) for n, each in enumerate(types)]
    made = judge_area(engine, {of: {"id": "A", "enterprises": enterprises}})
    assert outcome(made, f"area.{of}") == expected
    # Each was judged as it is judged by itself.
    for one, each in zip(made.enterprises, enterprises, strict=True):
        alone = engine.assess({"enterprise": each})
        assert {*one.violated} == {found.rule.id for found in alone.outcomes if found.code == "violated"}
        assert one.id == each["id"]


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        (["10", "10"], "violated"),  # 10 × 10 × 15 is grade 1
        (["10", "0.1"], "compliant"),
        (["10", None], "undetermined"),
        (["10", "10", None], "violated"),
    ],
)
def test_grades_of_enterprises_are_there_for_rules(
    engine: Engine, figures: list[str | None], expected: str
) -> None:
    enterprises = [works(f"E{n}", figure=each) for n, each in enumerate(figures)]
    assert outcome(judge_area(engine, {"park": {"enterprises": enterprises}}), "area.park") == expected


def test_enterprises_that_are_not_given_leave_it_open(engine: Engine) -> None:
    def of(enterprises: Any) -> str:
        return outcome(judge_area(engine, {"region": {"id": "A", **enterprises}}), "area.region")

    assert of({}) == "undetermined"
    assert of({"enterprises": {"items": [works("E1", SAW)], "complete": False}}) == "undetermined"
    assert of({"enterprises": {"items": [works("E1", STOVE)], "complete": False}}) == "violated"
    assert of({"企业": {"条目": [works("E1", SAW)], "完整": True}}) == "compliant"
    assert of({"enterprises": None}) == "undetermined"
    assert of({"enterprises": {"items": None}}) == "undetermined"
    assert of({"enterprises": [7, works("E1", SAW)]}) == "undetermined"


def test_the_enterprises_of_a_park_are_its_regions(engine: Engine) -> None:
    park = {"id": "P", "enterprises": [works("E1", STOVE), works("E2", SAW)]}
    made = judge_area(engine, {"region": {"parks": [park], "enterprises": [works("E3", SAW)]}})
    assert outcome(made, "area.region") == "violated"
    assert [one.id for one in made.enterprises] == ["E3", "E1", "E2"]
    # Nothing says that there is no other outside the park; and one that is named twice is one.
    mild = {"id": "P", "enterprises": [works("E2", SAW)]}
    assert outcome(judge_area(engine, {"region": {"parks": [mild]}}), "area.region") == "undetermined"
    twice = judge_area(engine, {"region": {"parks": [mild], "enterprises": [works("E2", SAW)]}})
    assert twice.result.data_problems == ()
    assert outcome(twice, "area.region") == "compliant"


@pytest.mark.parametrize(
    ("parks", "expected"),
    [
        ([{"id": "P", "enterprises": {"items": [works("E2", SAW)], "complete": False}}], "undetermined"),
        ([{"id": "P", "enterprises": {"items": [works("E2", STOVE)], "complete": False}}], "violated"),
        ([{"id": "P", "enterprises": {"items": [works("E2", SAW)], "complete": None}}], "undetermined"),
        ([{"id": "P", "enterprises": [works("E2", SAW)]}, {"id": "R", "enterprises": None}], "undetermined"),
        ([{"id": "P"}], "undetermined"),
        ([{"id": "P", "enterprises": []}, 7], "undetermined"),
        (None, "undetermined"),
        ({"items": [], "complete": False}, "undetermined"),
        ({"items": [], "complete": "否"}, "undetermined"),
        ({"items": [{"id": "P", "enterprises": []}], "complete": "true"}, "compliant"),
        ({"items": [], "complete": True}, "compliant"),
        ([{"id": "P", "enterprises": [works("E2", SAW)]}], "compliant"),
    ],
)
def test_a_region_is_as_little_known_as_its_parks(engine: Engine, parks: Any, expected: str) -> None:
    region = {"id": "A", "enterprises": [works("E1", SAW)], "parks": parks}
    assert outcome(judge_area(engine, {"region": region}), "area.region") == expected


def test_of_one_enterprise_that_is_named_twice_nothing_is_lost(engine: Engine) -> None:
    for mild in ({"id": "E2", "grade": 4, "outcomes": []}, {"企业编码": "E2", "outcomes": []}):
        for first, second in ((mild, works("E2", STOVE)), (works("E2", STOVE), mild)):
            region = {"id": "A", "enterprises": [first], "parks": [{"id": "P", "enterprises": [second]}]}
            made = judge_area(engine, {"region": region})
            assert outcome(made, "area.region") == "violated"
            assert "facts.duplicate-record" in {fault.code for fault in made.result.data_problems}


def test_what_was_found_before_is_taken_as_it_is(engine: Engine) -> None:
    found = judge_area(engine, {"group": {"enterprises": [works("E1", POT), works("E2", None)]}})
    told = [one.facts() for one in found.enterprises]
    again = judge_area(engine, {"group": {"enterprises": told}})
    assert again.enterprises == ()
    assert outcome(again, "area.group") == outcome(found, "area.group") == "violated"
    graded = judge_area(
        engine, {"park": {"enterprises": [{"id": "E1", "风险等级": 1}, {"id": "E2", "grade": 1}]}}
    )
    assert outcome(graded, "area.park") == "violated"


def test_the_command_judges_files(tmp_path: Path, pack: Path) -> None:
    (tmp_path / "e1.json").write_text(json.dumps({"enterprise": works("E1", STOVE)}), "utf-8")
    area = tmp_path / "area.yaml"
    area.write_text("region: {id: A, enterprises: [e1.json, {id: E2, units: []}]}\n", "utf-8")
    options = ("--pack", str(pack), "--as-of", "2026-11-21", "--lang", "en")
    done = run("supervise", "judge", str(area), *options, "--json", "--csv", str(tmp_path / "out.csv"))
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert [(one["id"], one["violated"]) for one in told["enterprises"]] == [
        ("E1", {"bans.law.9": "prohibition"}),
        ("E2", {}),
    ]
    (finding,) = (one for one in told["area"]["findings"] if one["rule"] == "area.region")
    assert finding["outcome"] == "violated"
    assert (tmp_path / "out.csv").read_text("utf-8-sig").count("\n") == 3
    # What was found can be given in the place of the facts.
    before = {"region": {"id": "A", "enterprises": [one["found"] for one in told["enterprises"]]}}
    (tmp_path / "before.json").write_text(json.dumps(before), "utf-8")
    again = json.loads(run("supervise", "judge", str(tmp_path / "before.json"), *options, "--json").stdout)
    assert again["area"]["findings"] == told["area"]["findings"]
    assert again["area"]["data_problems"] == []
    shown = run("supervise", "judge", str(area), *options)
    assert "E1" in shown.output
    assert "Test rule" in shown.output
    area.write_text("region: {enterprises: [gone.json]}\n", "utf-8")
    assert run("supervise", "judge", str(area), *options).exit_code == 2


def test_what_was_found_before_says_by_which_rules(engine: Engine, tmp_path: Path) -> None:
    made = judge_area(engine, {"region": {"enterprises": [works("E1", SAW), works("E2", STOVE)]}})
    told = [one.to_json()["found"] for one in made.enterprises]
    assert "bans.law.9" in told[0]["judged_by"]
    again = judge_area(engine, {"region": {"enterprises": told}})
    assert again.result.data_problems == ()
    assert outcome(again, "area.region") == "violated"
    assert outcome(judge_area(engine, {"region": {"enterprises": told[:1]}}), "area.region") == "compliant"
    # By a rule that was not there then, nothing is known, however it is written.
    other = [rule for rule in told[0]["judged_by"] if rule != "bans.law.9"]
    for before in ({**told[0], "judged_by": other}, {"id": "E1", "outcomes": [], "judged_by": other}):
        open_ = judge_area(engine, {"region": {"enterprises": [before]}})
        assert open_.result.data_problems == ()
        assert outcome(open_, "area.region") == "undetermined"


def test_judged_now_and_found_before_are_one_enterprise(engine: Engine) -> None:
    one = works("E1", STOVE, POT, figure="10")
    (found,) = judge_area(engine, {"park": {"enterprises": [one]}}).enterprises
    park = {"id": "P", "enterprises": [one]}
    both = {"region": {"enterprises": [found.to_json()["found"]], "parks": [park]}}
    made = judge_area(engine, both)
    assert made.result.data_problems == ()
    enterprises = [of for of in made.result.facts.records() if of.entity.name == "area_enterprise"]
    # One of the region, one of its park.
    assert len(enterprises) == 2


@pytest.mark.parametrize("asked", ["== 'bans.law.99'", "in {'bans.law.9', 'chem.gone'}"])
def test_a_rule_that_is_not_loaded_is_kept_by_nobody(tmp_path: Path, asked: str) -> None:
    made = tmp_path / "bans"
    copytree(BANS, made)
    when = json.dumps(f"any(any(o.violated for o in e.outcomes if o.rule_id {asked}) for e in enterprises)")
    (made / "rules" / "areas.yaml").write_text(RULE.format(id="area.group", of="group", when=when), "utf-8")
    engine = Engine.load(packs=[made], as_of="2026-11-21", cache=False)
    found = judge_area(engine, {"group": {"enterprises": [works("E1", SAW)]}})
    assert outcome(found, "area.group") == "undetermined"
    (told,) = found.problems
    assert told.code == "supervision.area-rule"
    assert outcome(judge_area(engine, {"group": {"enterprises": []}}), "area.group") == "compliant"
    before = found.enterprises[0].to_json()["found"]
    for given in (before, {"id": "E1", "outcomes": []}, {"id": "E1", "outcomes": {"items": []}}):
        again = judge_area(engine, {"group": {"enterprises": [given]}})
        assert again.result.data_problems == ()
        assert outcome(again, "area.group") == "undetermined"
    area = tmp_path / "area.json"
    area.write_text(json.dumps({"group": {"enterprises": [works("E1", SAW)]}}), "utf-8")
    done = run("supervise", "judge", str(area), "--pack", str(made), "--as-of", "2026-11-21", "--lang", "en")
    assert "no rule of that id is loaded" in done.output


def test_with_lists_that_are_stated_what_was_judged_is_all(pack: Path) -> None:
    def all_of(*records: Any) -> dict[str, Any]:
        return {"items": [*records], "complete": True}

    engine = Engine.load(packs=[pack], as_of="2026-11-21", cache=False, lists="stated")
    unit = {"id": "U", "equipment": all_of({"id": "Q", "type": SAW})}
    works = {"id": "E1", "sites": all_of(), "areas": all_of(), "units": all_of(unit), "equipment": all_of()}
    made = judge_area(engine, {"region": {"enterprises": all_of(works)}})
    assert outcome(made, "area.region") == "compliant"
    assert outcome(judge_area(engine, {"region": {"enterprises": [works]}}), "area.region") == "undetermined"


@pytest.mark.parametrize(
    "content", ["region: {id: D2}", "enterprise: [{id: E1}, {id: E2}]"], ids=["none", "two"]
)
def test_a_file_of_other_than_one_enterprise_is_refused(engine: Engine, tmp_path: Path, content: str) -> None:
    (tmp_path / "other.yaml").write_text(content, "utf-8")
    area = tmp_path / "area.yaml"
    area.write_text("region: {id: D1, enterprises: [other.yaml]}", "utf-8")
    with pytest.raises(DualprevError, match=r"supervision\.area-file.*other\.yaml"):
        judge_area(engine, area)


def test_a_name_of_no_file_is_no_enterprise(engine: Engine) -> None:
    made = judge_area(engine, {"region": {"id": "A", "enterprises": ["", works("E1", SAW)]}})
    assert outcome(made, "area.region") == "undetermined"


def test_an_enterprise_is_no_area(engine: Engine) -> None:
    with pytest.raises(DualprevError, match=r"supervision\.no-area"):
        judge_area(engine, {"enterprise": works("E1")})
