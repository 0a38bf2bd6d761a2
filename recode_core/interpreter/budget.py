"""What one feed may use of its host, and driving it to its next action within that.

The sandbox stops its own clock while it waits for its host, so code that asks for something again
and again, say for an unknown name in a loop, would never reach the sandbox's time limit. The host
therefore counts such requests, and the time that passes, itself.
"""

from __future__ import annotations

import time

import pydantic_monty as monty

from recode_core.interpreter import host

MOST_REQUESTS = 1000
"""Requests between two actions that the host refuses; then the feed fails."""


class OverBudget(Exception):
    """A feed asked too often, or for too long, for what it can't have; `type` is what it is told of it."""

    type = "TimeoutError"


class Awaited(OverBudget):
    """A feed waits for what nobody brings."""

    type = "RuntimeError"


class Budget:
    """What is left of one feed's time, and of its requests until the next action.

    `elapsed` are the seconds that the feed was being driven, without those that its actions took.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.requests = 0
        self._used = 0.0
        self._since: float | None = None

    @property
    def elapsed(self) -> float:
        """Seconds so far."""
        return self._used + (0.0 if self._since is None else time.perf_counter() - self._since)

    def start(self) -> None:
        """The feed is being driven from now on."""
        self._since = time.perf_counter()

    def stop(self) -> float:
        """The feed waits for its host, or has ended. How long it was driven."""
        now = time.perf_counter()
        passed = 0.0 if self._since is None else now - self._since
        self._used, self._since = self._used + passed, None
        return passed

    def charge(self, asked: str) -> None:
        """Count a request for what there isn't. Raises OverBudget."""
        self.requests += 1
        if self.requests > MOST_REQUESTS:
            raise OverBudget(
                f"the statement asked for what there isn't more than {MOST_REQUESTS} times without an "
                f"action in between, last for {asked}"
            )
        if self.elapsed > self.seconds:
            raise OverBudget(f"the statement ran for more than {self.seconds:g} s")


Reached = monty.MontyComplete | monty.FunctionSnapshot
"""A feed's end, or its next call of `run`."""


def advance(turn: monty.SyncSnapshot, budget: Budget) -> Reached:
    """Refuse what a feed asks for until it calls `run` or ends.

    Raises OverBudget, and what the feed raises.
    """
    while True:
        match turn:
            case monty.MontyComplete() | monty.FunctionSnapshot(function_name="run", is_os_function=False):
                return turn
            case monty.FunctionSnapshot():
                budget.charge(host.asked(turn))
                turn = turn.resume({"exception": host.refusal(turn)})
            case monty.NameLookupSnapshot():
                budget.charge(f"the name {turn.variable_name!r}")
                turn = turn.resume()
            case monty.FutureSnapshot():
                raise Awaited("nothing can be awaited here")
