"""What inspectors answered: facts with person and time, and nobody wins where two differ."""

from __future__ import annotations

import itertools
import json
from datetime import datetime
from typing import Any

import pytest

from dualprev_rules.control import Answer, read_answers, settle
from dualprev_rules.problems import DualprevError
from dualprev_rules.report.inspection import read_back
from tests.control.depot_site import ENGINE, SOUTH, answer, at, opened, site

PATH = f"{SOUTH}.has_bund"
TANK = f"{SOUTH}.tanks[T1]"


def codes(*answers: Answer, facts: dict[str, Any] | None = None) -> list[str]:
    return [fault.code for fault in settle(answers, opened(facts).facts).problems]


def after(*answers: Answer, facts: dict[str, Any] | None = None) -> Any:
    """Return the result of the site with the answers put in, read anew."""
    return ENGINE.assess(read_back(opened(facts), answers).facts)


def fact(result: Any, record: str, name: str) -> Any:
    return next(r for r in result.facts.records() if r.path == record).fact(name)


def test_an_answer_is_a_fact_with_person_time_and_evidence() -> None:
    result = after(answer(photo="IMG_1.jpg", place="东墙", reason="新砌"))
    found = fact(result, SOUTH, "has_bund")
    assert found.value.possible == {True}
    assert (found.provenance.by, found.provenance.at.isoformat()) == ("张三", "2026-11-21")
    assert (found.provenance.source, found.provenance.evidence) == ("inspector", "IMG_1.jpg; 东墙; 新砌")
    assert result.find("depot.01", SOUTH)[0].code == "compliant"


def test_an_answer_about_a_record_that_has_moved_decides_nothing() -> None:
    # Without ids the second tank is known by its position; a tank that comes before it takes its path.
    facts = site()
    tanks = [{"name": "甲罐", "signs": []}, {"name": "乙罐", "signs": []}]
    unit = facts["enterprise"]["areas"][0]["units"][0]
    unit["tanks"] = tanks
    seen = answer(f"{SOUTH}.tanks[2]", "seal", called="乙罐", value="broken")
    assert after(seen, facts=facts).find("depot.03", f"{SOUTH}.tanks[2]")[0].code == "violated"
    unit["tanks"] = [{"name": "新罐", "signs": []}, *tanks]
    assert codes(seen, facts=facts) == ["control.answer-renamed"]
    found = after(seen, facts=facts).find("depot.03")
    assert {each.code for each in found} == {"undetermined"}


def test_what_was_not_checked_stays_unknown_and_is_never_no() -> None:
    settled = settle([answer(looked="not_checked", value=False)], opened().facts)
    assert (settled.given, settled.not_checked) == ((), 1)
    assert after(answer(looked="not_checked")).find("depot.01", SOUTH)[0].code == "undetermined"


def test_an_answer_that_cannot_be_a_value_is_not_counted_as_given() -> None:
    settled = settle([answer(fact="drums", value="-5")], opened().facts)
    assert [fault.code for fault in settled.problems] == ["control.answer-unread"]
    assert (settled.given, list(settled.doubtful)) == ((), [f"{SOUTH}.drums"])


@pytest.mark.parametrize("order", [0, 1])
def test_two_who_differ_leave_it_unknown_whoever_came_last(order: int) -> None:
    said = [answer(), answer(value=False, by="李四", at=at("2026-11-21T10:00:00"))]
    said = said[::-1] if order else said
    assert codes(*said) == ["control.answers-differ"]
    result = after(*said)
    assert not fact(result, SOUTH, "has_bund").value.known
    assert [p.path for p in result.data_problems] == [PATH]
    found = result.find("depot.01", SOUTH)[0]
    assert (found.code, found.outcome.reason) == ("undetermined", "data_problem")


def test_two_who_agree_however_they_write_it_do_not_differ() -> None:
    both = [answer(fact="drums", value="5"), answer(fact="drums", value="5.0", by="李四")]
    assert codes(*both) == []
    assert after(*both).data_problems == ()


def test_who_corrects_himself_is_heard() -> None:
    result = after(answer(), answer(value=False, at=at("2026-11-21T09:05:00")))
    assert result.find("depot.01", SOUTH)[0].code == "violated"
    # Two answers of one person at one time are no correction.
    assert codes(answer(), answer(value=False)) == ["control.answers-differ"]


def test_the_later_instant_counts_whatever_zone_it_is_written_in() -> None:
    first = answer(at=datetime.fromisoformat("2026-11-21T09:00:00+08:00"))
    later = answer(value=False, at=datetime.fromisoformat("2026-11-21T02:00:00+00:00"))
    for said in ([first, later], [later, first]):
        assert settle(said, opened().facts).given == (later,)


def test_a_correction_does_not_silence_another_person() -> None:
    said = [answer(), answer(by="李四", value=False), answer(at=at("2026-11-21T11:00:00"))]
    assert codes(*said) == ["control.answers-differ"]


