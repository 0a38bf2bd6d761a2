"""Sessions for clients with a policy of the test's own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from recode_core.debugger import debug_session
from recode_core.debugger.debug_session import DebugSession
from recode_core.errors import PolicyUnavailable
from recode_core.policies.policy import Policy, Reply, Request
from recode_core.session import Settings
from recode_core.testing import reply
from recode_core.values import Usage
from tests.support.waiting import PATIENCE


class PolicyOpener:
    """Opens a new run of a household task in a file, with a policy."""

    def __init__(self, path: Path, policy: Policy) -> None:
        self.path = path
        self._policy = policy

    def launch(self, arguments: dict[str, Any]) -> DebugSession:
        settings = Settings("household", "put:7", policy=self._policy.model)
        return debug_session.start(settings, self.path, self._policy)

    def attach(self, arguments: dict[str, Any]) -> DebugSession:
        return debug_session.open_readonly(self.path)


class PaidPolicy:
    """Replies with the same code always, for a cent a call."""

    model = "paid"

    def __init__(self, code: str = "first = run('look')\nsecond = run('look')") -> None:
        self.sampling: dict[str, str | float | int] = {}
        self.calls = 0
        self._code = code

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        self.calls += 1
        stream("a reply ")
        return Reply(reply(self._code), Usage(1000, completion_tokens=100, cost_usd=0.01))

    def abort(self) -> None:
        """Nothing waits."""


class SlowPolicy(PaidPolicy):
    """Waits before its reply, until it is told to go on or is aborted."""

    model = "slow"

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.go_on = threading.Event(), threading.Event()
        self.is_aborted = False

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        self.asked.set()
        assert self.go_on.wait(PATIENCE)
        if self.is_aborted:
            return Reply("", finish="aborted")
        return super().expand(request, stream)

    def abort(self) -> None:
        """End the wait."""
        self.is_aborted = True
        self.go_on.set()


class FailingPolicy(SlowPolicy):
    """Waits, and then fails."""

    model = "failing"

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        super().expand(request, stream)
        raise PolicyUnavailable("the model has left")
