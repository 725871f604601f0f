"""Look-ups and decision tables."""

from __future__ import annotations

import ast
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from dualprev_rules.evaluate.compiled import names, things
from dualprev_rules.evaluate.compiled.code import CannotCompile, Form, Frame, Thing, replace
from dualprev_rules.evaluate.compiled.layout import GONE, point
from dualprev_rules.evaluate.compiled.quote import all_of, any_of, call_of, const, expr, name, stmts
from dualprev_rules.evaluate.compiled.runtime import TOLERANCE
from dualprev_rules.evaluate.lookup import disagree, identifiers, kin, normalise, tied
from dualprev_rules.facts.possible import Interval, Numbers
from dualprev_rules.facts.types import Bool, Date, Enum, Number, Text
from dualprev_rules.lang.tree import Cell, Column, Decide, Input, Lookup, Var
from dualprev_rules.pack.model import Table, TableRow

# --- look-ups --------------------------------------------------------------------------------------


def column(frame: Frame, node: Column) -> Thing:
    """Return the code of a column of the row that keys find."""
    look = node.row
    if not isinstance(look, Lookup) or isinstance(node.type, Bool):
        raise CannotCompile
    table = frame.program.ruleset.tables[look.table]
    low = node.within.low
    made = Thing(
        const(None),
        gone=True,
        whole=isinstance(node.type, Date) or (isinstance(node.type, Number) and node.type.whole),
        positive=low is not None and low >= 0,
    )
    if table.not_encoded is not None:
        return replace(made, code=name("GONE"), open=False)
    if any(not isinstance(key.type, Text | Enum) for _, key in look.keys):
        raise CannotCompile
    keys = [things.thing(frame, key) for _, key in look.keys]
    cells = [_held(row, node) for row in table.rows]
    made = replace(made, nonzero=all(cell != 0 for cell in cells))
    plain = all(row.when is None for row in table.rows)
    if len(keys) == 1 and plain and look.keys[0][0] != table.row_key:
        code = _by_one_key(frame, table, look, keys[0], cells)
        # Several rows of one key may leave it open which is meant.
        doubt = any(len(rows) > 1 for rows in table.index[look.keys[0][0]].values())
        if frame.bare is not None:
            return replace(made, code=code, open=False, gone=False)
        return replace(made, code=code, open=not keys[0].sure or doubt or None in cells)
    if not isinstance(look.of, Var):
        raise CannotCompile
    finder = Finder(frame, table, look, cells)
    arguments = [name("case"), names.row_of(frame, look.of).code, *(key.code for key in keys)]
    return replace(made, code=call_of(frame.program.constant(finder), arguments))


def _held(row: TableRow, node: Column) -> Any:
    """Return a cell as rows hold it: GONE where it is blank, None where it has no such form."""
    cell = row.cells.get(node.name)
    if cell is None:
        return GONE
    if isinstance(node.type, Date):
        return int(cell)
    if not isinstance(cell, Fraction):
        return cell
    held = point(cell)
    whole = isinstance(node.type, Number) and node.type.whole
    return held if whole or held is None else float(held)


def _by_one_key(frame: Frame, table: Table, look: Lookup, key: Thing, cells: list[Any]) -> ast.expr:
    """Return a look-up in a dict: by the texts of the table, and by whatever else they are as a key."""
    of, node = look.keys[0]
    found: dict[str, Any] = {}
    for text, rows in table.index[of].items():
        kept = [table.rows[i] for i in rows]
        one = kept[:1] if len(kept) == 1 else tied(table, kept, [])
        found[text] = cells[table.rows.index(one[0])] if len(one) == 1 else None
    first, again = (key.code, key.code) if key.sure else frame.simple(key.code)
    if frame.bare is not None:
        # A text that is not there as it is written raises a KeyError.
        plain = {text: value for text, value in found.items() if value is not None and value is not GONE}
        plain = {text: value for text, value in plain.items() if normalise(text) == text}
        return expr("TEXTS[K]", TEXTS=frame.program.constant(plain), K=again)
    texts = Texts(found)
    if isinstance(node.type, Enum):
        texts.update({member: found.get(normalise(member), GONE) for member in node.type.members})
    code = expr("TEXTS[K]", TEXTS=frame.program.constant(texts), K=again)
    if key.sure:
        return code
    test = expr("K is None or L is GONE" if key.gone else "K is None", K=first, L=again)
    return expr("None if TEST else FOUND", TEST=test, FOUND=code)


