"""The ``dualprev`` command: one module a sub-command, each importing what it needs when it runs."""

from dualprev_rules.cli.app import app, main

__all__ = ["app", "main"]
