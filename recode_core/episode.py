"""An episode, put together and driven without a screen: started, taken up again, or checked.

All three are one execution. They differ in what is recorded already, and in who may be asked.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import msgspec

from recode_core import protocol
from recode_core.agents.agent import Agent
from recode_core.agents.registry import agent
from recode_core.environments import guard
from recode_core.environments.environment import Environment, World
from recode_core.environments.registry import environment
from recode_core.errors import NotWritable, WorldDiverged
from recode_core.events import Resumed
from recode_core.executor import Executor, Recorder, Run
from recode_core.executor.checks import Checker, Verdict
from recode_core.executor.stops import AtEnd, Stop
from recode_core.interpreter import Interpreter, SandboxLimits
from recode_core.log import Log, Record
from recode_core.policies.guard import model_of, sampling_of
from recode_core.policies.policy import Policy
from recode_core.policies.prompts import bundled, system_text
from recode_core.policies.recorded import Recorded
from recode_core.policy import policy_of, with_prompts
from recode_core.result import Result, result_of, seconds_spent
from recode_core.session import Header, Session, Settings, Writer, new_header, read
from recode_core.session.doubt import refuse_doubt
from recode_core.session.header import IMPORTED
from recode_core.session.leftover import is_empty, remove_empty
from recode_core.statements import EDITION
from recode_core.timeline import Timeline


class Episode:
    """A run that is recorded in a file. Close it, or use it as a context manager.

    `notice` says what a user should know of the file when it is opened, `keeps_file` whether the file stays
    even where nothing happened.
    """

    def __init__(
        self,
        header: Header,
        writer: Writer,
        log: Log,
        timeline: Timeline,
        executor: Executor,
        opened: ExitStack,
        notice: str = "",
    ) -> None:
        self.header = header
        self.log = log
        self.timeline = timeline
        self.executor = executor
        self.notice = "\n".join(filter(None, (notice, writer.notice)))
        self.keeps_file = True
        self._writer = writer
        self._opened = opened

    @property
    def path(self) -> Path:
        """Where it is recorded; another file once something has happened to the first."""
        return self._writer.path

    def on_moved(self, tell: Callable[[str], None]) -> None:
        """Have `tell` called with a message when recording goes on in another file."""
        self._writer.on_moved = tell

    @property
    def result(self) -> Result:
        """What has come of it so far."""
        return result_of(self.timeline)

    @property
    def is_leftover(self) -> bool:
        """Whether the file goes when this is closed now, since nothing has happened."""
        return not self.keeps_file and is_empty(self.log.records)

    def run(self, on_stop: Callable[[Stop], None] = lambda stop: None) -> None:
        """Go on to the end, telling of every stop. Failures are repaired as far as the limits allow.

        Raises PolicyUnavailable, EnvironmentUnavailable, SessionError; the file is whole then, and the
        run can be resumed.
        """
        while not isinstance(self.executor.stop, AtEnd):
            on_stop(self.executor.advance())

    def close(self) -> None:
        """Give world, interpreter and file back. Idempotent."""
        self._opened.close()

    def __enter__(self) -> Episode:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()


def start(
    settings: Settings, path: Path, policy: Policy | None = None, *, keep_empty: bool = False
) -> Episode:
    """A new run in a new file, not yet begun; `policy` stands for the one that the settings name.

    When it is closed and nothing has happened in it, the file is deleted, unless `keep_empty`. Raises
    RecodeError where a name is unknown, something is unavailable or the file exists.
    """
    with ExitStack() as opened:
        cast = cast_of(with_prompts(settings), policy)
        world, header, writer = cast.begin(path, opened)
        timeline = Timeline()
        log = Log(sink=cast.keeper(writer), measure=lambda: writer.size)
        log.followers.append(timeline.add)
        if not keep_empty:
            opened.callback(remove_empty, path.absolute(), header, log)
        run = cast.execution(Recorder(log), world, guard.step_limit(world))
        opened.callback(run.interpreter.close)
        told = protocol.told(header.settings)
        started = Episode(header, writer, log, timeline, Executor(run), opened.pop_all(), told)
        started.keeps_file = keep_empty
        return started


def resume(
    path: Path,
    policy: Policy | None = None,
    *,
    repeat_action: bool = False,
    most: SandboxLimits = SandboxLimits(),  # noqa: B008 (it is frozen)
) -> Episode:
    """A recorded run, rebuilt by executing its current branch again; a call that was in flight is asked anew.

    Its sandbox gets no more than `most`, whatever the file says.
    Raises Diverged where the world now answers differently, with the way on, and SessionError where an action
    may have happened whose answer is missing, in a world that can't be put back, unless `repeat_action`;
    nothing is written then.
    """
    writer, session = Writer.reopen(path)
    with ExitStack() as opened:
        opened.callback(writer.close)
        timeline = session.timeline()
        header = session.header.within(most)
        cast = cast_of(header.settings, policy, header.edition, session.system)
        world = cast.open_world()
        opened.callback(guard.close, world)
        if cast.home.restoration == "none" and not repeat_action:
            refuse_doubt(session)
        log = Log(session.records, cast.keeper(writer), measure=lambda: writer.size)
        log.followers.append(timeline.add)
        line = session.line()
        run = cast.execution(Recorder(log, line), world, guard.step_limit(world))
        opened.callback(run.interpreter.close)
        run.began -= seconds_spent(line)
        executor = Executor(run)
        try:
            _rebuild(executor)
        except WorldDiverged as differs:
            differs.offer(_way_on(path))
            raise
        run.add_failed_call_usage(line)
        if timeline.end.outcome is None:
            log.append(Resumed(len(session.records)))
        notice = "\n".join(filter(None, (session.notice, session.header.lowered(most))))
        return Episode(header, writer, log, timeline, executor, opened.pop_all(), notice)


def check(
    path: Path,
    branch: str | None = None,
    *,
    most: SandboxLimits = SandboxLimits(),  # noqa: B008 (it is frozen)
) -> Verdict:
    """Execute a recording again, in a new world, with no policy call; nothing is written.

    That is its current branch, or the one that is named. An unfinished run is followed to where it stops.
    Its sandbox gets no more than `most`, whatever the file says.
    """
    session = read(path)
    return _checker(session, most, ask_world=True).one(session.branch(branch))


def check_all(
    path: Path,
    *,
    ask_world: bool = True,
    most: SandboxLimits = SandboxLimits(),  # noqa: B008 (it is frozen)
) -> dict[str, Verdict]:
    """Every branch of a recording, executed again as by `check`.

    Without `ask_world` the recorded answers stand for the environment, which need not be installed.
    """
    return dict(checks(read(path), ask_world=ask_world, most=most))


def checks(
    session: Session,
    *,
    ask_world: bool = True,
    most: SandboxLimits = SandboxLimits(),  # noqa: B008 (it is frozen)
) -> Iterator[tuple[str, Verdict]]:
    """The branches of a session with their verdicts, as by `check_all`, each as soon as it is known."""
    return _checker(session, most, ask_world).all()


def _checker(session: Session, most: SandboxLimits, ask_world: bool) -> Checker:
    settings = session.header.settings.within(most)
    policy = Recorded(())  # every reply comes from the recording
    policy.model, policy.sampling = settings.model, settings.sampling
    cast = cast_of(settings, policy, session.header.edition, session.system)
    is_asked = ask_world and cast.home.restoration != "none"

    def start() -> Run:
        if not is_asked:
            return cast.execution(Recorder(Log()), None, 0)
        world = cast.open_world()
        with ExitStack() as undone:
            undone.callback(guard.close, world)
            run = cast.execution(Recorder(Log()), world, guard.step_limit(world))
            undone.pop_all()
        return run

    return Checker(session.records, start, is_asked)


class Cast(NamedTuple):
    """Who takes part in a run, however often it is executed. The settings say the policy's model; requests
    begin with `system`."""

    settings: Settings
    home: Environment
    agent: Agent
    policy: Policy
    system: str

    def open_world(self) -> World:
        """A new world for the task."""
        return guard.open_world(self.home, self.settings.task, self.agent.edition)

    def begin(self, path: Path, opened: ExitStack) -> tuple[World, Header, Writer]:
        """A world and a new file, both closed by `opened`; no file is made where there is no world."""
        world = self.open_world()
        opened.callback(guard.close, world)
        header = new_header(path.stem, self.settings)
        writer = Writer.create(path, header)
        opened.callback(writer.close)
        return world, header, writer

    def execution(self, recorder: Recorder, world: World | None, step_limit: int) -> Run:
        """An execution at its start, with a sandbox of its own; `step_limit` is the world's."""
        run = Run(
            recorder=recorder,
            agent=self.agent,
            policy=self.policy,
            interpreter=Interpreter(self.settings.sandbox),
            world=world,
            restoration=self.home.restoration,
            limits=self.settings.limits,
            step_limit=protocol.step_limit(self.settings, step_limit),
            system=self.system,
        )
        run.began = run.clock()
        return run

    def keeper(self, writer: Writer) -> Callable[[Record], None]:
        """What keeps records in a file, as safely as the environment needs it."""
        if self.home.restoration == "none":
            writer.make_actions_durable()
        return writer.write


