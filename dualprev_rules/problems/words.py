"""A text for people, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Lang = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """Chinese and English side by side; English falls back on Chinese where a pack has none."""

    zh: str
    en: str = ""

    def get(self, lang: Lang) -> str:
        """Return the text in ``lang``, or in the other language where that one is empty."""
        return (self.zh or self.en) if lang == "zh" else (self.en or self.zh)

    def to_json(self) -> dict[str, str]:
        """Return ``{"zh": …, "en": …}``."""
        return {"zh": self.get("zh"), "en": self.get("en")}
