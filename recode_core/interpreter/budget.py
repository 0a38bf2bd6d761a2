"""Limits on the requests of a feed to its host.

The sandbox stops its clock while it waits for the host. Code that requests something again and again, such as
an unknown name in a loop, would never reach the time limit. So the host counts refused requests and measures
the time itself.
"""

from __future__ import annotations

import time

import pydantic_monty as monty

from recode_core.interpreter import host

MOST_REQUESTS = 1000
"""Maximum number of refused requests between two actions."""


class OverBudget(Exception):
    """A feed made too many refused requests, or took too long. `type` is that of the resulting failure."""

    type = "TimeoutError"


class Awaited(OverBudget):
    """A feed awaits something."""

    type = "RuntimeError"


class Budget:
    """The time and the number of refused requests of a feed; the requests are counted from action to action.

    `elapsed` are the seconds that the feed has run, without its actions.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.requests = 0
        self._used = 0.0
        self._since: float | None = None

    @property
    def elapsed(self) -> float:
        """The seconds that the feed has run."""
        return self._used + (0.0 if self._since is None else time.perf_counter() - self._since)

    def start(self) -> None:
        """Start the clock: the feed runs."""
        self._since = time.perf_counter()

    def stop(self) -> float:
        """Stop the clock: the feed waits for its host, or has ended. Returns the seconds since the start."""
        now = time.perf_counter()
        passed = 0.0 if self._since is None else now - self._since
        self._used, self._since = self._used + passed, None
        return passed

    def charge(self, asked: str) -> None:
        """Count a refused request. Raises OverBudget."""
        self.requests += 1
        if self.requests > MOST_REQUESTS:
            raise OverBudget(
                f"the statement asked for what there isn't more than {MOST_REQUESTS} times without an "
                f"action in between, last for {asked}"
            )
        if self.elapsed > self.seconds:
            raise OverBudget(f"the statement ran for more than {self.seconds:g} s")


Reached = monty.MontyComplete | monty.FunctionSnapshot
"""The end of a feed, or its next call of `run`."""


def advance(snapshot: monty.SyncSnapshot, budget: Budget) -> Reached:
    """Run a feed to its next call of `run` or its end, refusing all other requests.

    Raises OverBudget, and the exceptions of the feed.
    """
    while True:
        match snapshot:
            case monty.MontyComplete() | monty.FunctionSnapshot(function_name="run", is_os_function=False):
                return snapshot
            case monty.FunctionSnapshot():
                budget.charge(host.request_text(snapshot))
                snapshot = snapshot.resume({"exception": host.refusal(snapshot)})
            case monty.NameLookupSnapshot():
                budget.charge(f"the name {snapshot.variable_name!r}")
                snapshot = snapshot.resume()
            case monty.FutureSnapshot():
                raise Awaited("nothing can be awaited here")
