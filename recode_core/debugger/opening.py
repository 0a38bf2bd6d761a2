"""Opening a debugger: on a new run, on a session to go on with, or on a recording to look at only."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Callable
from contextlib import ExitStack, suppress
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import NoReturn

import msgspec

from recode_core import protocol
from recode_core.agents.registry import agent
from recode_core.debugger.debugger import Debugger
from recode_core.debugger.diverged_world import WorldDivergence
from recode_core.debugger.restore import Restorer
from recode_core.environments import guard
from recode_core.environments.environment import Environment, Guide
from recode_core.episode import Cast, cast_of
from recode_core.errors import EnvironmentUnavailable, ReadOnlyError, RecodeError, SessionError
from recode_core.events import LimitRaised, Resumed
from recode_core.executor import Executor, Recorder, Run
from recode_core.files import new_file, private
from recode_core.interpreter import Interpreter, SandboxLimits
from recode_core.log import Log
from recode_core.policies.policy import Policy
from recode_core.policies.recorded import Recorded
from recode_core.policy import with_prompts
from recode_core.result import Result, result_of
from recode_core.session import Header, Session, Settings, Writer, new_id, read
from recode_core.session.doubt import refuse_doubt
from recode_core.session.leftover import is_empty, remove_empty


class Opened:
    """A debugger with the session that it is open on. Close it, or use it as a context manager.

    `notice` says what a user should know of the file, `refusal` why nothing can be done in it, if nothing
    can. `keeps_file` says whether the file stays even where nothing happened. `on_moved` is called with a
    message when recording goes on in another file, which `path` is then.
    """

    def __init__(
        self,
        debugger: Debugger,
        header: Header,
        path: Path,
        held: ExitStack,
        policy: Policy | None = None,
        notice: str = "",
        writer: Writer | None = None,
        home: Environment | None = None,
    ) -> None:
        self.debugger = debugger
        self.debugger.path, self.debugger.files = path, self
        self.header = header
        self.path = path
        self.notice = notice
        self.refusal = ""
        self.keeps_file = True
        self.on_moved: Callable[[str], None] = lambda text: None
        self._held = held
        self._policy, self._home = policy, home
        self._writer = writer
        self._follow()

    def _follow(self) -> None:
        if (writer := self._writer) is None:
            return

        def moved(text: str) -> None:
            self.path = self.debugger.path = writer.path
            self.on_moved(text)

        writer.on_moved = moved

    @property
    def is_leftover(self) -> bool:
        """Whether the file goes when this is closed now, since nothing has happened."""
        return not self.keeps_file and is_empty(self.debugger.log.records)

    @property
    def result(self) -> Result:
        """What has come of the current branch so far."""
        return result_of(self.debugger.timeline)

    def save(self, path: str | PathLike[str]) -> None:
        """Write a copy of the session. Raises SessionError; no file is overwritten."""
        try:
            with new_file(Path(path), private) as copy, self.path.open("rb") as session:
                shutil.copyfileobj(session, copy)
        except RecodeError as error:
            raise SessionError(str(error)) from None

    def rerun(self) -> Debugger:
        """Start the same settings again, in a new session beside this one, which is closed.

        Breakpoints, watches, and limits that were changed on the way to the cursor go along.
        """
        before = self.debugger
        fresh = start(
            self.header.settings, self.path.with_name(f"{new_id()}.jsonl"), self._policy, self._home
        )
        with suppress(EnvironmentUnavailable):  # it has failed in that before, or is of no use any more
            self.close()
        self.debugger, self.header, self.path = fresh.debugger, fresh.header, fresh.path
        self.debugger.files = self
        self.notice, self.refusal, self.keeps_file = "", "", False
        self._held, self._writer = fresh._held, fresh._writer
        self._follow()
        events = (record.event for record in before.timeline.up_to(before.cursor))
        limits = {event.name: event.value for event in events if isinstance(event, LimitRaised)}
        for name, value in limits.items():
            self.debugger.limit(name, value)
        self.debugger.annotate(msgspec.structs.replace(before.annotations, notes={}))
        self.debugger.parts.live_run().reuse = before.parts.live_run().reuse
        self.debugger.forget()
        return self.debugger

    def close(self) -> None:
        """Give world, interpreters and file back. Idempotent."""
        self._held.close()

    def __enter__(self) -> Opened:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()


def start(
    settings: Settings, path: Path, policy: Policy | None = None, home: Environment | None = None
) -> Opened:
    """A new run in a new file, paused at its start; `policy` and `home` stand for those that settings name.

    When it is closed and nothing has happened in it, the file is deleted. Raises RecodeError where a name
    is unknown, something is unavailable or the file exists.
    """
    with ExitStack() as held:
        cast = cast_of(with_prompts(settings), policy, home=home)
        world, header, writer = cast.begin(path, held)
        log = Log(sink=cast.keeper(writer), measure=lambda: writer.size)
        held.callback(remove_empty, path.absolute(), header, log)
        limit = guard.step_limit(world)
        executor = Executor(cast.execution(Recorder(log), world, limit))
        debugger = Debugger(log, executor, restorer_of(cast, log, limit))
        held.callback(debugger.close)
        notice = "\n".join(filter(None, (protocol.told(header.settings), writer.notice)))
        opened = Opened(debugger, header, path, held.pop_all(), policy, notice, writer, home)
        opened.keeps_file = False
        return opened


def go_on(
    path: Path,
    policy: Policy | None = None,
    *,
    repeat_action: bool = False,
    most: SandboxLimits = SandboxLimits(),  # noqa: B008 (it is frozen)
    home: Environment | None = None,
) -> Opened:
    """A session to go on with, paused where it stands; what happens is appended to its file.

    Its sandbox gets no more than `most`, whatever the file says.
    Raises what `episode.resume` raises, and writes nothing then.
    """
    writer, session = Writer.reopen(path)
    with ExitStack() as held:
        held.callback(writer.close)
        is_over = session.timeline().end.outcome is not None
        header = session.header.within(most)
        cast = cast_of(header.settings, policy, header.edition, session.system, home)
        if cast.home.restoration == "none" and not repeat_action:
            refuse_doubt(session)
        log = Log(session.records, cast.keeper(writer), measure=lambda: writer.size)
        executor, restorer, choice = _standing(cast, log)
        if not is_over:
            log.append(Resumed(len(session.records)))
        debugger = Debugger(log, executor, restorer)
        held.callback(debugger.close)
        notices = (session.notice, writer.notice, session.header.lowered(most), choice)
        notice = "\n".join(filter(None, notices))
        return Opened(debugger, header, path, held.pop_all(), policy, notice, writer, home)


def look(
    path: Path,
    why: str = "",
    *,
    most: SandboxLimits = SandboxLimits(),  # noqa: B008 (it is frozen)
) -> Opened:
    """A recording to look at: history can be moved through and asked, nothing can be done or written.

    No world, no policy and no lock is taken, and the environment need not be installed. Breakpoints,
    watches and notes are forgotten when it is closed. `why` says what keeps anybody from going on with
    it, if something does. The sandbox that values are looked up in gets no more than `most`. Raises
    SessionError.
    """
    session = read(path)
    with session.followed():
        debugger = _recording(session, session.header.settings.within(most), why)
    with ExitStack() as held:
        held.callback(debugger.close)
        header = session.header.within(most)
        notice = "\n".join(filter(None, (session.notice, session.header.lowered(most))))
        opened = Opened(debugger, header, path, held.pop_all(), notice=notice)
        opened.refusal = debugger.parts.refusal
        return opened


def _recording(session: Session, settings: Settings, why: str) -> Debugger:
    """A debugger without a live run."""
    log = session.log()
    policy = Recorded(())
    policy.model, policy.sampling = settings.model, settings.sampling
    taking_part = agent(settings.agent, Guide("", ""), session.header.edition)
    go_on = f"recode debug {shlex.quote(str(session.path))} opens it to go on with it"
    imported = f"it was imported from {session.header.imported}" if session.header.imported else ""
    refusal = f"this is a recording, to be looked at only; {why or imported or go_on}"

    def execution() -> Run:
        sandbox = Interpreter(settings.sandbox)
        return Run(Recorder(log), taking_part, policy, sandbox, None, "replay", settings.limits, 0)

    def no_world() -> NoReturn:
        raise ReadOnlyError(refusal)

    return Debugger(log, None, Restorer(log, execution, no_world, "replay"), refusal)


def restorer_of(cast: Cast, log: Log, step_limit: int) -> Restorer:
    """What restores runs of a cast, in worlds of its environment."""

    def execution() -> Run:
        return cast.execution(Recorder(log), None, step_limit)

    return Restorer(log, execution, cast.open_world, cast.home.restoration)


def _standing(cast: Cast, log: Log) -> tuple[Executor, Restorer, str]:
    """A run where the current branch ends, and what there is to choose.

    A world that can't be repeated is taken as it is. One that answers otherwise is kept for `accept`; the
    run stands without a world until that, or another try.
    """
    world = cast.open_world()
    restorer = restorer_of(cast, log, guard.step_limit(world))
    if cast.home.restoration != "none":
        try:
            return restorer.bring(log.line(), world), restorer, ""
        except WorldDivergence as differs:
            return restorer.interpreter_at(log.line()), restorer, str(differs)
    with ExitStack() as undone:
        undone.callback(guard.discard, world)
        executor = restorer.interpreter_at(log.line())
        undone.pop_all()
    executor.run.world = world
    return executor, restorer, ""
