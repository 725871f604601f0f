"""Put a warning together: the values that stand, the limits, the clause, and what its rule says of them."""

from __future__ import annotations

from collections.abc import Mapping

from dualprev_rules.control.monitor_judging import Judgement
from dualprev_rules.control.monitor_place import Machine
from dualprev_rules.control.monitor_warning import LiveWarning, Standing, What
from dualprev_rules.control.readings import at_of
from dualprev_rules.control.table_limits import looked_up
from dualprev_rules.evaluate.render import render, unit_name
from dualprev_rules.facts.types import Number
from dualprev_rules.lang.tree import Param, walk
from dualprev_rules.pack.model import Parameter, Ruleset
from dualprev_rules.risk.raising import Raising


def told(
    event: What,
    machine: Machine,
    clock: int,
    ruleset: Ruleset,
    found: Judgement | None,
    by: str | None,
    raising: Raising,
) -> LiveWarning:
    """Return what is to be said of a warning."""
    rule = machine.rule
    broken = ruleset.rules.get(rule.rule) if rule.rule is not None else None
    used = [node for part in (rule.alarm, rule.restore) if part is not None for node in walk(part.node)]
    names = sorted({node.name for node in used if isinstance(node, Param)})
    parameters: Mapping[str, Parameter] = broken.parameters if broken is not None else {}
    return LiveWarning(
        id=machine.id,
        event=event,
        at=clock,
        warning=rule.id,
        title=rule.title,
        record=machine.record.short,
        path=machine.record.path,
        sensor=machine.sensor or None,
        grade=rule.grade,
        raises=raising.of(rule.grade) if event != "closed" else None,
        readings=_standing(machine),
        alarm=rule.alarm.text if rule.alarm is not None else None,
        figures={name: parameters[name].shown for name in names if name in parameters}
        | looked_up(rule, machine.record, ruleset),
        stated=_stated(machine),
        act=rule.act,
        citations=rule.citations,
        rule=broken,
        outcome=found.outcome if found is not None else None,
        missing=found.missing if found is not None else (),
        by=by,
    )


def _standing(machine: Machine) -> tuple[Standing, ...]:
    facts = {machine.rule.sensor, *(machine.alarm.facts if machine.alarm is not None else ())}
    return tuple(
        Standing(
            sensor=each.name,
            fact=fact,
            value=each.shown if each.stands is not None else None,
            unit=each.unit,
            at=at_of(each.at).isoformat(),
            mark=each.mark,
        )
        for fact in sorted(facts)
        for each in machine.spot.sensors.get(fact, ())
        if not machine.sensor or each.name == machine.sensor
    )


def _stated(machine: Machine) -> dict[str, str]:
    conditions = [each for each in (machine.alarm, machine.back) if each is not None]
    named = {name for each in conditions for name in each.facts} - machine.spot.sensors.keys()
    found: dict[str, str] = {}
    for name in sorted(named):
        kind = machine.record.entity.attributes[name].type
        value = machine.record.value(name)
        if value.known:
            unit = unit_name(kind) if isinstance(kind, Number) else ""
            said = render(value, kind)
            found[name] = f"{said} {unit}".strip()
    return found
