"""A scheme of classes for the tests, and enterprises to put into it."""

from __future__ import annotations

from typing import Any

from dualprev_rules.supervision.roster import Enterprise
from dualprev_rules.supervision.scheme import Classified, Scheme, classify, read_scheme


def words(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def scheme_file(visits: dict[str, int] | None = None, **more: Any) -> dict[str, Any]:
    visits = visits or {"I": 4, "II": 2, "III": 1}
    return {
        "scheme": "county",
        "title": words("某县方案"),
        "management": [{"id": "weak", "label": words("弱")}, {"id": "sound", "label": words("好")}],
        "classes": [{"id": name, "label": words(name), "visits": n} for name, n in visits.items()],
        "table": {"weak": ["I", "I", "II", "II"], "sound": ["I", "II", "III", "III"]},
        **more,
    }


SCHEME: Scheme = read_scheme(scheme_file())


def enterprise(code: str, grade: int | None = None, management: str | None = None, **more: Any) -> Enterprise:
    given = {"name": code, "area": (None, None, None, None), **more}
    return Enterprise(code, grades=(grade,) if grade else (), management=management, **given)


def classified(code: str, grade: int, management: str = "sound", **more: Any) -> Classified:
    return classify(SCHEME, enterprise(code, grade, management, **more))
