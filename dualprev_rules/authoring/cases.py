"""Generated cases as a file of cases, each named by its facts, for a person to confirm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from dualprev_rules.authoring.comments import facts_told
from dualprev_rules.pack.model import Ruleset
from dualprev_rules.problems import Words
from dualprev_rules.problems.words import Lang
from dualprev_rules.report.phrases import phrase
from dualprev_rules.testing.boundary import Draft


def case_file(drafts: Sequence[Draft], ruleset: Ruleset, profile: str, lang: Lang) -> str:
    """Return generated cases as the text of a file; each says that nobody has confirmed it."""
    head = phrase("cases_head").get(lang)
    found = [_case(draft, ruleset, profile, lang) for draft in drafts]
    return f"# {head}\n\n" + "\n".join(
        yaml.safe_dump([case], allow_unicode=True, sort_keys=False, width=120) for case in found
    )


def _case(draft: Draft, ruleset: Ruleset, profile: str, lang: Lang) -> dict[str, Any]:
    name, note = _said(draft, ruleset)
    return {
        "case": name.get(lang),
        "confirmed": False,
        "as_of": ruleset.as_of.isoformat(),
        **({"profile": profile} if profile != "national" else {}),
        "note": note.to_json(),
        "facts": draft.facts,
        "expect": draft.expect,
    }


def _said(draft: Draft, ruleset: Ruleset) -> tuple[Words, Words]:
    """Return the name of a case, and what it is there for."""
    facts = facts_told(draft.facts, ruleset.schema)
    named = phrase("case_named", part=draft.part, facts=facts)
    match draft.tries.split("."):
        case ["violated"]:
            return named, phrase("case_hit")
        case ["kept"]:
            return named, phrase("case_miss")
        case [entity, fact] if entity in ruleset.schema.entities and draft.is_missing:
            label = ruleset.schema.entities[entity].attributes[fact].label
            name = phrase("case_without", part=draft.part, facts=facts, label=label)
            return name, phrase("case_missing", fact=draft.tries)
        case _:
            return named, phrase("case_figure", change=draft.tries.removeprefix(f"{draft.part} "))
