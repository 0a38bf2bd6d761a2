"""Debug sessions: a debugger on a new run, on a session to continue, or read-only on a recording."""

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

from recode_core import protocol, read_only
from recode_core.agents.registry import agent
from recode_core.debugger.debugger import Debugger
from recode_core.debugger.diverged_world import WorldDivergence
from recode_core.debugger.following import Following
from recode_core.debugger.restore import Restorer
from recode_core.debugger.session_script import script_of
from recode_core.environments import guard
from recode_core.environments.environment import Environment, Guide
from recode_core.episode import RunConfig, resolve
from recode_core.errors import EnvironmentUnavailable, ReadOnlyError, RecodeError, SessionError
from recode_core.events import LimitRaised, Resumed
from recode_core.executor import Executor, Recorder, Run
from recode_core.files import new_file, private
from recode_core.interpreter import Interpreter, SandboxLimits
from recode_core.log import Log, Record
from recode_core.policies.policy import Policy
from recode_core.policies.recorded import Recorded
from recode_core.policy_registry import with_prompts
from recode_core.result import Result, result_of
from recode_core.session import Header, Settings, Writer, new_id, read
from recode_core.session.following import FollowedFile
from recode_core.session.leftover import is_empty, remove_empty
from recode_core.session.pending_action import check_no_pending_action


