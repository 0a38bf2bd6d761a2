"""The Python API: run an episode, debug one, open a session.

An environment is a name (`recode tasks` lists them) or an object with the protocol of
`recode_core.environments.environment`. A policy is a name (`expert`, `human` or a profile), an object with
the protocol of `recode_core.policies.policy`, or a function of a `Request`, which may be async.

All errors are `recode_core.errors.RecodeError`: `EnvironmentUnavailable` or `PolicyUnavailable` if an
environment or a policy fails (the exception that it raised is the `__cause__`), `SessionError` for files,
`UnknownTask`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from os import PathLike
from pathlib import Path

import msgspec

from recode_core.debugger import debug_session
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
    """A finished run: its result in numbers, its timeline, and the `path` of its file if it has one.

    Examples:
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
        """The score, from 0 to 1; None if unknown."""
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

    Nothing is written unless `session` names a file, which must not exist. `on_stop` is called at each
    stop; an exception in it ends the run. Raises RecodeError; a session file is complete then, and can be
    resumed.

    Examples:
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
    """Run an episode from async code. An async policy is awaited on the caller's event loop, which is never
    blocked.

    Cancelling the task ends the run at its next stop.
    """
    loop, is_cancelled = asyncio.get_running_loop(), False
    asked = _as_policy(policy, loop)

    def check_cancelled(stop: Stop) -> None:
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
            on_stop=check_cancelled,
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
    """Open a debugger on a new run, paused at its start. Close it, or use it as a context manager.

    Without `session` the run is kept in memory; `debugger.files.save(path)` writes it to a file.

    Examples:
        >>> with debug("household", "put:7", policy="expert") as debugger:
        ...     point = debugger.add_breakpoint("placeholder", "put_object")
        ...     stop = debugger.resume()
        ...     stop.kind, debugger.hits[0].text
        ('model', 'placeholder put_object')
    """
    given_environment = environment if not isinstance(environment, str) else None
    asked = _as_policy(policy)
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
        return MemorySession(settings, given, given_environment).debugger
    return debug_session.start(settings, Path(session), given, given_environment).debugger


def open(
    session: AnyPath,
    *,
    read_only: bool = False,
    policy: AnyPolicy | None = None,
    environment: Environment | None = None,
) -> Debugger:
    """Open a debugger on a recorded session, to continue it or read-only. Close it, or use it as a context
    manager.

    `policy` and `environment` replace those that the session names; they are required if the session was
    recorded with objects. With `read_only` neither is used and nothing is written. Raises SessionError, and
    the errors of restoring the environment.
    """
    path = Path(session)
    if read_only:
        return debug_session.open_readonly(path).debugger
    asked = _as_policy(policy) if policy is not None else None
    if isinstance(asked, str):
        raise RecodeError(
            f"policy must be an object, not the name {asked!r}: the session names its own policy"
        )
    return debug_session.open_live(path, asked, environment=environment).debugger


def _as_policy(policy: AnyPolicy, loop: asyncio.AbstractEventLoop | None = None) -> str | Policy:
    if isinstance(policy, str | Policy):
        return policy
    return FunctionPolicy(policy, loop=loop)
