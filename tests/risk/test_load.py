"""Loading through the cache: the same engine, whatever is in the cache and whoever writes it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from dualprev_rules import DualprevError, Engine
from dualprev_rules.pack import cache
from dualprev_rules.pack.registry import installed_packs
from dualprev_rules.risk import load as loading
from tests.benchmarks.worlds import FLAT
from tests.pack.packs import BROKEN, small

AS_OF = "2026-11-21"
FAULTS = sorted(folder.name for folder in BROKEN.iterdir() if not folder.name.startswith("_"))[::8]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a cache of its own."""
    monkeypatch.setenv("DUALPREV_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list in which each load from the files themselves is noted."""
    found: list[str] = []
    whole = loading.load_ruleset

    def noted(*args: object, **kwargs: object) -> object:
        found.append("read")
        return whole(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(loading, "load_ruleset", noted)
    return found


def same(one: Engine, other: Engine) -> bool:
    return one.ruleset == other.ruleset and one.profile == other.profile


@pytest.mark.parametrize("pack", [pack.id for pack in installed_packs()])
def test_same_engine_from_the_cache(folder: Path, loads: list[str], pack: str) -> None:
    fresh = Engine.load(pack, as_of=AS_OF, cache=False)
    Engine.load(pack, as_of=AS_OF)
    kept = Engine.load(pack, as_of=AS_OF)
    assert len(loads) == 2
    assert same(kept, fresh)
    facts = {"enterprise": {"id": "E", "units": [{"id": "U1"}]}}
    assert kept.assess(facts).to_json() == fresh.assess(facts).to_json()


def test_order_of_rules_and_definitions_is_kept(folder: Path) -> None:
    first, kept = (Engine.load(FLAT, as_of=AS_OF).ruleset for _ in range(2))
    assert list(kept.rules) == list(first.rules)
    assert list(kept.definitions) == list(first.definitions)
    assert list(kept.instruments) == list(first.instruments)


@pytest.mark.parametrize("fault", FAULTS)
def test_errors_are_not_kept(tmp_path: Path, folder: Path, fault: str) -> None:
    pack = small(tmp_path, BROKEN / fault)
    said: list[object] = []
    for on in (False, True, True):
        try:
            Engine.load(pack, as_of=AS_OF, cache=on)
        except DualprevError as error:
            said.append(error.problems)
    assert said == [said[0]] * 3
    assert not folder.exists()


def test_a_change_of_any_file_is_seen(tmp_path: Path, folder: Path, loads: list[str]) -> None:
    pack = shutil.copytree(FLAT, tmp_path / "flat")
    Engine.load(pack, as_of=AS_OF)
    Engine.load(pack, as_of=AS_OF)
    assert len(loads) == 1
    rules = pack / "rules" / "forty.yaml"
    rules.write_text(rules.read_text("utf-8") + "# a comment\n", "utf-8")
    assert Engine.load(pack, as_of=AS_OF).ruleset.packs[-1].hash
    assert len(loads) == 2
    (pack / "rules" / "more.yml").write_text("", "utf-8")
    with pytest.raises(DualprevError):
        Engine.load(pack, as_of=AS_OF)


def test_each_day_is_its_own(folder: Path, loads: list[str]) -> None:
    for day in ("2019-01-01", "2026-11-21", "2019-01-01", "2026-11-21"):
        engine = Engine.load(FLAT, as_of=day)
        assert same(engine, Engine.load(FLAT, as_of=day, cache=False))
    assert len(loads) == 2 + 4
    assert len(list(folder.iterdir())) == 2


def test_a_pack_that_changes_while_it_is_read_is_not_kept(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = shutil.copytree(FLAT, tmp_path / "flat")
    whole = loading.load_ruleset

    def slow(*args: object, **kwargs: object) -> object:
        rules = pack / "rules" / "forty.yaml"
        rules.write_text(rules.read_text("utf-8") + "# saved by its author meanwhile\n", "utf-8")
        return whole(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(loading, "load_ruleset", slow)
    Engine.load(pack, as_of=AS_OF)
    assert not folder.exists()


def _signed(body: bytes) -> bytes:
    return f"dualprev-rules {cache.FORM} sha256:{sha256(body).hexdigest()}\n".encode() + body


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"hazard", b"hasard"),
        lambda data: b"\x80\x04N.",
        lambda data: _signed(b"{}"),
        lambda data: _signed(b"[]"),
        lambda data: _signed(b"null"),
        lambda data: _signed(b"\xff"),
        lambda data: _signed(b"[" * 100_000),
        lambda data: _signed(data.partition(b"\n")[2].replace(b"pack.model.Rule", b"pack.model.Ruler")),
        lambda data: _signed(
            b'{"scalars":["x"],"figures":[],"days":[],"members":[],"objects":[],"containers":[],"fields":[],"root":0}'
        ),
        lambda data: _signed(data.partition(b"\n")[2].rpartition(b":")[0] + b":0}"),
    ],
)
def test_a_spoilt_file_is_ignored_and_written_anew(folder: Path, loads: list[str], spoil: object) -> None:
    first = Engine.load(FLAT, as_of=AS_OF)
    (file,) = folder.iterdir()
    written = file.read_bytes()
    file.write_bytes(spoil(written))  # type: ignore[operator]
    assert same(Engine.load(FLAT, as_of=AS_OF), first)
    assert len(loads) == 2
    assert file.read_bytes() == written


@pytest.mark.parametrize("off", ["off", "OFF", " Off ", ""])
def test_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loads: list[str], off: str) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setenv("DUALPREV_CACHE", off)
    for _ in range(2):
        Engine.load(FLAT, as_of=AS_OF)
    assert len(loads) == 2
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_no_error(folder: Path, loads: list[str]) -> None:
    folder.write_text("a file stands here", "utf-8")
    for _ in range(2):
        Engine.load(FLAT, as_of=AS_OF)
    assert len(loads) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="modes are of POSIX")
def test_the_folder_is_the_users_own(folder: Path) -> None:
    Engine.load(FLAT, as_of=AS_OF)
    assert folder.stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())


def test_old_files_are_thinned_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_FILES", 2)
    for day in range(1, 5):
        Engine.load(FLAT, as_of=f"2026-11-0{day}")
        for number, file in enumerate(sorted(folder.iterdir(), key=lambda each: each.stat().st_mtime_ns)):
            os.utime(file, ns=(number, number))
    assert len(list(folder.iterdir())) == 2


def test_functions_of_a_plugin_are_not_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "functions", lambda manager: {"f": object()})
    Engine.load(FLAT, as_of=AS_OF)
    assert not folder.exists()


def test_processes_at_once(folder: Path) -> None:
    code = (
        "from dualprev_rules import Engine\n"
        f"engine = Engine.load({str(FLAT)!r}, as_of={AS_OF!r})\n"
        "print(len(engine.ruleset.rules))"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    said = [process.communicate() for process in started]
    wanted = str(len(Engine.load(FLAT, as_of=AS_OF, cache=False).ruleset.rules))
    assert [(out.decode().strip(), err) for out, err in said] == [(wanted, b"")] * 4
    assert [file.suffix for file in folder.iterdir()] == [".json"]
