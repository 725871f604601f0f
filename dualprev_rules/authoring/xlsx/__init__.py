"""A pack as a workbook that an association can edit, and back: a round trip changes nothing."""

from dualprev_rules.authoring.xlsx.check import checked
from dualprev_rules.authoring.xlsx.read import files_of
from dualprev_rules.authoring.xlsx.write import workbook_of

__all__ = ["checked", "files_of", "workbook_of"]
