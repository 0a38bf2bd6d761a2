"""Policies and worlds that a test holds in its hands."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from recode_core.environments.environment import Restoration, Task, World
from recode_core.environments.scripted import GUIDE, NOTHING, ScriptedWorld
from recode_core.errors import EnvironmentUnavailable
from recode_core.policies.policy import Policy, Reply, Request
from recode_core.policies.reply import ParsedReply
from recode_core.values import Observation, Usage

TASK = "one"


class FakeEnvironment:
    """An environment whose worlds are made by a function."""

    name = "doubles"
    guide = GUIDE

    def __init__(
        self, world: Callable[[], World] = ScriptedWorld, restoration: Restoration = "replay"
    ) -> None:
        self.restoration = restoration
        self._world = world

    def tasks(self, split: str | None = None) -> Iterator[Task]:
        yield Task(TASK, "do it.")

    def open(self, task_id: str) -> World:
        return self._world()

    def expert(self, task_id: str) -> Policy | None:
        return None


class BlockingPolicy:
    """Another policy, each of whose replies arrives when it is let go, or is aborted."""

    model = "slow"

    def __init__(self, policy: Policy, said: str = "<think>let me see") -> None:
        self.sampling: dict[str, str | float | int] = {}
        self.asked, self.let_go, self.aborted = threading.Event(), threading.Event(), threading.Event()
        self._policy = policy
        self._said = said

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        self.asked.set()
        stream(self._said)
        while not self.let_go.wait(0.005):
            if self.aborted.is_set():
                self.aborted.clear()
                return Reply(self._said, Usage(100, completion_tokens=3), "aborted")
        return self._policy.expand(request, stream)

    def abort(self) -> None:
        self.aborted.set()


class HangingWorld(ScriptedWorld):
    """A world that does not answer `hang` until it is let go or closed."""

    def __init__(self, let_go: threading.Event, asked: threading.Event) -> None:
        super().__init__()
        self.let_go, self.asked = let_go, asked
        self._closed = threading.Event()

    def step(self, action: str) -> Observation:
        if action == "hang":
            self.asked.set()
            while not self.let_go.wait(0.005):
                if self._closed.is_set():
                    raise EnvironmentUnavailable("the world was closed")
        self.actions.append(action)
        return Observation(NOTHING)

    def close(self) -> None:
        self._closed.set()


def reply(code: str, thought: str = "a reason") -> str:
    """What a policy says to expand a placeholder into `code`."""
    return str(ParsedReply(thought, code))
