"""What an enterprise is made of: schema, units, what is still possible, and the reading of input."""

from dualprev_rules.facts.quantity import parse_number, parse_quantity
from dualprev_rules.facts.units import NUMBER, Unit, coherent, conversion, find_unit

__all__ = ["NUMBER", "Unit", "coherent", "conversion", "find_unit", "parse_number", "parse_quantity"]
