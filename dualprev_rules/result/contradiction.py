"""What a record says against itself: keys that name two rows of a table, a row that is not theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dualprev_rules.evaluate.lookup import denied, disagree, identifiers, row_fact, row_refused
from dualprev_rules.evaluate.reference import Reference
from dualprev_rules.evaluate.values import TRUE, truth
from dualprev_rules.facts.possible import Value
from dualprev_rules.facts.record import Record
from dualprev_rules.facts.types import Rec
from dualprev_rules.lang.tree import Aggregate, Lookup, Quantify, Var, walk
from dualprev_rules.pack.model import Definition
from dualprev_rules.problems import Problem, problem

_CODES = {"both": "result.row-both", "ignored": "result.row-ignored", "tied": "result.row-tied"}
"""By what becomes of the row that was named."""
_SELF = "self"
"""The variable that is the record a definition is about."""


def contradictions(reference: Reference, records: Mapping[str, Sequence[Record]]) -> tuple[Problem, ...]:
    """Return the data problems of keys that contradict each other, once for each record and what it says."""
    found: dict[tuple[str, str, str], Problem] = {}
    for definition in reference.ruleset.definitions.values():
        for node in walk(definition.body.node):
            if not isinstance(node, Lookup) or len(node.keys) < 2:
                continue
            if reference.ruleset.tables[node.table].not_encoded is not None:
                continue
            asked = _asked(definition, node)
            if asked is None:
                continue
            for record in records.get(getattr(asked.type, "entity", ""), ()):
                if asked.name == _SELF and not _applies(reference, definition, record):
                    continue
                for fault in _faults(reference, node, record, {asked.name: Value((record,))}):
                    found.setdefault((fault.code, fault.path or "", fault.given or ""), fault)
    return tuple(found.values())


def _applies(reference: Reference, definition: Definition, record: Record) -> bool:
    """Return whether a definition surely is about a record; what it may not be about, it does not accuse."""
    when = definition.when
    return when is None or truth(reference.run(when, {"self": Value((record,))})) == TRUE


def _asked(definition: Definition, node: Lookup) -> Var | None:
    """Return the variable of whose records a look-up takes its keys.

    None where they are of several, and where a filter may leave records out: those are not accused.
    """
    variables = {part.name: part for part in walk(node) if isinstance(part, Var)}
    if len(variables) != 1:
        return None
    (asked,) = variables.values()
    loops = [part for part in walk(definition.body.node) if isinstance(part, Quantify | Aggregate)]
    filtered = any(loop.var == asked.name and loop.where is not None for loop in loops)
    left_out = asked.name != _SELF and (filtered or definition.when is not None)
    return asked if isinstance(asked.type, Rec) and not left_out else None


def _faults(
    reference: Reference, node: Lookup, record: Record, env: Mapping[str, Value]
) -> Iterator[Problem]:
    table = reference.ruleset.tables[node.table]
    values = {name: reference.value(key, env) for name, key in node.keys}
    texts = {name: str(next(iter(value.possible))) for name, value in values.items() if value.known}
    given = {name: text for name, text in texts.items() if name in table.keys}
    if disagree(table, given, identifiers(reference.ruleset.schema, node)):
        yield problem(
            "result.keys-disagree",
            path=record.path,
            given=" / ".join(given.values()),
            effect="both",
            table=table.title,
        )
    elif denied(reference, node, env):
        yield problem(
            "result.facts-deny",
            path=record.path,
            given=" / ".join(given.values()),
            effect="both",
            table=table.title,
        )
    effect = row_refused(reference, node, env)
    if effect is not None:
        fact = row_fact(table, node)
        yield problem(
            _CODES[effect],
            path=f"{record.path}.{fact}",
            given=texts[table.row_key or ""],
            effect="ignored" if effect == "ignored" else "both",
            table=table.title,
        )
