"""Where sessions come from: one pool of worker processes for the whole program."""

from __future__ import annotations

import atexit
import contextlib
import datetime
import functools
import importlib.util
import os
import signal
import sys
import threading
from collections.abc import Iterator

import msgspec

if importlib.util.find_spec("opentelemetry") is None:  # else each feed looks for it anew: 0.1 ms
    for name in ("opentelemetry", "opentelemetry.trace", "opentelemetry.context"):
        sys.modules[name] = None  # type: ignore[assignment]

import pydantic_monty as monty

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_STDERR = threading.RLock()
_workers: set[int] = set()
_MOST_WORKERS = 256  # a checkout beyond this many would wait, perhaps for itself


class SandboxLimits(msgspec.Struct, frozen=True):
    """What generated code may use, and the clock (seconds since the epoch) and the seed that it sees."""

    seconds: float = 5.0
    memory_mb: int = 256
    seed: int = 0
    clock: float = 1_735_689_600.0


@contextlib.contextmanager
def _apart_from_terminal() -> Iterator[None]:
    """Keep a worker that starts now and the user's terminal apart.

    It has not our stderr, where it would tell of its own end; and ctrl+c, which reaches a whole group of
    processes, doesn't end it, or a statement would be recorded as failed that was only interrupted.
    """
    if fcntl is None:
        yield
        return
    with _STDERR:
        flags = fcntl.fcntl(2, fcntl.F_GETFD)
        fcntl.fcntl(2, fcntl.F_SETFD, flags | fcntl.FD_CLOEXEC)
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
            fcntl.fcntl(2, fcntl.F_SETFD, flags)


@functools.cache
def _pool() -> monty.Monty:
    pool = monty.Monty(max_processes=_MOST_WORKERS)
    with _apart_from_terminal():
        pool.__enter__()
    atexit.register(pool.__exit__, None, None, None)
    return pool


def checkout(limits: SandboxLimits) -> tuple[monty.MontySession, int]:
    """A fresh session and the id of its process; `release` it in the end."""
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
    with _apart_from_terminal():
        session.__enter__()
    pid = session.worker_pid  # None while a feed runs, so it is asked for now
    assert pid is not None
    _workers.add(pid)
    return session, pid


def release(session: monty.MontySession) -> None:
    """Give a session's worker back to the pool. Idempotent."""
    session.__exit__(None, None, None)


def end_workers() -> None:
    """End every worker, from any thread, since the program ends: one that is computing would outlive it."""
    for pid in tuple(_workers):
        with contextlib.suppress(OSError):
            if _is_child(pid):
                os.kill(pid, signal.SIGKILL)


def _is_child(pid: int) -> bool:
    """Whether a number is still that of a child of ours; an ended worker's may have been given away."""
    if not hasattr(os, "waitid"):
        return False
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)  # raises ChildProcessError
    return True
