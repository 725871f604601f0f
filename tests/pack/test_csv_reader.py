"""CSV tables: cells with their places."""

from __future__ import annotations

from dualprev_rules.pack.csv_reader import read_csv
from dualprev_rules.pack.source import Map, Scalar, SourceFile


def _rows(text: str) -> list[dict[str, str]]:
    rows, problems = read_csv(SourceFile("t.csv", text))
    assert problems == []
    found: list[dict[str, str]] = []
    for row in rows:
        assert isinstance(row, Map)
        found.append({key: cell.text for key, cell in row.items() if isinstance(cell, Scalar)})
    return found


def test_cells() -> None:
    text = 'no,name,q\n1,"1-氯-2,3-环氧丙烷", 20 \n\n2,"说""好""",\n'
    assert _rows(text) == [{"no": "1", "name": "1-氯-2,3-环氧丙烷", "q": "20"}, {"no": "2", "name": '说"好"'}]


def test_a_quoted_cell_may_hold_a_line_end() -> None:
    assert _rows('a,b\n"x\ny",2\n') == [{"a": "x\ny", "b": "2"}]


def test_a_cell_knows_its_place() -> None:
    rows, _ = read_csv(SourceFile("t.csv", 'no,name,q\n1,"说""好""吗",约5\n'))
    row = rows[0]
    assert isinstance(row, Map)
    figure, name = row["q"], row["name"]
    assert isinstance(figure, Scalar)
    assert isinstance(name, Scalar)
    assert (figure.place().line, figure.place().column, figure.place().width) == (2, 13, 2)
    assert name.place(4, 5).column == 10


def test_a_cell_without_a_column_is_a_fault() -> None:
    _, problems = read_csv(SourceFile("t.csv", "a,b\n1,2,3\n"))
    assert [problem.code for problem in problems] == ["pack.csv-cells"]


def test_two_columns_of_one_name_are_a_fault() -> None:
    _, problems = read_csv(SourceFile("t.csv", "a,a\n1,2\n"))
    assert [problem.code for problem in problems] == ["pack.duplicate-key"]


def test_an_empty_file_is_a_fault() -> None:
    _, problems = read_csv(SourceFile("t.csv", "\n"))
    assert [problem.code for problem in problems] == ["pack.empty-file"]
