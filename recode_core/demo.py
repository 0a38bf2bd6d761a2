"""The run of `recode demo`: a household task, and a policy that makes one scripted mistake.

Only the text of that one reply is scripted. The environment, the sandbox and the expert that answers every
other request are the real ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from recode_core.environments.environment import Environment
from recode_core.errors import PolicyUnavailable
from recode_core.policies.call_expression import read_call
from recode_core.policies.policy import FreePolicy, Policy, Reply, Request
from recode_core.policies.reply import ParsedReply
from recode_core.session import Settings

NAME = "demo"
"""The name of the policy."""
SETTINGS = Settings("household", "heat:13", NAME)
NOTICE = "one reply of this run is a scripted mistake; everything else really runs"

MISTAKES = {
    "heat_object": ParsedReply(
        "A stove makes things hot, so I heat it there.",
        "tool = 'stoveburner 1'\nrun(f'go to {tool}')\nresult = run(f'heat {obj_ID} with {tool}')",
    )
}
"""By the name of the placeholder. Only a microwave heats things, and the code does not look at `result`."""


class MistakenAtFirst(FreePolicy):
    """A policy that answers the first request for each placeholder in `mistakes` with the reply there.

    Everything else is asked of `expert`: other placeholders, repairs, and whatever is requested again, also
    when the session is continued later.
    """

    model = "scripted + expert"

    def __init__(self, expert: Policy, mistakes: Mapping[str, ParsedReply]) -> None:
        self.sampling = expert.sampling
        self._expert = expert
        self._mistakes = dict(mistakes)

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        mistake = self._next_mistake(request.statement)
        if mistake is None or request.repair or request.hint:
            return self._expert.expand(request, stream)
        stream(str(mistake))
        return Reply(str(mistake))

    def recall(self, statement: str) -> None:
        self._next_mistake(statement)

    def _next_mistake(self, statement: str) -> ParsedReply | None:
        call = read_call(Request(statement, (), ()))
        return self._mistakes.pop(call.name, None) if call is not None else None

    def abort(self) -> None:
        self._expert.abort()


def demo_policy(settings: Settings, environment: Environment, expert: Policy | None) -> Policy:
    """The policy of the demo, which goes on as `expert`. Raises PolicyUnavailable for other environments."""
    if expert is None or environment.name != SETTINGS.environment or settings.agent != SETTINGS.agent:
        raise PolicyUnavailable(
            f"the policy {NAME!r} is written for {SETTINGS.environment} with the agent {SETTINGS.agent}, "
            f"not for {environment.name} with {settings.agent}: use another policy"
        )
    return MistakenAtFirst(expert, MISTAKES)
