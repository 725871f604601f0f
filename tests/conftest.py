"""What holds for every test: reproducible random cases, and slow tests only where asked for."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
from importlib.util import find_spec
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, settings

from tests.browser import browser, open_page
from tests.cases import FULL, cases

__all__ = ["browser", "open_page", "pytest_collection_finish", "pytest_collection_modifyitems"]

# What one test loads is kept for the next, as it is for users, in a folder of this run that its workers
# share: every pack is read from its files once. tests/risk/test_load.py tests that both are the same.
if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["DUALPREV_CACHE"] = mkdtemp(prefix="dualprev-tests-")
    atexit.register(shutil.rmtree, os.environ["DUALPREV_CACHE"], ignore_errors=True)

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
    """Leave out what this run cannot or need not do; CI leaves nothing out.

    A test that needs a program or module is skipped where that is not found. Slow tests are left to the full
    run; naming one on the command line runs it all the same.
    """
    for item in items:
        for mark in item.iter_markers("needs"):
            lacking = [name for name in mark.args if shutil.which(name) is None and find_spec(name) is None]
            if lacking and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason=f"not found on this machine: {', '.join(lacking)}"))
    named = any("::" in argument for argument in config.args)
    if FULL or named or config.option.markexpr:
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if not item.get_closest_marker("slow")]


def pytest_collection_finish() -> None:
    """Let the collector of cycles pass over what stands for the whole run: the tests themselves.

    It looks at everything only when much was added to what it knows: beside all the tests that would be
    late, and engines that are no more used would pile up.
    """
    gc.collect()
    gc.freeze()
