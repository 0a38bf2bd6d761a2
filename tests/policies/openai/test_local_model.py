"""A real model: RECODE_LOCAL_MODEL holds its base URL, once ../shared/local_model/serve runs."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from recode_core.environments.registry import environment
from recode_core.policies.openai.chat import Chat
from recode_core.policies.openai.models import with_model
from recode_core.policies.openai.profile import Profile
from recode_core.policies.policy import Request
from recode_core.policies.prompt import messages
from recode_core.policies.reply import parse_reply
from recode_core.values import Variable
from tests.policies.openai.conftest import silent

URL = os.environ.get("RECODE_LOCAL_MODEL", "")
HERE = Path(__file__).parents[4] / "shared" / "local_model"

pytestmark = pytest.mark.skipif(
    not URL or not HERE.is_dir(), reason="needs RECODE_LOCAL_MODEL and ../shared/local_model"
)

TASK = "put a soapbar in the cabinet"


def model(**fields: object) -> Chat:
    profile = Profile(URL, local=True, max_tokens=512, **fields)  # type: ignore[arg-type]
    return Chat(with_model("local", profile), "local")


def expansion() -> Request:
    variables = (
        Variable("instruction", "str", repr(TASK)),
        Variable("observation", "str", repr("You are in a room. You see a cabinet 1 and a desk 1.")),
    )
    statement = "solve(instruction, observation)"
    prompt = messages(environment("household").guide, statement, variables)
    return Request(statement, variables, prompt)


def test_it_writes_an_expansion_that_is_streamed_and_counted() -> None:
    pieces: list[str] = []
    reply = model().expand(expansion(), pieces.append)
    assert reply.text == "".join(pieces) and len(pieces) > 10
    assert reply.usage.prompt_tokens > 500 and reply.usage.cost_usd == 0.0
    assert len(pieces) <= reply.usage.completion_tokens <= 512
    assert parse_reply(reply.text).code


def test_it_can_be_broken_off_and_asked_again() -> None:
    policy, is_begun = model(), Event()
    with ThreadPoolExecutor(1) as threads:
        call = threads.submit(policy.expand, expansion(), lambda piece: is_begun.set())
        assert is_begun.wait(300)
        policy.abort()
        reply = call.result()
    assert reply.finish == "aborted" and reply.text and reply.usage.completion_tokens > 0
    assert policy.expand(expansion(), silent).finish in ("stop", "length")


def test_a_grammar_of_the_profile_is_kept_to() -> None:
    policy = model(extra_body={"grammar": 'root ::= "<execute>pass</execute>"'})
    assert policy.expand(expansion(), silent).text == "<execute>pass</execute>"
