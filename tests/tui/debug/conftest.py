"""The debugger's screen, opened on real runs among doubles, and on recordings."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

import pytest

from recode_core import episode
from recode_core.debugger import debug_session as core
from recode_core.environments.environment import Restoration, World
from recode_core.environments.scripted import ScriptedAnswer, ScriptedWorld
from recode_core.executor import Limits
from recode_core.policies.policy import Policy
from recode_core.policies.scripted import Scripted
from recode_core.session import Settings
from recode_tui import session_sources
from recode_tui.app import RecodeApp
from recode_tui.debug.screen import DebugScreen
from recode_tui.session_sources import Open
from tests.tui.debug.debugger_pilot import DebuggerPilot
from tests.tui.debug.doubles import TASK, FakeEnvironment, reply

ROOT = "solve(instruction, observation)"
SAMPLES = Path(__file__).parents[3] / "sessions"

_LIMITS = Limits()
Script = str | Mapping[str, str | list[str]]


class OpenScreen(Protocol):
    """Open a session on the screen."""

    def __call__(
        self, open_session: Open, size: tuple[int, int] = (120, 40), waits: bool = True
    ) -> AbstractAsyncContextManager[DebuggerPilot]: ...


class ScriptRun(Protocol):
    """A run of a script in a scripted world, not yet begun."""

    def __call__(
        self,
        code: Script = "",
        answers: Mapping[str, ScriptedAnswer] | Iterable[ScriptedAnswer] = (),
        *,
        world: Callable[[], World] | None = None,
        policy: Policy | None = None,
        limits: Limits = ...,
        restoration: Restoration = "replay",
    ) -> Open: ...


@pytest.fixture
def open_screen(tmp_path: Path) -> OpenScreen:
    """`async with open_screen(open_session) as ui:` opens the screen and waits for the session."""

    @asynccontextmanager
    async def open_screen(
        open_session: Open, size: tuple[int, int] = (120, 40), waits: bool = True
    ) -> AsyncIterator[DebuggerPilot]:
        app = RecodeApp(tmp_path / "sessions", open_session)
        async with app.run_test(size=size) as pilot:
            ui = DebuggerPilot(app, pilot)
            await ui.until(lambda: isinstance(app.screen, DebugScreen))
            screen = ui.screen
            if waits:
                await ui.settle()
            try:
                yield ui
            finally:
                screen.engine.close()

    return open_screen


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the run of the test is recorded."""
    return tmp_path / "run.jsonl"


@pytest.fixture
def expert(path: Path) -> Open:
    """A new run of the household's expert."""
    return session_sources.new_run(Settings("household", "put:7"), path)


@pytest.fixture
def recording() -> Open:
    """A recording with several branches, to be looked at."""
    return session_sources.recording(SAMPLES / "household-puttwo.jsonl")


@pytest.fixture
def script_run(path: Path, monkeypatch: pytest.MonkeyPatch) -> ScriptRun:
    """Makes runs among doubles; `code` is the root's, or each statement's own."""

    def make(
        code: Script = "",
        answers: Mapping[str, ScriptedAnswer] | Iterable[ScriptedAnswer] = (),
        *,
        world: Callable[[], World] | None = None,
        policy: Policy | None = None,
        limits: Limits = _LIMITS,
        restoration: Restoration = "replay",
    ) -> Open:
        home = FakeEnvironment(world or (lambda: ScriptedWorld(answers)), restoration)
        monkeypatch.setattr(episode, "find_environment", lambda name: home)
        settings = Settings(home.name, TASK, limits=limits)
        return lambda: core.start(settings, path, policy or written(code))

    return make


def written(code: Script) -> Scripted:
    """A policy that expands the root into `code`, or each statement into its own."""
    if isinstance(code, str):
        return Scripted({ROOT: reply(code)})
    return Scripted({k: reply(v) if isinstance(v, str) else map(reply, v) for k, v in code.items()})
