"""The site that a monitor watches: its records, and what the packs' warnings say about them."""

from __future__ import annotations

from collections.abc import Callable

from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.values import FALSE, truth
from dualprev_rules.facts.possible import Value
from dualprev_rules.facts.record import Facts, Record
from dualprev_rules.pack.live import LiveRule, Silence
from dualprev_rules.pack.model import Ruleset
from dualprev_rules.problems import Problem, problem
from dualprev_rules.problems.nearest import nearest

MOST_UNNAMED = 1_000
"""Places that the site does not name: what is kept of each is large."""
_MOST_ALIKE = 500


class Site:
    """Finds records by what readings call them; one that the facts do not name is made, and reported."""

    def __init__(
        self, ruleset: Ruleset, facts: Facts | None, silent_after: int, report: Callable[[Problem], None]
    ) -> None:
        self._ruleset = ruleset
        self._silent_after = silent_after
        self._report = report
        self._records: dict[str, Record] = {}
        for record in facts.records() if facts is not None else ():
            if not record.phantom:
                self._records[record.path] = self._records[record.short] = record
        self._named = sorted({each.short for each in self._records.values()})
        self._paths: dict[str, list[str]] = {}
        for path, record in self._records.items():
            if path == record.path:
                self._paths.setdefault(f"{record.entity.name}{path[path.rfind('[') :]}", []).append(path)
        self._unnamed = 0
        self._patience: dict[tuple[str, str], int] = {}
        for rule in ruleset.live.values():
            if isinstance(rule.form, Silence):
                key = (rule.entity, rule.sensor)
                self._patience[key] = min(rule.form.time, self._patience.get(key, rule.form.time))

    def record(self, path: str, entity: str) -> Record | None:
        """Return the record of a path, long or short; None for one more that the site does not name."""
        return self._records.get(path) or self._made(path, entity)

    def named(self, path: str) -> Record | None:
        """Return the record of a path, where there is one already."""
        return self._records.get(path)

    def patience(self, entity: str, fact: str) -> int:
        """Return after how long a sensor of a fact is silent."""
        return self._patience.get((entity, fact), self._silent_after)

    def stands_in(self, rule: LiveRule, record: Record) -> bool:
        """Tell whether a warning is for a place: not only where that is surely false."""
        if rule.place is None:
            return True
        found = Reference(self._ruleset).run(rule.place, {"self": Value((record,))})
        return truth(found) != FALSE

    def _made(self, path: str, entity: str) -> Record | None:
        # A place that the site does not name: nothing else is known of it.
        if self._unnamed >= MOST_UNNAMED:
            return None
        self._unnamed += 1
        if self._named:
            # Several places with this key are told apart by their full paths.
            same = " / ".join(self._paths.get(path, ()))
            alike = [each for each in self._named if each.startswith(f"{entity}[")]
            close = same or nearest(path, alike[:_MOST_ALIKE])
            code = "control.reading-record"
            self._report(problem(code, severity="warning", path=path, given=path, nearest=close))
        schema = self._ruleset.schema
        record = Record(schema.entities[entity], path, path, None, schema=schema)
        self._records[path] = record
        return record
