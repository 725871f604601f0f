"""Questions where much is open: a stated amount of trials, spent on what holds the most open."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from dualprev_rules import Engine
from dualprev_rules.report import result_schema
from dualprev_rules.result import question
from tests.engines import loaded

SITE = {
    "enterprise": {
        "units": [
            {
                "id": f"U{number}",
                "kind": "storage",
                "substances": [{"name": "氨", "cas": "7664-41-7", "quantity": "20 t"}],
            }
            for number in range(4)
        ]
    }
}


@pytest.fixture(scope="module")
def engine() -> Engine:
    return loaded("chemicals")


def test_what_holds_the_most_open_is_tried_first(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    every = engine.assess(SITE).questions
    assert all(asked.tried for asked in every)
    monkeypatch.setattr(question, "MOST_WORK", 500)
    result = engine.assess(SITE)
    assert {asked.path for asked in result.questions} == {asked.path for asked in every}
    tried = [asked for asked in result.questions if asked.tried]
    untried = [asked for asked in result.questions if not asked.tried]
    assert tried
    assert untried
    whole = {asked.path: asked for asked in every}
    assert all(asked.decides == whole[asked.path].decides for asked in tried)
    assert all(asked.decides is None and asked.major is None for asked in untried)
    assert [asked.causes for asked in untried] == sorted((a.causes for a in untried), reverse=True)


def test_the_document_says_what_was_not_tried(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question, "MOST_WORK", 500)
    document = engine.assess(SITE).document()
    Draft202012Validator(result_schema()).validate(document)
    assert any(asked["decides"] is None and asked["major"] is None for asked in document["questions"])
