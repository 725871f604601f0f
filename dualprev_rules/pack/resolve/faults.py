"""The faults found while packs are put together: each once, and none that only follows from another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dualprev_rules.problems import Place, Problem, nearest, problem

_NAMED_IN: dict[str, tuple[str, ...]] = {
    "lang.no-ancestor": ("facts",),
    "lang.no-rules": ("rules",),
    "lang.parent": ("facts",),
    "lang.rule-entity": ("facts",),
    "lang.unknown-column": ("tables",),
    "lang.unknown-input": (),
    "lang.unknown-key": ("tables",),
    "lang.unknown-member": ("facts", "definitions"),
    "lang.unknown-name": ("facts", "definitions"),
    "lang.unknown-rule": ("rules",),
    "lang.unknown-table": ("tables",),
    "pack.duplicate-id": (),
    "pack.not-above": ("facts",),
    "pack.unknown-attribute": ("facts", "definitions"),
    "pack.unknown-column": (),
    "pack.unknown-date": ("facts",),
    "pack.unknown-definition": ("definitions",),
    "pack.unknown-entity": ("facts",),
    "pack.unknown-instrument": ("pack",),
    "pack.unknown-measure": ("measures",),
    "pack.unknown-parameter": ("rules",),
    "pack.unknown-rule": ("rules",),
    "pack.unknown-variant": (),
}
"""Codes about a name, and the kinds of files that would declare it."""
_MOST_SHOWN = 8
_NO_MORE: Mapping[str, Iterable[str]] = {}


class Faults:
    """Gathers problems: each once, and none about what is at fault elsewhere.

    ``broken`` are names of parts that are at fault themselves, ``unread`` the kinds of files of which
    one could not be read. What refers to such a part is not at fault: a problem about its name is left
    out, and comes back, if it must, once the part is mended.
    """

    def __init__(self, unread: Iterable[str] = ()) -> None:
        self.unread = frozenset(unread)
        # The name of a part whose name itself is missing.
        self.broken = {""}
        self._strangers: set[str] = set()
        self._found: dict[tuple[str, Place | None, str | None], Problem] = {}

    def add(self, found: Iterable[Problem]) -> None:
        """Add problems, each code once at a place."""
        for fault in found:
            if not self._follows(fault):
                self._found.setdefault((fault.code, fault.place, fault.given), fault)

    def _follows(self, fault: Problem) -> bool:
        """Tell whether a problem is about a name that is at fault where it is, or should be, declared."""
        if fault.code not in _NAMED_IN:
            return False
        return fault.given in self.broken or not self.unread.isdisjoint(_NAMED_IN[fault.code])

    def note(self, code: str, place: Place | None, **args: object) -> None:
        """Add one error."""
        self.add([problem(code, place=place, **args)])  # pyright: ignore[reportArgumentType]

    def warn(self, code: str, place: Place | None, **args: object) -> None:
        """Add one warning."""
        self.add([problem(code, severity="warning", place=place, **args)])  # pyright: ignore[reportArgumentType]

    def unknown(
        self,
        code: str,
        given: str,
        names: Iterable[str],
        place: Place | None,
        also: Mapping[str, Iterable[str]] = _NO_MORE,
    ) -> None:
        """Add the error that ``given`` is none of ``names``, with the nearest of them (or a few).

        ``also`` says what else a name is called, such as its label.
        """
        known = [name for name in names if name]
        near = nearest(given, known, also)
        if near is None:
            self._strangers.add(given)
        self.note(code, place, given=given, nearest=near or " / ".join(known[:_MOST_SHOWN]) or None)

    def mark_broken(self, *names: str) -> None:
        """Say that parts of these names are at fault."""
        for name in names:
            self.broken |= {name, name.rpartition(".")[2]}

    def without_facts(self, packs: Iterable[str]) -> None:
        """Say of packs without a facts.yaml that just this is missing, where entities have no other home."""
        for root in packs if "facts" not in self.unread else ():
            lost = {
                key: fault
                for key, fault in self._found.items()
                if "facts" in _NAMED_IN.get(fault.code, ())
                and fault.place is not None
                and fault.place.file.startswith(f"{root}/")
            }
            entities = {f.given for f in lost.values() if f.code == "pack.unknown-entity" and f.given}
            if entities & self._strangers:
                for key in lost:
                    del self._found[key]
                names = "、".join(sorted(entities))
                self.note("pack.no-facts-file", Place(f"{root}/facts.yaml"), given=names)

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
