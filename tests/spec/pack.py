"""Load the head of a spec file as a pack: its parts are written as the files of an author."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from dualprev_rules.facts.types import Type
from dualprev_rules.lang import Scope, TableShape
from dualprev_rules.pack import check_packs, load_ruleset
from dualprev_rules.pack.model import Ruleset
from dualprev_rules.problems import Problem

Head = Mapping[str, Any]
CITE = {"instrument": "spec", "clause": "1"}
PACK: dict[str, Any] = {
    "pack": "spec",
    "version": "1.0.0",
    "language": 1,
    "title": {"zh": "语言说明", "en": "The language"},
    "instruments": [
        {
            "id": "spec",
            "number": "T/SPEC 1",
            "title": {"zh": "语言说明", "en": "The language"},
            "issuer": "甲",
            "force": "group_standard",
            "binding": True,
            "in_force": {"from": "2000-01-01", "confirmed": True},
            "decides": "true",
            "dated_by": "assessment",
            "encoded": "full",
        },
    ],
}


def load(head: Head, as_of: date) -> Ruleset:
    """Return the ruleset of a head on a day; raises DualprevError."""
    with tempfile.TemporaryDirectory() as folder:
        write(head, Path(folder))
        return load_ruleset([folder], None, as_of)


def check(head: Head, as_of: date) -> tuple[Ruleset | None, tuple[Problem, ...]]:
    """Return the ruleset of a head, None where it cannot be loaded, and what is wrong with it."""
    with tempfile.TemporaryDirectory() as folder:
        write(head, Path(folder))
        return check_packs([folder], None, as_of)


def write(head: Head, folder: Path) -> None:
    """Write a head as the files of a pack."""

    def put(name: str, content: Any) -> None:
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(
            yaml.dump(_plain(content), allow_unicode=True, sort_keys=False, Dumper=_Dumper), "utf-8"
        )

    instruments = [*PACK["instruments"], *head.get("instruments", ())]
    put("pack.yaml", {**PACK, "instruments": instruments})
    put("facts.yaml", head["facts"])
    if head.get("definitions"):
        put("definitions.yaml", [{"cite": CITE, **each} for each in head["definitions"]])
    for number, table in enumerate(head.get("tables", ())):
        put(f"tables/t{number}.yaml", {"cite": CITE, **table})
    if head.get("rules"):
        put("rules/rules.yaml", [_rule(each) for each in head["rules"]])


def scope(ruleset: Ruleset, entity: str, *, data_check: bool = False) -> Scope:
    """Return what names may mean in a condition about ``entity``."""

    def kind(of: str, name: str) -> Type | None:
        found = ruleset.definitions.get((of, name))
        return found.type if found else None

    def chosen(wanted: str | None, tag: str | None) -> tuple[str, ...]:
        rules = ruleset.rules.values()
        return tuple(r.id for r in rules if wanted in (None, r.kind) and (tag is None or tag in r.tags))

    return Scope(
        schema=ruleset.schema,
        entity=entity,
        definition=kind,
        definition_names=lambda of: tuple(name for (owner, name) in ruleset.definitions if owner == of),
        tables={
            name: TableShape(table.columns, table.ranges, tuple(table.keys), table.row_key, table.entity)
            for name, table in ruleset.tables.items()
        },
        rules={rule.id: rule.entity for rule in ruleset.rules.values()},
        select_rules=chosen,
        data_check=data_check,
        definition_labels=lambda of: {
            name: (found.label.zh, found.label.en)
            for (owner, name), found in ruleset.definitions.items()
            if owner == of
        },
    )


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    words = {"zh": rule["rule"], "en": rule["rule"]}
    return {"title": words, "cite": CITE, "duty_of": "甲", "decided_by": "facts", **rule}


class _Dumper(yaml.SafeDumper):
    """Every text in quotes, as an author may write it; no references between parts."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
)


def _plain(of: Any) -> Any:
    if isinstance(of, Mapping):
        return {str(key): _plain(value) for key, value in of.items() if value is not None}
    if isinstance(of, list | tuple):
        return [_plain(each) for each in of]
    return of if isinstance(of, bool) else str(of)
