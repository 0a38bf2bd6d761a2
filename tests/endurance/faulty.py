"""Policies and worlds that fail at random, in every way in which code of another package can."""

from __future__ import annotations

import asyncio
import errno
import math
import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from recode_core.environments.environment import Restoration, Snapshots, Task, World
from recode_core.environments.scripted import GUIDE
from recode_core.errors import CallBrokenOff, Diverged, EnvironmentUnavailable, PolicyUnavailable, RecodeError
from recode_core.policies.policy import Policy, Reply, Request
from recode_core.values import Observation, Usage
from tests.debugger.doubles import DebuggerSetup

LONG = "very long " * 200_000


class Unprintable(Exception):
    """Its text can't be had, and neither can its repr."""

    def __str__(self) -> str:
        raise ValueError("no text")

    __repr__ = __str__


RAISED: tuple[Callable[[], BaseException], ...] = (
    Unprintable,
    MemoryError,
    RecursionError,
    StopIteration,
    GeneratorExit,
    KeyboardInterrupt,
    asyncio.CancelledError,
    TimeoutError,
    lambda: SystemExit(3),
    lambda: ValueError("bad"),
    lambda: KeyError("x"),
    lambda: RuntimeError(LONG),
    lambda: RuntimeError("half \ud800 of a pair, \x00, \x1b[2J and \r"),
    lambda: UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    lambda: ConnectionRefusedError(errno.ECONNREFUSED, "refused"),
    lambda: ConnectionResetError(errno.ECONNRESET, "reset"),
    lambda: BrokenPipeError(errno.EPIPE, "broken pipe"),
    lambda: OSError(errno.EMFILE, "too many open files"),
    lambda: ExceptionGroup("several", [ValueError("one"), OSError("two")]),
    lambda: BaseExceptionGroup("several", [KeyboardInterrupt(), SystemExit(1)]),
    lambda: RecodeError("an error of ours"),
    lambda: Diverged(3, "this", "that"),
    lambda: EnvironmentUnavailable("no world"),
    lambda: PolicyUnavailable("no model", Usage(7, cost_usd=0.01)),
    lambda: PolicyUnavailable("no model", "free"),  # type: ignore[arg-type]
    lambda: CallBrokenOff("broken off"),
)

RETURNED: tuple[object, ...] = (
    None,
    7,
    math.nan,
    b"text",
    b"\xff\xfe not UTF-8",
    bytearray(b"text"),
    "",
    LONG,
    "\ud800 and \x00",
    "two\r\nlines\x1b[31m",
    object(),
    Unprintable(),
    Unprintable,
    [],
    {},
    ("text", {}),
    ("text", 0.5, False, {}),
    ("text", math.nan, "no", {}),
    ("text", 1, True, False, None),
    (b"\xff", 1.0, False, {}),
    Observation("text", math.inf),
    Observation("text", 0.2, "maybe"),  # type: ignore[arg-type]
    Observation(None),  # type: ignore[arg-type]
    Observation(LONG, 1e300),
    Observation("text", 1.0, True, True),
    Reply("<execute>\nx = run('look')\n</execute>", Usage(-1)),
    Reply("<execute>\nx = run('look')\n</execute>", Usage(3, cost_usd=math.nan)),
    Reply("<execute>\nx = run(", finish="length"),
    Reply("text", finish="ended"),  # type: ignore[arg-type]
    Reply(None),  # type: ignore[arg-type]
    Reply(LONG),
    Reply("text", None, why=b"\xff"),  # type: ignore[arg-type]
    Reply("<execute>\n" + "x = 1\n" * 3000 + "</execute>"),
)


class Faults:
    """Which calls fail, and how: all by one source of randomness. At most `share` of the calls fail."""

    def __init__(self, chance: random.Random, share: float = 0.2) -> None:
        self._chance = chance
        self._share = share

    def call(self, answer: Callable[[], object], often: float = 1.0) -> Any:
        """What `answer` returns; or, now and then, another value or an exception, at once or afterwards."""
        chance = self._chance
        if chance.random() < 0.1:
            time.sleep(chance.uniform(0, 0.03))
        if chance.random() >= self._share * often:
            return answer()
        if chance.random() < 0.3:
            answer()  # what was asked for happens, and the caller never hears of it
        if chance.random() < 0.5:
            raise chance.choice(RAISED)()
        return chance.choice(RETURNED)


class FaultyPolicy:
    """A policy whose calls may fail, also while its reply is arriving."""

    def __init__(self, policy: Policy, faults: Faults) -> None:
        self._policy = policy
        self._faults = faults
        self.model, self.sampling = policy.model, policy.sampling

    def expand(self, request: Request, stream: Callable[[str], None]) -> Any:
        def reply() -> Reply:
            made = self._policy.expand(request, stream)
            for at in range(0, len(made.text), 40):
                stream(self._faults.call(partial(str, made.text[at : at + 40]), often=0.1))
            return made

        return self._faults.call(reply)

    def abort(self) -> None:
        self._faults.call(self._policy.abort)


class FaultyWorld:
    """A world whose calls may fail."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults
        self.step_limit = world.step_limit

    @property
    def instruction(self) -> Any:
        return self._faults.call(lambda: self._world.instruction, often=0.1)

    @property
    def possible(self) -> Any:
        return self._faults.call(lambda: ("look", "go to desk 1", "win"))

    def reset(self) -> Any:
        return self._faults.call(self._world.reset, often=0.3)

    def step(self, action: str) -> Any:
        return self._faults.call(lambda: self._world.step(action), often=0.5)

    def close(self) -> None:
        self._faults.call(self._world.close, often=0.3)


class FaultySnapshots(FaultyWorld):
    """The same, with snapshots."""

    _world: Snapshots  # type: ignore[assignment]

    def snapshot(self) -> object:
        return self._faults.call(self._world.snapshot)

    def restore(self, state: object) -> None:
        self._faults.call(lambda: self._world.restore(state))


class FaultyEnvironment:
    """An environment whose worlds may not open, and may fail."""

    name = "faulty"
    guide = GUIDE

    def __init__(self, setup: DebuggerSetup, faults: Faults, restoration: Restoration) -> None:
        self._setup = setup
        self._faults = faults
        self.restoration = restoration

    def tasks(self, split: str | None = None) -> Iterator[Task]:
        yield Task("one", "do it.")

    def open(self, task_id: str) -> Any:
        kind = FaultySnapshots if self.restoration == "snapshot" else FaultyWorld
        return self._faults.call(lambda: kind(self._setup.open_world(), self._faults), often=0.2)

    def expert(self, task_id: str) -> Policy:
        return FaultyPolicy(self._setup.policy, self._faults)
