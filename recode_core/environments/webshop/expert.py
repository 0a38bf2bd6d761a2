"""An expert that knows the product of its task, and how to reach it from any page of the shop."""

from __future__ import annotations

from collections.abc import Callable
from string import Template

from recode_core.environments.webshop.goals import ShoppingGoal
from recode_core.environments.webshop.plans import ShoppingPlan, plans, solution
from recode_core.environments.webshop.shop import Shop
from recode_core.errors import PolicyUnavailable
from recode_core.policies.call_expression import CallExpression, read_call
from recode_core.policies.policy import FreePolicy, Reply, Request
from recode_core.policies.reply import ParsedReply


class WebShopExpert(FreePolicy):
    """Expands placeholders of its own plans, with knowledge of the shop's data that no agent has."""

    model = "expert"

    def __init__(self, shop: Shop, goal: ShoppingGoal) -> None:
        self.sampling: dict[str, str | float | int] = {}
        self._goal = goal
        self._options = list(goal.options)
        self._words = _words(shop, goal)
        self._plans = plans(bool(self._options)) | {"solve": solution(bool(self._options))}

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        call = read_call(request)
        plan = self._plans.get(call.name) if call else None
        if call is None or plan is None or len(plan.roles) != len(call.arguments):
            raise PolicyUnavailable(
                f"the webshop expert has no plan for {request.statement!r}, which is not in its own plans: "
                "write the expansion by hand or choose another policy"
            )
        self._check(call, plan)
        text = str(self._expansion(call, plan, plan.again if request.repair else plan.first))
        stream(text)
        return Reply(text)

    def abort(self) -> None:
        """Does nothing: `expand` returns at once."""

    def _check(self, call: CallExpression, plan: ShoppingPlan) -> None:
        """Raise PolicyUnavailable if the arguments are of another task, as an edit can make them."""
        known = {
            "product_ID": self._goal.asin,
            "options": self._options,
            "instruction": self._goal.instruction,
        }
        for role, source in zip(plan.roles, call.arguments, strict=True):
            given = call.literal(source)
            if role in known and given is not None and given != known[role]:
                raise PolicyUnavailable(
                    f"the webshop expert has no plan for this branch: {source} is {given!r}, but its plan "
                    f"is for {known[role]!r}; write the expansion by hand or choose another policy"
                )

    def _expansion(self, call: CallExpression, plan: ShoppingPlan, template: ParsedReply) -> ParsedReply:
        sources = dict(zip(plan.roles, call.arguments, strict=True))
        names = {role: source if source.isidentifier() else role for role, source in sources.items()}
        bindings = [f"{role} = {source}" for role, source in sources.items() if names[role] != source]
        knowledge = {
            "product": repr(self._goal.asin),
            "words": repr(self._words),
            "values": repr(self._options),
        }
        code = Template(template.code).substitute(names, result=call.target or "seen", **knowledge)
        values = {"product": self._goal.asin, "values": ", ".join(self._options)}
        thought = Template(template.thought).substitute(values)
        return ParsedReply(thought.strip(), "\n".join([*bindings, code.rstrip()]))


def _words(shop: Shop, goal: ShoppingGoal) -> str:
    """The query that lists the product on the earlier page: the task's instruction or the product's title."""
    product = shop.catalogue[goal.asin]
    wanted = goal.instruction.partition(", and price lower than")[0]
    return min((wanted, product.title), key=lambda words: _page(shop, words.lower(), goal.asin))


def _page(shop: Shop, words: str, asin: str) -> float:
    found = [shop.catalogue.at(number).asin for number in shop.index.search(words)]
    return found.index(asin) // 10 if asin in found else float("inf")
