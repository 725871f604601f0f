"""Packs as one file: read as they stand, the same bytes for the same pack, refused where changed."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest

from dualprev_rules import DualprevError, Engine
from tests.authoring.test_fmt import silo
from tests.cli.run import run

DAY = "2026-11-21"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    done = run("pack", "build", str(silo(tmp_path)), "-o", str(tmp_path / "out"), "--as-of", DAY)
    assert done.exit_code == 0, done.output
    [file] = (tmp_path / "out").iterdir()
    return file


def changed(file: Path, name: str, data: bytes | None) -> Path:
    """Write the archive anew with one file changed, added, or taken away."""
    with ZipFile(file) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    if data is None:
        del parts[name]
    else:
        parts[name] = data
    other = file.with_name(f"other-{file.name}")
    with ZipFile(other, "w") as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    return other


def test_an_archive_says_what_its_folder_says(built: Path) -> None:
    assert built.name == "silo-1.0.0.zip"
    from_file = Engine.load(packs=[built], as_of=DAY)
    from_folder = Engine.load(packs=[built.parents[1] / "silo"], as_of=DAY)
    assert from_file.ruleset.packs == from_folder.ruleset.packs
    assert list(from_file.ruleset.rules) == list(from_folder.ruleset.rules)
    done = run("pack", "test", str(built), "--lang", "en")
    assert "2 cases: 2 passed, 0 failed" in done.stdout


def test_the_same_pack_makes_the_same_bytes(built: Path) -> None:
    before = built.read_bytes()
    assert run("pack", "build", str(built.parents[1] / "silo"), "-o", str(built.parent)).exit_code == 0
    assert built.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "data"),
    [("rules/venting.yaml", b"[]"), ("rules/more.yaml", b"[]"), ("facts.yaml", None)],
)
def test_what_was_changed_is_refused_and_what_is_loaded_stays(
    built: Path, name: str, data: bytes | None
) -> None:
    old = Engine.load(packs=[built], as_of=DAY)
    with pytest.raises(DualprevError) as caught:
        Engine.load(packs=[changed(built, name, data)], as_of=DAY)
    assert [(p.code, p.given) for p in caught.value.problems] == [("pack.changed-since-built", name)]
    assert "silo.2026.01" in old.ruleset.rules


def test_a_manifest_that_was_changed_with_it_is_refused_where_a_key_is_wanted(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, key = built.parents[1] / "silo", built.parents[1] / "signer"
    assert run("pack", "sign", str(folder), "--key", str(key), "--new-key").exit_code == 0
    assert run("pack", "build", str(folder), "-o", str(built.parent), "--key", str(key)).exit_code == 0
    monkeypatch.setenv("DUALPREV_KEYS", f"{key}.pub")
    site = built.parent / "site.yaml"
    site.write_text("enterprise: {units: []}\n", "utf-8")
    command = ("assess", str(site), "--as-of", DAY, "--pack")
    assert run(*command, str(built)).exit_code == 0
    with ZipFile(built) as archive:
        listed = json.loads(archive.read("MANIFEST.json"))
        rules = archive.read("rules/venting.yaml").replace(b'"3"', b'"30"')
    listed["files"]["rules/venting.yaml"] = f"sha256:{sha256(rules).hexdigest()}"
    forged = changed(built, "MANIFEST.json", json.dumps(listed).encode())
    forged = changed(forged, "rules/venting.yaml", rules)
    done = run(*command, str(forged))
    assert (done.exit_code, "pack.changed-since-signed" in done.output) == (2, True)
    pack = ("--as-of", DAY, "--pack", str(forged))
    for others in (
        ("grade", "ls_5x5", *pack),
        ("profile", "show", "national", *pack),
        ("profile", "compare", "national", "shandong", *pack),
        ("what-if", str(site), "--draft-as-of", DAY, *pack),
    ):
        done = run(*others)
        assert (done.exit_code, "pack.changed-since-signed" in done.output) == (2, True), others
    monkeypatch.delenv("DUALPREV_KEYS")
    assert run(*command, str(forged)).exit_code == 0


def test_what_is_no_archive_and_what_is_too_large_are_refused(built: Path) -> None:
    broken = built.with_name("broken.zip")
    broken.write_bytes(b"PK no zip")
    with pytest.raises(DualprevError, match=r"pack\.bad-archive"):
        Engine.load(packs=[str(broken)], as_of=DAY)
    with ZipFile(broken, "w", 8) as archive:
        archive.writestr("facts.yaml", b"\0" * (65 * 2**20))
    with pytest.raises(DualprevError, match=r"pack\.too-large"):
        Engine.load(packs=[str(broken)], as_of=DAY)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_that_holds_a_name_twice_is_refused(built: Path) -> None:
    with ZipFile(built) as archive:
        rules = archive.read("rules/venting.yaml")
    for name, data in (("rules/venting.yaml", rules), ("MANIFEST.json", b"{}")):
        doubled = built.with_name("doubled.zip")
        doubled.write_bytes(built.read_bytes())
        with ZipFile(doubled, "a") as archive:
            archive.writestr(name, data)
        with pytest.raises(DualprevError) as caught:
            Engine.load(packs=[str(doubled)], as_of=DAY)
        assert [(fault.code, fault.given) for fault in caught.value.problems] == [("pack.name-twice", name)]
        assert run("pack", "list", "--pack", str(doubled)).exit_code == 2


def test_a_pack_whose_case_fails_is_not_built(tmp_path: Path) -> None:
    pack = silo(tmp_path)
    file = pack / "cases" / "venting.yaml"
    file.write_text(file.read_text("utf-8").replace(": presumed", ": violated"), "utf-8")
    out = tmp_path / "out"
    out.mkdir()
    assert run("pack", "build", str(pack), "-o", str(out), "--as-of", DAY).exit_code == 1
    assert list(out.iterdir()) == []
