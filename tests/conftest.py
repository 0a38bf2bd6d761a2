"""Fixtures and settings that all tests share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from hypothesis import settings

from tests.support.runs import RunHarness

# An example of a property may take as long as it needs: how long depends on what else the machine does.
settings.register_profile("recode", deadline=None)
settings.load_profile("recode")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the ten files whose tests took longest, setup and teardown included."""
    seconds: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                seconds[report.nodeid.partition("::")[0]] += report.duration
    terminalreporter.section("slowest 10 files")
    for file, total in seconds.most_common(10):
        terminalreporter.write_line(f"{total:.2f}s {file}")


@pytest.fixture
def make_run() -> Iterator[Callable[..., RunHarness]]:
    """Makes runs from what a `RunHarness` takes, and closes them after the test."""
    with ExitStack() as stack:
        yield lambda *args, **kwargs: stack.enter_context(RunHarness(*args, **kwargs))
