"""Readings of a file that is replaced or cut short while it is read: none is left out, and it is told."""

from __future__ import annotations

import gzip
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
    (tmp_path / "r.jsonl.bak").write_bytes(b"?\n")
    file.write_bytes(b"6\n")
    for end in (".2026-11-22_08", ".2026-11-22T09"):
        (tmp_path / f"r.jsonl{end}").write_bytes(b"5\n")
    ends = (".4", ".3", ".2", "-20261122", ".2026-11-22_08", ".2026-11-22T09", ".bak")
    for second, name in enumerate(f"r.jsonl{end}" for end in ends):
        os.utime(tmp_path / name, (second, second))
    source = FileSource(file, place, marked)
    found = [line for line, _ in source.lines(lambda: False)]
    assert found == [b"2\n", b"3\n", b"4\n", b"5\n", b"5\n", b"5\n", b"6\n"]
    assert [p.code for p in source.problems()] == ["cli.readings-anew"]
    source.close()
    # Stopped in the midst of them.
    source = FileSource(file, place, marked)
    coming = source.lines(lambda: False)
    (place, marked) = [(next(coming)[1], source.mark) for _ in range(3)][-1]
    source.close()
    source = FileSource(file, place, marked)
    assert [line for line, _ in source.lines(lambda: False)] == [b"5\n", b"5\n", b"5\n", b"6\n"]
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


def left(file: Path, *, lines: int) -> tuple[int, str]:
    """Return where a watch stands that has read so many lines, as its checkpoint has it."""
    source = FileSource(file)
    coming = source.lines(lambda: False)
    place = [next(coming)[1] for _ in range(lines)][-1] if lines else 0
    marked = source.mark
    source.close()
    return place, marked


def rest(file: Path, at: tuple[int, str], *expected: str) -> bytes:
    """Return what a watch reads that goes on from there, with the reports that are expected."""
    source = FileSource(file, *at)
    found = b"".join(line for line, _ in source.lines(lambda: False))
    assert [p.code for p in source.problems()] == [*expected]
    source.close()
    return found


def compress(file: Path, second: int) -> None:
    """Compress a file as gzip and logrotate do: the other one has its time."""
    with gzip.open(f"{file}.gz", "wb") as stream:
        stream.write(file.read_bytes())
    file.unlink()
    os.utime(f"{file}.gz", (second, second))


@pytest.mark.parametrize("lines", [0, 1, 2])
@pytest.mark.parametrize("is_there", [True, False])
def test_what_was_compressed_meanwhile_is_read_and_what_stands_between(
    tmp_path: Path, lines: int, is_there: bool
) -> None:
    file, one, two, three = (tmp_path / f"r.jsonl{end}" for end in ("", ".1", ".2", ".3"))
    file.write_bytes(b"1\n2\n")
    os.utime(file, (1, 1))
    at = left(file, lines=lines)
    # Rotated three times, with delaycompress.
    file.replace(three)
    two.write_bytes(b"3\n")
    one.write_bytes(b"4\n")
    file.write_bytes(b"5\n")
    for second, each in enumerate((three, two, one), 1):
        os.utime(each, (second, second))
    compress(two, 2)
    if is_there:
        compress(three, 1)
    else:
        three.unlink()
    own = b"1\n2\n"[2 * lines :] if is_there else b""
    # Compressed before anything of it was read it is not known again, but read like the others.
    code = "cli.readings-anew" if is_there and lines else "cli.readings-cut"
    assert rest(file, at, code) == own + b"3\n4\n5\n"


def test_a_compressed_file_beside_what_it_is_made_of_is_not_read_twice(tmp_path: Path) -> None:
    file, one = tmp_path / "r.jsonl", tmp_path / "r.jsonl.1"
    file.write_bytes(b"1\n2\n")
    at = left(file, lines=1)
    file.replace(one)
    (tmp_path / "r.jsonl.1.gz").write_bytes(gzip.compress(b"1\n2\n")[:12])
    file.write_bytes(b"3\n")
    assert rest(file, at, "cli.readings-anew") == b"2\n3\n"