class DebugSession:
    """A debugger with its session file. Close it, or use it as a context manager.

    `notice` is a message about the state of the file, for the user; `refusal` is the reason if the session
    is read-only. With `keeps_file` the file is kept even if nothing has happened in it. `on_moved` is
    called with a message when recording continues in another file, the new `path`. `following` adds what
    another process appends to the file, if the session was opened for that.
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
        environment: Environment | None = None,
    ) -> None:
        self.debugger = debugger
        self.debugger.path, self.debugger.files = path, self
        self.header = header
        self.path = path
        self.notice = notice
        self.refusal = ""
        self.keeps_file = True
        self.following: Following | None = None
        self.on_moved: Callable[[str], None] = lambda text: None
        self._held = held
        self._policy, self._environment = policy, environment
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
        """Whether closing the session now deletes the file, because nothing has happened in it."""
        return not self.keeps_file and is_empty(self.debugger.log.records)

    @property
    def result(self) -> Result:
        """The result of the current branch so far."""
        return result_of(self.debugger.timeline)

    def save(self, path: str | PathLike[str]) -> None:
        """Write a copy of the session. Raises SessionError; no file is overwritten."""
        try:
            with new_file(Path(path), private) as copy, self.path.open("rb") as session:
                shutil.copyfileobj(session, copy)
        except RecodeError as error:
            raise SessionError(str(error)) from None

    def script(self) -> str:
        """The session as a script. Raises RecodeError if none can repeat it."""
        return script_of(self.header, self.debugger.log)

    def rerun(self) -> Debugger:
        """Close this session and start the same settings in a new one, in the same folder.

        Breakpoints, watches, and limits that were changed before the cursor are kept.
        """
        before = self.debugger
        fresh = start(
            self.header.settings, self.path.with_name(f"{new_id()}.jsonl"), self._policy, self._environment
        )
        with suppress(EnvironmentUnavailable):  # the old world is not needed any more
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
        """Close world, interpreters and file. Idempotent."""
        self._held.close()

    def __enter__(self) -> DebugSession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()


def start(
    settings: Settings, path: Path, policy: Policy | None = None, environment: Environment | None = None
) -> DebugSession:
    """A new run in a new file, paused at its start; `policy` and `environment` stand for those that
    settings name.

    When it is closed and nothing has happened in it, the file is deleted. Raises RecodeError where a name
    is unknown, something is unavailable or the file exists.
    """
    with ExitStack() as held:
        config = resolve(with_prompts(settings), policy, environment=environment)
        world, header, writer = config.begin(path, held)
        log = Log(sink=config.sink(writer), measure=lambda: writer.size)
        held.callback(remove_empty, path.absolute(), header, log)
        limit = guard.step_limit(world)
        executor = Executor(config.new_run(Recorder(log), world, limit))
        debugger = Debugger(log, executor, restorer_of(config, log, limit))
        held.callback(debugger.close)
        notice = "\n".join(filter(None, (protocol.describe(header.settings), writer.notice)))
        opened = DebugSession(debugger, header, path, held.pop_all(), policy, notice, writer, environment)
        opened.keeps_file = False
        return opened


def open_live(
    path: Path,
    policy: Policy | None = None,
    *,
    repeat_action: bool = False,
    most: SandboxLimits = SandboxLimits(),  # noqa: B008 (it is frozen)
    environment: Environment | None = None,
) -> DebugSession:
    """Open a session to continue it, paused at its last stop. New records are appended to its file.

    `most` caps the sandbox, whatever the file asks for. Raises the errors of `episode.resume`; nothing is
    written then.
    """
    writer, session = Writer.reopen(path)
    with ExitStack() as held:
        held.callback(writer.close)
        is_over = session.timeline().end.outcome is not None
        header = session.header.within(most)
        config = resolve(header.settings, policy, header.edition, session.system, environment)
        config.recall(session.records)
        if config.environment.restoration == "none" and not repeat_action:
            check_no_pending_action(session)
        log = Log(session.records, config.sink(writer), measure=lambda: writer.size)
        executor, restorer, choice = _restored_run(config, log)
        if not is_over:
            log.append(Resumed(len(session.records)))
        debugger = Debugger(log, executor, restorer)
        held.callback(debugger.close)
        notices = (session.notice, writer.notice, session.header.lowered(most), choice)
        notice = "\n".join(filter(None, notices))
        return DebugSession(debugger, header, path, held.pop_all(), policy, notice, writer, environment)


def open_readonly(
    path: Path,
    why: str = "",
    *,
    most: SandboxLimits = SandboxLimits(),  # noqa: B008 (it is frozen)
) -> DebugSession:
    """Open a recording read-only: its history can be browsed and queried, nothing is run or written.

    World, policy and lock are not needed, and the environment need not be installed. Breakpoints, watches
    and notes are discarded on closing. `why` is the reason why the session cannot be continued, if there is
    one. `most` caps the sandbox that evaluates expressions. Raises SessionError.
    """
    session = read(path)
    header = session.header.within(most)
    with session.integrity_errors():
        debugger = _readonly_debugger(
            header, session.log(), why, f"to continue it, run: recode debug {shlex.quote(str(path))}"
        )
    with ExitStack() as held:
        held.callback(debugger.close)
        notice = "\n".join(filter(None, (session.notice, session.header.lowered(most))))
        opened = DebugSession(debugger, header, path, held.pop_all(), notice=notice)
        opened.refusal = debugger.parts.refusal
        return opened


def open_followed(
    path: Path,
    *,
    most: SandboxLimits = SandboxLimits(),  # noqa: B008 (it is frozen)
) -> DebugSession:
    """Open a session read-only that another process may be writing; its `following` adds what is appended.

    The file is not changed and not locked. Raises SessionError.
    """
    with ExitStack() as held:
        file = FollowedFile(path)
        held.callback(file.close)
        records: list[Record] = []
        while more := file.read():
            records += more
        header = file.header.within(most)
        advice = "it is followed while another process writes it; F goes to its end"
        debugger = _readonly_debugger(header, Log(records), "", advice)
        held.callback(debugger.close)
        opened = DebugSession(debugger, header, path, held.pop_all(), notice=file.header.lowered(most))
        opened.refusal = debugger.parts.refusal
        opened.following = Following(file, debugger.parts)
        return opened


def _readonly_debugger(header: Header, log: Log, why: str, advice: str) -> Debugger:
    """A read-only debugger. `why` is the reason, if there is one; else the import, or what to do instead."""
    settings, policy = header.settings, Recorded(())
    policy.model, policy.sampling = settings.model, settings.sampling
    run_agent = agent(settings.agent, Guide("", ""), header.edition)
    imported = f"it was imported from {header.imported}" if header.imported else ""
    process = read_only.reason()
    refusal = f"this session is read-only; {process or why or imported or advice}"

    def new_run() -> Run:
        sandbox = Interpreter(settings.sandbox)
        return Run(Recorder(log), run_agent, policy, sandbox, None, "replay", settings.limits, 0)

    def no_world() -> NoReturn:
        raise ReadOnlyError(refusal)

    return Debugger(log, None, Restorer(log, new_run, no_world, "replay"), refusal)


def restorer_of(config: RunConfig, log: Log, step_limit: int) -> Restorer:
    """A restorer for runs with this configuration."""

    def new_run() -> Run:
        return config.new_run(Recorder(log), None, step_limit)

    return Restorer(log, new_run, config.open_world, config.environment.restoration)


def _restored_run(config: RunConfig, log: Log) -> tuple[Executor, Restorer, str]:
    """Restore a run to the end of the current branch. The last value is a notice if the world diverged.

    If the environment cannot be restored, the new world is used as it is. A diverged world is kept for
    `accept`; until then, or until another restore, the run has no world.
    """
    world = config.open_world()
    restorer = restorer_of(config, log, guard.step_limit(world))
    if config.environment.restoration != "none":
        try:
            return restorer.restore(log.line(), world), restorer, ""
        except WorldDivergence as differs:
            return restorer.interpreter_at(log.line()), restorer, str(differs)
    with ExitStack() as undone:
        undone.callback(guard.discard, world)
        executor = restorer.interpreter_at(log.line())
        undone.pop_all()
    executor.run.world = world
    return executor, restorer, ""
