"""An episode, put together and driven without a screen: started, taken up again, or checked.

All three are one execution. They differ in what is recorded already, and in who may be asked.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import msgspec

from recode_core.agents.agent import Agent
from recode_core.agents.registry import agent
from recode_core.environments.environment import Environment, NamesFiles, World
from recode_core.environments.recorded import RecordedWorld
from recode_core.environments.registry import environment
from recode_core.errors import Diverged, NotWritable, SessionError, WorldDiverged
from recode_core.events import ActionAsked, ActionFinished, Resumed
from recode_core.executor import Executor, Run, Tape
from recode_core.executor.stops import AtEnd, Stop
from recode_core.interpreter import Interpreter
from recode_core.log import Log, Record
from recode_core.policies.policy import Policy
from recode_core.policies.recorded import Recorded
from recode_core.policy import policy_of
from recode_core.result import Result, result_of, seconds_spent
from recode_core.session import Header, Session, Settings, Writer, new_header, read
from recode_core.session.header import IMPORTED
from recode_core.tree import Tree


class Episode:
    """A run that is recorded in a file. Close it, or use it as a context manager.

    `notice` says what a user should know of the file when it is opened.
    """

    def __init__(
        self,
        header: Header,
        writer: Writer,
        log: Log,
        tree: Tree,
        executor: Executor,
        opened: ExitStack,
        notice: str = "",
    ) -> None:
        self.header = header
        self.log = log
        self.tree = tree
        self.executor = executor
        self.notice = "\n".join(filter(None, (notice, writer.notice)))
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
        return result_of(self.tree, self.log.line())

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


class Verdict(msgspec.Struct, frozen=True):
    """What a re-execution found.

    A step is an action: `replayed` gave what was recorded, `diverged` did not (it halts at the first),
    of `steps` recorded. `compared` counts all records that were met again, `reworded` the prompts that
    would be worded differently today. `is_world_asked` is False where the environment can't be repeated.
    """

    steps: int
    replayed: int
    diverged: int
    compared: int
    reworded: int
    is_world_asked: bool
    divergence: str = ""


def start(settings: Settings, path: Path, policy: Policy | None = None) -> Episode:
    """A new run in a new file, not yet begun; `policy` stands for the one that the settings name.

    Raises RecodeError where a name is unknown, something is unavailable or the file exists.
    """
    with ExitStack() as opened:
        cast = cast_of(settings, policy)
        world, header, writer = cast.begin(path, opened)
        tree = Tree()
        log = Log(sink=_keeper(cast.keeper(writer), tree))
        run = cast.execution(Tape(log), world, world.step_limit)
        opened.callback(run.interpreter.close)
        return Episode(header, writer, log, tree, Executor(run), opened.pop_all())


def resume(path: Path, policy: Policy | None = None, *, repeat_action: bool = False) -> Episode:
    """A recorded run, rebuilt by executing its current branch again; a call that was in flight is asked anew.

    Raises Diverged where the world now answers differently, with the way on, and SessionError where an action
    may have happened whose answer is missing, in a world that can't be put back, unless `repeat_action`;
    nothing is written then.
    """
    writer, session = Writer.reopen(path)
    with ExitStack() as opened:
        opened.callback(writer.close)
        tree = session.tree()
        cast = cast_of(session.header.settings, policy)
        world = cast.open_world()
        opened.callback(world.close)
        if cast.home.restoration == "none" and not repeat_action:
            refuse_doubt(session)
        log = Log(session.records, sink=_keeper(cast.keeper(writer), tree))
        line = session.line()
        run = cast.execution(Tape(log, line), world, world.step_limit)
        opened.callback(run.interpreter.close)
        run.began -= seconds_spent(line)
        executor = Executor(run)
        try:
            _rebuild(executor)
        except WorldDiverged as differs:
            differs.offer(_way_on(path))
            raise
        run.settle(line)
        if tree.outcome is None:
            log.append(Resumed(len(session.records)))
        return Episode(session.header, writer, log, tree, executor, opened.pop_all(), session.notice)


def check(path: Path, branch: str | None = None) -> Verdict:
    """Execute a recording again, in a new world, with no policy call; nothing is written.

    That is its current branch, or the one that is named. An unfinished run is followed to where it stops.
    """
    return _check(read(path), branch)


def check_all(path: Path, *, ask_world: bool = True) -> dict[str, Verdict]:
    """Every branch of a recording, executed again as by `check`.

    Without `ask_world` the recorded answers stand for the environment, which need not be installed.
    """
    session = read(path)
    return {branch: _check(session, branch, ask_world) for branch in session.log().branches}


def _check(session: Session, branch: str | None, ask_world: bool = True) -> Verdict:
    settings = session.header.settings
    line = session.line(branch)
    recorded = [record.event for record in line]
    policy = Recorded(recorded)
    policy.model, policy.sampling = settings.model, settings.sampling
    divergence = ""
    with ExitStack() as opened:
        cast = cast_of(settings, policy)
        world = cast.open_world() if ask_world else RecordedWorld(recorded)
        opened.callback(world.close)
        run = cast.execution(Tape(session.log(), line), world, world.step_limit)
        opened.callback(run.interpreter.close)
        try:
            _rebuild(Executor(run))
        except Diverged as error:
            divergence = str(error)
    return Verdict(
        steps=sum(isinstance(event, ActionFinished) for event in recorded),
        replayed=run.spent.steps,
        diverged=int(bool(divergence)),
        compared=run.tape.repeated,
        reworded=len(run.tape.reworded),
        is_world_asked=ask_world and run.restoration != "none",
        divergence=divergence,
    )


class Cast(NamedTuple):
    """Who takes part in a run, however often it is executed. The settings say the policy's model."""

    settings: Settings
    home: Environment
    agent: Agent
    policy: Policy

    def open_world(self) -> World:
        """A new world for the task."""
        return self.home.open(self.settings.task)

    def begin(self, path: Path, opened: ExitStack) -> tuple[World, Header, Writer]:
        """A world and a new file, both closed by `opened`; no file is made where there is no world."""
        world = self.open_world()
        opened.callback(world.close)
        header = new_header(path.stem, self.settings)
        writer = Writer.create(path, header)
        opened.callback(writer.close)
        return world, header, writer

    def execution(self, tape: Tape, world: World | None, step_limit: int) -> Run:
        """An execution at its start, with a sandbox of its own."""
        run = Run(
            tape=tape,
            agent=self.agent,
            policy=self.policy,
            interpreter=Interpreter(self.settings.sandbox),
            world=world,
            restoration=self.home.restoration,
            limits=self.settings.limits,
            step_limit=step_limit,
        )
        run.began = run.clock()
        return run

    def keeper(self, writer: Writer) -> Callable[[Record], None]:
        """What keeps records in a file, as safely as the environment needs it."""
        if self.home.restoration == "none":
            writer.make_actions_durable()
        return writer.write


