"""Records: keys, labels, paths, lists, alternatives, inheritance, references, origins."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import Any

import pytest
from pydantic import BaseModel

from dualprev_rules.facts import Provenance
from dualprev_rules.facts.possible import Cause, Items
from dualprev_rules.problems import DualprevError
from tests.facts.asserts import at, codes, fact, notes, read, said, unit_with

UNIT = "enterprise.units[U1]"


def items(facts: Any, path: str) -> Items:
    possible = fact(facts, path).value.possible
    assert isinstance(possible, Items)
    return possible


# Keys.


def test_labels_and_aliases_are_keys_at_every_level() -> None:
    facts = read(
        {
            "生产经营单位": {
                "名称": "甲",
                "厂区": [
                    {"厂区编号": "S1", "单元列表": [{"单元编号": "U1", "物质": [{"CAS": "7782-50-5"}]}]}
                ],
            }
        }
    )
    assert facts.problems == ()
    assert fact(facts, "enterprise.sites[S1].units[U1].substances[1].cas").given == "7782-50-5"


def test_case_and_width_of_a_key_do_not_matter() -> None:
    facts = read({"Enterprise": {"Units": [{"ID": "U1", "ＣＡＳ": 1}]}})
    assert codes(facts) == ["facts.unknown-key"]
    assert at(facts, UNIT).value("id").known


def test_a_misspelt_key_is_a_problem_and_its_attribute_stays_unknown() -> None:
    facts = read(unit_with(has_interlok=False))
    (problem,) = facts.problems
    assert (problem.code, problem.path, problem.given, problem.nearest, problem.effect) == (
        "facts.unknown-key",
        f"{UNIT}.has_interlok",
        "has_interlok",
        "has_interlock",
        "ignored",
    )
    value = at(facts, UNIT).value("has_interlock")
    assert said(value) == ["false", "true"]
    assert value.causes == {Cause(f"{UNIT}.has_interlock", "data_problem")}


def test_a_misspelt_chinese_key_is_given_the_nearest_label() -> None:
    (problem,) = read(unit_with(有连锁=False)).problems
    assert problem.nearest == "有联锁"
    assert problem.fix("zh") == "改为“有联锁”"


def test_a_key_like_nothing_has_no_fix() -> None:
    (problem,) = read(unit_with(xyzzyqqq=False)).problems
    assert problem.nearest is None
    assert problem.fix("en") is None


def test_a_misspelt_key_beside_the_right_one_does_not_touch_it() -> None:
    facts = read(unit_with(kind="storage", kindd="production"))
    assert codes(facts) == ["facts.unknown-key"]
    assert said(at(facts, UNIT).value("kind")) == ["storage"]


@pytest.mark.parametrize(
    ("name", "one", "other", "possible"),
    [
        ("kind", "storage", "生产", ["production", "storage"]),
        ("oxygen", 19, "21 %vol", ["19", "21"]),
        ("oxygen", 19, {"between": [20, 21]}, "[19, 21]"),
        ("name", "甲", "乙", ["乙", "甲"]),
        ("hazards", ["J1", "J2"], ["J1"], (["J1"], ["J1", "J2"])),
        # What cannot be read says nothing, and one out of range puts the range in doubt.
        ("oxygen", 19, "约20", "[0, 30]"),
        ("oxygen", 19, 35, "(-∞, ∞)"),
    ],
)
def test_an_attribute_under_two_names_is_any_of_its_values(
    name: str, one: Any, other: Any, possible: Any
) -> None:
    facts = read(unit_with(**{name: one, name.upper(): other}))
    assert codes(facts) == ["facts.twice"]
    value = at(facts, UNIT).value(name)
    assert said(value) == possible
    assert [(c.path, c.reason) for c in value.causes] == [(f"{UNIT}.{name}", "data_problem")]


def test_one_value_under_two_names_is_that_value() -> None:
    facts = read(unit_with(kind="storage", 单元类别="储存"))
    assert codes(facts) == ["facts.twice"]
    assert said(at(facts, UNIT).value("kind")) == ["storage"]


def test_an_unknown_entity_is_a_problem() -> None:
    facts = read({"enterprise": {}, "untis": [{"id": "U1"}], "xyzzyqqq": 1})
    assert [(p.code, p.nearest) for p in facts.problems] == [
        ("facts.unknown-entity", "unit"),
        ("facts.unknown-entity", None),
    ]


@pytest.mark.parametrize("other", ["单元类别", "KIND", " kind"])
def test_an_attribute_under_two_names_is_said_to_be_so(other: str) -> None:
    (problem,) = read(unit_with(kind="storage", **{other: "生产"})).problems
    assert (problem.code, set((problem.given or "").split("、"))) == ("facts.twice", {"storage", "生产"})
    assert read(unit_with(kind=None, **{other: "生产"})).problems == ()


def test_a_list_under_two_names_keeps_the_records_of_both_and_is_open() -> None:
    facts = read({"enterprise": {"units": [{"id": "U1"}], "单元": [{"id": "U1"}, {"id": "U2"}]}})
    assert codes(facts) == ["facts.twice", "facts.duplicate-record"]
    found = items(facts, "enterprise.units")
    assert [r.path for r in found.records] == [
        "enterprise.units[U1]",
        "enterprise.units[U1#2]",
        "enterprise.units[U2]",
    ]
    assert not found.complete


# Paths.


def test_paths_are_by_key_else_by_position_from_one() -> None:
    facts = read(unit_with(substances=[{"name": "氯"}, {"name": "氨"}], tanks=[{"id": "1#"}, {}]))
    assert [r.path for r in facts.records() if not r.phantom] == [
        "enterprise",
        UNIT,
        f"{UNIT}.substances[1]",
        f"{UNIT}.substances[2]",
        f"{UNIT}.tanks[1#]",
        f"{UNIT}.tanks[2]",
    ]


def test_short_paths_only_where_a_key_is_the_entitys_only_one() -> None:
    facts = read(
        {
            "enterprise": {
                "units": [
                    {"id": "U1", "tanks": [{"id": "T1"}]},
                    {"id": "U2", "tanks": [{"id": "T1"}, {"id": "T2"}]},
                ]
            }
        }
    )
    assert {r.path: r.short for r in facts.records() if not r.phantom} == {
        "enterprise": "enterprise",
        "enterprise.units[U1]": "unit[U1]",
        "enterprise.units[U1].tanks[T1]": "enterprise.units[U1].tanks[T1]",
        "enterprise.units[U2]": "unit[U2]",
        "enterprise.units[U2].tanks[T1]": "enterprise.units[U2].tanks[T1]",
        "enterprise.units[U2].tanks[T2]": "tank[T2]",
    }


def test_two_records_with_one_key_are_both_kept_and_a_problem() -> None:
    facts = read({"enterprise": {"units": [{"id": "U1"}, {"id": " Ｕ1 "}, {"id": "U1"}]}})
    assert [r.path for r in items(facts, "enterprise.units").records] == [
        "enterprise.units[U1]",
        "enterprise.units[U1#2]",
        "enterprise.units[U1#3]",
    ]
    assert [(p.code, p.path, p.given) for p in facts.problems] == [
        ("facts.duplicate-record", "enterprise.units[U1#2]", "U1"),
        ("facts.duplicate-record", "enterprise.units[U1#3]", "U1"),
    ]


def test_no_two_records_share_a_path() -> None:
    facts = read(
        {"enterprise": {"units": [{"id": "2"}, {}, {"id": "#2"}, {"id": "U1"}, {"id": "U1#2"}, {"id": "U1"}]}}
    )
    paths = [r.path for r in items(facts, "enterprise.units").records]
    assert len(set(paths)) == len(paths) == 6
    assert paths[0] == "enterprise.units[2]"


def test_a_key_that_would_break_a_path_is_quoted() -> None:
    facts = read({"enterprise": {"units": [{"id": "a]b"}, {"id": "x\ny"}]}})
    assert [r.path for r in items(facts, "enterprise.units").records] == [
        'enterprise.units["a]b"]',
        'enterprise.units["x\\ny"]',
    ]


def test_a_key_may_be_a_number_or_have_an_origin() -> None:
    facts = read({"enterprise": {"units": [{"id": 7}, {"id": {"value": "U8", "by": "张三"}}, {"id": [1]}]}})
    assert [r.short for r in items(facts, "enterprise.units").records] == [
        "unit[7]",
        "unit[U8]",
        "enterprise.units[3]",
    ]
    assert codes(facts) == ["facts.not-a-text"]


# Roots.


def test_records_of_other_entities_may_stand_at_the_top() -> None:
    facts = read({"unit": {"id": "U1"}, "储罐": [{"id": "T1"}, {}]})
    assert [(r.path, r.short, r.parent) for r in facts.roots] == [
        ("unit[U1]", "unit[U1]", None),
        ("tank[T1]", "tank[T1]", None),
        ("tank[2]", "tank[2]", None),
    ]


def test_an_enterprise_by_itself_has_no_bracket_and_several_have() -> None:
    assert [r.path for r in read({"enterprise": [{"id": "E1"}]}).roots] == ["enterprise"]
    assert [r.path for r in read({"enterprise": [{"id": "E1"}, {}]}).roots] == [
        "enterprise[E1]",
        "enterprise[2]",
    ]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ({}, "facts.nothing"),
        ({"enterprise": None}, "facts.nothing"),
        ({"enterprise": []}, "facts.nothing"),
        ({"enterprise": "甲"}, "facts.nothing"),
        ({"untis": []}, "facts.nothing"),
        ([], "facts.not-a-mapping"),
        (None, "facts.not-a-mapping"),
        (5, "facts.not-a-mapping"),
        (b"{}", "facts.not-a-mapping"),
    ],
)
def test_where_nothing_can_be_assessed_there_is_an_error(source: Any, code: str) -> None:
    with pytest.raises(DualprevError) as raised:
        read(source)
    assert raised.value.code == code


def test_mappings_and_models_of_any_kind_are_read() -> None:
    class Tank(BaseModel):
        id: str
        volume: float

    class Unit(BaseModel):
        id: str
        tanks: tuple[Tank, ...]

    facts = read(
        MappingProxyType({"enterprise": {"units": (Unit(id="U1", tanks=(Tank(id="T1", volume=0.1),)),)}})
    )
    assert said(fact(facts, f"{UNIT}.tanks[T1].volume").value) == ["0.1"]

    class Site(BaseModel):
        enterprise: dict[str, Any]

    assert read(Site(enterprise={"name": "甲"})).problems == ()


def test_an_object_that_raises_is_an_error_of_ours() -> None:
    class Bad:
        def model_dump(self) -> Any:
            raise RuntimeError

    with pytest.raises(DualprevError) as raised:
        read({"enterprise": Bad()})
    assert raised.value.code == "facts.unreadable-object"


# Lists.


def test_a_given_list_is_taken_as_complete_and_says_so() -> None:
    given = fact(read(unit_with(substances=[{"quantity": 1}])), f"{UNIT}.substances")
    assert (given.value.known, given.assumed_complete, given.given) == (True, True, "[1]")


@pytest.mark.parametrize(
    ("given", "known", "assumed"),
    [
        ([], True, True),
        ({"items": []}, True, True),
        ({"items": [], "complete": True}, True, False),
        ({"items": [{}], "complete": False}, False, False),
        (None, False, False),
        ({"items": None}, False, False),
        ({"条目": [{}], "完整": True}, True, False),
        ({"items": [], "complete": "false"}, False, False),
    ],
)
def test_forms_of_a_list(given: Any, known: bool, assumed: bool) -> None:
    facts = read(unit_with(substances=given))
    found = fact(facts, f"{UNIT}.substances")
    assert (codes(facts), found.value.known, found.assumed_complete) == ([], known, assumed)
    if not known:
        assert found.value.causes == {Cause(f"{UNIT}.substances")}


def test_lists_stated_and_the_declaration_stated_want_it_said() -> None:
    assert not fact(read(unit_with(tanks=[{}])), f"{UNIT}.tanks").value.known
    assert fact(read(unit_with(tanks={"items": [{}], "complete": True})), f"{UNIT}.tanks").value.known
    stated = read(unit_with(substances=[{}], hazards=["J1"]), lists="stated")
    assert not fact(stated, f"{UNIT}.substances").value.known
    assert said(fact(stated, f"{UNIT}.hazards").value) == (["J1"], ["J1", "J2", "W5.1"])
    assert not fact(stated, f"{UNIT}.hazards").assumed_complete


@pytest.mark.parametrize(
    ("given", "code", "records"),
    [
        ("abc", "facts.not-a-list", 0),
        (5, "facts.not-a-list", 0),
        ([{}, "abc"], "facts.not-a-record", 1),
        ([{}, None, {}], "facts.not-a-record", 2),
        ({"items": 5}, "facts.not-a-list", 0),
        ({"items": [{}], "complete": "vielleicht"}, "facts.not-a-bool", 1),
    ],
)
def test_what_is_wrong_in_a_list_leaves_it_open(given: Any, code: str, records: int) -> None:
    facts = read(unit_with(substances=given))
    assert codes(facts) == [code]
    found = items(facts, f"{UNIT}.substances")
    assert (len(found.records), found.complete) == (records, False)
    assert fact(facts, f"{UNIT}.substances").value.causes <= {
        Cause(f"{UNIT}.substances", "data_problem"),
        Cause(f"{UNIT}.substances"),
    }


def test_one_record_by_itself_is_a_list_of_one() -> None:
    assert items(read(unit_with(substances={"name": "氯"})), f"{UNIT}.substances").complete


def test_a_set_given_plainly_is_assumed_complete() -> None:
    assert fact(read(unit_with(hazards=["J1"])), f"{UNIT}.hazards").assumed_complete
    assert not fact(
        read(unit_with(hazards={"items": ["J1"], "complete": True})), f"{UNIT}.hazards"
    ).assumed_complete


# Alternatives: sites or units.


def test_alternatives_of_a_given_list_are_taken_as_empty() -> None:
    sites = fact(read(unit_with()), "enterprise.sites")
    assert (sites.value.possible, sites.assumed_complete) == (Items(()), True)


@pytest.mark.parametrize(
    "enterprise",
    [
        {},
        {"units": None},
        {"units": {"items": [], "complete": False}},
        {"units": [], "stes": [{}]},
        {"units": [], "xyzzyqqq": [{}]},
        {"units": "abc"},
    ],
)
def test_alternatives_stay_unknown_where_it_is_not_sure_that_they_are_absent(
    enterprise: dict[str, Any],
) -> None:
    assert not fact(read({"enterprise": enterprise}), "enterprise.sites").value.known


def test_alternatives_under_lists_stated() -> None:
    assert not fact(read(unit_with(), lists="stated"), "enterprise.sites").value.known


# Inheritance.


def _sited(site: dict[str, Any], unit: dict[str, Any]) -> Any:
    return read({"enterprise": {"sites": [{"id": "S1", **site, "units": [{"id": "U1", **unit}]}]}})


INHERITING = "enterprise.sites[S1].units[U1].exposed_people"


@pytest.mark.parametrize(
    ("site", "unit", "value"),
    [
        ({"exposed_people": 60}, {}, ["60"]),
        ({"exposed_people": 60}, {"exposed_people": None}, ["60"]),
        ({"exposed_people": 60}, {"exposed_people": 5}, ["5"]),
        ({"exposed_people": {"at_least": 60}}, {}, "[60, ∞)"),
        ({"exposed_people": 60}, {"exposed_people": "约5"}, "[0, ∞)"),
        ({"exposed_people": 60}, {"exposd_people": 5}, "[0, ∞)"),
    ],
)
def test_inherited_where_the_record_has_none(site: Any, unit: Any, value: Any) -> None:
    assert said(fact(_sited(site, unit), INHERITING).value) == value


def test_what_is_unknown_above_is_asked_above() -> None:
    assert fact(_sited({}, {}), INHERITING).value.causes == {Cause("enterprise.sites[S1].exposed_people")}
    assert fact(read(unit_with()), f"{UNIT}.exposed_people").value.causes == {Cause(f"{UNIT}.exposed_people")}


def test_a_further_record_may_have_its_own() -> None:
    facts = read({"enterprise": {"sites": [{"id": "S1", "exposed_people": 60}]}})
    phantom = items(facts, "enterprise.sites[S1].units").phantom
    assert phantom is not None
    assert not phantom.value("exposed_people").known


# References.


def _owned(owner: Any, persons: Any, **more: Any) -> Any:
    return read({"enterprise": {"units": [{"id": "U1", "owner": owner}], "persons": persons}, **more})


def test_a_reference_is_the_record_with_that_key() -> None:
    facts = _owned("Ｐ1", [{"id": "P1", "name": "张三"}])
    value = fact(facts, f"{UNIT}.owner").value
    assert [r.path for r in value.possible] == ["enterprise.persons[P1]"]
    assert value.known


@pytest.mark.parametrize(
    ("owner", "persons", "found", "code"),
    [
        ("P2", [{"id": "P1"}], 0, ["facts.no-such-record"]),
        ("P1", [{"id": "P1"}, {"id": "P1"}], 2, ["facts.duplicate-record", "facts.several-records"]),
        (None, [{"id": "P1"}], 0, []),
        (["P1"], [{"id": "P1"}], 0, ["facts.not-a-text"]),
        ({"one_of": ["P1", "P2"]}, [{"id": "P1"}, {"id": "P2"}], 2, []),
        ({"one_of": ["P1", "P3"]}, [{"id": "P1"}], 0, ["facts.no-such-record"]),
        (
            {"one_of": ["P1", "P3"]},
            [{"id": "P1"}, {"id": "P1"}],
            0,
            ["facts.duplicate-record", "facts.several-records", "facts.no-such-record"],
        ),
        ({"value": "P1", "by": "李四"}, [{"id": "P1"}], 1, []),
    ],
)
def test_references_that_are_not_clear_stay_open(
    owner: Any, persons: Any, found: int, code: list[str]
) -> None:
    facts = _owned(owner, persons)
    assert sorted(codes(facts)) == sorted(code)
    value = fact(facts, f"{UNIT}.owner").value
    assert len(value.possible) == found
    assert value.known == (found == 1)
    assert bool(value.causes) == (found != 1)


def test_a_key_of_very_many_records_stays_open() -> None:
    facts = _owned("P1", [{"id": "P1"}] * 65)
    assert fact(facts, f"{UNIT}.owner").value.possible == ()
    assert codes(facts).count("facts.several-records") == 1


def test_of_namesakes_the_nearest_is_meant() -> None:
    facts = _owned("P1", [{"id": "P1"}], person=[{"id": "P1"}])
    assert [r.path for r in fact(facts, f"{UNIT}.owner").value.possible] == ["enterprise.persons[P1]"]


# Origin.


def test_an_origin_is_kept() -> None:
    given = {
        "value": 20,
        "at": "2026-11-01",
        "by": "张三",
        "source": "检查",
        "evidence": "照片 3",
        "有效期至": "2027-01-01",
    }
    found = fact(read(unit_with(oxygen=given)), f"{UNIT}.oxygen")
    assert found.provenance == Provenance(date(2026, 11, 1), "张三", "inspector", "照片 3", date(2027, 1, 1))
    assert found.given == "20"


@pytest.mark.parametrize(
    ("origin", "known", "note"),
    [
        ({}, True, None),
        ({"source": "inspector"}, True, None),
        ({"source": "sensor"}, False, "facts.not-accepted"),
        ({"at": "2026-08-23"}, True, None),
        ({"at": "2026-08-22"}, False, "facts.stale"),
        ({"valid_until": "2026-11-21"}, True, None),
        ({"valid_until": "2026-11-20"}, False, "facts.stale"),
        ({"at": "2026-11-01", "valid_until": "2026-11-02"}, False, "facts.stale"),
        ({"at": "2026-11-21"}, True, None),
        ({"at": "2026-11-22"}, True, "facts.after-the-day"),
        ({"at": "9999-12-31"}, True, "facts.after-the-day"),
    ],
)
def test_stale_facts_and_sources_that_are_not_accepted(origin: Any, known: bool, note: str | None) -> None:
    facts = read(unit_with(inspected={"value": True, **origin}))
    found = fact(facts, f"{UNIT}.inspected")
    assert (codes(facts), notes(facts)) == ([], [note] if note else [])
    assert found.value.known == known
    assert found.given == "true"
    if not known:
        assert found.value.causes == {Cause(f"{UNIT}.inspected")}


@pytest.mark.parametrize(
    ("name", "origin", "known", "code"),
    [
        ("inspected", {"at": "gestern"}, False, "facts.not-a-date"),
        ("inspected", {"source": "hearsay"}, False, "facts.unknown-source"),
        ("inspected", {"valid_until": 5}, False, "facts.not-a-date"),
        ("has_interlock", {"at": "gestern"}, True, "facts.not-a-date"),
        ("has_interlock", {"source": "hearsay"}, True, "facts.unknown-source"),
        ("has_interlock", {"valid_until": "gestern"}, False, "facts.not-a-date"),
    ],
)
def test_an_unreadable_origin_unsettles_what_depends_on_it(
    name: str, origin: Any, known: bool, code: str
) -> None:
    facts = read(unit_with(**{name: {"value": True, **origin}}))
    assert codes(facts) == [code]
    assert fact(facts, f"{UNIT}.{name}").value.known == known


def test_a_stale_list_is_unknown() -> None:
    facts = read(unit_with(substances={"items": [{}], "valid_until": "2020-01-01"}))
    assert notes(facts) == ["facts.stale"]
    assert items(facts, f"{UNIT}.substances").records == ()


# Everything wrong is said at once.


def test_all_problems_of_a_source_are_reported() -> None:
    facts = read(
        unit_with(oxygen=35, kind="transport", has_interlock="no", substances=[{"cas": "7782-50-6"}], foo=1)
    )
    assert sorted(codes(facts)) == [
        "facts.cas",
        "facts.not-a-bool",
        "facts.not-a-member",
        "facts.out-of-range",
        "facts.unknown-key",
    ]
    for problem in facts.problems:
        assert problem.text("zh") != problem.text("en")
        assert problem.to_json()["code"] == problem.code


def test_a_wrong_cas_number_is_unknown_over_the_whole_type() -> None:
    facts = read(unit_with(substances=[{"cas": "7782-50-5"}, {"cas": "７７８２-50-5"}, {"cas": "77825-0-5"}]))
    assert codes(facts) == ["facts.cas"]
    assert said(fact(facts, f"{UNIT}.substances[2].cas").value) == ["7782-50-5"]
    assert said(fact(facts, f"{UNIT}.substances[3].cas").value) == "any"


def test_what_was_given_is_not_changed() -> None:
    given = unit_with(substances=[{"quantity": "500 kg"}], hazards={"items": ["J1"], "complete": False})
    copy = unit_with(substances=[{"quantity": "500 kg"}], hazards={"items": ["J1"], "complete": False})
    read(given)
    assert given == copy
