"""Budgets of a batch, and the ledger of what all of its episodes have spent."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

import msgspec

from recode_core.errors import CallBrokenOff, PolicyUnavailable, RecodeError
from recode_core.executor.limits import Spent
from recode_core.policies import guard
from recode_core.policies.policy import Policy, Reply, Request
from recode_core.values import Usage


class BatchStopped(RecodeError):
    """The batch has stopped: the episode ends before its next policy call, and can be resumed."""


class Budgets(msgspec.Struct, frozen=True):
    """Limits for all episodes of a batch together; None is no limit.

    `seconds` is the wall time of one run of the batch; the others include what earlier runs have spent. The
    number of calls is exact. Tokens and cost are known after a call, so running calls may exceed them.
    """

    calls: int | None = None
    tokens: int | None = None
    cost_usd: float | None = None
    seconds: float | None = None


class CallBudget(Protocol):
    """The ledger as episodes see it, wherever they run."""

    def reserve(self) -> str:
        """Reserve a call, and return an empty string; or return why no call is allowed."""

    def refund(self, usage: Usage) -> None:
        """Undo a reservation after a call without a reply, which may have cost `usage`."""

    def commit(self, usage: Usage) -> None:
        """Count a call that returned a reply."""


@contextmanager
def refunding(budget: CallBudget) -> Iterator[None]:
    """Refund the reserved call if it ends with an error, which may know what the call has cost."""
    try:
        yield
    except BaseException as error:
        budget.refund(error.usage if isinstance(error, PolicyUnavailable) else Usage())
        raise


class BudgetLedger:
    """Counts calls, tokens and cost, starting from what was `spent` before. Thread-safe.

    `whose` is the owner of the budgets, for messages.
    """

    def __init__(
        self,
        budgets: Budgets,
        spent: Spent | None = None,
        clock: Callable[[], float] = time.monotonic,
        whose: str = "the batch's",
    ) -> None:
        self.budgets = budgets
        self._whose = whose
        self._spent = spent or Spent()
        self._clock = clock
        self._start = clock()
        self._running_calls = 0
        self._closed = ""
        self._lock = threading.Lock()

    def reserve(self) -> str:
        with self._lock:
            why = self._reason()
            self._running_calls += not why
            return why

    def refund(self, usage: Usage) -> None:
        with self._lock:
            self._running_calls -= 1
            self._spent.add(usage)

    def commit(self, usage: Usage) -> None:
        with self._lock:
            self._running_calls -= 1
            self._spent.add_call(usage)

    def close(self, why: str) -> None:
        """Allow no further calls."""
        with self._lock:
            self._closed = self._closed or why

    def exhausted_reason(self) -> str:
        """Return why no call is allowed, or an empty string."""
        with self._lock:
            return self._reason()

    def spent(self) -> Spent:
        """Return what was spent so far."""
        with self._lock:
            return Spent(calls=self._spent.calls, tokens=self._spent.tokens, cost_usd=self._spent.cost_usd)

    def _reason(self) -> str:
        spent, budgets = self._spent, self.budgets
        if self._closed:
            return self._closed
        if budgets.cost_usd is not None and spent.cost_usd is None:
            return "the price of a call is unknown, so cost cannot be limited: set a budget of tokens instead"
        counted: list[tuple[str, float, float | None]] = [
            ("calls", spent.calls + self._running_calls, budgets.calls),
            ("tokens", spent.tokens, budgets.tokens),
            ("US dollars", spent.cost_usd or 0.0, budgets.cost_usd),
            ("seconds", self._clock() - self._start, budgets.seconds),
        ]
        for name, value, budget in counted:
            if budget is not None and value >= budget:
                return f"{self._whose} budget of {budget:g} {name} is reached"
        return ""


class BudgetedPolicy:
    """A policy whose calls count towards a budget, and are refused once it is exhausted.

    A reply that was aborted because the batch stopped is not recorded; its cost counts, and the call is
    repeated when the batch is resumed.
    """

    def __init__(self, policy: Policy, budget: CallBudget) -> None:
        self.model = guard.model_of(policy)
        self.sampling = guard.sampling_of(policy)
        self._policy = policy
        self._budget = budget

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        if why := self._budget.reserve():
            raise BatchStopped(why)
        with refunding(self._budget):
            reply = guard.expand(self._policy, request, stream)
            if reply.finish == "aborted":
                raise CallBrokenOff("the call was aborted", reply.usage)
        self._budget.commit(reply.usage)
        return reply

    def abort(self) -> None:
        """Abort the running call."""
        guard.abort(self._policy)
