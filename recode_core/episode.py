"""Run an episode without a debugger: start a new one, resume a recorded one, or check a recording.

All three execute a run in the same way. They differ in the records they begin with, and in whether policy and
environment are called.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import msgspec

from recode_core import protocol, read_only
from recode_core.agents.agent import Agent
from recode_core.agents.registry import agent
from recode_core.environments import guard
from recode_core.environments.environment import Environment, World
from recode_core.environments.registry import environment as find_environment
from recode_core.errors import NotWritable, WorldDiverged
from recode_core.events import ExpansionReplied, ExpansionRequested, Resumed
from recode_core.executor import Executor, Recorder, Run
from recode_core.executor.checks import Checker, Verdict
from recode_core.executor.run_state import AtEnd, RunState
from recode_core.interpreter import Interpreter, SandboxLimits
from recode_core.log import Log, Record
from recode_core.policies.guard import model_of, recall, sampling_of
from recode_core.policies.policy import Policy
from recode_core.policies.prompts import bundled, system_text
from recode_core.policies.recorded import Recorded
from recode_core.policy_registry import make_policy, with_prompts
from recode_core.result import Result, result_of, seconds_spent
from recode_core.session import Header, Session, Settings, Writer, new_header, read
from recode_core.session.header import IMPORTED
from recode_core.session.leftover import is_empty, remove_empty
from recode_core.session.pending_action import check_no_pending_action
from recode_core.statements import EDITION
from recode_core.timeline import Timeline


class Episode:
    """A run that is recorded in a file. Close it, or use it as a context manager.

    `notice` is a message about the state of the file, for the user. With `keeps_file` the file is kept even
    if nothing has happened in it.
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
        """The session file. It changes if another program moves or deletes the first one."""
        return self._writer.path

    def on_moved(self, notify: Callable[[str], None]) -> None:
        """Call `notify` with a message when recording continues in another file."""
        self._writer.on_moved = notify

    @property
    def result(self) -> Result:
        """The result so far."""
        return result_of(self.timeline)

    @property
    def is_leftover(self) -> bool:
        """Whether closing the episode now deletes the file, because nothing has happened in it."""
        return not self.keeps_file and is_empty(self.log.records)

    def run(self, on_stop: Callable[[RunState], None] = lambda state: None) -> None:
        """Run to the end and call `on_stop` at every stop. Failures are repaired as far as the limits allow.

        Raises PolicyUnavailable, EnvironmentUnavailable or SessionError; the session file is then complete
        and the run can be resumed.
        """
        while not isinstance(self.executor.state, AtEnd):
            on_stop(self.executor.advance())

    def close(self) -> None:
        """Close the world, the interpreter and the file. Idempotent."""
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
    """Create a new run in a new file, not yet started. `policy` replaces the one that the settings name.

    Closing it deletes the file if nothing has happened, unless `keep_empty` is set. Raises RecodeError if a
    name is unknown, something is unavailable or the file exists.
    """
    with ExitStack() as opened:
        config = resolve(with_prompts(settings), policy)
        world, header, writer = config.begin(path, opened)
        timeline = Timeline()
        log = Log(sink=config.sink(writer), measure=lambda: writer.size)
        log.followers.append(timeline.add)
        if not keep_empty:
            opened.callback(remove_empty, path.absolute(), header, log)
        run = config.new_run(Recorder(log), world, guard.step_limit(world))
        opened.callback(run.interpreter.close)
        notice = protocol.describe(header.settings)
        started = Episode(header, writer, log, timeline, Executor(run), opened.pop_all(), notice)
        started.keeps_file = keep_empty
        return started


def resume(
    path: Path,
    policy: Policy | None = None,
    *,
    repeat_action: bool = False,
    most: SandboxLimits = SandboxLimits(),  # noqa: B008 (it is frozen)
) -> Episode:
    """Resume a recorded run: replay its current branch, then continue. A call that was in flight is repeated.

    `most` caps the sandbox, whatever the file asks for. Raises Diverged if the replayed world returns other
    observations, with advice on how to continue. Raises SessionError if the environment cannot be restored
    and the last action has no recorded observation, unless `repeat_action` is set. Nothing is written in
    either case.
    """
    writer, session = Writer.reopen(path)
    with ExitStack() as opened:
        opened.callback(writer.close)
        timeline = session.timeline()
        header = session.header.within(most)
        config = resolve(header.settings, policy, header.edition, session.system)
        config.recall(session.records)
        world = config.open_world()
        opened.callback(guard.close, world)
        if config.environment.restoration == "none" and not repeat_action:
            check_no_pending_action(session)
        log = Log(session.records, config.sink(writer), measure=lambda: writer.size)
        log.followers.append(timeline.add)
        line = session.line()
        run = config.new_run(Recorder(log, line), world, guard.step_limit(world))
        opened.callback(run.interpreter.close)
        run.began -= seconds_spent(line)
        executor = Executor(run)
        try:
            _rebuild(executor)
        except WorldDiverged as differs:
            differs.offer(_divergence_advice(path))
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
    """Replay one branch of a recording in a new world and compare. No policy is called, nothing is written.

    By default the current branch is checked. An unfinished run is replayed to its last record. `most` caps
    the sandbox, whatever the file asks for.
    """
    session = read(path)
    return _checker(session, most, ask_world=True).one(session.branch(branch))


