"""Decision tables and look-up tables at random, as an author writes them, each with what it means."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from dualprev_rules.evaluate.render import number
from tests.property import plain
from tests.property.knowledge import (
    DAYS,
    FIGURES,
    LEVELS,
    MEMBERS,
    TEXTS,
    Attr,
    ranges,
)
from tests.property.plain import NONE, OPEN
from tests.property.writer import COMPARE, PART, Scope, Writer, Written


def decision(writer: Writer, scope: Scope) -> tuple[dict[str, Any], Written]:
    """Write a decision table, and what it means."""
    draw = writer.draw
    columns: list[tuple[str, str, Written]] = []
    for index in range(draw(st.integers(1, 3))):
        kind = writer.pick(
            [k for k in ("number", "enum", "bool", "level", "text", "date") if writer.facts(scope, k)]
        )
        source = (
            writer.number(scope, 1)
            if kind == "number" and draw(st.booleans())
            else writer.pick(writer.facts(scope, kind))
        )
        columns.append((f"i{index}", kind, source))
    hit = writer.pick(
        (
            "unique",
            "first",
            "any",
            "priority",
            "collect(sum)",
            "collect(min)",
            "collect(max)",
            "collect(count)",
        )
    )
    rows: list[tuple[dict[str, Any], Written]] = []
    written: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(1, 4))):
        cells = {name: _cell(writer, kind) for name, kind, _ in columns if draw(st.integers(0, 3))}
        then = writer.figure() if draw(st.integers(0, 3)) else writer.number(scope, 0)
        rows.append((cells, then))
        written.append({**{name: text for name, (text, _) in cells.items()}, "then": then.text})
    default = writer.figure() if draw(st.booleans()) else None
    spec: dict[str, Any] = {
        "hit": hit,
        "inputs": [{"name": name, "is": source.text} for name, _, source in columns],
        "rows": written,
        **({"default": default.text} if default else {}),
    }

    def found(env: Any) -> Any:
        values = {name: source.fn(env) for name, _, source in columns}
        matching: list[Any] = []
        for cells, then in rows:
            met = [
                values[name] is not NONE and (OPEN if values[name] is OPEN else test(values[name]))
                for name, (_, test) in cells.items()
            ]
            if any(m is OPEN for m in met) and all(m is not False for m in met):
                return OPEN
            if all(met):
                matching.append(then)
        if hit == "collect(count)":
            return Fraction(len(matching))
        if not matching:
            return default.fn(env) if default else NONE
        outputs = [then.fn(env) for then in matching]
        match hit:
            case "first":
                return outputs[0]
            case "unique" | "any":
                return outputs[0] if len(set(outputs)) == 1 else OPEN
            case "collect(sum)":
                return plain.total(outputs) if len(outputs) > 1 else outputs[0]
            case _:
                function = max if hit == "collect(max)" else min
                return (
                    plain.strict(lambda *them: function(them))(*outputs) if len(outputs) > 1 else outputs[0]
                )

    return spec, Written("", found)


def _cell(writer: Writer, kind: str) -> tuple[str, Any]:
    draw = writer.draw
    match kind:
        case "number" | "date":
            low, high = sorted(
                (
                    writer.pick(FIGURES if kind == "number" else DAYS),
                    writer.pick(FIGURES if kind == "number" else DAYS),
                )
            )
            low_text, high_text = (
                number(v) if kind == "number" else date.fromordinal(int(v)).isoformat() for v in (low, high)
            )
            way = writer.pick((">=", "<", "==", "range", "not", "or"))
            tests: dict[str, tuple[str, Any]] = {
                ">=": (f">= {low_text}", lambda v: v >= low),
                "<": (f"< {high_text}", lambda v: v < high),
                "==": (low_text, lambda v: v == low),
                "not": (f"not({low_text})", lambda v: v != low),
                "or": (f"{low_text}, > {high_text}", lambda v: v == low or v > high),
                "range": (f"[{low_text}..{high_text}]", lambda v: low <= v <= high),
            }
            if way == "range" and low < high and draw(st.booleans()):
                return f"({low_text}..{high_text})", lambda v: low < v < high
            return tests[way]
        case "bool":
            wanted = draw(st.booleans())
            return str(wanted).lower(), lambda v: v is wanted
        case "level":
            value, op = writer.pick(LEVELS), writer.pick(("<=", ">", "=="))
            return f"{op} {value}" if op != "==" else value, lambda v: COMPARE[op](v, value)
        case _:
            pool = MEMBERS if kind == "enum" else TEXTS
            chosen = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=2, unique=True))
            text = ", ".join(chosen)
            if draw(st.integers(0, 3)) == 0:
                return f"not({text})", lambda v: v not in chosen
            return text, lambda v: v in chosen


def lookup(writer: Writer, scope: Scope, table: str) -> Written:
    """Write a table and a look-up in it, and what that means."""
    draw = writer.draw
    keyed = [(fact, kind) for kind in ("text", "enum") for fact in writer.facts(scope, kind)]
    key, kind = writer.pick(keyed)
    pool = TEXTS if kind == "text" else MEMBERS
    within = Attr("q", "number", draw(ranges()))
    conditioned = scope.entity == PART and "." not in key.text
    rows: list[tuple[str, Written | None, Fraction | None]] = []
    written: list[dict[str, Any]] = []
    for index in range(draw(st.integers(1, 4))):
        text = writer.pick(pool)
        when = writer.truth(Scope(scope.entity), 1) if conditioned and draw(st.booleans()) else None
        figure = writer.pick(within.pool) if within.pool and draw(st.integers(0, 5)) else None
        rows.append((text, when, figure))
        row: dict[str, Any] = {"no": str(index), "k": [text], "q": None if figure is None else number(figure)}
        written.append({**row, "when": when.text} if when else row)
    tie = writer.pick((None, "min", "max"))
    spec: dict[str, Any] = {
        "table": table,
        "key": {"k": "k"},
        "columns": {"q": {"type": "number", **within._limits}},
        "rows": written,
        **({"on_tie": tie} if tie else {}),
        **({"for": scope.entity} if conditioned else {}),
    }
    writer.world.head["tables"].append(spec)

    def found(env: Any) -> Any:
        value = key.fn(env)
        if value is OPEN or value is NONE:
            return OPEN
        met = [(when.fn(env) if when else True, figure) for text, when, figure in rows if text == value]
        if any(holds not in (True, False) for holds, _ in met):
            return OPEN
        sure = [figure for holds, figure in met if holds]
        if len(sure) > 1 and (tie is None or None in sure):
            return sure[0] if len(set(sure)) == 1 and None not in sure else OPEN
        if not sure:
            return NONE
        best = sure[0] if len(sure) == 1 else (min if tie == "min" else max)(f for f in sure if f is not None)
        return NONE if best is None else best

    return Written(f"lookup('{table}', {key.text}).q", found)
