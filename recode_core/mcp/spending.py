"""The cost of the policies of all opened sessions. Calls that cost money need a budget."""

from __future__ import annotations

from collections.abc import Callable

from recode_core.batch.budget import BudgetLedger, Budgets, refunding
from recode_core.environments.registry import environment as find_environment
from recode_core.errors import RecodeError
from recode_core.executor.limits import Spent
from recode_core.format import counted, dollars
from recode_core.policies import guard
from recode_core.policies.policy import Policy, Reply, Request
from recode_core.policy_registry import make_policy
from recode_core.session import Settings
from recode_core.values import Usage, summed

_TYPICAL = Usage(1000, completion_tokens=1000)


class NotAllowed(RecodeError):
    """The server was not started with the option that this needs."""


class Spending:
    """Meters the policies that it makes. Without a budget, only those that cost nothing are called."""

    def __init__(self, budgets: Budgets) -> None:
        self._has_budget = budgets != Budgets()
        self._paid = BudgetLedger(budgets, whose="the server's")
        self._free = BudgetLedger(Budgets())

    def policy(self, settings: Settings) -> Policy:
        """The metered policy of a run. Raises RecodeError where it is unknown, unavailable or not allowed."""
        policy = make_policy(settings, find_environment(settings.environment))
        self.ledger_of(policy, guard.model_of(policy))
        return _MeteredPolicy(policy, self)

    def ledger_of(self, policy: Policy, model: str) -> BudgetLedger:
        """The ledger of a policy's calls of a model. Raises NotAllowed if it costs and there is no budget."""
        if guard.price(policy, _TYPICAL, model) == 0:
            return self._free
        if not self._has_budget:
            raise NotAllowed(
                f"calls of {model} may cost money, and this server has no budget: the user can start it with "
                "recode mcp --budget-cost USD, --budget-calls N or --budget-tokens N"
            )
        return self._paid

    def spent(self) -> Spent:
        """The cost so far."""
        free, paid = self._free.spent(), self._paid.spent()
        cost = summed(free.cost_usd, paid.cost_usd)
        return Spent(calls=free.calls + paid.calls, tokens=free.tokens + paid.tokens, cost_usd=cost)

    def since(self, before: Spent) -> str:
        """The cost since an earlier `spent()`, and the budget that is left."""
        now = self.spent()
        cost = None if now.cost_usd is None or before.cost_usd is None else now.cost_usd - before.cost_usd
        calls, tokens = now.calls - before.calls, now.tokens - before.tokens
        if not calls and not tokens:
            cost = 0.0
        parts = [counted(calls, "policy call"), counted(tokens, "token"), dollars(cost)]
        return " · ".join([*parts, *self._left()])

    def _left(self) -> list[str]:
        if not self._has_budget:
            return []
        if why := self._paid.exhausted_reason():
            return [why]
        budgets, spent = self._paid.budgets, self._paid.spent()
        left = [
            counted(budgets.calls - spent.calls, "call") if budgets.calls is not None else "",
            counted(max(0, budgets.tokens - spent.tokens), "token") if budgets.tokens is not None else "",
            dollars(budgets.cost_usd - (spent.cost_usd or 0.0)) if budgets.cost_usd is not None else "",
        ]
        return [f"budget left: {', '.join(filter(None, left))}"]


class _MeteredPolicy:
    """A policy whose calls are counted, and refused if they are not allowed."""

    def __init__(self, policy: Policy, spending: Spending) -> None:
        self.model = guard.model_of(policy)
        self.sampling = guard.sampling_of(policy)
        self._policy = policy
        self._spending = spending

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        """Ask the policy. Raises NotAllowed; the run then stays before the call."""
        ledger = self._spending.ledger_of(self._policy, request.model or self.model)
        if why := ledger.reserve():
            raise NotAllowed(f"{why}; the run stays before the call")
        with refunding(ledger):
            reply = guard.expand(self._policy, request, stream)
        ledger.commit(reply.usage)
        return reply

    def price(self, usage: Usage, model: str) -> float | None:
        """The price of the policy itself."""
        return guard.price(self._policy, usage, model)

    def recall(self, statement: str) -> None:
        """Tell the policy what it has replied to."""
        guard.recall(self._policy, statement)

    def abort(self) -> None:
        """Abort the running call."""
        guard.abort(self._policy)
