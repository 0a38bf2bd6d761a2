"""Where sessions come from: one pool of worker processes for the whole program."""

from __future__ import annotations

import atexit
import contextlib
import datetime
import functools
import importlib.util
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
_MOST_WORKERS = 256  # a checkout beyond this many would wait, perhaps for itself


class SandboxLimits(msgspec.Struct, frozen=True):
    """What generated code may use, and the clock (seconds since the epoch) and the seed that it sees."""

    seconds: float = 5.0
    memory_mb: int = 256
    seed: int = 0
    clock: float = 1_735_689_600.0


@contextlib.contextmanager
def _no_stderr_for_children() -> Iterator[None]:
    """Keep what a worker says of its own end off the user's terminal: it starts without our stderr."""
    if fcntl is None:
        yield
        return
    with _STDERR:
        flags = fcntl.fcntl(2, fcntl.F_GETFD)
        fcntl.fcntl(2, fcntl.F_SETFD, flags | fcntl.FD_CLOEXEC)
        try:
            yield
        finally:
            fcntl.fcntl(2, fcntl.F_SETFD, flags)


@functools.cache
def _pool() -> monty.Monty:
    pool = monty.Monty(max_processes=_MOST_WORKERS)
    with _no_stderr_for_children():
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
    with _no_stderr_for_children():
        session.__enter__()
    pid = session.worker_pid  # None while a feed runs, so it is asked for now
    assert pid is not None
    return session, pid


def release(session: monty.MontySession) -> None:
    """Give a session's worker back to the pool. Idempotent."""
    session.__exit__(None, None, None)
