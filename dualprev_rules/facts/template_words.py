"""The words of the template workbook, kept as data beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from dualprev_rules.problems import Words


def template_words() -> Mapping[str, Words]:
    """Return the words by name, in both languages."""
    import yaml

    text = files("dualprev_rules.facts").joinpath("template.yaml").read_text("utf-8")
    return {name: Words(words["zh"], words["en"]) for name, words in yaml.safe_load(text).items()}
