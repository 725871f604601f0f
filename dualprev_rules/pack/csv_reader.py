"""Read a CSV table as a list of mappings, each cell with its place."""

from __future__ import annotations

from collections.abc import Iterator

from dualprev_rules.facts.shown import INVISIBLE
from dualprev_rules.pack.source import Map, Scalar, Seq, SourceFile
from dualprev_rules.problems import Problem, problem


def read_csv(file: SourceFile) -> tuple[Seq, list[Problem]]:
    """Read rows under a header line. A blank cell is no cell; a blank line is no row.

    A row that is too short or too long is told and left out: what its cells mean is not clear.
    """
    problems: list[Problem] = []
    rows = Seq(file, 0)
    header: list[Scalar] | None = None
    for cells in _lines(file):
        if all(not cell.text for cell in cells):
            continue
        hidden = [cell for cell in cells if INVISIBLE.search(cell.text)]
        problems += [problem("pack.unprintable", place=cell.place()) for cell in hidden]
        if header is None:
            last = max(at for at, cell in enumerate(cells) if cell.text)
            header = cells[: last + 1]
            problems += _check_header(header)
            continue
        if len(cells) > len(header) and any(cell.text for cell in cells[len(header) :]):
            extra = next(cell for cell in cells[len(header) :] if cell.text)
            problems.append(
                problem("pack.csv-cells", place=extra.place(), given=extra.text, wanted=len(header))
            )
            continue
        if len(cells) < len(header):
            last = cells[-1]
            problems.append(
                problem("pack.csv-short", place=last.place(), given=str(len(cells)), wanted=len(header))
            )
            continue
        row = Map(file, cells[0].start)
        row.end = cells[-1].end
        for column, cell in zip(header, cells, strict=False):
            if cell.text and column.text:
                row[column.text] = cell
                # What is said of a column is said of its head, once and not for each row.
                row.keys_at[column.text] = column
        rows.append(row)
        rows.end = row.end
    if header is None:
        problems.append(problem("pack.empty-file", place=file.place(0, 0), given=file.name))
    return rows, problems


def _check_header(header: list[Scalar]) -> Iterator[Problem]:
    seen: set[str] = set()
    for cell in header:
        if cell.text in seen and cell.text:
            yield problem("pack.duplicate-key", place=cell.place(), given=cell.text)
        seen.add(cell.text)


def _lines(file: SourceFile) -> Iterator[list[Scalar]]:
    """Yield the cells of each record; a quoted cell may hold commas, line ends and doubled quotes."""
    text, at = file.text, 0
    while at < len(text):
        cells: list[Scalar] = []
        while True:
            cell, at = _cell(file, at)
            cells.append(cell)
            if at >= len(text) or text[at] == "\n":
                at += 1
                break
            at += 1
        yield cells


def _cell(file: SourceFile, start: int) -> tuple[Scalar, int]:
    text = file.text
    if text[start : start + 1] == '"':
        end = start + 1
        while end < len(text) and not (text[end] == '"' and text[end + 1 : end + 2] != '"'):
            end += 2 if text[end] == '"' else 1
        inner = text[start + 1 : end].replace('""', '"')
        end = min(end + 1, len(text))
        while text[end : end + 1] not in (",", "\n", ""):
            end += 1
        return Scalar(file, inner.strip(), start, end, "cell"), end
    end = start
    while text[end : end + 1] not in (",", "\n", ""):
        end += 1
    raw = text[start:end]
    first = start + len(raw) - len(raw.lstrip())
    return Scalar(file, raw.strip(), first, first + len(raw.strip()), "cell"), end