def cast_of(settings: Settings, policy: Policy | None = None) -> Cast:
    """Those that the settings name; `policy` stands for theirs. Raises RecodeError for an unknown name.

    Raises NotWritable for a run that was imported.
    """
    if settings.policy == IMPORTED:
        raise NotWritable(
            "this run was imported: another program recorded it, and not all that going on with it takes"
        )
    home = environment(settings.environment)
    taking_part = agent(settings.agent, home.guide)
    policy = policy or policy_of(settings, home)
    task = home.absolute(settings.task) if isinstance(home, NamesFiles) else settings.task
    known = {"task": task, "model": policy.model, "sampling": dict(policy.sampling)}
    return Cast(msgspec.structs.replace(settings, **known), home, taking_part, policy)


def _rebuild(executor: Executor) -> None:
    """Bring a run to where its recording ends. A world that can't be repeated is not asked."""
    run, world = executor.run, executor.run.world
    if run.tape.is_repeating and run.restoration == "none":
        run.world = None
    executor.repeat()
    run.world = world


def _way_on(path: Path) -> str:
    """What there is to do where the world of a run answers otherwise than recorded."""
    return (
        "nothing is changed; the same command again tries another world, or go on in the world as it is now, "
        f"on a branch: recode debug {shlex.quote(str(path))}, and there: accept"
    )


def _keeper(write: Callable[[Record], None], tree: Tree) -> Callable[[Record], None]:
    def keep(record: Record) -> None:
        write(record)
        tree.apply(record)

    return keep


def refuse_doubt(session: Session) -> None:
    """Raise SessionError where nobody knows whether the last action has happened."""
    asked: ActionAsked | None = None
    for record in session.line():
        if isinstance(record.event, ActionAsked | ActionFinished):
            asked = record.event if isinstance(record.event, ActionAsked) else None
    if asked is not None:
        raise SessionError(
            f"{session.path} ends while the action {asked.action!r} was under way. It may have happened, and "
            "this environment can't be put back: look there first, then allow it to be done again"
        )
