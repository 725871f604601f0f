"""What the rules of areas ask of outcomes at enterprises: only what may change something is given to them."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree

import pytest

from dualprev_rules import Engine
from dualprev_rules.facts import reading
from dualprev_rules.supervision.area import judge_area
from dualprev_rules.supervision.asked import asked_for
from tests.supervision.test_area import BANS, POT, RULE, SAW, STOVE, works

NINE = "bans.law.9"
EVERY = [NINE, "other"]
FORMS = {
    f"o.violated for o in e.outcomes if o.rule_id == '{NINE}'": [NINE],
    f"o.violated for o in e.outcomes if '{NINE}' == o.rule_id and o.kind == 'prohibition'": [NINE],
    f"o.rule_id == '{NINE}' and o.violated for o in e.outcomes": [NINE],
    f"o.violated for o in e.outcomes if o.rule_id in {{'{NINE}', 'bans.law.10'}}": [NINE],
    "o.violated for o in e.outcomes if o.kind == 'prohibition'": EVERY,
    "o.violated for o in e.outcomes if o.kind == 'requirement'": [],
    f"o.violated for o in e.outcomes if o.rule_id != '{NINE}'": EVERY,
    f"not o.violated for o in e.outcomes if o.rule_id == '{NINE}' or o.violated": EVERY,
    f"o.violated for o in e.outcomes if not o.rule_id == '{NINE}'": EVERY,
    f"any(o.rule_id == '{NINE}' and p.violated for p in e.outcomes) for o in e.outcomes": EVERY,
}
WHOLE = {
    f"any(all(o.rule_id == '{NINE}' for o in e.outcomes) for e in enterprises)": EVERY,
    f"any(count(o for o in e.outcomes if o.rule_id == '{NINE}') > 0 for e in enterprises)": [NINE],
    "any(count(e.outcomes) > 1 for e in enterprises)": EVERY,
    "any(e.grade == 1 for e in enterprises)": [],
    **{f"any(any({form}) for e in enterprises)": wanted for form, wanted in FORMS.items()},
}


def engine_of(tmp_path: Path, when: str) -> Engine:
    made = tmp_path / "bans"
    copytree(BANS, made)
    rule = RULE.format(id="area.group", of="group", when=json.dumps(when))
    (made / "rules" / "areas.yaml").write_text(rule, "utf-8")
    return Engine.load(packs=[made], as_of="2026-11-21", cache=False)


@pytest.mark.parametrize(("when", "wanted"), WHOLE.items())
def test_what_is_not_asked_for_changes_nothing(tmp_path: Path, when: str, wanted: list[str]) -> None:
    engine = engine_of(tmp_path, when)
    asked = asked_for(engine.ruleset)
    assert [rule for rule in EVERY if asked.wants(rule, "prohibition")] == wanted
    for types in ([SAW], [STOVE], [POT], [None], [SAW, STOVE], [None, SAW], []):
        made = judge_area(engine, {"group": {"enterprises": [works("E", one) for one in types]}})
        whole = judge_area(engine, {"group": {"enterprises": [one.facts() for one in made.enterprises]}})
        found, every = (next(iter(of.result.find("area.group"))) for of in (made, whole))
        assert (found.code, found.outcome.possible) == (every.code, every.outcome.possible)


def test_an_area_holds_more_outcomes_than_are_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engine_of(tmp_path, f"any(any({next(iter(FORMS))}) for e in enterprises)")
    many = [works(f"E{n}", None) for n in range(40)]
    whole = judge_area(engine, {"group": {"enterprises": many}})
    assert sum(len(one.open) for one in whole.enterprises) > 100
    monkeypatch.setattr(reading, "MOST_RECORDS", 100)
    assert judge_area(engine, {"group": {"enterprises": many}}).result.counts == whole.result.counts
