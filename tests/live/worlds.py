"""Random monitoring rule sets, as a pack and as the oracle has them, and random readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import yaml

from dualprev_rules.control.monitor_warning import LiveWarning
from tests.live.oracle import Condition, Oracle, Watched

START = datetime(2026, 11, 22, tzinfo=UTC)
SECOND = 1_000_000
FACTS = ("a", "b", "c")
SIGNS = ("<", "<=", ">", ">=", "==", "!=")
TITLE = {"zh": "试", "en": "trial"}
PACK = {
    "pack": "live",
    "version": "1.0.0",
    "language": 1,
    "title": TITLE,
    "instruments": [
        {
            "id": "i",
            "number": "试 1",
            "title": TITLE,
            "issuer": "试",
            "force": "group_standard",
            "binding": False,
            "in_force": {"from": "2020-01-01", "confirmed": True},
            "encoded": "full",
            "clauses": 1,
        }
    ],
}
ATTRIBUTES = {"id": {"type": "text", "label": {"zh": "编号", "en": "id"}}} | {
    name: {"type": "number", "min": -50, "max": 50, "label": {"zh": f"量{name}", "en": f"measure {name}"}}
    for name in FACTS
}


class _Plain(yaml.SafeDumper):
    """Writes everything out: a pack may hold few aliases only."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def condition(random: Random, depth: int = 0) -> Condition:
    kind = random.choice(["cmp", "cmp", "and", "or", "not"]) if depth < 2 else "cmp"
    if kind == "cmp":
        return ("cmp", random.choice(FACTS), random.choice(SIGNS), Fraction(random.randint(-6, 6), 2))
    count = 1 if kind == "not" else 2
    return (kind, *(condition(random, depth + 1) for _ in range(count)))


def text(of: Condition) -> str:
    kind, *parts = of
    if kind == "cmp":
        return f"{parts[0]} {parts[1]} {float(parts[2])}"
    if kind == "not":
        return f"not ({text(parts[0])})"
    return f" {kind} ".join(f"({text(part)})" for part in parts)


def duration(random: Random, most: int = 20) -> int:
    return random.choice([1, 2, 5, most]) * SECOND + random.choice([0, 0, 250_000])


def watched(random: Random, name: str) -> Watched:
    form = random.choice(["held", "held", "count", "rate", "silence", "disagreement"])
    alarm = condition(random) if form in ("held", "count") else None
    restore = (
        condition(random) if form in ("count", "rate") or (form == "held" and random.random() < 0.5) else None
    )
    figures: dict[str, Any] = {}
    match form:
        case "held":
            figures["time"] = random.choice([0, duration(random)])
        case "silence":
            figures["time"] = duration(random, 40)
        case "count":
            figures["of"] = random.randint(2, 6)
            figures["hits"] = random.randint(2, figures["of"])
        case "rate":
            figures["change"] = Fraction(random.choice([-5, -3, -2, 1, 2, 3]), 2)
            figures["within"] = duration(random)
        case _:
            figures["by"] = Fraction(random.randint(1, 6), 2)
            figures["time"] = random.choice([0, duration(random)])
    escalate = duration(random, 60) if random.random() < 0.4 else None
    return Watched(name, random.choice(FACTS), form, figures, alarm, restore, escalate)


def written(of: Watched, entity: str) -> dict[str, Any]:
    figures = of.figures

    def time(key: str) -> str:
        return f"{figures[key] / SECOND:f} s"

    match of.form:
        case "held" | "silence":
            when: Any = time("time")
        case "count":
            when = {"hits": figures["hits"], "of": figures["of"]}
        case "rate":
            way = "rise" if figures["change"] > 0 else "fall"
            when = {way: str(float(abs(figures["change"]))), "within": time("within")}
        case _:
            when = {"by": str(float(figures["by"])), "for": time("time")}
    spec: dict[str, Any] = {
        "warning": of.id,
        "title": TITLE,
        "for": entity,
        "sensor": of.fact,
        "when": {of.form: when},
        "cite": {"instrument": "i", "clause": "1"},
    }
    spec |= {"alarm": text(of.alarm)} if of.alarm else {}
    spec |= {"restore": text(of.restore)} if of.restore else {}
    return spec | ({"escalate": f"{of.escalate / SECOND:f} s"} if of.escalate else {})


