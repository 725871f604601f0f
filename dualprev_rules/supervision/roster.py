"""The roster: what a regulator knows of each enterprise in its charge; what is not known stays open."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from dualprev_rules.problems import DualprevError, Problem, nearest, problem
from dualprev_rules.risk.grades import GRADES
from dualprev_rules.supervision.files import read_table
from dualprev_rules.supervision.judged import is_run, run_rows

LEVELS = ("province", "city", "county", "street")
"""The levels of an area, the widest first."""
_KEYS = {
    "id": ("id", "企业编码"),
    "credit_code": ("credit_code", "统一社会信用代码", "信用代码"),
    "name": ("name", "企业名称", "名称"),
    "province": ("province", "省", "省份"),
    "city": ("city", "市", "设区市"),
    "county": ("county", "district", "区县", "县", "所在区县", "所属区县"),
    "street": ("street", "乡镇", "街道", "乡镇街道"),
    "industry": ("industry", "industries", "行业"),
    "grade": ("grade", "风险等级", "风险级别", "等级", "级别"),
    "possible": ("possible",),
    "management": ("management", "管理状况", "管理状态"),
    "group": ("group", "集团"),
}
"""By name its headings; where one thing stands under several of a table, they must agree."""
_SPELLED = {spelling: name for name, spellings in _KEYS.items() for spelling in spellings}
_NEEDED = {"grade", "management", *LEVELS}
"""What, with its heading misspelt, would silently be unknown of all."""
_GRADE_WORDS = {
    word: grade
    for grade, words in enumerate(
        (
            ("1", "1.0", "一", "I", "红", "重大"),
            ("2", "2.0", "二", "II", "橙", "较大"),
            ("3", "3.0", "三", "III", "黄", "一般"),
            ("4", "4.0", "四", "IV", "蓝", "低"),
        ),
        start=1,
    )
    for word in words
}
_GRADE_ENDS = ("等级", "级", "风险", "色")


@dataclass(frozen=True, slots=True)
class Enterprise:
    """An enterprise as its regulator sees it."""

    id: str
    name: str
    area: tuple[str | None, ...]
    """By level, the widest first: province, city, county, street; None where it is not said."""
    grades: tuple[int, ...]
    """The risk grades that it may have, 1 the worst; none where none was reported."""
    management: str | None = None
    """Its management state, as the scheme of classes names it; None where it is not known."""
    industries: tuple[str, ...] = ()
    group: str | None = None

    @property
    def reported(self) -> bool:
        """Tell whether a grade was reported, even one that is still open."""
        return bool(self.grades)

    @property
    def possible(self) -> tuple[int, ...]:
        """The grades that it may have: all of them where none was reported."""
        return self.grades or GRADES


def read_roster(path: Path) -> tuple[Enterprise, ...]:
    """Read a roster from CSV, JSON or YAML; raises DualprevError with every fault of it.

    Columns: ``id`` (or the credit code), ``name``, ``province``, ``city``, ``county``, ``street``,
    ``industry``, ``grade`` (1 to 4; blank: not reported), ``management``, ``group``. The list that
    ``dualprev region-map --data`` writes is a roster, and so is the folder of a run over many.
    """
    return roster(run_rows(path) if is_run(path) else read_table(path))


def roster(rows: Iterable[Mapping[str, Any]]) -> tuple[Enterprise, ...]:
    """Return the enterprises of rows; see ``read_roster``."""
    rows = [*rows]
    faults = [*_misspelt({_heading(key) for keys in dict.fromkeys(map(tuple, rows)) for key in keys})]
    found: dict[str, Enterprise] = {}
    for number, row in enumerate(rows, 1):
        named = _named(row, f"[{number}]", faults)
        code = spelled(named.get("id") or named.get("credit_code") or "")
        if not code:
            faults.append(problem("supervision.no-id", path=f"[{number}]"))
        elif code in found:
            faults.append(problem("supervision.same-id", path=f"[{number}]", given=code))
        else:
            found[code] = _enterprise(code, named, f"[{number}]", faults)
    if faults:
        raise DualprevError(faults)
    if not found:
        raise DualprevError(problem("supervision.empty-roster"))
    return _placed(found.values())


def _placed(enterprises: Iterable[Enterprise]) -> tuple[Enterprise, ...]:
    """Return enterprises, each with the wider areas that its row leaves blank and others give its area.

    Where several areas of one name would fit, a level on which they differ stays blank.
    """
    given = [*enterprises]
    known: dict[tuple[int, str | None], set[tuple[str | None, ...]]] = {}
    for area in {one.area for one in given}:
        for level in range(1, len(area)):
            known.setdefault((level, area[level]), set()).add(area[:level])
    return tuple(replace(one, area=_filled(one.area, known)) for one in given)


def _filled(
    area: tuple[str | None, ...], known: Mapping[tuple[int, str | None], set[tuple[str | None, ...]]]
) -> tuple[str | None, ...]:
    """Return an area with what others of its name have on wider levels, where that can be only one."""
    for level in range(len(area) - 1, 0, -1):
        if area[level] is None or None not in area[:level]:
            continue
        fitting = [
            wider
            for wider in known.get((level, area[level]), ())
            if all(None in (mine, other) or mine == other for mine, other in zip(area, wider, strict=False))
        ]
        names = [{wider[n] for wider in fitting} - {None} for n in range(level)]
        made = (
            next(iter(of)) if mine is None and len(of) == 1 else mine
            for mine, of in zip(area, names, strict=False)
        )
        area = (*made, *area[level:])
    return area


def _misspelt(headings: set[str]) -> Iterator[Problem]:
    """Yield headings like those of grade, state or area that are not there: all would be *not known*."""
    there = {_SPELLED[heading] for heading in headings if heading in _SPELLED}
    wanted = [spelling for spelling, name in _SPELLED.items() if name in _NEEDED - there]
    for heading in sorted(headings - _SPELLED.keys()):
        near = nearest(heading, wanted)
        if near is not None:
            yield problem("supervision.heading", given=heading, nearest=near)


def _named(row: Mapping[str, Any], path: str, faults: list[Problem]) -> dict[str, Any]:
    """Return the values of a row by what they are; two that contradict each other are a fault."""
    found: dict[str, Any] = {}
    headings: dict[str, str] = {}
    for name, key in _columns(tuple(row)):
        if row[key] in (None, ""):
            continue
        if name not in found:
            found[name], headings[name] = row[key], key
        elif _read(name, row[key]) != _read(name, found[name]):
            faults.append(_two(path, (headings[name], found[name]), (key, row[key])))
    graded, possible = found.get("grade"), found.get("possible")
    listed = found["possible"] = _listed(possible)
    if graded is not None and listed:
        readings = {_read("grade", each) for each in listed}
        if readings != {_read("grade", graded)}:
            faults.append(_two(path, (headings["grade"], graded), (headings["possible"], listed)))
    return found


def _two(path: str, one: tuple[str, Any], other: tuple[str, Any]) -> Problem:
    return problem(
        "supervision.two-values", path=path, given=one[0], says=one[1], other=other[0], instead=other[1]
    )


def _read(name: str, value: Any) -> object:
    """Return a value as it is compared: what it says, however it is written."""
    if name == "industry":
        return {*_industries(value)}
    return (_grade(value) if name == "grade" else None) or spelled(value)


@lru_cache(maxsize=1024)
def _columns(keys: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return what columns hold, with their headings, those first that count first, whatever their order."""
    at = {spelling: n for n, spelling in enumerate(_SPELLED)}
    known = [key for key in keys if _heading(key) in at]
    known.sort(key=lambda key: (at[_heading(key)], key))
    return tuple((_SPELLED[_heading(key)], key) for key in known)


