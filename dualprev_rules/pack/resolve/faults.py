"""The faults found while packs are put together: each once, and none that only follows from another."""

from __future__ import annotations

from collections.abc import Iterable

from dualprev_rules.problems import Place, Problem, nearest, problem

_OF_NAMES = frozenset(
    (
        "lang.unknown-name",
        "lang.unknown-table",
        "lang.unknown-rule",
        "lang.unknown-column",
        "lang.unknown-key",
        "lang.unknown-input",
        "lang.no-rules",
        "pack.unknown-attribute",
        "pack.unknown-column",
        "pack.unknown-entity",
        "pack.unknown-instrument",
        "pack.unknown-measure",
        "pack.unknown-parameter",
        "pack.unknown-rule",
    )
)
_MOST_SHOWN = 8


class Faults:
    """Gathers problems. ``broken`` are names of parts that are at fault themselves.

    What refers to a part that could not be read is not at fault: a problem about such a name is
    left out, and comes back, if it must, once the part is mended.
    """

    def __init__(self, broken: Iterable[str] = ()) -> None:
        self.broken = set(broken)
        self._found: dict[tuple[str, Place | None, str | None], Problem] = {}

    def add(self, found: Iterable[Problem]) -> None:
        """Add problems, each code once at a place."""
        for fault in found:
            if fault.code in _OF_NAMES and fault.given in self.broken:
                continue
            self._found.setdefault((fault.code, fault.place, fault.given), fault)

    def note(self, code: str, place: Place | None, **args: object) -> None:
        """Add one error."""
        self.add([problem(code, place=place, **args)])  # pyright: ignore[reportArgumentType]

    def warn(self, code: str, place: Place | None, **args: object) -> None:
        """Add one warning."""
        self.add([problem(code, severity="warning", place=place, **args)])  # pyright: ignore[reportArgumentType]

    def unknown(self, code: str, given: str, names: Iterable[str], place: Place | None) -> None:
        """Add the error that ``given`` is none of ``names``, with the nearest of them (or a few)."""
        known = list(names)
        near = nearest(given, known) or " / ".join(known[:_MOST_SHOWN]) or "—"
        self.note(code, place, given=given, nearest=near)

    def mark_broken(self, *names: str) -> None:
        """Say that parts of these names are at fault."""
        for name in names:
            self.broken |= {name, name.rpartition(".")[2]}

    @property
    def found(self) -> tuple[Problem, ...]:
        """Every problem, in the order of files and lines."""
        return tuple(sorted(self._found.values(), key=_order))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the packs from being used."""
        return tuple(fault for fault in self.found if fault.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems that do not."""
        return tuple(fault for fault in self.found if fault.severity != "error")


def _order(fault: Problem) -> tuple[str, int, int, str]:
    place = fault.place
    if place is None:
        return ("", 0, 0, fault.code)
    return (place.file, place.line or 0, place.column or 0, fault.code)