class Texts(dict[str, Any]):
    """What is found by the texts of a table; any other text is found by its normal form."""

    def __init__(self, found: dict[str, Any]) -> None:
        super().__init__((text, value) for text, value in found.items() if normalise(text) == text)
        self._found = found

    def __missing__(self, text: str) -> Any:
        return self._found.get(normalise(text), GONE)


class Finder:
    """Finds the row of a table by several keys, or by rows with conditions; None where that is open."""

    def __init__(self, frame: Frame, table: Table, look: Lookup, cells: list[Any]) -> None:
        self._table = table
        self._cells = {id(row): cell for row, cell in zip(table.rows, cells, strict=True)}
        self._keys = tuple(key for key, _ in look.keys)
        self._exact = identifiers(frame.program.ruleset.schema, look)
        self._whens = {
            id(row): frame.program.condition(look.of.type.entity, row.when.node)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]
            for row in table.rows
            if row.when is not None
        }

    def __call__(self, case: Any, row: Any, *texts: Any) -> Any:
        """Return the cell of the row that is found."""
        table = self._table
        known: dict[str, str] = {}
        still_open = False
        for key, text in zip(self._keys, texts, strict=True):
            if key == table.row_key:
                if text is not None and text is not GONE:
                    return None
                still_open |= text is None and len(self._keys) == 1
            elif text is None or text is GONE:
                still_open = True
            else:
                known[key] = text
        fits = [fit for key, text in known.items() if (fit := table.index[key].get(normalise(text)))]
        if not fits:
            return None if still_open else GONE
        positions = set(fits[0])
        for fit in fits[1:]:
            positions &= set(fit)
        if not positions:
            return None
        sure: list[TableRow] = []
        maybe: list[TableRow] = []
        for position in sorted(positions):
            each = table.rows[position]
            when = self._whens.get(id(each))
            met = True if when is None else when(row, case)
            if met:
                sure.append(each)
            elif met is None:
                maybe.append(each)
        if still_open and len(positions) > 1:
            # The open key may narrow the rows.
            return None
        if not sure and not maybe:
            return None if kin(table, [table.rows[i] for i in positions], self._exact) else GONE
        if len(known) > 1 and disagree(table, known, self._exact):
            return None
        if not sure:
            return None
        found = tied(table, sure, maybe) if len(sure) + len(maybe) > 1 else (sure[0],)
        return self._cells[id(found[0])] if len(found) == 1 else None


# --- decision tables -------------------------------------------------------------------------------


def decided_by(frame: Frame, node: Decide) -> Thing:
    """Return the call of the function of a decision table."""
    if frame.plain or (node.hit == "collect" and node.collect == "sum"):
        raise CannotCompile
    inner = Frame(frame.program, frame.entity, frame.rows)
    body: list[ast.stmt] = []
    tests: dict[str, Callable[[Cell], ast.expr]] = {}
    for index, column in enumerate(node.inputs):
        local = f"i{index}"
        cells = [row.cells[column.name] for row in node.rows if column.name in row.cells]
        body += _input(inner, column, local, cells)
        tests[column.name] = _tester(inner, column, local)
    outputs = [_output(inner, row.then) for row in node.rows]
    default = None if node.default is None else _output(inner, node.default.then)
    matches = [[tests[column](cell) for column, cell in row.cells.items()] for row in node.rows]
    bare = None if isinstance(node.type, Bool) else name("GONE")
    otherwise = default.code if default is not None else bare or const(None)
    body += _hits(inner, node, matches, outputs, otherwise)
    args = ["case", *frame.rows.values()]
    made = frame.program.function("table", args, body)
    result = outputs[0] if outputs else default or Thing(const(None))
    for output in [*outputs[1:], *([default] if default is not None else [])]:
        result = things.joined(result, output, const(None))
    if node.collect == "count":
        result = Thing(const(None), whole=True, positive=True)
    code = call_of(made, [name(arg) for arg in args])
    none = default is None and not isinstance(node.type, Bool)
    return replace(result, code=code, open=True, gone=result.gone or none, missing=None, value=None)


