"""Files are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dualprev_rules.problems import DualprevError
from dualprev_rules.report import write_files


def test_files_are_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"old")
    write_files({tmp_path / "a": b"1", tmp_path / "b": b"2"})
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"a": b"1", "b": b"2"}


def test_every_bad_path_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(DualprevError) as caught:
        write_files({tmp_path / "a": b"1", tmp_path / "no" / "b": b"2", tmp_path: b"3"})
    assert [problem.code for problem in caught.value.problems] == ["report.no-folder", "report.is-folder"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("failing", ["write_bytes", "replace"])
def test_a_failure_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def fail(self: Path, *_: object) -> None:
        if failing == "write_bytes":
            with self.open("wb") as file:
                file.write(b"ha")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, failing, fail)
    with pytest.raises(DualprevError) as caught:
        write_files({tmp_path / "a": b"half"})
    assert caught.value.code == "report.cannot-write"
    assert "No space left" in caught.value.show("en")
    monkeypatch.undo()
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"a": b"old"}


if os.name != "nt":  # links and devices are as on POSIX

    def test_a_link_is_followed_and_a_device_written_to(tmp_path: Path) -> None:
        (tmp_path / "real").write_bytes(b"old")
        (tmp_path / "link").symlink_to(tmp_path / "real")
        write_files({tmp_path / "link": b"new", Path(os.devnull): b"gone"})
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "real").read_bytes() == b"new"
        assert not Path(os.devnull).is_file()
