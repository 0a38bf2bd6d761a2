from __future__ import annotations

from collections.abc import Callable

from recode_core.environments.scripted import ScriptedWorld
from recode_core.policies.policy import Reply, Request
from recode_core.policies.scripted import Scripted
from recode_core.testing import MakeRun
from recode_core.tokens import PromptTokens, prompt_tokens
from recode_core.values import Message, Usage


class Counting(Scripted):
    """Says what each call took."""

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        said = super().expand(request, stream)
        return Reply(said.text, Usage(prompt_tokens=1000, cached_tokens=600))


def _length(messages: tuple[Message, ...]) -> int:
    return sum(len(message.content) for message in messages)


def test_without_usage_the_tokens_are_estimated_from_the_characters_that_were_sent(
    make_run: MakeRun,
) -> None:
    played = make_run(["look", "go to b"], ScriptedWorld(step_limit=2), agent_name="react")
    played.to_end()
    first, second = (request.messages for request in played.scripted.requests)
    total = _length(first) // 4 + _length(second) // 4
    counted = prompt_tokens(played.log, played.log.records)
    assert counted == PromptTokens(total, _length(first) // 4, is_estimated=True)


def test_what_the_policy_says_is_taken_as_it_is(make_run: MakeRun) -> None:
    policy = Counting(["run('a')", "run('b')"])
    played = make_run(policy=policy, world=ScriptedWorld(step_limit=2), agent_name="react")
    played.to_end()
    assert prompt_tokens(played.log, played.log.records) == PromptTokens(2000, 1200, is_estimated=False)