def _output(frame: Frame, node: Any) -> Thing:
    if isinstance(node.type, Bool):
        from dualprev_rules.evaluate.compiled.logic import condition

        return Thing(condition(frame, node).code)
    return things.thing(frame, node)


def _input(frame: Frame, column: Input, local: str, cells: list[Cell]) -> list[ast.stmt]:
    """Return statements that compute an input, and give up where it is open or near a bound."""
    if isinstance(column.node.type, Bool):
        from dualprev_rules.evaluate.compiled.logic import condition

        of = Thing(condition(frame, column.node).code)
    else:
        of = things.thing(frame, column.node)
    if of.form is Form.SPREAD:
        raise CannotCompile
    made = stmts("X = CODE", X=local, CODE=of.code)
    if of.open:
        made += stmts("if X is None:\n    return None", X=local)
    if of.form is Form.ROUNDED:
        bounds = {end for cell in cells for part in cell.ranges for end in (part.low, part.high)}
        for bound in sorted(b for b in bounds if b):
            margin = abs(bound) * Fraction(2 * TOLERANCE)
            low, high = const(float(bound - margin)), const(float(bound + margin))
            test = expr("LOW < X < HIGH", LOW=low, HIGH=high, X=local)
            if of.gone:
                test = expr("X is not GONE and TEST", X=local, TEST=test)
            made += stmts("if TEST:\n    return None", TEST=test)
    return made


def _tester(frame: Frame, column: Input, local: str) -> Callable[[Cell], ast.expr]:
    exact = not isinstance(column.node.type, Bool) and things.thing(frame, column.node).form is Form.EXACT

    def test(cell: Cell) -> ast.expr:
        if cell.ranges or isinstance(column.node.type, Number | Date):
            hits = [_inside(part, local, exact) for part in cell.ranges]
            hit = any_of(hits)
        else:
            hit = expr("X in MEMBERS", X=local, MEMBERS=frame.program.constant(cell.members))
        if cell.negated:
            hit = expr("not HIT", HIT=hit)
        return expr("X is not GONE and (HIT)", X=local, HIT=hit)

    return test


def _inside(part: Numbers, local: str, exact: bool) -> ast.expr:
    """Return the test that a figure is in a range; what is rounded is near none of its bounds."""

    def bound(value: Fraction) -> ast.expr:
        held = point(value)
        if held is None and exact:
            raise CannotCompile
        return const(float(value) if held is None else held)

    if not isinstance(part, Interval):
        members = [expr("X == B", X=local, B=bound(value)) for value in part.values]
        return any_of(members)
    tests: list[ast.expr] = []
    if part.low is not None:
        tests.append(expr(f"X {'>' if part.low_open else '>='} B", X=local, B=bound(part.low)))
    if part.high is not None:
        tests.append(expr(f"X {'<' if part.high_open else '<='} B", X=local, B=bound(part.high)))
    if part.whole:
        raise CannotCompile
    return all_of(tests)


def _hits(
    frame: Frame, node: Decide, matches: list[list[ast.expr]], outputs: list[Thing], otherwise: ast.expr
) -> list[ast.stmt]:
    """Return the statements of the hit policy."""
    body: list[ast.stmt] = []
    if node.hit == "first":
        for tests, output in zip(matches, outputs, strict=True):
            body += stmts("if TEST:\n    return OUT", TEST=all_of(tests), OUT=output.code)
        return [*body, *stmts("return OUT", OUT=otherwise)]
    body += stmts("hits = 0\nfound = None")
    for position, tests in enumerate(matches):
        pattern = "if TEST:\n    hits += 1\n    found = ROW"
        body += stmts(pattern, TEST=all_of(tests), ROW=const(position))
    if node.collect == "count":
        return [*body, *stmts("return hits")]
    # Where several rows match, the policy is applied exactly.
    body += stmts("if hits > 1:\n    return None\nif not hits:\n    return OUT", OUT=otherwise)
    for position, output in enumerate(outputs):
        body += stmts("if found == ROW:\n    return OUT", ROW=const(position), OUT=output.code)
    return [*body, *stmts("return None")]
