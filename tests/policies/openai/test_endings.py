"""How a reply ends, by the reasons that servers give for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from recode_core.errors import PolicyUnavailable
from recode_core.policies.openai.chat import Chat
from recode_core.policies.openai.profile import Profile
from recode_core.policies.openai.stream import ReplyEnding, StreamBuffer, ending
from recode_core.testing import reply
from tests.policies.openai.conftest import request, silent
from tests.policies.openai.endpoint import Endpoint, breaks_off, chunk, events, says

Make = Callable[..., Chat]

PROFILE = Profile("http://127.0.0.1:1/v1", max_tokens=100)
WHOLE = reply("run('look')")
CALL = {"index": 0, "function": {"name": "run", "arguments": '{"action": "look"}'}}


def ended(finish: str, text: str = WHOLE, **fields: object) -> ReplyEnding | None:
    return ending(StreamBuffer([text] if text else [], finish=finish, **fields), PROFILE)  # type: ignore[arg-type]


@pytest.mark.parametrize("reason", ["stop", "STOP", "end_turn", "eos", "COMPLETE", "FINISH_REASON_STOP"])
def test_a_reply_that_came_to_its_end_is_whole(reason: str) -> None:
    assert ended(reason) == ReplyEnding("stop")


@pytest.mark.parametrize("reason", ["length", "max_tokens", "MAX_TOKENS", "model_length"])
def test_a_reply_that_the_token_limit_cut_names_the_setting(reason: str) -> None:
    cut = ended(reason, "half")
    assert cut is not None and cut.finish == "length"
    assert "max_tokens in the policy's profile, now 100: raise it" in cut.why


def test_a_limit_of_the_servers_own_is_told() -> None:
    cut = ended("length", usage={"completion_tokens": 20})
    assert cut is not None and "stopped at 20 tokens" in cut.why
    cut = ended("length", usage={"completion_tokens": 100})
    assert cut is not None and "stopped at" not in cut.why
    cut = ended("length", "", thought=400)
    assert cut is not None and "Reasoning used it up" in cut.why


def test_without_max_tokens_the_limit_is_the_servers_own() -> None:
    profile = Profile("http://127.0.0.1:1/v1", max_tokens="none")
    cut = ending(StreamBuffer(["half"], finish="length", usage={"completion_tokens": 20}), profile)
    assert cut is not None and cut.why == "No max_tokens was sent: the limit is the server's own."


@pytest.mark.parametrize("reason", ["content_filter", "SAFETY", "recitation", "refusal"])
def test_a_reply_that_a_filter_ended_says_so(reason: str) -> None:
    found = ended(reason)
    assert found == ReplyEnding("refusal", f"A filter of the server ended the reply ({reason.lower()}).")


@pytest.mark.parametrize("reason", ["error", "abort", "insufficient_system_resource", "what?"])
def test_an_unknown_reason_is_no_end(reason: str) -> None:
    assert ended(reason) == ReplyEnding("cut", f"The server ended the reply for the reason {reason!r}.")


@pytest.mark.parametrize("delta", [{"tool_calls": [CALL]}, {"function_call": CALL["function"]}])
def test_a_tool_call_that_nobody_offered_is_told(
    delta: dict[str, object], chat: Make, endpoint: Endpoint
) -> None:
    endpoint.responses = [events(chunk(delta), chunk({}, "tool_calls"))]
    found = chat().expand(request(), silent)
    assert found.finish == "cut" and 'calls a tool, run({"action": "look"}), but no tools' in found.why
    assert len(endpoint.asked) == 1
    endpoint.responses = [events(chunk({"content": WHOLE}), chunk(delta), chunk({}, "tool_calls"))]
    assert chat().expand(request(), silent).finish == "stop"


@pytest.mark.parametrize("text", [WHOLE, "I cannot do that.", "<think>why</think><execute>run('a')"])
def test_a_stream_that_is_over_needs_no_reason(text: str, chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [events(chunk({"content": text}), chunk({}))]
    found = chat().expand(request(), silent)
    assert (found.text, found.finish, len(endpoint.asked)) == (text, "stop", 1)


def test_a_connection_that_ends_early_matters_only_where_the_reply_is_not_whole(
    chat: Make, endpoint: Endpoint
) -> None:
    endpoint.responses = [breaks_off(WHOLE)]
    assert chat().expand(request(), silent).text == WHOLE
    endpoint.responses = [breaks_off(WHOLE[:-1])]
    with pytest.raises(PolicyUnavailable, match="ended the reply early"):
        chat(retries=0).expand(request(), silent)


def test_why_a_reply_is_not_whole_comes_with_it(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [says(WHOLE, finish="error")]
    found = chat().expand(request(), silent)
    assert (found.text, found.finish, found.why) == (WHOLE, *ReplyEnding("cut", found.why))
