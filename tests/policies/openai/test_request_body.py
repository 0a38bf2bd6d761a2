"""What is constant stands first, so that a provider's prefix cache can hit."""

from __future__ import annotations

import json
from itertools import takewhile

import pytest

from recode_core.environments.registry import environment
from recode_core.policies.openai.chat_request import request_body
from recode_core.policies.openai.profile import Profile
from recode_core.policies.policy import Request
from recode_core.policies.prompt import messages
from recode_core.values import Message, Variable


def sent(said: tuple[Message, ...]) -> list[dict[str, str]]:
    prompt: list[dict[str, str]] = request_body(Profile("http://x/v1", "m"), Request("s", (), said), ())[
        "messages"
    ]
    return prompt


@pytest.mark.parametrize("repair", ["", "it went wrong"])
def test_requests_of_an_environment_share_all_that_does_not_belong_to_one_of_them(repair: str) -> None:
    guide = environment("household").guide
    first = sent(messages(guide, "solve(a)", (Variable("a", "str", "'1'"),)))
    second = sent(messages(guide, "clean(b)", (Variable("b", "str", "'2'"),), repair, "a hint"))
    assert first[0] == second[0] and first[0]["role"] == "system"
    pairs = zip(json.dumps(first), json.dumps(second), strict=False)
    shared = "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    own = [json.dumps(prompt[1:])[1:] for prompt in (first, second)]
    assert len(shared) >= len(json.dumps(first)) - len(own[0])
    assert len(shared) > 0.75 * len(json.dumps(first))
    assert shared.endswith("Variables:\\n    ")


def test_a_rewrite_shares_the_request_as_far_as_it_is_the_same() -> None:
    guide = environment("household").guide
    variables = (Variable("a", "str", "'1'"),)
    first = sent(messages(guide, "solve(a)", variables))
    again = sent(messages(guide, "solve(a)", variables, "Your last reply was refused."))
    assert again[1]["content"].startswith(first[1]["content"])
