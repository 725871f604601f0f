"""The mapping form of a fact: a value with its unit and origin, or what is partly known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dualprev_rules.facts.document import plain_scalar
from dualprev_rules.facts.kinds import Refused, normal, read_day
from dualprev_rules.facts.record import Provenance
from dualprev_rules.facts.shown import shown, visible

LIMITS = ("at_least", "at_most", "between", "one_of")
_CHINESE = {
    "value": ("值", "数值"),
    "unit": ("单位", "计量单位"),
    "at": ("时间", "日期"),
    "by": ("记录人", "检查人"),
    "source": ("来源",),
    "evidence": ("证据",),
    "valid_until": ("有效期至",),
    "at_least": ("至少",),
    "at_most": ("至多",),
    "between": ("介于",),
    "one_of": ("之一",),
    "items": ("条目",),
    "complete": ("完整", "已填全"),
}
PARTS: Mapping[str, str] = {
    spelling: part for part, chinese in _CHINESE.items() for spelling in (part, *chinese)
}
"""Every spelling of a part of a fact → the part."""

SOURCES: Mapping[str, str] = {
    "sensor": "sensor",
    "传感器": "sensor",
    "inspector": "inspector",
    "检查": "inspector",
    "检查人员": "inspector",
    "document": "document",
    "文件": "document",
    "declared": "declared",
    "申报": "declared",
    "derived": "derived",
    "推算": "derived",
}


@dataclass(frozen=True, slots=True)
class Given:
    """A fact as given, taken apart. ``value`` is the value, or the items of a list."""

    value: Any = None
    unit: str | None = None
    limits: Mapping[str, Any] = field(default_factory=dict[str, Any])
    provenance: Provenance | None = None
    complete: bool | None = None
    """What is said of a list: complete, not complete, or (None) nothing."""
    key: str | None = None
    """The key under which the value stands, as written."""
    listed: str | None = None
    """A part that only a list has, as written."""
    doubtful: tuple[Refused, ...] = ()
    """Parts that could not be read although the value may be."""

    @property
    def empty(self) -> bool:
        """True where no value is given."""
        blank = self.value is None or (isinstance(self.value, str) and not visible(self.value).strip())
        return blank and not self.limits


def is_list_form(raw: Mapping[str, Any]) -> bool:
    """Tell whether a mapping is the long form of a list, and not a record that stands alone."""
    parts = [PARTS.get(normal(key)) for key in raw]
    return "items" in parts and all(parts)


def take_apart(raw: Mapping[str, Any]) -> Given:
    """Take the mapping form apart; raises Refused where it is none, or says two things."""
    parts: dict[str, Any] = {}
    keys: dict[str, str] = {}
    for key, value in raw.items():
        part = PARTS.get(normal(key))
        if part is None:
            raise Refused("facts.unknown-part", given=shown(key), sought=key, among=PARTS)
        if part in parts:
            raise Refused("facts.two-parts", given=shown(raw), part=part)
        parts[part], keys[part] = value, key
    limits = {name: parts[name] for name in LIMITS if name in parts}
    held = [name for name in ("value", "items") if name in parts]
    value = parts[held[0]] if held else None
    key = keys[held[0]] if held else None
    if len(held) + bool(limits) != 1:
        raise Refused("facts.two-parts" if held else "facts.no-value", given=shown(raw), part="value")
    if isinstance(value, dict) and held == ["value"]:
        inner = take_apart(value)  # pyright: ignore[reportUnknownArgumentType]
        if inner.provenance or inner.complete is not None or (inner.unit and "unit" in parts):
            raise Refused("facts.two-parts", given=shown(raw), part="value")
        value, limits, unit = inner.value, inner.limits, inner.unit
    else:
        unit = None
    provenance, doubtful = _provenance(parts)
    return Given(
        value,
        _unit(parts) or unit,
        limits,
        provenance,
        _complete(parts, doubtful),
        key,
        keys.get("items", keys.get("complete")),
        tuple(doubtful),
    )


def _unit(parts: Mapping[str, Any]) -> str | None:
    unit = parts.get("unit")
    if unit is None or isinstance(unit, str):
        return unit or None
    raise Refused("facts.unknown-unit", given=shown(unit), unit=shown(unit))


def _complete(parts: Mapping[str, Any], doubtful: list[Refused]) -> bool | None:
    if "complete" not in parts:
        return None
    complete = parts["complete"]
    if isinstance(complete, str):
        complete = plain_scalar(visible(complete).strip())
    if complete is None:
        return False  # who says that he does not know has not said that nothing is missing
    if isinstance(complete, bool):
        return complete
    doubtful.append(Refused("facts.not-a-bool", given=shown(complete), members="true、false"))
    return False


def _provenance(parts: Mapping[str, Any]) -> tuple[Provenance | None, list[Refused]]:
    doubtful: list[Refused] = []

    def day(part: str) -> date | None:
        raw = parts.get(part)
        if raw is None:
            return None
        found = read_day(raw)
        if found is None:
            doubtful.append(Refused("facts.not-a-date", given=f"{part}: {shown(raw)}", part=part))
            return None
        return found[0]

    def words(part: str) -> str | None:
        raw = parts.get(part)
        return None if raw is None else shown(raw)

    source = words("source")
    if source is not None:
        known = SOURCES.get(normal(source).casefold())
        if known is None:
            doubtful.append(
                Refused("facts.unknown-source", given=source, sought=source, among=SOURCES, part="source")
            )
        source = known
    made = Provenance(day("at"), words("by"), source, words("evidence"), day("valid_until"))
    return (None if made == _NO_PROVENANCE else made), doubtful


_NO_PROVENANCE = Provenance()
