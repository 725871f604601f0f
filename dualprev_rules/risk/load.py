"""From packs and a profile to what an engine runs on, through the cache where nothing has changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

from dualprev_rules.facts import possible, schema, types, units
from dualprev_rules.lang import tree
from dualprev_rules.pack import live, model
from dualprev_rules.pack.cache import Kept, cache_folder, content_of, key_of
from dualprev_rules.pack.load import ProfileFiles, load_ruleset
from dualprev_rules.pack.model import Ruleset
from dualprev_rules.pack.packed import Classes, classes_of
from dualprev_rules.pack.registry import functions, is_path, pack_folders
from dualprev_rules.risk import level, profile
from dualprev_rules.risk.profile import Profile

if TYPE_CHECKING:
    from pluggy import PluginManager

Loaded = tuple[Ruleset, Profile]


def load(
    packs: Sequence[str | Path],
    name: str,
    day: date,
    *,
    core: Path | Traversable,
    profiles: ProfileFiles,
    manager: PluginManager,
    cached: bool = True,
) -> Loaded:
    """Return packs resolved for a day, and the profile ``name`` among ``profiles``.

    Raises DualprevError with every problem found; only what loads without one is kept for the next time.
    """
    folder = cache_folder() if cached else None
    # A function that a plugin brings may be another one tomorrow, and no file of a pack tells.
    plain = folder is not None and not functions(manager)
    # An id may be any pack that is installed: with one, all of them take part.
    by_id = any(isinstance(pack, str) and not is_path(pack) for pack in packs)
    among = pack_folders(manager) if plain and by_id else []
    key = _key(packs, name, day, [core, *among], profiles) if plain else None
    if folder is None or key is None:
        return _load(packs, name, day, core, profiles)
    kept = Kept(folder, key, _classes())
    match kept.read():
        case (Ruleset() as ruleset, Profile() as found):
            return ruleset, found
        case _:
            pass
    loaded = _load(packs, name, day, core, profiles)
    # What was changed while it was read is not what the key says.
    if _key(packs, name, day, [core, *among], profiles) == key:
        kept.write(loaded)
    return loaded


def shipped_profiles() -> dict[str, Traversable]:
    """Return the files of the profiles that come with the library, by name."""
    folder = files("dualprev_rules.risk") / "profiles"
    found = {f.name.removesuffix(".yaml"): f for f in folder.iterdir() if f.name.endswith(".yaml")}
    return dict(sorted(found.items()))


def _load(
    packs: Sequence[str | Path], name: str, day: date, core: Path | Traversable, profiles: ProfileFiles
) -> Loaded:
    from dualprev_rules.risk.resolve import load_profile

    ruleset = load_ruleset(packs, name, day, core=core, profiles=profiles)
    return ruleset, load_profile(name, ruleset, profiles)


def _key(
    packs: Sequence[str | Path],
    name: str,
    day: date,
    others: Sequence[Path | Traversable],
    profiles: ProfileFiles,
) -> str | None:
    """Return the name of all that takes part; None where some of it is in no folder, or cannot be read."""
    named = [str(pack) for pack in packs]
    folders = [Path(pack) for pack in packs if isinstance(pack, Path) or is_path(pack)]
    parts = [*folders, *others, *profiles.values()]
    try:
        contents = [(str(part), content_of(part)) for part in parts if isinstance(part, Path)]
    except OSError:
        return None
    if len(contents) < len(parts):
        return None
    return key_of([named, len(folders), name, day.isoformat(), list(profiles), contents])


@cache
def _classes() -> Classes:
    """Return all that a ruleset and a profile are made of."""
    return classes_of((possible, schema, types, units, tree, model, live, level, profile))
