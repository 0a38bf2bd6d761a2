"""The household expert as a policy."""

from __future__ import annotations

import re
from collections.abc import Callable
from string import Template

from recode_core.environments.household.expert.instruction import read_instruction
from recode_core.environments.household.expert.plans import PLANS, RoomPlan, solution
from recode_core.errors import PolicyUnavailable
from recode_core.policies.call_expression import CallExpression, read_call
from recode_core.policies.policy import FreePolicy, Reply, Request
from recode_core.policies.reply import ParsedReply

_NAME = re.compile(r"[a-z]+( \d+)?")


class HouseholdExpert(FreePolicy):
    """Expands the placeholders of its own plans, from the statement and its variables alone."""

    model = "expert"

    def __init__(self) -> None:
        self.sampling: dict[str, str | float | int] = {}

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        call = read_call(request)
        plan = _plan(call) if call else None
        if not call or not plan or not _takes(plan, call):
            raise PolicyUnavailable(
                f"the household expert has no plan for {request.statement!r}: "
                "write the expansion by hand or choose another policy"
            )
        text = str(_expansion(call, plan, plan.again if request.repair else plan.first))
        stream(text)
        return Reply(text)

    def abort(self) -> None:
        """Does nothing: `expand` returns at once."""


def _plan(call: CallExpression) -> RoomPlan | None:
    if call.name != "solve":
        return PLANS.get(call.name)
    instruction = call.value(call.arguments[0]) if call.arguments else None
    task = read_instruction(instruction) if instruction else None
    return solution(task) if task else None


def _takes(plan: RoomPlan, call: CallExpression) -> bool:
    return len(plan.roles) - len(plan.optional) <= len(call.arguments) <= len(plan.roles)


def _expansion(call: CallExpression, plan: RoomPlan, template: ParsedReply) -> ParsedReply:
    omitted = len(plan.roles) - len(call.arguments)
    sources = dict(zip(plan.roles, (*call.arguments, *plan.optional[:omitted]), strict=True))
    names = {role: source if source.isidentifier() else role for role, source in sources.items()}
    bindings = [f"{role} = {source}" for role, source in sources.items() if names[role] != source]
    code = Template(template.code).substitute(names, result=call.target or "found_ID")
    thought = Template(template.thought).substitute(
        {role: _in_words(call.value(source), role) for role, source in sources.items()}
    )
    return ParsedReply(thought, "\n".join([*bindings, code.rstrip()]))


def _in_words(value: str | None, role: str) -> str:
    """A value for a sentence; the role instead, unless the value looks like the name of a thing."""
    return value if value and _NAME.fullmatch(value) else role