def test_a_compressed_file_that_is_damaged_is_told_and_the_next_one_read(tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    file.write_bytes(b"1\n")
    os.utime(file, (1, 1))
    at = left(file, lines=1)
    file.unlink()
    whole = gzip.compress(b"".join(b"%d\n" % number for number in range(9_000)))
    (tmp_path / "r.jsonl.2.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "r.jsonl.1.gz").write_bytes(b"no such thing")
    for second, name in enumerate(("r.jsonl.2.gz", "r.jsonl.1.gz"), 2):
        os.utime(tmp_path / name, (second, second))
    file.write_bytes(b"x\n")
    found = rest(file, at, "cli.readings-cut", "cli.readings-damaged", "cli.readings-damaged")
    assert found.startswith(b"0\n1\n2\n")
    assert found.endswith(b"x\n")


@pytest.mark.parametrize("way", ["moved", "copied", "gone", "same"])
def test_before_the_first_reading_a_file_that_is_replaced_is_noticed(tmp_path: Path, way: str) -> None:
    file, one = tmp_path / "r.jsonl", tmp_path / "r.jsonl.1"
    file.write_bytes(b"")
    os.utime(file, (1, 1))
    (tmp_path / "r.jsonl.bak").write_bytes(b"9\n")
    at = left(file, lines=0)
    file.write_bytes(b"1\n2\n")
    if way == "moved":
        file.replace(one)
    elif way == "copied":
        shutil.copy(file, one)
    elif way == "gone":
        file.replace(tmp_path / "elsewhere")
    if way != "same":
        file.write_bytes(b"3\n")
    code = {"moved": ["cli.readings-anew"], "copied": ["cli.readings-anew"], "gone": ["cli.readings-cut"]}
    now = b"3\n" if way in ("moved", "copied", "gone") else b"1\n2\n"
    before = b"1\n2\n" if way in ("moved", "copied") else b""
    assert rest(file, at, *code.get(way, [])) == before + now


@pytest.mark.parametrize("taken", ["", ".1"])
def test_before_the_first_reading_an_identity_proves_nothing(tmp_path: Path, taken: str) -> None:
    file = tmp_path / "r.jsonl"
    file.write_bytes(b"")
    os.utime(file, (1, 1))
    at = left(file, lines=0)
    # Of three files that followed, one has the identity of the first.
    for second, end in enumerate((".2", ".1", ""), 2):
        if end == taken:
            file.replace(f"{file}{end}")
        Path(f"{file}{end}").write_bytes(b"%d\n" % second)
        os.utime(f"{file}{end}", (second, second))
    assert rest(file, at, "cli.readings-anew") == b"2\n3\n4\n"


@pytest.mark.parametrize("lines", [0, 1, 2])
def test_a_compressed_file_may_have_its_time_in_whole_seconds(tmp_path: Path, lines: int) -> None:
    file, one = tmp_path / "r.jsonl", tmp_path / "r.jsonl.1"
    file.write_bytes(b"1\n2\n")
    os.utime(file, ns=(1_500_000_000, 1_500_000_000))
    at = left(file, lines=lines)
    file.replace(one)
    file.write_bytes(b"3\n")
    compress(one, 1)
    expected = b"1\n2\n3\n"[2 * lines :]
    assert rest(file, at, "cli.readings-anew" if lines else "cli.readings-cut") == expected


def test_half_a_line_is_no_proof_that_another_file_is_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    file.write_bytes(b'{"half')
    (tmp_path / "r.jsonl.bak").write_bytes(b"9\n")
    source = FileSource(file, follow=True)
    coming = source.lines(lambda: False)
    assert until_pause(coming) == []
    file.write_bytes(b"1\n")
    assert until_pause(coming) == [b'{"half', b"1\n"]
    assert [p.code for p in source.problems()] == ["cli.readings-cut"]
    source.close()
