"""A record without a name is called by its key in the sentence of a finding."""

from __future__ import annotations

from dualprev_rules import Engine


def test_a_unit_without_a_name_is_called_by_its_key() -> None:
    engine = Engine.load("chemicals", as_of="2020-01-01")
    tanks = [{"id": "T1", "has_emergency_shutoff": False}]
    chlorine = {"name": "氯", "cas": "7782-50-5", "quantity": 140}
    unit = {"id": "U1", "storage_kind": "tank_farm", "exposed_people": 100}
    result = engine.assess({"unit": {**unit, "substances": [chlorine], "tanks": tanks}})
    said = [result.message(finding)["zh"] for finding in result.findings if finding.code == "violated"]
    assert any(message.startswith("unit[U1]：") for message in said)
    assert not any("?" in message for message in said)
