"""What the room offers, and what merely asking for it costs."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import dualprev_rules.pack
from dualprev_rules.pack import read, read_cases, read_pack, read_packs
from tests.pack.packs import load, small


def test_public_names_are_sorted_and_there() -> None:
    names = list(dualprev_rules.pack.__all__)
    assert names == sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    assert all(hasattr(dualprev_rules.pack, name) for name in names)


def test_importing_the_room_imports_nothing_heavy() -> None:
    heavy = ("networkx", "pint", "pydantic")
    code = f"import dualprev_rules.pack, sys; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[]"


def test_loading_a_pack_imports_no_library_that_it_does_not_need(tmp_path: Path) -> None:
    code = (
        "import sys; from datetime import date; from dualprev_rules.pack import load_ruleset\n"
        f"load_ruleset([{str(small(tmp_path))!r}], None, date(2026, 11, 21))\n"
        "print([m for m in ('networkx', 'pint') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[]"


def test_cases_of_a_pack(tmp_path: Path) -> None:
    (source,) = read_packs([small(tmp_path)])
    (case,) = read_cases(source)
    assert case.name == "高压"
    assert case.profile == "national"
    assert case.expect == {"unit[U1]: small.old.2": "violated"}
    assert str(case.facts["enterprise"]["units"][0]["pressure"]) == "2"


def test_a_pack_source_is_the_files_as_they_are(tmp_path: Path) -> None:
    source = read_pack(small(tmp_path))
    assert source.problems == ()
    assert source.hash.startswith("sha256:")
    assert [rule.rule for rule in source.rules] == ["small.new.5-1", "small.old.1", "small.old.2"]
    assert load(tmp_path / "small").packs[0].hash == source.hash


def test_the_hash_is_of_names_and_bytes_alone(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    assert read_pack(small(first)).hash == read_pack(small(second)).hash
    small(second, files={"measures/all.yaml": (second / "small/measures/all.yaml").read_text("utf-8") + "\n"})
    assert read_pack(first / "small").hash != read_pack(second / "small").hash


def test_a_pack_is_read_from_where_no_files_are(tmp_path: Path) -> None:
    pack = small(tmp_path)
    archive = tmp_path / "small.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for file in sorted(pack.rglob("*.yaml")):
            made.write(file, file.relative_to(tmp_path).as_posix())
    source = read_pack(zipfile.Path(archive, "small/"), "small")
    assert source.problems == ()
    assert source.hash == read_pack(pack).hash


def test_the_limits_of_a_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = small(tmp_path)
    monkeypatch.setattr(read, "LARGEST_FILE", 100)
    assert {problem.code for problem in read_pack(pack).problems} >= {"pack.too-large"}
    monkeypatch.setattr(read, "LARGEST_FILE", 10_000)
    monkeypatch.setattr(read, "MOST_FILES", 3)
    assert read_pack(pack).problems[0].code == "pack.too-large"
