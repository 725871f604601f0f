"""Cards, boards and notices about risk points, with the fields of the profile, ready to print."""

from dualprev_rules.report.cards.cards import Card, Cards, cards
from dualprev_rules.report.cards.page import card_pages
from dualprev_rules.report.cards.paper import SIZES, Size

__all__ = ["SIZES", "Card", "Cards", "Size", "card_pages", "cards"]
