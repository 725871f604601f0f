"""Packs and profiles that plugins bring, and what is said where one is missing or at fault."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pluggy
import pytest

from dualprev_rules.facts.types import Number
from dualprev_rules.lang import Function
from dualprev_rules.pack import find_pack, functions, hookimpl, installed_packs, installed_profiles
from dualprev_rules.pack.registry import PROJECT, Hooks, plugins
from dualprev_rules.problems import DualprevError
from tests.pack.packs import problems, small


def _manager(**hooks: Any) -> pluggy.PluginManager:
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Hooks)
    manager.register(SimpleNamespace(**{name: hookimpl(hook) for name, hook in hooks.items()}), "brings")
    return manager


def _packs(*folders: Path) -> pluggy.PluginManager:
    def dualprev_packs() -> tuple[Path, ...]:
        return folders

    return _manager(dualprev_packs=dualprev_packs)


def test_an_installed_pack_is_found_by_its_id(tmp_path: Path) -> None:
    manager = _packs(small(tmp_path))
    (found,) = installed_packs(manager)
    assert (found.id, found.version, found.title.zh) == ("small", "1.0.0", "小包")
    assert find_pack("small", manager) == (tmp_path / "small", "small")


def test_a_directory_is_a_pack_with_no_python_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = small(tmp_path)
    assert find_pack(str(pack), _packs())[0] == pack
    assert find_pack(pack, _packs())[0] == pack
    monkeypatch.chdir(tmp_path)
    assert find_pack("small", _packs())[0] == Path("small")


def test_an_unknown_pack_is_told_what_is_installed_and_how_to_install_it(tmp_path: Path) -> None:
    with pytest.raises(DualprevError) as caught:
        find_pack("smal", _packs(small(tmp_path)))
    (problem,) = caught.value.problems
    assert problem.code == "pack.unknown-pack"
    assert problem.nearest == "small"
    assert "pip install dualprev-pack-smal" in (problem.fix("zh") or "")
    assert "small" in problem.text("en")


def test_a_pack_without_its_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DualprevError) as caught:
        installed_packs(_packs(tmp_path))
    assert caught.value.code == "pack.no-pack-file"


def test_two_packs_of_one_id_are_an_error(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("a", "b")]
    for folder in folders:
        folder.mkdir()
    with pytest.raises(DualprevError) as caught:
        installed_packs(_packs(*(small(folder) for folder in folders)))
    assert caught.value.code == "pack.duplicate-id"


@pytest.mark.parametrize("hook", ["dualprev_packs", "dualprev_profiles", "dualprev_functions"])
def test_a_plugin_that_fails_is_never_skipped(hook: str) -> None:
    def fail() -> tuple[Path, ...]:
        raise RuntimeError("broken")

    ask = {
        "dualprev_packs": installed_packs,
        "dualprev_profiles": installed_profiles,
        "dualprev_functions": functions,
    }
    with pytest.raises(DualprevError) as caught:
        ask[hook](_manager(**{hook: fail}))
    assert caught.value.code == "pack.plugin-fails"
    assert "RuntimeError: broken" in caught.value.problems[0].text("en")


def test_an_entry_point_that_cannot_be_loaded_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> int:
        raise ImportError("no module")

    monkeypatch.setattr(pluggy.PluginManager, "load_setuptools_entrypoints", fail)
    with pytest.raises(DualprevError) as caught:
        plugins()
    assert caught.value.code == "pack.plugin-fails"


def test_profiles_and_functions(tmp_path: Path) -> None:
    double = Function("double", (Number(),), Number(), lambda x: 2 * x)

    def dualprev_profiles() -> tuple[Path, ...]:
        return (tmp_path / "local.yaml",)

    def dualprev_functions() -> tuple[Function, ...]:
        return (double,)

    manager = _manager(dualprev_profiles=dualprev_profiles, dualprev_functions=dualprev_functions)
    assert installed_profiles(manager) == {"local": tmp_path / "local.yaml"}
    assert functions(manager) == {"double": double}


def test_two_functions_of_one_name_are_an_error() -> None:
    double = Function("double", (Number(),), Number(), lambda x: 2 * x)

    def dualprev_functions() -> tuple[Function, ...]:
        return (double, double)

    with pytest.raises(DualprevError) as caught:
        functions(_manager(dualprev_functions=dualprev_functions))
    assert caught.value.code == "pack.two-functions"


def test_every_hook_is_described() -> None:
    names = [name for name in dir(Hooks) if name.startswith("dualprev_")]
    assert names == ["dualprev_functions", "dualprev_packs", "dualprev_profiles"]
    assert all(getattr(Hooks, name).__doc__ for name in names)


def test_a_folder_that_is_no_pack_is_read_as_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no name of a pack that pip could bring, though nothing in its name says that it is a path."""
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find_pack("mine", _packs()) == (Path("mine"), None)
    (problem,) = problems(Path("mine"))
    assert problem.code == "pack.no-pack-file"
    assert "pack, version, language" in (problem.fix("en") or "")
