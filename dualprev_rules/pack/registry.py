"""Packs and profiles that are installed, and everything else that a plugin may bring (pluggy)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

from dualprev_rules.problems import DualprevError, Place, Words, nearest, problem

if TYPE_CHECKING:
    from dualprev_rules.lang import Function

PROJECT = "dualprev_rules"
"""The name of the project for pluggy, and of the group of entry points."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Hooks:
    """What a plugin may implement: functions of these names, marked with ``hookimpl``."""

    @hookspec
    def dualprev_packs(self) -> Iterable[Path | Traversable]:
        """Return the directories of the packs that the plugin brings, each with its ``pack.yaml``."""
        return ()

    @hookspec
    def dualprev_profiles(self) -> Iterable[Path | Traversable]:
        """Return the files of the profiles that the plugin brings, each named ``<profile>.yaml``."""
        return ()

    @hookspec
    def dualprev_functions(self) -> Iterable[Function]:
        """Return pure functions that conditions may call (``dualprev_rules.lang.Function``).

        A rule that calls one is refused by every evaluator for which the function has no form.
        """
        return ()


@dataclass(frozen=True, slots=True)
class InstalledPack:
    """A pack that an installed distribution brings."""

    id: str
    version: str
    title: Words
    path: Path | Traversable
    shown: str
    """How problems call its directory."""


def plugins() -> pluggy.PluginManager:
    """Return a plugin manager with every installed plugin; one that cannot be loaded is an error."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Hooks)
    try:
        manager.load_setuptools_entrypoints(PROJECT)
    except Exception as error:
        # Whatever a plugin raises while it is imported, the user must learn which one it was.
        raise DualprevError(
            problem("pack.plugin-fails", given=PROJECT, detail=f"{type(error).__name__}: {error}")
        ) from error
    return manager


def pack_folders(manager: pluggy.PluginManager | None = None) -> list[Path | Traversable]:
    """Return the directories of the packs that plugins bring, in the order of the plugins' names."""
    return _brought(manager or plugins(), "dualprev_packs")


def installed_packs(manager: pluggy.PluginManager | None = None) -> tuple[InstalledPack, ...]:
    """Return the packs that are installed, by id; raises DualprevError where one has no pack.yaml."""
    from dualprev_rules.pack.source import Map, SourceFile, decode
    from dualprev_rules.pack.yaml_reader import read_yaml

    found: dict[str, InstalledPack] = {}
    for root in pack_folders(manager):
        shown = _shown(root)
        file = root / "pack.yaml"
        if not file.is_file():
            raise DualprevError(problem("pack.no-pack-file", place=Place(f"{shown}/pack.yaml")))
        text, faults = decode(file.read_bytes(), f"{shown}/pack.yaml")
        tree, more = read_yaml(SourceFile(f"{shown}/pack.yaml", text))
        name = tree.text("pack") if isinstance(tree, Map) else None
        if name is None or not isinstance(tree, Map):
            missing = problem(
                "pack.missing-key", place=Place(f"{shown}/pack.yaml", 1, 1), given="pack", nearest="pack: …"
            )
            raise DualprevError([*faults, *more] or missing)
        title = tree.get("title")
        words = (
            Words(title.text("zh") or name, title.text("en") or "")
            if isinstance(title, Map)
            else Words(tree.text("title") or name)
        )
        if name in found:
            place = tree.place("pack")
            raise DualprevError(
                problem("pack.duplicate-id", place=place, given=name, nearest=found[name].shown)
            )
        found[name] = InstalledPack(name, tree.text("version") or "", words, root, shown)
    return tuple(found[name] for name in sorted(found))


def find_pack(
    pack: str | Path | Traversable, manager: pluggy.PluginManager | None = None
) -> tuple[Path | Traversable, str | None]:
    """Return the directory of a pack, named by its id or its path, and how to call it in problems.

    Of an archive that ``pack build`` made, the directory in it. Raises DualprevError for an id that is not
    installed, with what is, and how to install it; and for an archive that is not as it was built.
    """
    file = Path(pack) if isinstance(pack, str | Path) and str(pack).endswith(".zip") else None
    if file is not None and file.is_file():
        from dualprev_rules.pack.archive import opened

        return opened(file), file.as_posix()
    if not isinstance(pack, str):
        return pack, None
    if is_path(pack):
        return Path(pack), None
    installed = installed_packs(manager)
    for candidate in installed:
        if candidate.id == pack:
            return candidate.path, candidate.shown
    if Path(pack).is_dir():
        return Path(pack), None  # a folder; what it lacks to be a pack is said when it is read
    names = [candidate.id for candidate in installed]
    listed = ", ".join(names) or "—"
    raise DualprevError(
        problem("pack.unknown-pack", given=pack, nearest=nearest(pack, names), installed=listed)
    )


def installed_profiles(manager: pluggy.PluginManager | None = None) -> dict[str, Path | Traversable]:
    """Return the files of the profiles that plugins bring, by name."""
    found = {f.name.removesuffix(".yaml"): f for f in _brought(manager or plugins(), "dualprev_profiles")}
    return dict(sorted(found.items()))


def functions(manager: pluggy.PluginManager | None = None) -> dict[str, Function]:
    """Return the functions that plugins bring, by name; two of one name are an error."""
    found: dict[str, Function] = {}
    for function in _brought(manager or plugins(), "dualprev_functions"):
        if function.name in found:
            raise DualprevError(problem("pack.two-functions", given=function.name))
        found[function.name] = function
    return found


def _brought(manager: pluggy.PluginManager, hook: str) -> list[Any]:
    """Return what all plugins bring, in the order of the names of the plugins."""
    calls = {
        manager.get_name(impl.plugin) or "": impl for impl in getattr(manager.hook, hook).get_hookimpls()
    }
    found: list[Any] = []
    for name in sorted(calls):
        try:
            found += calls[name].function() or ()
        except Exception as error:
            detail = f"{type(error).__name__}: {error}"
            raise DualprevError(problem("pack.plugin-fails", given=name, detail=detail)) from error
    return found


def is_path(name: str) -> bool:
    """Tell whether a pack is named by its directory, and not by its id."""
    if "/" in name or "\\" in name or name in (".", ".."):
        return True
    return (Path(name) / "pack.yaml").is_file() or (name.endswith(".zip") and Path(name).is_file())


def _shown(root: Path | Traversable) -> str:
    """Call an installed pack by its package, wherever that is installed."""
    return root.name