def check_all(
    path: Path,
    *,
    ask_world: bool = True,
    most: SandboxLimits = SandboxLimits(),  # noqa: B008 (it is frozen)
) -> dict[str, Verdict]:
    """Check every branch of a recording, as `check` does.

    Without `ask_world` the recorded observations are used, so the environment need not be installed.
    """
    return dict(checks(read(path), ask_world=ask_world, most=most))


def checks(
    session: Session,
    *,
    ask_world: bool = True,
    most: SandboxLimits = SandboxLimits(),  # noqa: B008 (it is frozen)
) -> Iterator[tuple[str, Verdict]]:
    """Check every branch as `check_all` does, and yield each verdict as soon as it is known."""
    return _checker(session, most, ask_world).all()


def _checker(session: Session, most: SandboxLimits, ask_world: bool) -> Checker:
    settings = session.header.settings.within(most)
    # A statement that did not end in time has its recorded failure; all others have to end again.
    settings = msgspec.structs.replace(settings, sandbox=settings.sandbox.patient())
    policy = Recorded(())  # every reply comes from the recording
    policy.model, policy.sampling = settings.model, settings.sampling
    config = resolve(settings, policy, session.header.edition, session.system)
    is_asked = ask_world and config.environment.restoration != "none"

    def start() -> Run:
        if not is_asked:
            return config.new_run(Recorder(Log()), None, 0)
        world = config.open_world()
        with ExitStack() as undone:
            undone.callback(guard.close, world)
            run = config.new_run(Recorder(Log()), world, guard.step_limit(world))
            undone.pop_all()
        return run

    return Checker(session.records, start, is_asked)


class RunConfig(NamedTuple):
    """A run's resolved environment, agent and policy.

    The settings name the policy's model; `system` is the first message of every request.
    """

    settings: Settings
    environment: Environment
    agent: Agent
    policy: Policy
    system: str

    def open_world(self) -> World:
        """A new world for the task."""
        return guard.open_world(self.environment, self.settings.task, self.agent.edition)

    def begin(self, path: Path, opened: ExitStack) -> tuple[World, Header, Writer]:
        """Open a world, then create a session file; `opened` closes both."""
        world = self.open_world()
        opened.callback(guard.close, world)
        header = new_header(path.stem, self.settings)
        writer = Writer.create(path, header)
        opened.callback(writer.close)
        return world, header, writer

    def new_run(self, recorder: Recorder, world: World | None, step_limit: int) -> Run:
        """Create a run at its start, with its own sandbox. `step_limit` is the world's."""
        run = Run(
            recorder=recorder,
            agent=self.agent,
            policy=self.policy,
            interpreter=Interpreter(self.settings.sandbox),
            world=world,
            restoration=self.environment.restoration,
            limits=self.settings.limits,
            step_limit=protocol.step_limit(self.settings, step_limit),
            system=self.system,
        )
        run.began = run.clock()
        return run

    def recall(self, records: Iterable[Record]) -> None:
        """Tell the policy which statements it has replied to in a recording, if it wants to know."""
        asked: dict[str, str] = {}
        for record in records:
            match record.event:
                case ExpansionRequested(place=place, statement=statement):
                    asked[place.node] = statement
                case ExpansionReplied(node=node, by="policy") if node in asked:
                    recall(self.policy, asked[node])

    def sink(self, writer: Writer) -> Callable[[Record], None]:
        """The log's sink: writes records to the file; actions durably if they cannot be repeated."""
        if self.environment.restoration == "none":
            writer.make_actions_durable()
        return writer.write


def resolve(
    settings: Settings,
    policy: Policy | None = None,
    edition: int = EDITION,
    system: str = "",
    environment: Environment | None = None,
) -> RunConfig:
    """Resolve the names in the settings to an environment, an agent and a policy.

    `policy` and `environment` replace those that the settings name, `system` replaces the system message made
    from their prompts. Raises RecodeError for an unknown name, NotWritable for an imported run.
    """
    read_only.check("run anything")
    if settings.policy == IMPORTED:
        raise NotWritable(
            "this run was imported and cannot be continued: its file holds only a part of what was recorded"
        )
    environment = environment or find_environment(settings.environment)
    run_agent = agent(settings.agent, environment.guide, edition)
    policy = policy or make_policy(settings, environment)
    task = guard.absolute(environment, settings.task)
    prompts = settings.prompts or bundled(environment.guide, settings.agent, edition)
    if prompts.kinds and not system:
        prompts = prompts.for_kind(guard.kind_of(environment, task))
    settings = msgspec.structs.replace(
        settings,
        task=task,
        model=model_of(policy),
        sampling=sampling_of(policy),
        prompts=None if settings.prompts is None else prompts,
    )
    return RunConfig(settings, environment, run_agent, policy, system or system_text(prompts))


def _rebuild(executor: Executor) -> None:
    """Replay a run to the end of its recording, without its world if actions cannot be repeated."""
    run, world = executor.run, executor.run.world
    if run.recorder.is_repeating and run.restoration == "none":
        run.world = None
    executor.repeat()
    run.world = world


def _divergence_advice(path: Path) -> str:
    """How a user can continue after a divergence of the world."""
    return (
        "nothing is changed; run the same command again to try another world, or continue in this world on a "
        f"new branch: recode debug {shlex.quote(str(path))}, then accept"
    )
