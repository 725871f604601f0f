"""What an enterprise is made of: schema, units, what is still possible, and the reading of input."""

from dualprev_rules.facts.cas import valid_cas
from dualprev_rules.facts.json_schema import facts_schema
from dualprev_rules.facts.quantity import parse_number, parse_quantity
from dualprev_rules.facts.reading import Lists, Reader, read_facts
from dualprev_rules.facts.record import Fact, Facts, Provenance, Record
from dualprev_rules.facts.schema import ROOT, Attribute, Entity, Schema
from dualprev_rules.facts.template import write_template
from dualprev_rules.facts.units import NUMBER, Unit, coherent, conversion, find_unit

__all__ = [
    "NUMBER",
    "ROOT",
    "Attribute",
    "Entity",
    "Fact",
    "Facts",
    "Lists",
    "Provenance",
    "Reader",
    "Record",
    "Schema",
    "Unit",
    "coherent",
    "conversion",
    "facts_schema",
    "find_unit",
    "parse_number",
    "parse_quantity",
    "read_facts",
    "valid_cas",
    "write_template",
]
