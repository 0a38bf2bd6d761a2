"""Sessions of the sandbox, from one pool of worker processes."""

from __future__ import annotations

import atexit
import contextlib
import datetime
import importlib.util
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, TypeVar

import msgspec

if importlib.util.find_spec("opentelemetry") is None:  # otherwise every feed looks for it (0.1 ms)
    for name in ("opentelemetry", "opentelemetry.trace", "opentelemetry.context"):
        sys.modules[name] = None  # type: ignore[assignment]

import pydantic_monty as monty

from recode_core.errors import SandboxUnavailable
from recode_core.interpreter._monty import was_killed
from recode_core.interpreter.watchdog import Watchdog
from recode_core.once import once
from recode_core.values import Amount, Count, Timestamp

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_STDERR = threading.RLock()
_workers: set[int] = set()
_MOST_WORKERS = 256  # one more checkout would wait for a free worker, perhaps forever
_STARTS = 3  # attempts to start a worker if it is ended from outside
_WATCHDOG = Watchdog()
_T = TypeVar("_T")

MOST_SECONDS = 86_400.0
"""The highest time limit of a statement: a day in seconds."""
MOST_MEMORY_MB = 1 << 20
"""The highest memory limit of a sandbox: 1 TiB in MB."""
_PATIENCE = 10
_LAST_CLOCK = 253_402_300_799.0  # the end of the year 9999


class SandboxLimits(msgspec.Struct, frozen=True):
    """The limits of generated code, and the clock (seconds since the epoch) and the random seed that it sees.

    Raises ValueError for an invalid limit.
    """

    seconds: Amount = 5.0
    memory_mb: Count = 256
    seed: Annotated[int, msgspec.Meta(ge=0)] = 0
    clock: Timestamp = 1_735_689_600.0

    def __post_init__(self) -> None:
        if not 0 < self.seconds <= MOST_SECONDS:
            raise ValueError(
                f"sandbox.seconds is above 0 and at most {MOST_SECONDS:.0f}, not {self.seconds:g}"
            )
        if not 1 <= self.memory_mb <= MOST_MEMORY_MB:
            raise ValueError(f"sandbox.memory_mb is from 1 to {MOST_MEMORY_MB}, not {self.memory_mb}")
        if not 0 <= self.clock <= _LAST_CLOCK:
            raise ValueError(f"sandbox.clock is from 0 to {_LAST_CLOCK:.0f}, not {self.clock:g}")

    def within(self, most: SandboxLimits) -> SandboxLimits:
        """These limits, but none higher than in `most`. Seed and clock are kept."""
        return msgspec.structs.replace(
            self,
            seconds=min(self.seconds, most.seconds),
            memory_mb=min(self.memory_mb, most.memory_mb),
        )

    def patient(self) -> SandboxLimits:
        """These limits with more time, for statements that ended in time on a faster machine."""
        return msgspec.structs.replace(self, seconds=min(self.seconds * _PATIENCE, MOST_SECONDS))


@dataclass(frozen=True, slots=True)
class Worker:
    """A session and the process that it runs in. The caller must `release` it."""

    session: monty.MontySession
    pid: int

    @property
    def is_alive(self) -> bool:
        """Whether the session can still be used. Not to be called during a feed."""
        return self.session.worker_pid is not None

    def release(self) -> None:
        """Return the worker to the pool. Idempotent."""
        self.session.__exit__(None, None, None)
        _WATCHDOG.forget(self.pid)


@contextlib.contextmanager
def _detached_from_terminal() -> Iterator[None]:
    """Detach workers that start in this context from the user's terminal.

    They do not inherit stderr, to which they would write when they are ended. They ignore ctrl+c, which is
    sent to the whole process group: the interrupted statement would be recorded as failed.
    """
    if fcntl is None:
        yield
        return
    with _STDERR:
        flags = fcntl.fcntl(2, fcntl.F_GETFD)
        fcntl.fcntl(2, fcntl.F_SETFD, flags | fcntl.FD_CLOEXEC)
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
            fcntl.fcntl(2, fcntl.F_SETFD, flags)


@once
def _pool() -> monty.Monty:
    pool = monty.Monty(max_processes=_MOST_WORKERS)
    with _detached_from_terminal():
        pool.__enter__()
    atexit.register(pool.__exit__, None, None, None)
    return pool


def checkout(limits: SandboxLimits, prepare: Callable[[monty.MontySession], _T]) -> tuple[Worker, _T]:
    """A new session, and the result of `prepare` for it.

    Both are tried again if the process is ended from outside. Raises SandboxUnavailable if no process can be
    started, and the exceptions of `prepare`.
    """
    for is_last in [False] * (_STARTS - 1) + [True]:
        try:
            worker = _start_worker(limits)
        except (monty.MontyError, OSError, RuntimeError) as error:
            if was_killed(error) and not is_last:
                continue
            raise SandboxUnavailable(f"no sandbox can be started: {error}") from error
        try:
            return worker, prepare(worker.session)
        except BaseException as error:
            worker.release()
            if is_last or not was_killed(error):
                raise
    raise AssertionError("unreachable")


def _start_worker(limits: SandboxLimits) -> Worker:
    session = _pool().checkout(
        limits={
            "max_feed_duration_secs": limits.seconds,
            "max_memory": limits.memory_mb << 20,
            "max_suspensions": 1 << 40,
        },
        os_policy={
            "datetime": datetime.datetime.fromtimestamp(limits.clock, datetime.UTC),
            "sleep": "zero",
            "random_start": {"seed": limits.seed},
        },
    )
    with _detached_from_terminal():
        session.__enter__()
    pid = session.worker_pid  # it is None while a feed runs
    if pid is None:
        raise RuntimeError("its process ended at once")
    _WATCHDOG.watch(pid)
    _workers.add(pid)
    return Worker(session, pid)


def end_workers() -> None:
    """End every worker, from any thread. For the end of the program: a busy worker would outlive it."""
    for pid in tuple(_workers):
        with contextlib.suppress(OSError):
            if _is_child(pid):
                os.kill(pid, signal.SIGKILL)


def _is_child(pid: int) -> bool:
    """Whether a process id is a child of this process; that of an ended worker may have been reused."""
    if not hasattr(os, "waitid"):
        return False
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)  # raises ChildProcessError
    return True
