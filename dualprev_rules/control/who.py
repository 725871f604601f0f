"""Who looks where: levels of control by their names, and the posts and owners of a record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dualprev_rules.facts.possible import Items
from dualprev_rules.facts.record import Facts, Record
from dualprev_rules.facts.schema import ROOT, Schema
from dualprev_rules.problems import DualprevError, nearest, problem
from dualprev_rules.risk.level import ControlLevel, read_level
from dualprev_rules.risk.reading import text


@dataclass(frozen=True, slots=True)
class Inspector:
    """For whom a list is made: a level of control, and where it is for a post, the record that has it."""

    level: ControlLevel
    name: str
    within: Record | None = None
    """What the post looks after; None: everything."""

    def sees(self, record: Record) -> bool:
        """Tell whether a record is the inspector's to look at."""
        return self.within is None or any(above is self.within for above in above_of(record))


def find_inspector(name: str, facts: Facts) -> Inspector:
    """Return the inspector of a name: a level of control (岗位, post), or a post of the facts.

    A post is found by its name, its id or its path, and looks after the record that lists it. Raises
    DualprevError where there is none, or several, of that name.
    """
    level = named_level(name, facts.schema)
    if level is not None:
        return Inspector(level, name)
    posts = [record for record in facts.records() if record.entity.name == "post" and not record.phantom]
    found = [p for p in posts if name in (p.path, p.short, text(p, "id"), text(p, "name"))]
    if len(found) == 1:
        post = found[0]
        within = post.parent if post.parent is not None and post.parent.entity.name != ROOT else None
        return Inspector(ControlLevel.POST, text(post, "name") or post.short, within)
    known = [called for p in posts for called in (text(p, "name"), text(p, "id")) if called]
    known += [level.member for level in ControlLevel]
    near = "、".join(p.path for p in found) or nearest(name, known) or "、".join(known)
    raise DualprevError(problem("control.unknown-post", given=name, nearest=near))


def named_level(name: str, schema: Schema) -> ControlLevel | None:
    """Return the level of control that a name means, by whatever spelling the vocabulary has for it."""
    attribute = schema.entities["risk_point"].attributes["control_level"]
    wanted = name.strip()
    for member, label in attribute.member_labels.items():
        if wanted in (member, label.zh, label.en):
            return read_level(member)
    return read_level(attribute.member_aliases.get(wanted, wanted))


def above_of(record: Record | None) -> Iterator[Record]:
    """Yield a record and the records above it."""
    while record is not None:
        yield record
        record = record.parent


def posts_of(record: Record) -> tuple[str, ...]:
    """Return the names of the posts that the nearest record lists that lists any."""
    for above in above_of(record):
        if "posts" in above.entity.attributes and not above.phantom:
            held = above.value("posts").possible
            if isinstance(held, Items) and held.records:
                return tuple(text(post, "name") or post.short for post in held.records)
    return ()


def nearest_text(record: Record, name: str) -> str | None:
    """Return a text of the record, or of the nearest one above that has it."""
    return next((said for above in above_of(record) if (said := text(above, name)) is not None), None)


def called(record: Record) -> str:
    """Return the key and the name of a record, once where they are the same; nothing where it has none."""
    key = record.entity.key
    parts = [text(record, name) for name in (key, "name") if name is not None]
    return " ".join(part for part in dict.fromkeys(parts) if part)
