"""Lists that every industry shares, dated: accident types, factors, kinds of measure, grades of accidents.

>>> from datetime import date
>>> [member.zh for member in taxonomy("control_levels", date(2026, 11, 21), edition="shandong-2016").members]
['公司', '车间', '班组', '岗位']
>>> [grade.title.en for grade in accident_grades(deaths=2, serious_injuries=60, direct_loss=0)]
['Serious']
"""

from dualprev_rules.risk.taxonomies.accidents import AccidentGrade, accident_grades
from dualprev_rules.risk.taxonomies.taxonomy import Member, Taxonomy, taxonomies, taxonomy

__all__ = ["AccidentGrade", "Member", "Taxonomy", "accident_grades", "taxonomies", "taxonomy"]