def pack(folder: Path, monitoring: list[dict[str, Any]]) -> Path:
    """Write a pack with these warnings, and the entities that they are for."""
    (folder / "monitoring").mkdir(parents=True)
    names = dict.fromkeys(spec["for"] for spec in monitoring)
    entities = {
        name: {"label": {"zh": f"测点{name}", "en": name}, "key": "id", "attributes": ATTRIBUTES}
        for name in names
    }
    lists = {
        f"{name}s": {"type": "list", "of": name, "label": {"zh": f"{name}清单", "en": f"list of {name}"}}
        for name in names
    }
    facts = {"enterprise": {"extends": "core.enterprise", "attributes": lists}, **entities}
    files = {"pack.yaml": PACK, "facts.yaml": facts, "monitoring/w.yaml": monitoring}
    for name, content in files.items():
        written_out = yaml.dump(content, Dumper=_Plain, allow_unicode=True, sort_keys=False)
        (folder / name).write_text(written_out, "utf-8")
    return folder


def moment(time: int) -> str:
    return (START + timedelta(microseconds=time)).isoformat()


def readings(random: Random, count: int, entity: str) -> Iterator[dict[str, Any]]:
    """Yield readings of a few sensors: mostly in order, some late, repeated, unreadable, far ahead."""
    time = 0
    sensors = [
        (f"{entity}[S{place}]", fact, name)
        for place in range(random.randint(1, 2))
        for fact in FACTS
        for name in ("x", "y")[: random.randint(1, 2)]
    ]
    levels = dict.fromkeys(sensors, 0)
    # At the beginning one clock may be wrong.
    wrong = {random.choice(sensors): random.choice([-86_400, 30, 900, 86_400]) * SECOND}
    ends = random.choice([0, 0, 5, 40])
    last: dict[str, Any] | None = None
    for number in range(count):
        if last is not None and random.random() < 0.02:
            yield last
            continue
        step = random.choice([0, 1, 1, 2, 4, 4, 8]) * SECOND // 4
        time += step if random.random() < 0.995 else random.choice([30, 70, 4000, 9000]) * SECOND
        record, fact, name = sensor = random.choice(sensors)
        levels[sensor] = max(-4, min(4, levels[sensor] + random.choice([-1, 0, 0, 1, random.randint(-3, 3)])))
        value: Any = str(levels[sensor] / 2)
        if random.random() < 0.02:
            value = random.choice(["nan", None, 99, "x", 1e308, True])
        jitter = random.choice([0, -1, -3, -30, 20, 22, 40, 7200]) * SECOND if random.random() < 0.07 else 0
        jitter += wrong.get(sensor, 0) if number < ends else 0
        last = {"sensor": name, "record": record, "fact": fact, "value": value, "at": moment(time + jitter)}
        if random.random() < 0.1:
            last["mark"] = random.choice(["calibration", "test", "calibration", "标校"])
        yield last


def feed(oracle: Oracle, reading: Mapping[str, Any]) -> None:
    at = (datetime.fromisoformat(reading["at"]) - START) // timedelta(microseconds=1)
    try:
        value = Fraction(reading["value"]) if isinstance(reading["value"], str) else None
    except ValueError:
        value = None
    oracle.feed(reading["record"], reading["fact"], reading["sensor"], at, value, reading.get("mark"))


def said(warning: LiveWarning) -> tuple[str, int, str, str, str, int]:
    beginning = (START - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    number = int(warning.id.rpartition("|")[2])
    return (
        warning.event,
        warning.at - beginning,
        warning.warning,
        warning.record,
        warning.sensor or "",
        number,
    )
