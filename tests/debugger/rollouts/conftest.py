"""A policy that thinks for a while and a world that can be lost, for runs that are tried out aside."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest

from recode_core.debugger.debugger import Debugger
from recode_core.environments.environment import Restoration
from recode_core.executor import Limits
from recode_core.log import Log, Record
from recode_core.policies.policy import Reply, Request
from recode_core.policies.reply import ParsedReply
from recode_core.testing import ROOT, RunWiring
from recode_core.values import Observation, Usage

A_CALL = Usage(100, 0, 20, 0, 0.002)
Script = Mapping[str, str | Sequence[str | Exception]]


class ThinkingPolicy:
    """Says what the script has for a statement, the last of it again and again; thinks for a while before.

    What is no reply yet is the code of one; an exception is raised. `most` is how many calls were in
    flight at once, and `before_reply` is called in each with its number.
    """

    model = "thinker"

    def __init__(self, script: Script, usage: Usage, seconds: float) -> None:
        self.sampling: dict[str, str | float | int] = {}
        self.usage, self.seconds = usage, seconds
        self.calls = self.most = self._in_flight = 0
        self.before_reply: Callable[[int], None] = lambda call: None
        self.aborted = threading.Event()
        self._script = {k: [said] if isinstance(said, str) else [*said] for k, said in script.items()}
        self._lock = threading.Lock()

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        with self._lock:
            self.calls += 1
            call = self.calls
            self._in_flight += 1
            self.most = max(self.most, self._in_flight)
            replies = self._script[request.statement]
            said = replies.pop(0) if len(replies) > 1 else replies[0]
        try:
            time.sleep(self.seconds)
            self.before_reply(call)
        finally:
            with self._lock:
                self._in_flight -= 1
        if isinstance(said, Exception):
            raise said
        if self.aborted.is_set():
            return Reply("<think>I was", self.usage, finish="aborted")
        return Reply(said if said.startswith("<") else str(ParsedReply("a reason", said)), self.usage)

    def abort(self) -> None:
        self.aborted.set()


class MazeWorld:
    """`win` gets out, unless `trap` was done before; all else is told back by a `voice`."""

    instruction = "get out."

    def __init__(self, step_limit: int, voice: str) -> None:
        self.step_limit = step_limit
        self.voice = voice
        self.actions: list[str] = []
        self.is_closed = False

    def reset(self) -> Observation:
        self.actions = []
        return Observation("You are in a maze.")

    def step(self, action: str) -> Observation:
        self.actions.append(action)
        if action == "win" and "trap" not in self.actions:
            return Observation("You are out.", 1.0, done=True, success=True)
        return Observation(f"{self.voice} {action}", len(self.actions) / 100)

    def close(self) -> None:
        self.is_closed = True


@dataclass
class RolloutHarness:
    """A debugger with its policy and every world that it has had; worlds to come have the `voice`."""

    policy: ThinkingPolicy
    restoration: Restoration
    limits: Limits
    step_limit: int
    sink: Callable[[Record], None]
    voice: str = "You"
    worlds: list[MazeWorld] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.log = Log(sink=self.sink)
        self.debugger = RunWiring(
            lambda: self.policy,
            self._open_world,
            restoration=self.restoration,
            limits=self.limits,
            step_limit=self.step_limit,
            log=self.log,
        ).debugger()

    def to_end(self) -> Debugger:
        """Go on to the end, through failures and limits."""
        while self.debugger.stop.kind != "end":
            self.debugger.resume()
        return self.debugger

    def _open_world(self) -> MazeWorld:
        self.worlds.append(MazeWorld(self.step_limit, self.voice))
        return self.worlds[-1]


@pytest.fixture
def rollout_run() -> Iterator[Callable[..., RolloutHarness]]:
    """Makes a trial from what the policy says to each statement (a lone str: to the root)."""
    with ExitStack() as stack:

        def make(
            script: Script | str,
            *,
            usage: Usage = A_CALL,
            seconds: float = 0.0,
            restoration: Restoration = "replay",
            limits: Limits | None = None,
            step_limit: int = 50,
            sink: Callable[[Record], None] = lambda record: None,
        ) -> RolloutHarness:
            thinker = ThinkingPolicy({ROOT: script} if isinstance(script, str) else script, usage, seconds)
            made = RolloutHarness(thinker, restoration, limits or Limits(), step_limit, sink)
            stack.callback(made.debugger.close)
            return made

        yield make
