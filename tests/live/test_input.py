"""Readings of a file that is replaced or cut short while it is read: none is left out, and it is told."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dualprev_rules.cli import watch_input
from dualprev_rules.cli.watch_input import FileSource


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_input, "_PAUSE", 0.0)


def until_pause(coming: Iterator[tuple[bytes, int]]) -> list[bytes]:
    """Return the lines up to the second pause: at the first one the file is looked at."""
    found: list[bytes] = []
    pauses = 0
    while pauses < 2:
        line, _ = next(coming)
        pauses = 0 if line else pauses + 1
        found += [line] if line else []
    return found


def add(file: Path, *lines: bytes) -> None:
    with file.open("ab") as stream:
        stream.writelines(lines)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be moved away there")
def test_a_file_moved_away_is_read_to_its_end_and_then_its_successor(tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    file.write_bytes(b"1\n2\n")
    source = FileSource(file, follow=True)
    coming = source.lines(lambda: False)
    assert until_pause(coming) == [b"1\n", b"2\n"]
    file.rename(tmp_path / "r.jsonl.1")
    add(tmp_path / "r.jsonl.1", b"3\n")
    assert until_pause(coming) == [b"3\n"]
    add(tmp_path / "r.jsonl.1", b"4\n")
    add(file, b"5\n", b"6\n")
    assert until_pause(coming) == [b"4\n", b"5\n", b"6\n"]
    assert [p.code for p in source.problems()] == ["cli.readings-anew"]
    source.close()


@pytest.mark.parametrize("longer", [False, True])
def test_a_file_that_is_emptied_is_read_from_its_beginning(tmp_path: Path, longer: bool) -> None:
    file = tmp_path / "r.jsonl"
    file.write_bytes(b"1\n2\n")
    source = FileSource(file, follow=True)
    coming = source.lines(lambda: False)
    assert until_pause(coming) == [b"1\n", b"2\n"]
    anew = b"3\n4\n5\n" if longer else b"3\n"
    file.write_bytes(anew)
    assert b"".join(until_pause(coming)) == anew
    assert [(p.code, p.args.get("byte")) for p in source.problems()] == [("cli.readings-cut", 4)]
    add(file, b"6\n")
    assert until_pause(coming) == [b"6\n"]
    assert source.problems() == []
    source.close()


def test_a_file_copied_and_emptied_is_finished_from_the_copy(tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    file.write_bytes(b"1\n2\n")
    source = FileSource(file, follow=True)
    coming = source.lines(lambda: False)
    until_pause(coming)
    add(file, b"3\n4")
    shutil.copy(file, tmp_path / "r.jsonl.1")
    file.write_bytes(b"5\n")
    assert until_pause(coming) == [b"3\n", b"4", b"5\n"]
    assert [p.code for p in source.problems()] == ["cli.readings-anew"]
    source.close()


def test_after_a_start_the_place_is_looked_for(tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    file.write_bytes(b"1\n2\n3\n")
    source = FileSource(file)
    coming = source.lines(lambda: False)
    place = [next(coming), next(coming)][1][1]
    marked = source.mark
    source.close()

    def rest(expected: list[str]) -> list[bytes]:
        after = FileSource(file, place, marked)
        found = [line for line, _ in after.lines(lambda: False)]
        assert [p.code for p in after.problems()] == expected
        after.close()
        return found

    assert rest([]) == [b"3\n"]
    file.replace(tmp_path / "r.jsonl.1")
    file.write_bytes(b"8\n9\n9\n9\n")
    assert rest(["cli.readings-anew"]) == [b"3\n", b"8\n", b"9\n", b"9\n", b"9\n"]
    (tmp_path / "r.jsonl.1").unlink()
    assert rest(["cli.readings-cut"]) == [b"8\n", b"9\n", b"9\n", b"9\n"]
    file.write_bytes(b"7\n")
    assert rest(["cli.readings-cut"]) == [b"7\n"]


def test_files_that_came_and_went_meanwhile_are_read_in_their_order(tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    file.write_bytes(b"1\n2\n")
    source = FileSource(file)
    coming = source.lines(lambda: False)
    place, marked = next(coming)[1], source.mark
    source.close()
    (tmp_path / "r.jsonl.4").write_bytes(b"0\n")
    file.replace(tmp_path / "r.jsonl.3")
    (tmp_path / "r.jsonl.2").write_bytes(b"3\n")
    (tmp_path / "r.jsonl-20261122").write_bytes(b"4\n5\n")
    (tmp_path / "r.jsonl.1.gz").write_bytes(b"?")
    file.write_bytes(b"6\n")
    for second, name in enumerate(
        ("r.jsonl.4", "r.jsonl.3", "r.jsonl.2", "r.jsonl-20261122", "r.jsonl.1.gz")
    ):
        os.utime(tmp_path / name, (second, second))
    source = FileSource(file, place, marked)
    found = [line for line, _ in source.lines(lambda: False)]
    assert found == [b"2\n", b"3\n", b"4\n", b"5\n", b"6\n"]
    assert [p.code for p in source.problems()] == ["cli.readings-anew"]
    source.close()
    # Stopped in the midst of them.
    source = FileSource(file, place, marked)
    coming = source.lines(lambda: False)
    (place, marked) = [(next(coming)[1], source.mark) for _ in range(3)][-1]
    source.close()
    source = FileSource(file, place, marked)
    assert [line for line, _ in source.lines(lambda: False)] == [b"5\n", b"6\n"]
    source.close()


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be moved away there")
def test_a_file_moved_away_while_what_was_left_is_read_is_not_left_out(tmp_path: Path) -> None:
    file, one, two = (tmp_path / f"r.jsonl{end}" for end in ("", ".1", ".2"))
    file.write_bytes(b"1\n")
    source = FileSource(file, follow=True)
    coming = source.lines(lambda: False)
    assert until_pause(coming) == [b"1\n"]
    add(file, b"2\n", b"3\n")
    file.replace(one)
    file.write_bytes(b"4\n")
    assert next(line for line, _ in coming if line) == b"2\n"
    one.replace(two)
    file.replace(one)
    file.write_bytes(b"5\n")
    for second, each in enumerate((two, one)):
        os.utime(each, (second, second))
    assert until_pause(coming) == [b"3\n", b"4\n", b"5\n"]
    source.close()


def test_half_a_line_is_not_yet_read(tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    file.write_bytes(b"1\n2")
    source = FileSource(file, follow=True)
    coming = source.lines(lambda: False)
    assert [next(coming), next(coming)] == [(b"1\n", 2), (b"", 2)]
    add(file, b"2\n")
    assert (b"22\n", 5) in [next(coming), next(coming)]
    source.close()
