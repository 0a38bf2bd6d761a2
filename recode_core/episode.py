"""An episode, put together and driven without a screen: started, taken up again, or checked.

All three are one execution. They differ in what is recorded already, and in who may be asked.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import msgspec

from recode_core.agents.recode import ReCode
from recode_core.environments.environment import Environment, World
from recode_core.environments.registry import environment
from recode_core.errors import Diverged, PolicyUnavailable, RecodeError, SessionError
from recode_core.events import ActionAsked, ActionFinished, Resumed
from recode_core.executor import Executor, Run, Tape
from recode_core.executor.stops import AtEnd, Stop
from recode_core.interpreter import Interpreter
from recode_core.log import Log, Record
from recode_core.policies.policy import Policy
from recode_core.policies.recorded import Recorded
from recode_core.result import Result, result_of, seconds_spent
from recode_core.session import Header, Session, Settings, Writer, new_header, read
from recode_core.tree import Tree


class Episode:
    """A run that is recorded in a file. Close it, or use it as a context manager.

    `notice` says what was amiss with the file that it was taken up from.
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
        self.path = writer.path
        self.log = log
        self.tree = tree
        self.executor = executor
        self.notice = notice
        self._opened = opened

    @property
    def result(self) -> Result:
        """What has come of it so far."""
        return result_of(self.tree, self.log.records)

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
        cast = _cast(settings, policy, opened)
        settings = msgspec.structs.replace(
            settings, model=cast.policy.model, sampling=dict(cast.policy.sampling)
        )
        header = new_header(path.stem, settings)
        writer = Writer.create(path, header)
        opened.callback(writer.close)
        tree = Tree()
        log = Log(sink=_keeper(writer, tree, cast.home))
        executor = _executor(settings, cast, Tape(log), opened)
        return Episode(header, writer, log, tree, executor, opened.pop_all())


def resume(path: Path, policy: Policy | None = None, *, repeat_action: bool = False) -> Episode:
    """A recorded run, rebuilt by executing it again; a call that was in flight is asked anew.

    Raises Diverged where the world now answers differently, and SessionError where an action may have
    happened whose answer is missing, in a world that can't be put back, unless `repeat_action`.
    """
    writer, session = Writer.reopen(path)
    with ExitStack() as opened:
        opened.callback(writer.close)
        settings = session.header.settings
        tree = session.tree()
        cast = _cast(settings, policy, opened)
        if cast.home.restoration == "none" and not repeat_action:
            _refuse_doubt(session)
        log = Log(session.records, sink=_keeper(writer, tree, cast.home))
        if tree.outcome is None:
            log.append(Resumed(len(session.records)))
        recorded = [record.event for record in session.line()]
        executor = _executor(settings, cast, Tape(log, recorded), opened)
        executor.run.began -= seconds_spent(session.records)
        _rebuild(executor)
        return Episode(session.header, writer, log, tree, executor, opened.pop_all(), session.notice)


def check(path: Path) -> Verdict:
    """Execute a recording again, in a new world, with no policy call; nothing is written.

    A recording of an unfinished run is followed to where it stops.
    """
    session = read(path)
    settings = session.header.settings
    recorded = [record.event for record in session.line()]
    policy = Recorded(recorded)
    policy.model, policy.sampling = settings.model, settings.sampling
    divergence = ""
    with ExitStack() as opened:
        cast = _cast(settings, policy, opened)
        executor = _executor(settings, cast, Tape(Log(session.records), recorded), opened)
        try:
            _rebuild(executor)
        except Diverged as error:
            divergence = str(error)
    run = executor.run
    return Verdict(
        steps=sum(isinstance(event, ActionFinished) for event in recorded),
        replayed=run.spent.steps,
        diverged=int(bool(divergence)),
        compared=run.tape.repeated,
        reworded=len(run.tape.reworded),
        is_world_asked=run.restoration != "none",
        divergence=divergence,
    )


class _Cast(NamedTuple):
    """Who takes part in an execution."""

    home: Environment
    agent: ReCode
    policy: Policy
    world: World


def _cast(settings: Settings, policy: Policy | None, opened: ExitStack) -> _Cast:
    home = environment(settings.environment)
    if settings.agent != ReCode.name:
        raise RecodeError(f"no agent is called {settings.agent!r}; there is {ReCode.name}")
    policy = policy or _policy(settings, home)
    world = home.open(settings.task)
    opened.callback(world.close)
    return _Cast(home, ReCode(home.guide), policy, world)


def _policy(settings: Settings, home: Environment) -> Policy:
    if settings.policy != "expert":
        raise RecodeError(f"no policy is called {settings.policy!r}; there is expert")
    expert = home.expert(settings.task)
    if expert is None:
        raise PolicyUnavailable(f"{home.name} has no expert: choose another policy")
    return expert


def _executor(settings: Settings, cast: _Cast, tape: Tape, opened: ExitStack) -> Executor:
    interpreter = Interpreter(settings.sandbox)
    opened.callback(interpreter.close)
    run = Run(
        tape=tape,
        agent=cast.agent,
        policy=cast.policy,
        interpreter=interpreter,
        world=cast.world,
        restoration=cast.home.restoration,
        limits=settings.limits,
        step_limit=cast.world.step_limit,
    )
    run.began = run.clock()
    return Executor(run)


def _rebuild(executor: Executor) -> None:
    """Bring a run to where its recording ends. A world that can't be repeated is not asked."""
    run, world = executor.run, executor.run.world
    if run.tape.is_repeating and run.restoration == "none":
        run.world = None
    while run.tape.is_repeating:
        executor.advance()
    run.world = world


def _keeper(writer: Writer, tree: Tree, home: Environment) -> Callable[[Record], None]:
    if home.restoration == "none":
        writer.make_actions_durable()

    def keep(record: Record) -> None:
        writer.write(record)
        tree.apply(record)

    return keep


def _refuse_doubt(session: Session) -> None:
    """Stop where nobody knows whether the last action has happened."""
    asked: ActionAsked | None = None
    for record in session.line():
        if isinstance(record.event, ActionAsked | ActionFinished):
            asked = record.event if isinstance(record.event, ActionAsked) else None
    if asked is not None:
        raise SessionError(
            f"{session.path} ends while the action {asked.action!r} was under way. It may have happened, and "
            "this environment can't be put back: look there first, then allow it to be done again"
        )
