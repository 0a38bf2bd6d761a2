"""Where sessions come from: one pool of worker processes for the whole program."""

from __future__ import annotations

import atexit
import datetime
import functools
import importlib.util
import sys

import msgspec

if importlib.util.find_spec("opentelemetry") is None:  # else each feed looks for it anew: 0.1 ms
    for name in ("opentelemetry", "opentelemetry.trace", "opentelemetry.context"):
        sys.modules[name] = None  # type: ignore[assignment]

import pydantic_monty as monty

_MOST_WORKERS = 256  # a checkout beyond this many would wait, perhaps for itself


class SandboxLimits(msgspec.Struct, frozen=True):
    """What generated code may use, and the clock (seconds since the epoch) and the seed that it sees."""

    seconds: float = 5.0
    memory_mb: int = 256
    seed: int = 0
    clock: float = 1_735_689_600.0


@functools.cache
def _pool() -> monty.Monty:
    pool = monty.Monty(max_processes=_MOST_WORKERS)
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
    session.__enter__()
    pid = session.worker_pid  # None while a feed runs, so it is asked for now
    assert pid is not None
    return session, pid


def release(session: monty.MontySession) -> None:
    """Give a session's worker back to the pool. Idempotent."""
    session.__exit__(None, None, None)
