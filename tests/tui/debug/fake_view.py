"""A screen and an engine that only note what a controller does with them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from recode_core.debugger.annotations import Annotations
from recode_core.debugger.commands import Command
from recode_core.debugger.outcomes import Outcome
from recode_core.debugger.wait import Wait
from recode_core.environments.observation_layout import cannot_tell
from recode_core.errors import RecodeError
from recode_core.session import read
from recode_core.timeline import Timeline
from recode_tui.debug.action_line import Suggestions
from recode_tui.debug.controller import DebugController
from recode_tui.debug.messages import CommandsFinished, OpenedSession, Position
from recode_tui.debug.pending import PendingCommand
from recode_tui.debug.transcript import TranscriptView
from recode_tui.debug.view import Flow, Selection
from recode_tui.debug.view_frame import Frame
from recode_tui.debug.view_state import ViewState


class FakeEngine:
    """Notes the commands, and answers questions with `answer`."""

    def __init__(self) -> None:
        self.executed: list[tuple[Command, ...]] = []
        self.written: list[str | None] = []
        self.answer: object = None
        self.calls: list[str] = []
        self.is_pausing = False
        self.is_writing = False
        self.waits_for: Wait | None = None
        self.timeline: Timeline | None = None

    def execute(self, commands: Sequence[Command]) -> None:
        self.executed.append(tuple(commands))

    def ask(self, question: Callable[[Any], object]) -> Future[object]:
        future: Future[object] = Future()
        if isinstance(self.answer, RecodeError):
            future.set_exception(self.answer)
        else:
            future.set_result(self.answer)
        return future

    def ask_actions(self, at: int | None = None) -> Future[object]:
        return self.ask(lambda debugger: ())

    def pause(self) -> None:
        self.calls.append("pause")
        self.is_pausing = True

    def abort(self) -> None:
        self.calls.append("abort")

    def write(self, code: str | None) -> None:
        self.written.append(code)


class FakeDialogs:
    """Gives the choices that a test has put into `choices`, by the name of the dialog."""

    def __init__(self) -> None:
        self.choices: dict[str, object] = {}
        self.opened: list[tuple[str, tuple[object, ...]]] = []

    def __getattr__(self, name: str) -> Callable[..., object]:
        def open_dialog(*args: object, **options: object) -> object:
            self.opened.append((name, args))
            choice = self.choices.get(name)
            if name in ("output", "text", "observation", "edit_outside"):
                if isinstance(choice, Exception):
                    raise choice
                return choice
            chosen = asyncio.get_running_loop().create_future()
            chosen.set_result(choice)
            return (self.choices[f"{name} dialog"], chosen) if f"{name} dialog" in self.choices else chosen

        return open_dialog


class FakeView:
    """Notes what is shown."""

    def __init__(self) -> None:
        self.dialogs: Any = FakeDialogs()
        self.frame: Frame | None = None
        self.selection = Selection("plan", "0")
        self.awaits_suggestions = True
        self.reports: list[tuple[str, str]] = []
        self.drafts: list[frozenset[str]] = []
        self.selected: list[tuple[str, str]] = []
        self.begun: list[str] = []
        self.suggestions: list[Suggestions] = []
        self.flows: list[Flow] = []
        self.left: list[bool] = []
        self.follows: list[bool] = []
        self.copied: list[str] = []
        self.transcript = TranscriptView()
        self.consoles_opened = 0
        self.remembered: list[str] = []
        self.gone_on_from: list[tuple[str, int]] = []

    def report(self, severity: str, text: str) -> None:
        self.reports.append((severity, text))

    def fits(self, text: str) -> bool:
        return "\n" not in text and len(text) <= 118

    def show_transcript(self, transcript: TranscriptView) -> None:
        self.transcript = transcript

    def open_console(self) -> None:
        self.consoles_opened += 1

    def remember_line(self, text: str) -> None:
        self.remembered.append(text)

    def offer_line(self, text: str) -> None:
        self.offered = text

    def continue_from(self, branch: str, n: int) -> None:
        self.gone_on_from.append((branch, n))

    def show(self, frame: Frame) -> None:
        self.frame = frame

    def show_pending(self, *, follows: bool) -> None:
        self.follows.append(follows)

    def copy(self, text: str) -> None:
        self.copied.append(text)

    def show_drafts(self, nodes: frozenset[str]) -> None:
        self.drafts.append(nodes)

    def select_node(self, node: str, tab: str) -> None:
        self.selected.append((node, tab))

    def begin_command(self, text: str) -> None:
        self.begun.append(text)

    def suggest(self, suggestions: Suggestions) -> None:
        self.suggestions.append(suggestions)

    def start(self, flow: Flow, *, only: str = "") -> None:
        self.flows.append(flow)

    def leave(self) -> None:
        self.left.append(True)

    @property
    def message(self) -> str:
        return self.reports[-1][1] if self.reports else ""

    @property
    def last_message(self) -> str:
        return next((text for _, text in reversed(self.reports) if text), "")

    @property
    def report_now(self) -> tuple[str, str]:
        """The last message."""
        return self.reports[-1]


class ControllerHarness:
    """A controller over a recorded session, at a stop of it."""

    def __init__(self, path: Path, stop: int = -1, refusal: str = "") -> None:
        session = read(path)
        self.log = session.log()
        self.timeline = Timeline(self.log.line())
        self.engine, self.view = FakeEngine(), FakeView()
        self.controller = DebugController(self.engine, self.view, "a session")  # type: ignore[arg-type]
        n = self.timeline.stops[stop].n
        self.position = Position(self.timeline, n, Annotations(), (), None)  # type: ignore[arg-type]
        opened = OpenedSession(
            self.log,
            None,  # type: ignore[arg-type]
            session.header,
            path,
            "",
            refusal,
            0,
            cannot_tell,
        )
        self._state = self.controller.state = ViewState(opened, self.position)
        self.controller.pending.opened("household")
        self.view.frame = self._state.frame()

    def show(self, position: Position) -> None:
        """Show another position."""
        self.position = self._state.position = position
        self.view.frame = self._state.frame()

    @property
    def executed(self) -> list[str]:
        """The commands that were given to the engine, as lines."""
        return [command.format().text for commands in self.engine.executed for command in commands]

    def finish(self, *lines: str, outcome: Outcome | None = None, failure: RecodeError | None = None) -> None:
        """The engine has executed the first pending commands."""
        commands = self.engine.executed[len(self.engine.executed) - self.waiting]
        message = CommandsFinished(commands, self.position, lines, outcome, failure)
        self.controller.outcomes.finished(message, self.controller.pending.finish())

    @property
    def waiting(self) -> int:
        """How many commands are pending."""
        return len(self.controller.pending._commands)

    async def run_flows(self) -> None:
        """Run what was started beside the keys, and what that starts."""
        while self.view.flows:
            await self.view.flows.pop(0)()


__all__ = ["ControllerHarness", "FakeDialogs", "FakeEngine", "FakeView", "PendingCommand"]
