"""What holds for every test: reproducible random cases, and slow tests only where asked for."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.cases import FULL, cases

# Every engine of a test is loaded from its files, but where the cache itself is tested.
os.environ["DUALPREV_CACHE"] = "off"

# Derandomised and without a database of past failures: a run is the same everywhere, CI included.
settings.register_profile(
    "dualprev",
    max_examples=cases(1_000),
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("dualprev")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the slow tests out of the quick run; naming one on the command line runs it all the same."""
    named = any("::" in argument for argument in config.args)
    if FULL or named or config.option.markexpr:
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if not item.get_closest_marker("slow")]