def cast_of(
    settings: Settings,
    policy: Policy | None = None,
    edition: int = EDITION,
    system: str = "",
    home: Environment | None = None,
) -> Cast:
    """Those that the settings name; `policy` and `home` stand for theirs, `system` for what their prompts
    make.

    Raises RecodeError for an unknown name, NotWritable for a run that was imported.
    """
    if settings.policy == IMPORTED:
        raise NotWritable(
            "this run was imported: another program recorded it, and not all that going on with it takes"
        )
    home = home or environment(settings.environment)
    taking_part = agent(settings.agent, home.guide, edition)
    policy = policy or policy_of(settings, home)
    task = guard.absolute(home, settings.task)
    prompts = settings.prompts or bundled(home.guide, settings.agent, edition)
    if prompts.kinds and not system:
        prompts = prompts.for_kind(guard.kind_of(home, task))
    settings = msgspec.structs.replace(
        settings,
        task=task,
        model=model_of(policy),
        sampling=sampling_of(policy),
        prompts=None if settings.prompts is None else prompts,
    )
    return Cast(settings, home, taking_part, policy, system or system_text(prompts))


def _rebuild(executor: Executor) -> None:
    """Bring a run to where its recording ends. A world that can't be repeated is not asked."""
    run, world = executor.run, executor.run.world
    if run.recorder.is_repeating and run.restoration == "none":
        run.world = None
    executor.repeat()
    run.world = world


def _way_on(path: Path) -> str:
    """What there is to do where the world of a run answers otherwise than recorded."""
    return (
        "nothing is changed; the same command again tries another world, or go on in the world as it is now, "
        f"on a branch: recode debug {shlex.quote(str(path))}, and there: accept"
    )