def test_not_applicable_wants_a_reason_and_leaves_the_fact_as_it_was() -> None:
    given = site()
    given["enterprise"]["areas"][0]["units"][0]["has_bund"] = True
    beside = answer(looked="not_applicable", value=None, reason="露天")
    assert settle([beside], opened(given).facts).not_applicable == (beside,)
    assert after(beside, facts=given).find("depot.01", SOUTH)[0].code == "compliant"
    assert codes(answer(looked="not_applicable", value=None)) == ["control.no-reason"]
    assert codes(beside, answer(by="李四")) == ["control.answers-differ"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"by": " "}, "control.answer-unsigned"),
        ({"at": None}, "control.answer-untimed"),
        ({"value": ""}, "control.no-answer"),
        ({"value": "maybe"}, "control.answer-unread"),
        ({"record": "enterprise.areas[S].units[U9]"}, "control.answer-elsewhere"),
        ({"fact": "has_bunt"}, "control.answer-elsewhere"),
        ({"fact": "tanks"}, "control.answer-elsewhere"),
        ({"called": "U2 三号库"}, "control.answer-renamed"),
    ],
)
def test_an_answer_that_cannot_be_used_is_told_and_decides_nothing(
    changed: dict[str, Any], code: str
) -> None:
    assert codes(answer(**changed)) == [code]
    assert after(answer(**changed)).count("violated") == after().count("violated")


def test_an_answer_that_cannot_be_used_keeps_an_older_fact_from_deciding() -> None:
    given = site()
    given["enterprise"]["areas"][0]["units"][0]["has_bund"] = True
    assert after(answer(by="", value=False), facts=given).find("depot.01", SOUTH)[0].code == "undetermined"


@pytest.mark.parametrize(
    ("held", "differs"),
    [
        ({"value": False, "by": "李四", "at": "2026-11-21", "source": "inspector"}, True),
        ({"value": True, "by": "李四", "at": "2026-11-21", "source": "inspector"}, False),
        ({"value": False, "by": "张三", "at": "2026-11-21", "source": "inspector"}, False),
        ({"value": False, "by": "李四", "at": "2026-11-20", "source": "inspector"}, False),
        ({"value": False, "by": "李四", "at": "2026-11-21", "source": "declared"}, False),
        (False, False),
    ],
)
def test_a_round_read_before_counts_as_if_it_were_read_together(held: Any, differs: bool) -> None:
    given = site()
    given["enterprise"]["areas"][0]["units"][0]["has_bund"] = held
    assert codes(answer(), facts=given) == (["control.answers-differ"] if differs else [])
    found = after(answer(), facts=given).find("depot.01", SOUTH)[0]
    assert found.code == ("undetermined" if differs else "compliant")


def test_several_members_and_a_member_are_read() -> None:
    result = after(answer(TANK, "signs", value=("no_smoking",)), answer(TANK, "seal", value="破损"))
    assert result.find("depot.04", TANK)[0].code == "compliant"
    assert result.find("depot.03", TANK)[0].code == "violated"
    assert after(answer(TANK, "signs", value=())).find("depot.04", TANK)[0].code == "violated"


def test_a_value_out_of_range_is_a_data_problem_of_the_facts() -> None:
    result = after(answer(fact="drums", value="-3"))
    assert [p.path for p in result.data_problems] == [f"{SOUTH}.drums"]


def test_no_order_of_sheets_changes_anything() -> None:
    said = [
        answer(),
        answer(fact="drums", value="9"),
        answer(by="李四", value=False),
        answer(fact="has_alarm"),
    ]
    results = [
        json.dumps(read_back(opened(), order).facts, sort_keys=True, ensure_ascii=False)
        for order in itertools.permutations(said)
    ]
    # Which of two who differ stands first in the doubtful value is all that may change.
    assert len({text.replace("True 张三", "").replace("False 李四", "") for text in results}) == 1


def test_saved_answers_are_read_strictly_with_every_fault() -> None:
    good = {"record": SOUTH, "fact": "has_bund", "looked": "value", "value": True, "by": "甲"}
    read = read_answers({"inspection": 1, "answers": [good | {"at": "2026-11-21T09:00:00+08:00"}]}, "a.json")
    assert (read[0].path, read[0].value, read[0].by) == (PATH, True, "甲")
    bad = [good | {"looked": "perhaps"}, good | {"value": 3}, {"fact": "x"}, good | {"colour": "red"}]
    with pytest.raises(DualprevError) as refused:
        read_answers({"inspection": 1, "answers": bad}, "a.json")
    assert {p.code for p in refused.value.problems} == {
        "control.field-not-one-of",
        "control.field-wrong",
        "control.field-missing",
        "control.field-unknown",
    }
    for other in ([], {}, {"inspection": 2, "answers": []}, None):
        with pytest.raises(DualprevError, match=r"control\.no-sheet"):
            read_answers(other, "a.json")
