"""The simulator, where it is installed. To start it takes seconds, so tests share one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from recode_core.environments.process import Process
from recode_core.environments.scienceworld import ScienceWorld
from recode_core.environments.scienceworld.experiments import parse
from recode_core.environments.scienceworld.world import ScienceWorldWorld

Open = Callable[[str], ScienceWorldWorld]


@pytest.fixture
def simulator() -> ScienceWorld:
    """ScienceWorld, where it can be played."""
    home = ScienceWorld()
    if missing := home.missing():
        pytest.skip(missing)
    return home


@pytest.fixture(scope="module")
def shared() -> Iterator[Process | None]:
    """A simulator that is started, if there is one."""
    home = ScienceWorld()
    if home.missing():
        yield None
        return
    process = home._simulator()
    yield process
    process.close()


@pytest.fixture
def open_task(simulator: ScienceWorld, shared: Process | None) -> Open:
    """Opens a task in the shared simulator; a test has one at a time, and closes none."""
    assert shared is not None
    return lambda task_id: ScienceWorldWorld(shared, parse(task_id))
