"""Each character of a scalar is found again in its file, however it is quoted, folded or indented."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualprev_rules.pack.source import Map, Piece, Scalar, SourceFile, decode, decode_table
from dualprev_rules.pack.yaml_reader import read_yaml
from tests.cases import cases


def _scalar(text: str) -> Scalar:
    tree, problems = read_yaml(SourceFile("f.yaml", text))
    assert not problems
    assert isinstance(tree, Map)
    found = tree["a"]
    assert isinstance(found, Scalar)
    return found


@pytest.mark.parametrize(
    ("text", "part", "line", "column"),
    [
        ("a: kind == storage\n", "storage", 1, 12),
        ("# 说明\na: 储罐 容积\n", "容积", 2, 7),
        ("a: one\n  two three\n", "three", 2, 7),
        ("a: 'it''s late'\n", "late", 1, 11),
        ('a: "tab\\tand \\u4e2d end"\n', "end", 1, 21),
        ('a: "中 \\"x\\" end"\n', "end", 1, 13),
        ("a: |\n  first\n    second\n", "second", 3, 5),
        ("a: >-\n  any(not t.x\n  for t in tanks)\n", "tanks", 3, 12),
        ("a: |2-\n    deeper\n  x\n", "deeper", 2, 5),
        ("a: 'one\n\n  two'\n", "two", 3, 3),
    ],
)
def test_part_of_a_scalar(text: str, part: str, line: int, column: int) -> None:
    scalar = _scalar(text)
    start = scalar.text.index(part)
    place = scalar.place(start, start + len(part))
    assert (place.line, place.column, place.width) == (line, column, len(part))
    assert place.source is not None
    assert place.source[column - 1 : column - 1 + len(part)] == part


_WORDS = st.lists(
    st.sampled_from(["any", "储罐", "'x'", "''", "a:b", "#1", "x<=3", "（", "“"]), min_size=1, max_size=8
)


@given(_WORDS, st.sampled_from(["single", "double", "literal", "folded"]), st.data())
@settings(max_examples=cases(2_000))
def test_each_word_is_found_where_it_stands(words: list[str], style: str, data: st.DataObject) -> None:
    joined = " ".join(words)
    match style:
        case "single":
            written = "a: '" + joined.replace("'", "''") + "'\n"
        case "double":
            written = 'a: "' + joined + '"\n'
        case _:
            breaks = "\n   ".join(words)
            written = f"a: {'|' if style == 'literal' else '>'}\n   {breaks}\n"
    scalar = _scalar(written)
    at = data.draw(st.integers(0, len(words) - 1))
    start = sum(len(word) + 1 for word in words[:at])
    assert scalar.text[start : start + len(words[at])] == words[at]
    place = scalar.place(start, start + len(words[at]))
    assert place.source is not None
    assert place.column is not None
    found = place.source[place.column - 1 : place.column - 1 + place.width]
    assert (found.replace("''", "'") if style == "single" else found) == words[at]


@pytest.mark.parametrize("text", ["a: |", "a: |\n", "a: ''", 'a: ""', "a: >-\n\n"])
def test_an_empty_text_has_a_place(text: str) -> None:
    scalar = _scalar(text)
    assert scalar.text.strip() == ""
    assert scalar.place().line == 1
    assert scalar.place(0, 1).line is not None


def test_a_whole_text_stands_without_its_quotes() -> None:
    assert _scalar("a: 'it''s'\n").place(0, 4).column == 5
    assert _scalar("a: >-\n    any\n    more\n").place(0, 8).column == 5


def test_a_piece_of_a_scalar_stands_where_it_stands() -> None:
    scalar = _scalar('a: "{unit.name}：{presure}"\n')
    piece = Piece(scalar, 13, 20)
    assert piece.text == "presure"
    assert (piece.place().column, piece.place(0, 4).width) == (18, 4)


def test_encodings() -> None:
    assert decode("\ufeffa: 中\r\nb: 1".encode(), "f") == ("a: 中\nb: 1", [])
    text, (problem,) = decode("a: 中文".encode("gb18030"), "f")
    assert (text, problem.given) == ("a: 中文", "GB 18030")
    text, (problem,) = decode("a: 中文".encode("utf-16"), "f")
    assert (text, problem.given) == ("a: 中文", "UTF-16")
    assert decode_table("名称,q\n氯,5".encode("gb18030")) == decode_table("\ufeff名称,q\n氯,5".encode())
