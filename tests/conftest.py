"""Fixtures and settings that all tests share."""

from __future__ import annotations

import gc
import os
import signal
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from hypothesis import settings

from recode_core.executor import Executor
from recode_core.executor.evaluator import PlainEvaluator
from recode_core.testing import RunHarness

# An example of a property may take as long as it needs: how long depends on what else the machine does.
settings.register_profile("recode", deadline=None)
settings.load_profile("recode")


def pytest_configure() -> None:
    """Let the programs that tests start heed ctrl+c, also where a shell started pytest in the background.

    With `RECODE_LOOKAHEAD=off`, all tests run without looking ahead.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if os.environ.get("RECODE_LOOKAHEAD") == "off":
        Executor.evaluator = PlainEvaluator


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all variants but the first of a test with the marker `slow_variants` as slow."""
    for item in items:
        if item.get_closest_marker("slow_variants") and any(item.callspec.indices.values()):  # type: ignore[attr-defined]
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish() -> None:
    """Let the garbage collector skip what was imported, and run less often: it took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """List the ten files whose tests took longest, setup and teardown included, and say the random seed."""
    seconds: dict[str, float] = defaultdict(float)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                seconds[report.nodeid.partition("::")[0]] += report.duration
    terminalreporter.section("slowest 10 files")
    for file, total in sorted(seconds.items(), key=lambda item: -item[1])[:10]:
        terminalreporter.write_line(f"{total:.2f}s {file}")
    if (seed := config.getoption("randomly_seed", None)) is not None:
        terminalreporter.write_line(f"in random order: --randomly-seed={seed}")


@pytest.fixture
def make_run() -> Iterator[Callable[..., RunHarness]]:
    """Makes runs from what a `RunHarness` takes, and closes them after the test."""
    with ExitStack() as stack:
        yield lambda *args, **kwargs: stack.enter_context(RunHarness(*args, **kwargs))
