"""``dualprev facts schema``: the JSON Schema of the facts."""

from __future__ import annotations

from dualprev_rules.cli.options import AsOf, Debug, Language, Packs, Profile


def schema(
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Print the JSON Schema of the facts that the packs ask for (数据的 JSON Schema)."""
    from dualprev_rules.cli.loading import load
    from dualprev_rules.cli.output import say_json

    say_json(load(packs, profile, as_of, lang).facts_schema())
