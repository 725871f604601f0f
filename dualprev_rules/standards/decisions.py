"""The decision tables of a ruleset: which there are, and what ``tables`` finds in them, in words.

A gap of the table alone is not yet a gap of the standard: the inputs may never be so together, or not
where the definition applies. The solver says; without its word a gap is shown as the table has it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.solver import Answer, Solver, Translation
from dualprev_rules.evaluate.solver.backend import Bit, all_of, any_of, no
from dualprev_rules.evaluate.solver.world import Ghost, inside
from dualprev_rules.evaluate.values import TRUE, truth
from dualprev_rules.facts.possible import Absent, Finite, Interval, Value, hull
from dualprev_rules.facts.record import Record
from dualprev_rules.facts.types import Bool
from dualprev_rules.lang.tree import Decide
from dualprev_rules.pack.model import Definition, Expression, Ruleset
from dualprev_rules.problems import Place, Problem, problem
from dualprev_rules.standards.axis import Axis
from dualprev_rules.standards.finding import Finding
from dualprev_rules.standards.runs import Runs
from dualprev_rules.standards.split import Budget
from dualprev_rules.standards.tables import TableFault, TableReport, analyse
from dualprev_rules.standards.written import point, row


@dataclass(frozen=True, slots=True)
class NamedTable:
    """A decision table and where it stands: a definition, or the bands of a grading method."""

    about: str
    expression: Expression
    table: Decide
    definition: Definition | None

    @property
    def place(self) -> Place | None:
        """Where the table stands."""
        return self.expression.place

    def at(self, row: int) -> Place | None:
        """Return where a row stands."""
        line = self.table.rows[row].line
        return replace(self.place, line=line, column=None, source=None) if self.place and line else self.place


def tables_of(ruleset: Ruleset, packs: Collection[str]) -> Iterator[NamedTable]:
    """Yield every decision table of packs."""
    for definition in ruleset.definitions.values():
        node = definition.body.node
        if definition.pack in packs and isinstance(node, Decide):
            yield NamedTable(definition.id, definition.body, node, definition)
    for method in ruleset.methods.values():
        for bands in method.bands.values() if method.pack in packs else ():
            node = bands.decide.node
            if isinstance(node, Decide):
                yield NamedTable(f"{method.id}.{bands.id}", bands.decide, node, None)


def check_table(
    named: NamedTable,
    ruleset: Ruleset,
    solver: Solver,
    *,
    seconds: float,
    says_gap: bool,
    clock: Callable[[], float] | None = None,
) -> Iterator[Finding]:
    """Yield what is wrong with a table; with ``says_gap`` the source itself leaves combinations open.

    Gaps that there is no time left to ask the solver about are shown as the table has them.
    """
    budget = Budget(seconds, clock) if clock is not None else Budget(seconds)
    report = analyse(named.table, ruleset, seconds=seconds, clock=clock)
    for fault in report.faults:
        asked = solver if not budget.spent() else None
        found = _finding(named, report, fault, asked) if not (says_gap and fault.kind == "gap") else None
        if found is not None:
            yield found
    for kind in sorted(report.more):
        yield Finding(_note("standards.table-more", named, given=kind), named.about)
    for kind, share in sorted(report.undecided.items()):
        shown = f"{float(share):.1%}"
        yield Finding(_note("standards.table-undecided", named, given=kind, covered=shown), named.about)


def _note(code: str, named: NamedTable, **args: str) -> Problem:
    return problem(code, severity="note", place=named.place, about=named.about, **args)


def _finding(
    named: NamedTable, report: TableReport, fault: TableFault, solver: Solver | None
) -> Finding | None:
    shown = ", ".join(f"{name} = {value}" for name, value in point(report.axes, fault.box).items())
    rows = [named.table.rows[at].line or at + 1 for at in fault.rows if at < len(named.table.rows)]
    match fault.kind:
        case "gap":
            return _gap(named, report, fault, solver, shown)
        case "overlap" | "conflict":
            code = "standards.overlap" if fault.kind == "overlap" else "standards.conflict"
            place = named.at(fault.rows[1])
            found = problem(code, place=place, given=shown, about=named.about, line=rows[0], other=rows[1])
        case "masked" | "redundant":
            code = "standards.masked-row" if fault.kind == "masked" else "standards.redundant-row"
            severity = "warning" if fault.kind == "masked" else "note"
            place = named.at(fault.rows[0])
            found = problem(code, severity=severity, place=place, given=str(rows[0]), about=named.about)
        case "inversion":
            found = _inversion(named, report, fault)
    return Finding(found, named.about)


def _inversion(named: NamedTable, report: TableReport, fault: TableFault) -> Problem:
    """Return that an output falls where an input was declared to raise it, with both points."""
    assert fault.along is not None
    axis = report.axes[fault.along]
    before, after = (
        point(report.axes, (*fault.box[: fault.along], (run,), *fault.box[fault.along + 1 :]))
        for run in fault.box[fault.along]
    )
    answers = [*named.table.rows, *([named.table.default] if named.table.default is not None else [])]
    first, second = (answers[row] for row in fault.rows)
    return problem(
        "standards.inversion",
        place=named.at(fault.rows[1]) if fault.rows[1] < len(named.table.rows) else named.place,
        given=", ".join(f"{name} = {value}" for name, value in before.items()),
        about=named.about,
        input=axis.input.name,
        raised=after[axis.input.name],
        before=first.text,
        after=second.text,
        declared=str(axis.input.monotone),
    )


def _gap(
    named: NamedTable, report: TableReport, fault: TableFault, solver: Solver | None, shown: str
) -> Finding | None:
    closing = row(report.axes, fault.box)
    answer = Answer(None)
    if named.definition is not None and solver is not None:
        where = partial(_reached, named.definition, report.axes, fault.box)
        answer = solver.ask(named.definition.entity, where, partial(_has_no_value, named.definition))
    if answer.is_possible is False:
        return None
    code = "standards.gap" if answer.is_possible else "standards.gap-of-table"
    severity = "warning" if answer.is_possible else "note"
    found = problem(
        code, severity=severity, place=named.place, given=shown, nearest=closing, about=named.about
    )
    return Finding(found, named.about, answer.witness, answer.path, closing)


def _reached(
    definition: Definition, axes: Sequence[Axis], box: Sequence[Runs], to: Translation, record: Ghost
) -> Bit:
    """Return where the definition applies and its inputs lie in a box."""
    env = {"self": record}
    when = to.bit(definition.when.node, env) if definition.when is not None else True
    parts = [_within(to, axis, runs, record) for axis, runs in zip(axes, box, strict=True)]
    return all_of(when, *parts)


def _within(to: Translation, axis: Axis, runs: Runs, record: Ghost) -> Bit:
    if runs == ((0, len(axis.pieces)),):
        return True
    term = to.value(axis.input.node, {"self": record})
    inner: list[Bit] = []
    for low, high in runs:
        pieces = axis.pieces[low:high]
        first, last = pieces[0], pieces[-1]
        if isinstance(first, Finite | Interval) and isinstance(last, Finite | Interval):
            inner.append(inside(term.value, hull((first, last))))
        elif isinstance(axis.input.node.type, Bool):
            inner += [term.value if piece is True else no(term.value) for piece in pieces]
        else:
            inner += [term.value == to.world.symbol(str(piece)) for piece in pieces if piece is not None]
            if None in pieces:
                named = [piece for piece in axis.pieces if piece is not None]
                inner.append(all_of(*(no(term.value == to.world.symbol(str(piece))) for piece in named)))
    return all_of(no(term.absent), any_of(*inner))


def _has_no_value(definition: Definition, reference: Reference, record: Record) -> bool:
    env = {"self": Value((record,))}
    applies = definition.when is None or truth(reference.run(definition.when, env)) == TRUE
    return applies and reference.define(definition, record).absent is Absent.SURELY
