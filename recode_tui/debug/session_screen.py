"""A session on the screen: the engine's messages, and the frames that are drawn of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from textual import on, work
from textual.events import DescendantFocus
from textual.message import Message
from textual.timer import Timer

from recode_core import read_only
from recode_core.errors import exit_code
from recode_tui.debug import messages
from recode_tui.debug.command_line import CommandLine
from recode_tui.debug.controller import DebugController
from recode_tui.debug.dialogs.opener import DialogOpener
from recode_tui.debug.engine import Engine
from recode_tui.debug.hints import Situation
from recode_tui.debug.panel_screen import PanelScreen
from recode_tui.debug.panels.bar import Title
from recode_tui.debug.panels.code import Tab
from recode_tui.debug.panels.timeline import TimelinePanel
from recode_tui.debug.panels.variables import VariablesPanel
from recode_tui.debug.pending import waiting_text
from recode_tui.debug.prompt import Prompt
from recode_tui.debug.status_line import State, StatusLine
from recode_tui.debug.view import Dialogs, Flow, Selection
from recode_tui.debug.view_frame import Frame
from recode_tui.debug.view_state import ViewState
from recode_tui.demo.bar import TourBar
from recode_tui.demo.guide import TourGuide
from recode_tui.session_sources import SessionSource
from recode_tui.text import one_line, plain

if TYPE_CHECKING:
    from recode_core.debugger.debug_session import DebugSession
    from recode_core.debugger.following import FollowKind, FollowState
    from recode_core.debugger.restore import RestoreStats
    from recode_core.interpreter import SandboxLimits
    from recode_tui.debug.action_line import Suggestions

_TICK = 1 / 20  # seconds between two frames of a run that goes on
_SIGNS: dict[FollowKind, str] = {
    "running": "following",
    "ended": "run ended",
    "stopped": "run stopped",
    "lost": "not followed",
}
"""Names in the bar for the states of a run that another process writes."""


class SessionScreen(PanelScreen):
    """Shows a session, also while it runs. It is the view of its controller."""

    @dataclass
    class SessionClosed(Message):
        """The session at `path` is closed. `error` is the reason, if the user did not ask for it.

        `code` is the exit code for that, `trace` the traceback of an error of our own.
        """

        path: Path | None = None
        error: str = ""
        code: int = 0
        trace: str = ""

    @dataclass
    class PathChanged(Message):
        """The session is recorded in the file `path`; posted again if that changes."""

        path: Path

    @dataclass
    class CommandEnded(Message):
        """A command has ended, after so many seconds."""

        seconds: float

    @dataclass
    class ContinuationRequested(Message):
        """The session at `path` is closed, and a copy of it is to be opened at record `n` of a branch."""

        path: Path
        branch: str
        n: int
        most: SandboxLimits | None

    def __init__(self, open_session: Callable[[], DebugSession]) -> None:
        super().__init__()
        self.engine = Engine(open_session, self.post_message)
        source = open_session if isinstance(open_session, SessionSource) else None
        what = source.name if source is not None else "the session"
        self._most = source.most if source is not None else None
        self.controller = DebugController(self.engine, self, what)
        self.guide = TourGuide(self)
        self._timer: Timer | None = None
        self._is_left = False

    def on_mount(self) -> None:
        self.lay_out()
        self.plan.focus()
        self._timer = self.set_interval(_TICK, self._tick)
        self.status.doing = self.controller.pending.text
        self.query_one(StatusLine).state = "opening"
        self.call_after_refresh(self.engine.start)  # the first frame is drawn before

    def on_unmount(self) -> None:
        self.engine.close()  # a second call, if the screen was left by a key

    @property
    def is_working(self) -> bool:
        """Whether a command is running or waiting."""
        return self.controller.pending.is_command

    @property
    def _idle(self) -> State:
        """The state of the status line while no command is running."""
        state = self.controller.state
        if not self.controller.read_only.refusal:
            return "idle"
        if state is not None and state.follow is not None:
            return "following"
        return "read-only" if read_only.is_enforced() else "recording"

    @property
    def path(self) -> Path | None:
        """The file in which the session is recorded, once it is open."""
        return self.controller.state.session.path if self.controller.state is not None else None

    def situation(self) -> Situation | None:
        frame, state = self.frame, self.controller.state
        if frame is None or state is None or self.is_working or frame.is_preview:
            return None
        return Situation(
            panel=self.panel_of(self.focused),
            stop=frame.stop.kind,
            is_past=frame.stop.n < frame.timeline.stops[-1].n,
            is_read_only=frame.is_read_only,
            branches=len(frame.log.branches),
        )

    @property
    def kept_rows(self) -> int:
        """The rows from the tour down, while one is shown. Dialogs leave them visible."""
        bar = self.query_one(TourBar).region
        return self.size.height - bar.y if bar.height else 0

    @on(DescendantFocus)
    def _look_along_the_tour(self) -> None:
        self.guide.update()  # the next key may leave the panel before the tour looks by itself

    # the view

    @property
    def dialogs(self) -> Dialogs:
        return DialogOpener(self.app)

    @property
    def selection(self) -> Selection:
        panel, code = self.panel_of(self.focused), self.code
        return Selection(
            panel=panel,
            node=self.plan.node,
            shown=code.call,
            tab=code.tab if code.display else "",
            line=code.line if panel == "code" else None,
            row=self.selected_row(panel),
            streamed=code.streamed,
            marked=self.get_selected_text() or "",
        )

    @property
    def message(self) -> str:
        return self.query_one(StatusLine).message[1]

    @property
    def last_message(self) -> str:
        return self.query_one(StatusLine).last

    @property
    def awaits_suggestions(self) -> bool:
        return self.query_one(CommandLine).is_awaited

    def show_pending(self, *, follows: bool) -> None:
        self.plan.follow = self.plan.follow or follows
        if self._timer is not None:
            self._timer.resume()

    def show_drafts(self, nodes: frozenset[str]) -> None:
        self.plan.drafts = self.code.drafts = nodes

    def select_node(self, node: str, tab: Tab) -> None:
        self.focus_panel("plan")
        self.plan.follow = False
        self.plan.reveal(node)
        self.code.tab = tab
        self.defer(self.show_selected)

    def suggest(self, suggestions: Suggestions) -> None:
        self.query_one(CommandLine).show(suggestions)

    def copy(self, text: str) -> None:
        self.app.copy_to_clipboard(text)

    def start(self, flow: Flow, *, only: str = "") -> None:
        async def run() -> None:  # a worker takes no function that only returns a coroutine
            await flow()

        self.run_in_background(run, group=only or "default", exclusive=bool(only))

    def remember_line(self, text: str) -> None:
        self.query_one(Prompt).remember(text)

    def offer_line(self, text: str) -> None:
        self.query_one(Prompt).offered = text

    @work
    async def continue_from(self, branch: str, n: int) -> None:
        if (path := self.path) is not None and not self._is_left:
            self._is_left = True
            self.status.doing = "closing"
            await asyncio.to_thread(self.engine.close)
            self.post_message(self.ContinuationRequested(path, branch, n, self._most))

    @work
    async def leave(self) -> None:
        self.status.doing = "closing"
        await asyncio.to_thread(self.engine.close)
        failure = self.engine.failure
        if failure is None:
            self.post_message(self.SessionClosed(self.path))
        else:
            self.post_message(self.SessionClosed(self.path, str(failure), exit_code(failure)))

    # messages of the engine

    @on(messages.SessionOpened)
    def _session_opened(self, message: messages.SessionOpened) -> None:
        session = message.session
        self.controller.state = ViewState(session, message.position)
        settings = session.header.settings
        self.controller.pending.opened(settings.environment)
        agent = "" if settings.agent == "recode" else settings.agent
        prompts = f"prompts {settings.prompts.name}" if settings.prompts is not None else ""
        task = one_line(f"{settings.environment} {settings.task}", 200)
        who = " · ".join(one_line(part, 80) for part in (agent, settings.model, prompts) if part)
        self.status.title = Title("", who, task)
        self.status.sign = "recording" if session.refusal else ""
        # The engine goes on adding to it; it may be read meanwhile, and a snapshot would cost O(records).
        self.query_one(TimelinePanel).branches = session.branches
        self.query_one(StatusLine).state = self._idle
        self.report("info", session.notice)
        self.controller.transcript.note(session.notice)
        if session.follow is not None:
            self._show_follow(session.follow)
        self.post_message(self.PathChanged(session.path))
        self._tick()
        self.controller.opened()
        self.guide.opened(settings, is_read_only=bool(session.refusal))
        self.show_hint()

    @on(messages.RecordingMoved)
    def _recording_moved(self, message: messages.RecordingMoved) -> None:
        if (state := self.controller.state) is not None:
            state.session = msgspec.structs.replace(state.session, path=message.path)
        self.post_message(self.PathChanged(message.path))
        self.controller.transcript.note(message.text)
        self.notify(message.text, severity="warning", markup=False, timeout=60)

    @on(messages.SessionFollowed)
    def _session_followed(self, message: messages.SessionFollowed) -> None:
        state = self.controller.state
        if state is None:
            return
        is_news = message.follow != state.follow
        state.position, state.follow = message.position, message.follow
        if is_news:
            self._show_follow(message.follow)
        if self._timer is not None:
            self._timer.resume()  # its next tick draws the frame

    def _show_follow(self, follow: FollowState) -> None:
        """Show what has become of a run that another process writes."""
        self.status.sign = _SIGNS[follow.kind]
        self.status.refresh_text()
        if follow.text:
            self.report("info" if follow.kind == "ended" else "error", follow.text)
            self.controller.transcript.note(follow.text)

    @on(messages.CommandsFinished)
    def _commands_finished(self, message: messages.CommandsFinished) -> None:
        seconds = self.controller.pending.seconds
        command = self.controller.pending.finish()
        if (state := self.controller.state) is not None:
            self._show_restore(state.position.restore_stats, message.position.restore_stats)
            state.position = message.position
            self.controller.outcomes.mark_blamed(message)
            self._show_state(state, is_running=False)
            self._show_streams(state)  # before the outcome is shown
        if not self.is_working:
            self.status.doing = ""
            self.query_one(StatusLine).state = self._idle
        self.controller.outcomes.finished(message, command)
        self.defer(lambda: self._command_ended(seconds))
        again = self.controller.call_again
        self.status.asks_again = plain(again.model) if again is not None else ""

    def _command_ended(self, seconds: float) -> None:
        self.guide.update()
        self.show_hint()
        self.post_message(self.CommandEnded(seconds))

    def _show_restore(self, before: RestoreStats, now: RestoreStats) -> None:
        """Show what the replay compared, if the world has just been restored."""
        recalled = f", {now.recalled} recalled" if now.recalled else ""
        self.status.restored = f"{now.replayed} replayed{recalled}" if now is not before else ""
        if now is not before:
            self.controller.transcript.note(f"the world was restored: {self.status.restored}")

    @on(messages.WatchesEvaluated)
    def _watches_evaluated(self, message: messages.WatchesEvaluated) -> None:
        if self.frame is not None and self.frame.at_cursor.n == message.n:
            self.query_one(VariablesPanel).watches = tuple(line.strip() for line in message.lines)

    @on(messages.HumanCodeRequested)
    def _human_code_requested(self, message: messages.HumanCodeRequested) -> None:
        self.start(lambda: self.controller.flows.write_code(message.request))

    @on(messages.OpeningFailed)
    def _opening_failed(self, message: messages.OpeningFailed) -> None:
        self.post_message(self.SessionClosed(None, message.error, message.code))

    @on(messages.EngineCrashed)
    def _engine_crashed(self, message: messages.EngineCrashed) -> None:
        self.post_message(self.SessionClosed(self.path, code=70, trace=message.trace))

    @on(messages.QuitCommandRun)
    def _quit_command_run(self) -> None:
        self.leave()

    # drawing

    def _tick(self) -> None:
        state, pending = self.controller.state, self.controller.pending
        if state is None:
            self.status.refresh_text()
            return
        is_running = pending.is_long
        if self.is_working and not is_running:
            return  # it may be finished already
        self._show_state(state, is_running)
        self._show_streams(state)
        streamed = f" · {self.code.streamed_length:,} characters" if self.code.streamed_length else ""
        self.status.doing = f"{pending.text}{streamed}" if is_running else self._followed_wait(state)
        self.query_one(StatusLine).state = "running" if is_running else self._idle
        if is_running:
            self.status.since = pending.since
            self.status.refresh_text()
        elif state.is_followed_running:
            records = state.position.timeline.records
            self.status.since = time.monotonic() - max(0.0, time.time() - records[-1].time) if records else 0
            self.status.refresh_text()
        elif self._timer is not None:
            self._timer.pause()

    def _followed_wait(self, state: ViewState) -> str:
        """The pending operation of a run that another process writes, if the cursor is at its end."""
        timeline = state.position.timeline
        is_at_end = state.position.cursor == timeline.stops[-1].n
        if not (state.is_followed_running and is_at_end and timeline.branch == state.session.log.branch):
            return ""
        return waiting_text(timeline.stops[-1].kind, state.session.header.settings)

    def _show_state(self, state: ViewState, is_running: bool) -> None:
        frame = state.frame(self.engine.timeline if is_running else None)
        if self.frame is None or _differs(frame, self.frame):
            self.show(frame)

    def _show_streams(self, state: ViewState) -> None:
        """Show the text of replies that has arrived."""
        arrived: dict[tuple[str, int], str] = {}
        while self.engine.streamed:
            branch, asked, text = self.engine.streamed.popleft()
            arrived[branch, asked] = arrived.get((branch, asked), "") + text
        timeline = self.engine.timeline or state.position.timeline
        for (branch, asked), text in arrived.items():
            if branch == timeline.branch:
                self.code.append_stream(timeline.stop_at(asked), text)
            else:
                self.controller.outcomes.streamed(branch, asked, text)


def _differs(one: Frame, other: Frame) -> bool:
    if one.is_preview != other.is_preview:
        return True
    if one.present is not None and other.present is not None and _differs(one.present, other.present):
        return True
    is_same = (
        one.timeline is other.timeline
        and one.annotations is other.annotations
        and one.culprit == other.culprit
    )
    return not is_same or (one.n, one.known, one.is_running) != (other.n, other.known, other.is_running)