def _heading(key: object) -> str:
    return spelled(key).casefold()


def spelled(text: object) -> str:
    """Return an id as it is compared and hashed: in its normal form, without space around it.

    >>> spelled(" Ａ1 ")
    'A1'
    """
    return unicodedata.normalize("NFKC", str(text)).strip()


def _enterprise(code: str, named: Mapping[str, Any], path: str, faults: list[Problem]) -> Enterprise:
    grades: list[int] = []
    given: list[Any] = named["possible"] or [named.get("grade")]
    for each in given:
        if each is None or spelled(each) == "":
            continue
        grade = _grade(each)
        if grade is None:
            faults.append(problem("supervision.grade", path=f"{path}.grade", given=spelled(each)))
        else:
            grades.append(grade)
    return Enterprise(
        code,
        _text(named.get("name")) or code,
        tuple(_text(named.get(level)) for level in LEVELS),
        tuple(sorted(set(grades))),
        _text(named.get("management")),
        _industries(named.get("industry")),
        _text(named.get("group")),
    )


def _listed(possible: object) -> list[Any]:
    """Return the grades that are possible, from a list or from a text that parts them as people do."""
    if isinstance(possible, list):
        return cast("list[Any]", possible)
    return (
        [each for each in re.split(r"[/、,;\s]+", spelled(possible)) if each] if possible is not None else []
    )


def _grade(given: object) -> int | None:
    """Return the grade that a figure or word says; None where it says none."""
    word = spelled(given)
    for end in _GRADE_ENDS:
        word = word.removesuffix(end)
    return _GRADE_WORDS.get(word)


def _industries(given: object) -> tuple[str, ...]:
    """Read industries from one text, parted by ``、`` or ``;``, or from a list of texts or words."""
    if given is None:
        return ()
    listed = (
        cast("list[Any]", given)
        if isinstance(given, list)
        else str(given).replace("；", ";").replace("、", ";").split(";")
    )
    texts = (
        cast("dict[str, str]", each).get("zh", "") if isinstance(each, dict) else str(each) for each in listed
    )
    return tuple(text for each in texts if (text := spelled(each)))


def _text(value: object) -> str | None:
    return (spelled(value) or None) if value is not None else None
