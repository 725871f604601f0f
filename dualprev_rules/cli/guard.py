"""What ends a command: every failure becomes an exit status and words, never a traceback unasked."""

from __future__ import annotations

import traceback
from enum import IntEnum
from typing import Any

import typer
from typer.core import TyperGroup

from dualprev_rules.cli.output import complain, end
from dualprev_rules.problems import DualprevError, problem
from dualprev_rules.problems.words import Lang

LANG = "dualprev.lang"
DEBUG = "dualprev.debug"
"""Keys of what options leave in the context for whoever reports a failure."""


class Status(IntEnum):
    """The exit statuses."""

    ASSESSED = 0
    FAIL_ON_MET = 1
    UNUSABLE_INPUT = 2
    OUR_FAULT = 3
    INTERRUPTED = 130


class GuardedGroup(TyperGroup):
    """The top command: turns what its sub-commands raise into statuses."""

    def make_context(self, *args: Any, **extra: Any) -> Any:
        """Read the arguments; help that nobody reads to its end is no failure."""
        try:
            return super().make_context(*args, **extra)
        except SystemExit as error:
            # Only what prints help leaves in this way, where a pipe is closed.
            raise typer.Exit(Status.ASSESSED) from error

    def invoke(self, ctx: Any) -> Any:
        """Run the sub-command."""
        try:
            return super().invoke(ctx)
        except SystemExit as error:
            raise typer.Exit(Status.ASSESSED) from error
        except DualprevError as error:
            if ctx.meta.get(DEBUG):
                complain(traceback.format_exc())
            complain(error.show(_lang(ctx)))
            raise typer.Exit(Status.UNUSABLE_INPUT) from error
        except BrokenPipeError as error:
            # Nobody reads any more, which is no failure: what is still printed goes nowhere.
            end()
            raise typer.Exit(Status.ASSESSED) from error
        except KeyboardInterrupt as error:
            raise typer.Exit(Status.INTERRUPTED) from error
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:
            if isinstance(error, _USAGE):
                raise
            if ctx.meta.get(DEBUG):
                complain(traceback.format_exc())
            said = f"{type(error).__name__}: {error}"
            complain(problem("cli.fault", given=said).show(_lang(ctx)))
            raise typer.Exit(Status.OUR_FAULT) from error


# The error of a wrong option or argument; typer makes no promise where it is imported from.
_USAGE = typer.BadParameter.__bases__[0]


def _lang(ctx: Any) -> Lang:
    return ctx.meta.get(LANG, "zh")
