"""Live readings: conditions over the values that stand, and the memory of what came before.

What needs no memory is decided by functions made of the checked trees. What needs memory is a pair of
facts, an earlier one and the present one, and is matched by durable-rules.
"""

from dualprev_rules.evaluate.events.conditions import Condition, Known, Truth, live_condition
from dualprev_rules.evaluate.events.memory import Memory, open_memory
from dualprev_rules.evaluate.events.rulesets import Pair, pair_of

__all__ = [
    "Condition",
    "Known",
    "Memory",
    "Pair",
    "Truth",
    "live_condition",
    "open_memory",
    "pair_of",
]
