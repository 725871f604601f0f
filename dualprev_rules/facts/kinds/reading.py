"""What every kind of reader gives: what is possible after reading, or a refusal with its reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple, Protocol


class Reading(NamedTuple):
    """What is possible, and the code of a note where the form given was not the plain one."""

    possible: Any
    note: str | None = None
    args: Mapping[str, Any] = {}


class Refused(Exception):  # noqa: N818 - never leaves the room: it becomes a data problem
    """Something given is wrong.

    ``sought`` is a name that is none of ``among``, one of which may be meant. ``doubt``: the declared range
    is in doubt too, and the whole type is possible.
    """

    def __init__(
        self,
        code: str,
        *,
        given: str | None = None,
        sought: str | None = None,
        among: Collection[str] = (),
        doubt: bool = False,
        **args: Any,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.given = given
        self.sought = sought
        self.among = among
        self.doubt = doubt
        self.details = args


class Kind(Protocol):
    """Reads the values of one attribute."""

    def read(self, raw: Any, unit: str | None) -> Reading:
        """Read one value as given; raises Refused."""
        ...

    def partly(self, limits: Mapping[str, Any], unit: str | None) -> Reading:
        """Read ``at_least``, ``at_most``, ``between``, ``one_of``; raises Refused."""
        ...
