"""A session on the screen: its panels, and an engine that is never waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from textual import on, work
from textual.message import Message
from textual.timer import Timer

from recode_core.errors import exit_code
from recode_tui.debug.engine import Engine, Work
from recode_tui.debug.messages import Crashed, Moved, NotOpened, Ready, Rested, Stopped, Watched
from recode_tui.debug.panel_screen import PanelScreen
from recode_tui.debug.panels.timeline import TimelinePanel
from recode_tui.debug.panels.variables import VariablesPanel
from recode_tui.debug.pending import UnderWay
from recode_tui.debug.status_line import LastLine
from recode_tui.debug.view_frame import Frame
from recode_tui.debug.view_state import Stage
from recode_tui.session_sources import SessionSource
from recode_tui.text import plain

if TYPE_CHECKING:
    from recode_core.debugger.debug_session import DebugSession
    from recode_core.debugger.restore import RestoreStats

_EVERY = 1 / 20  # seconds between two pictures of a run that goes on


class SessionScreen(PanelScreen):
    """Shows a session as it is and as it goes on. What keys do is said by who inherits."""

    class Over(Message):
        """The screen has done its work on `path`; `error` says why, where it is not what the user wished.

        `code` is the exit code for that, `trace` is there where the fault is ours.
        """

        def __init__(self, path: Path | None = None, error: str = "", code: int = 0, trace: str = "") -> None:
            super().__init__()
            self.path = path
            self.error = error
            self.code = code
            self.trace = trace

    class Recorded(Message):
        """The session is recorded in the file `path`; that is told again where it becomes another one."""

        def __init__(self, path: Path) -> None:
            super().__init__()
            self.path = path

    def __init__(self, open_session: Callable[[], DebugSession]) -> None:
        super().__init__()
        self.engine = Engine(open_session, self.post_message)
        self.stage: Stage | None = None
        what = open_session.name if isinstance(open_session, SessionSource) else "the session"
        self.under_way = UnderWay(self.engine, what)
        self._timer: Timer | None = None

    def on_mount(self) -> None:
        self.add_class("-show-code")
        self.lay_out()
        self.plan.focus()
        self._timer = self.set_interval(_EVERY, self._tick)
        self.status.doing = self.under_way.text
        self.query_one(LastLine).state = "opening"
        self.call_after_refresh(self.engine.start)  # the first picture comes first

    def on_unmount(self) -> None:
        self.engine.close()  # however the screen was left; where it was by a key, it is closed already

    # the engine

    def run(self, line: str, block: str | None = None) -> None:
        """Have the engine run a line of the command language."""
        self.do(line, lambda console: console.run(line, block))

    def is_refused(self) -> bool:
        """Whether the session can only be looked at; then that is said."""
        refusal = self.stage.session.refusal if self.stage is not None else ""
        if refusal:
            self.say("error", refusal)
        return bool(refusal)

    def do(self, line: str, work: Work) -> None:
        """Have the engine do something, which `line` names, unless it still has something to do."""
        if self.under_way.is_long:
            self.say("error", self.under_way.way_out)
            return
        self.under_way.begin(line)
        self.say("info", "")
        self.plan.follow = True
        if self._timer is not None:
            self._timer.resume()
        self.engine.do(line, work)

    @property
    def is_working(self) -> bool:
        """Whether something is under way."""
        return self.under_way.is_command

    @on(Ready)
    def _ready(self, message: Ready) -> None:
        self.stage = Stage(message.session, message.moment)
        self.under_way.open()
        settings = message.session.header.settings
        agent = "" if settings.agent == "recode" else settings.agent
        prompts = f"prompts {settings.prompts.name}" if settings.prompts is not None else ""
        what = f"{settings.environment} {settings.task}"
        parts = (what, agent, settings.model, prompts)
        self.status.title = plain(" · ".join(part for part in parts if part))
        self.status.sign = "recording" if message.session.refusal else ""
        self.query_one(TimelinePanel).branches = message.session.branches
        self.query_one(LastLine).state = "resting"
        self.say("info", message.session.notice)
        self.post_message(self.Recorded(message.session.path))
        self._tick()

    @on(Moved)
    def _moved(self, message: Moved) -> None:
        if self.stage is not None:
            self.stage.session = msgspec.structs.replace(self.stage.session, path=message.path)
        self.post_message(self.Recorded(message.path))
        self.notify(message.text, severity="warning", markup=False, timeout=60)

    @on(Rested)
    def _rested(self, message: Rested) -> None:
        self.under_way.end()
        if self.stage is not None:
            self._judge(self.stage.moment.restore_stats, message.moment.restore_stats)
            self.stage.moment = message.moment
            self._show_moment(is_running=False)
            self._hear(self.stage)  # before anybody is told that it is over
        if not self.is_working:
            self.status.doing = ""
            self.query_one(LastLine).state = "resting"
        self.tell(message)

    def _judge(self, before: RestoreStats, now: RestoreStats) -> None:
        """Say what bringing the world back met, if it was brought back just now."""
        recalled = f", {now.recalled} recalled" if now.recalled else ""
        self.status.verdicts = f"{now.replayed} replayed{recalled}" if now is not before else ""

    @on(Watched)
    def _watched(self, message: Watched) -> None:
        if self.frame is not None and self.frame.n == message.n:
            self.query_one(VariablesPanel).watches = tuple(line.strip() for line in message.lines)

    @on(NotOpened)
    def _not_opened(self, message: NotOpened) -> None:
        self.post_message(self.Over(None, message.error, message.code))

    @on(Crashed)
    def _crashed(self, message: Crashed) -> None:
        self.post_message(self.Over(self.path, code=70, trace=message.trace))

    @on(Stopped)
    def _stopped(self) -> None:
        self.leave()

    # drawing

    def _tick(self) -> None:
        if self.stage is None:
            self.status.tell()
            return
        is_running = self.under_way.is_long
        if self.is_working and not is_running:
            return  # it may be over before anybody looks
        self._show_moment(is_running)
        self._hear(self.stage)
        heard = f" · {self.code.heard:,} characters" if self.code.heard else ""
        self.status.doing = f"{self.under_way.text}{heard}" if is_running else ""
        self.query_one(LastLine).state = "running" if is_running else "resting"
        if is_running:
            self.status.tell()
        elif self._timer is not None:
            self._timer.pause()

    def _show_moment(self, is_running: bool) -> None:
        """Show what is to be shown now."""
        if self.stage is None:
            return
        frame = self.stage.frame(self.engine.timeline if is_running else None)
        if self.frame is None or _differs(frame, self.frame):
            self.show(frame)

    def tell(self, rested: Rested) -> None:
        """Say what came of a command."""
        raise NotImplementedError

    def hear_aside(self, branch: str, asked: int, text: str) -> None:
        """A piece of the reply to the request in record `asked` has arrived on a branch beside this one."""

    def _hear(self, stage: Stage) -> None:
        heard: dict[tuple[str, int], str] = {}
        while self.engine.heard:
            branch, asked, text = self.engine.heard.popleft()
            heard[branch, asked] = heard.get((branch, asked), "") + text
        timeline = self.engine.timeline or stage.moment.timeline
        for (branch, asked), text in heard.items():
            if branch == timeline.branch:
                self.code.hear(timeline.stop_at(asked), text)
            else:
                self.hear_aside(branch, asked, text)

    # parts

    @property
    def path(self) -> Path | None:
        """Where the session is recorded, once it is open."""
        return self.stage.session.path if self.stage is not None else None

    @work
    async def leave(self) -> None:
        """Give everything back and go."""
        self.status.doing = "closing"
        await asyncio.to_thread(self.engine.close)
        failure = self.engine.failure
        if failure is None:
            self.post_message(self.Over(self.path))
        else:
            self.post_message(self.Over(self.path, str(failure), exit_code(failure)))


def _differs(one: Frame, other: Frame) -> bool:
    is_same = one.timeline is other.timeline and one.annotations is other.annotations
    return not is_same or (one.n, one.known, one.is_running) != (other.n, other.known, other.is_running)
