"""The way in from Python: run an episode, debug one, open a session.

An environment is a name (`recode tasks` lists them) or an object as `recode_core.environments.environment`
describes it; a policy is a name (an expert, a person, a profile), an object as `recode_core.policies.policy`
describes it, or a function of a `Request`, which may be async. Errors are `recode_core.errors.RecodeError`s:
`EnvironmentUnavailable` and `PolicyUnavailable` where somebody's environment or policy fails, with what it
raised as the cause; `SessionError` for files; `UnknownTask`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from os import PathLike
from pathlib import Path

import msgspec

from recode_core.debugger import opening
from recode_core.debugger.debugger import Debugger
from recode_core.debugger.in_memory import MemorySession
from recode_core.environments.environment import Environment
from recode_core.errors import RecodeError
from recode_core.executor.limits import Limits, defaults
from recode_core.policies.function import FunctionPolicy, PolicyFunction
from recode_core.policies.policy import Policy
from recode_core.result import Result, result_of
from recode_core.session import Settings
from recode_core.timeline import Stop, Timeline

AnyPolicy = str | Policy | PolicyFunction
AnyPath = str | PathLike[str]


class RunResult(msgspec.Struct, frozen=True):
    """What came of a run: the result in numbers, and its timeline to look into. `path` is its file, if any.

    >>> result = run("household", "put:7")
    >>> result.solved, result.result.steps, result.timeline.end.usage.calls
    (True, 5, 4)
    """

    result: Result
    timeline: Timeline
    path: Path | None

    @property
    def solved(self) -> bool:
        """Whether the task was solved."""
        return self.result.solved

    @property
    def score(self) -> float | None:
        """The score, from 0 to 1; None where it is unknown."""
        return self.result.score


def run(
    environment: str | Environment,
    task: str,
    *,
    policy: AnyPolicy = "expert",
    agent: str = "recode",
    model: str = "",
    limits: Limits | None = None,
    session: AnyPath | None = None,
    on_stop: Callable[[Stop], None] = lambda stop: None,
) -> RunResult:
    """Run an episode to its end. Failures are repaired as far as the limits allow.

    Nothing is written unless `session` names a file, which must not exist. `on_stop` is called at each stop;
    what it raises ends the run. Raises RecodeError; a file is whole then, and can be gone on with.

    >>> run("household", "put:7", policy="expert").solved
    True
    """
    with debug(
        environment, task, policy=policy, agent=agent, model=model, limits=limits, session=session
    ) as debugger:
        while debugger.stop.kind != "end":
            on_stop(debugger.step())
        return RunResult(result_of(debugger.timeline), debugger.timeline, debugger.path)


async def run_async(
    environment: str | Environment,
    task: str,
    *,
    policy: AnyPolicy = "expert",
    agent: str = "recode",
    model: str = "",
    limits: Limits | None = None,
    session: AnyPath | None = None,
) -> RunResult:
    """The same for async programs: an async policy is awaited on their event loop, which is never blocked.

    When it is cancelled, the run ends at its next stop.
    """
    loop, is_cancelled = asyncio.get_running_loop(), False
    asked = _policy_of(policy, loop)

    def go_on(stop: Stop) -> None:
        if is_cancelled:
            raise RecodeError("the run was cancelled")

    def work() -> RunResult:
        return run(
            environment,
            task,
            policy=asked,
            agent=agent,
            model=model,
            limits=limits,
            session=session,
            on_stop=go_on,
        )

    try:
        return await asyncio.to_thread(work)
    except asyncio.CancelledError:
        is_cancelled = True
        if not isinstance(asked, str):
            asked.abort()
        raise


def debug(
    environment: str | Environment,
    task: str,
    *,
    policy: AnyPolicy = "expert",
    agent: str = "recode",
    model: str = "",
    limits: Limits | None = None,
    session: AnyPath | None = None,
) -> Debugger:
    """A debugger on a new run, paused at its start. Close it, or use it as a context manager.

    Without `session` the run is kept in memory; `debugger.files.save(path)` writes it.

    >>> with debug("household", "put:7", policy="expert") as debugger:
    ...     point = debugger.add_breakpoint("placeholder", "put_object")
    ...     stop = debugger.resume()
    ...     stop.kind, debugger.hits[0].text
    ('model', 'placeholder put_object')
    """
    home = environment if not isinstance(environment, str) else None
    asked = _policy_of(policy)
    settings = Settings(
        environment if isinstance(environment, str) else environment.name,
        task,
        policy=asked if isinstance(asked, str) else asked.model,
        agent=agent,
        model=model,
        limits=limits if limits is not None else defaults(agent),
    )
    given = None if isinstance(asked, str) else asked
    if session is None:
        return MemorySession(settings, given, home).debugger
    return opening.start(settings, Path(session), given, home).debugger


def open(
    session: AnyPath,
    *,
    read_only: bool = False,
    policy: AnyPolicy | None = None,
    environment: Environment | None = None,
) -> Debugger:
    """A debugger on a recorded session, to go on with it or only to look. Close it, or use it as a context
    manager.

    `policy` and `environment` stand for those that the session names, which is needed where they were
    objects. Read-only, neither is needed, and nothing is written. Raises SessionError, and what restoring
    the environment raises.
    """
    path = Path(session)
    if read_only:
        return opening.look(path).debugger
    asked = _policy_of(policy) if policy is not None else None
    if isinstance(asked, str):
        raise RecodeError(f"give the policy {asked!r} as an object: a session knows its own by name")
    return opening.go_on(path, asked, home=environment).debugger


def _policy_of(policy: AnyPolicy, loop: asyncio.AbstractEventLoop | None = None) -> str | Policy:
    if isinstance(policy, str | Policy):
        return policy
    return FunctionPolicy(policy, loop=loop)
