"""A pytest plugin that takes things away: what names them in a test must then fail.

``WITHOUT="rule ln.2016.014; command dualprev map" python -m pytest -p scripts.without TESTS``. Rules of
profiles are left out when a profile is read, commands are taken off the command line, functions and classes
are replaced wherever the library has them.
"""

from __future__ import annotations

import os
import pkgutil
import sys
from dataclasses import replace
from importlib import import_module
from typing import Any


def pytest_configure() -> None:
    """Take away what the environment names, before any test is imported.

    Nothing is taken from the cache of another run, which has it all.
    """
    os.environ["DUALPREV_CACHE"] = "off"
    things = [thing.strip().partition(" ")[::2] for thing in os.environ["WITHOUT"].split(";")]
    _without_rules({name for what, name in things if what == "rule"})
    for what, name in things:
        if what == "command":
            _without_command(name.split()[1:])
        elif what == "function":
            _without_name(name)


def _without_rules(ids: set[str]) -> None:
    from dualprev_rules.pack import resolve

    read = resolve.overlay

    def overlay(chain: Any) -> Any:
        found = read(chain)
        return replace(found, rules=tuple((of, rule) for of, rule in found.rules if rule.rule not in ids))

    resolve.overlay = overlay


def _without_command(words: list[str]) -> None:
    from dualprev_rules.cli import app

    group: Any = app
    for word in words[:-1]:
        group = next(g.typer_instance for g in group.registered_groups if g.name == word)
    group.registered_commands = [c for c in group.registered_commands if c.name != words[-1]]


def _without_name(name: str) -> None:
    """Replace a function or class in every module that has it, or an attribute of a class in the class."""
    import dualprev_rules

    for module in pkgutil.walk_packages(dualprev_rules.__path__, "dualprev_rules."):
        import_module(module.name)
    holder, last = _find(name)
    thing = getattr(holder, last)

    def taken_away(*_: object, **__: object) -> None:
        raise AssertionError(f"{name} was taken away")

    if isinstance(holder, type):
        setattr(holder, last, taken_away)
        return
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("dualprev_rules"):
            for attribute, value in list(vars(module).items()):
                if value is thing:
                    setattr(module, attribute, taken_away)


def _find(name: str) -> tuple[Any, str]:
    """Return the module or class that holds a name, and its last part."""
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        try:
            holder: Any = import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:-1]:
            holder = getattr(holder, part)
        return holder, parts[-1]
    raise LookupError(name)
