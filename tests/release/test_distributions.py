"""What is released is whole: it works where there is no checkout, with its declared dependencies alone."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

# Built and installed once: all on one worker.
pytestmark = pytest.mark.xdist_group("release")

ROOT = Path(__file__).parents[2]
DISTRIBUTIONS = [ROOT, *(path.parent for path in sorted((ROOT / "packs").glob("*/pyproject.toml")))]
PACKAGES = [ROOT / "dualprev_rules", *(next(d.glob("dualprev_pack_*")) for d in DISTRIBUTIONS[1:])]
_CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command far from the checkout, and return what it prints."""
    done = subprocess.run(
        command, cwd=cwd, env=_CLEAN | {"PYTHONUTF8": "1"}, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An environment with the wheels installed, and an empty folder to work in."""

    bin: Path
    work: Path

    def run(self, program: str, *arguments: str) -> str:
        """Run a program of the environment."""
        return run(self.bin / program, *arguments, cwd=self.work)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the sdist of every distribution and the wheel made from that sdist."""
    out = tmp_path_factory.mktemp("dist")
    for project in DISTRIBUTIONS:
        run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, project, cwd=out)
    return out


@pytest.fixture(scope="session")
def elsewhere(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Elsewhere:
    home = tmp_path_factory.mktemp("elsewhere")
    venv.create(home / "venv", with_pip=True)
    binaries = home / "venv" / ("Scripts" if os.name == "nt" else "bin")
    work = home / "work"
    work.mkdir()
    run(
        binaries / "python",
        *("-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *sorted(built.glob("*.whl")),
        cwd=work,
    )
    return Elsewhere(binaries, work)


def _tree(package: Path) -> set[str]:
    files = (path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(package.parent).as_posix() for path in files}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_wheel_and_sdist_hold_every_file_of_the_package(package: Path, built: Path) -> None:
    [wheel] = built.glob(f"{package.name}-*.whl")
    [sdist] = built.glob(f"{package.name}-*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        in_wheel = set(archive.namelist())
    with tarfile.open(sdist) as archive:
        in_sdist = {name.partition("/")[2] for name in archive.getnames()}
    assert _tree(package) - in_wheel == set()
    assert _tree(package) - in_sdist == set()
    assert any(name.endswith("licenses/LICENSE") for name in in_wheel)


def test_the_library_is_typed(built: Path) -> None:
    [wheel] = built.glob("dualprev_rules-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert "dualprev_rules/py.typed" in archive.namelist()


def test_the_command_answers(elsewhere: Elsewhere) -> None:
    assert "assess" in elsewhere.run("dualprev", "--help")


def test_the_packs_load_from_where_they_are_installed(elsewhere: Elsewhere) -> None:
    script = """
import dualprev_rules
from dualprev_rules import Engine
engine = Engine.load(packs=["chemicals"], as_of="2026-11-21")
result = engine.assess({"enterprise": {"units": [{"id": "U1", "substances": []}]}})
print(dualprev_rules.__file__)
print(len(engine.rules()), result.document()["engine"]["packs"])
"""
    where, loaded = elsewhere.run("python", "-c", script).splitlines()
    assert Path(where).is_relative_to(elsewhere.bin.parent)
    assert "chemicals" in loaded
