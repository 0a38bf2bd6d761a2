from __future__ import annotations

from collections.abc import Callable

import pytest

from recode_core.errors import PolicyUnavailable
from recode_core.policies.openai.chat import Chat
from recode_core.values import Usage
from tests.policies.openai.conftest import KEY, MESSAGES, request, silent
from tests.policies.openai.endpoint import Endpoint, Response, chunk, events, fails, says

Make = Callable[..., Chat]


def test_a_reply_is_streamed_and_its_tokens_are_counted(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [says("a ", "b ", "c")]
    pieces: list[str] = []
    reply = chat(local=True).expand(request(), pieces.append)
    assert (reply.text, pieces, reply.finish) == ("a b c", ["a ", "b ", "c"], "stop")
    assert reply.usage == Usage(prompt_tokens=100, completion_tokens=7, cost_usd=0.0)


def test_a_request_holds_the_messages_the_profile_and_the_key(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [says("a")]
    chat(extra_body={"grammar": "root ::= x"}, headers={"X-Title": "recode"}).expand(request(), silent)
    assert endpoint.asked == [
        {
            "model": "gpt-4o-mini",
            "messages": [{"role": message.role, "content": message.content} for message in MESSAGES],
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_tokens": 4096,
            "temperature": 0.0,
            "grammar": "root ::= x",
        }
    ]
    assert endpoint.headers[0]["authorization"] == f"Bearer {KEY}"
    assert endpoint.headers[0]["x-title"] == "recode"


def test_nothing_that_belongs_to_openai_is_sent_elsewhere(
    chat: Make, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-another-key")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-1")
    endpoint.responses = [says("a")]
    chat(key="", local=True).expand(request(), silent)
    sent = set(endpoint.headers[0])
    assert not sent & {"authorization", "openai-organization", "openai-project"}


def test_the_users_wishes_for_one_call_go_before_the_profile(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [says("a")]
    chat().expand(request(model="gpt-4o", temperature=0.7), silent)
    assert (endpoint.asked[0]["model"], endpoint.asked[0]["temperature"]) == ("gpt-4o", 0.7)


@pytest.mark.parametrize("model", ["o3-mini", "gpt-5", "openai/gpt-5.2", "o1"])
def test_a_reasoning_model_gets_no_temperature(model: str, chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [says("a")]
    policy = chat(model=model)
    policy.expand(request(), silent)
    assert "temperature" not in endpoint.asked[0] and "max_tokens" not in endpoint.asked[0]
    assert endpoint.asked[0]["max_completion_tokens"] == 4096
    assert "temperature" not in policy.sampling
    with pytest.raises(PolicyUnavailable, match="takes no temperature"):
        policy.expand(request(temperature=0.5), silent)


@pytest.mark.parametrize("model", ["gpt-4o-mini", "gpt-5-chat-latest", "gemini-2.5-flash", "qwen3"])
def test_other_models_get_one(model: str, chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [says("a")]
    chat(model=model).expand(request(), silent)
    assert endpoint.asked[0]["temperature"] == 0.0


def test_a_profile_says_better_than_a_name_whether_a_model_reasons(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [says("a")]
    chat(model="mine", reasoning=True).expand(request(), silent)
    chat(model="o3", reasoning=False).expand(request(), silent)
    assert ["temperature" in body for body in endpoint.asked] == [False, True]


@pytest.mark.parametrize("field", ["reasoning", "reasoning_content"])
def test_reasoning_is_counted_and_is_no_part_of_the_text(field: str, chat: Make, endpoint: Endpoint) -> None:
    usage = {
        "prompt_tokens": 10,
        "completion_tokens": 30,
        "total_tokens": 40,
        "prompt_tokens_details": {"cached_tokens": 8},
        "completion_tokens_details": {"reasoning_tokens": 20},
    }
    endpoint.responses = [
        events(
            chunk({field: "let me think"}), chunk({"content": "so"}), chunk({}, "stop"), chunk(usage=usage)
        )
    ]
    pieces: list[str] = []
    reply = chat(local=True).expand(request(), pieces.append)
    assert (reply.text, pieces) == ("so", ["so"])
    assert reply.usage == Usage(10, 8, 30, 20, 0.0)


def test_reasoning_that_is_counted_apart_from_the_completion_is_paid_too(
    chat: Make, endpoint: Endpoint
) -> None:
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 115}
    endpoint.responses = [says("a", usage=usage)]
    assert chat(local=True).expand(request(), silent).usage == Usage(10, 0, 105, 100, 0.0)


def test_cached_tokens_are_read_as_deepseek_words_them(chat: Make, endpoint: Endpoint) -> None:
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15, "prompt_cache_hit_tokens": 4}
    endpoint.responses = [says("a", usage=usage)]
    assert chat(local=True).expand(request(), silent).usage.cached_tokens == 4


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens": None, "completion_tokens": "7", "prompt_tokens_details": 3},
        {"prompt_tokens": -5, "total_tokens": None},
        {},
    ],
)
def test_odd_counts_do_no_harm(usage: dict[str, object], chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [says("a", usage=usage)]
    read = chat(local=True).expand(request(), silent).usage
    assert min(read.prompt_tokens, read.cached_tokens, read.completion_tokens, read.reasoning_tokens) >= 0


def test_tokens_are_estimated_where_a_server_does_not_count(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [says("x" * 40, usage=None)]
    usage = chat(local=True).expand(request(), silent).usage
    assert (usage.prompt_tokens, usage.completion_tokens) == (5, 10)  # of 20 and of 40 characters


def test_a_field_that_a_server_does_not_know_is_left_out_from_then_on(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [fails(400, "Unrecognized request argument supplied: stream_options"), says("a")]
    policy = chat()
    assert policy.expand(request(), silent).text == "a"
    policy.expand(request(), silent)
    assert ["stream_options" in body for body in endpoint.asked] == [True, False, False]


def test_max_tokens_goes_by_the_name_that_a_server_knows(chat: Make, endpoint: Endpoint) -> None:
    complaint = "Unsupported parameter: 'max_tokens' is not supported with this model."
    endpoint.responses = [fails(400, complaint), says("a")]
    chat().expand(request(), silent)
    assert "max_tokens" not in endpoint.asked[1] and endpoint.asked[1]["max_completion_tokens"] == 4096


def test_a_temperature_that_was_asked_for_is_never_dropped_silently(chat: Make, endpoint: Endpoint) -> None:
    complaint = "Unsupported value: 'temperature' does not support this value with this model."
    endpoint.responses = [fails(400, complaint), says("a")]
    assert chat().expand(request(), silent).text == "a"
    assert "temperature" not in endpoint.asked[1]
    endpoint.responses = [fails(400, complaint)]
    for policy, wish in ((chat(), 0.7), (chat(temperature=0.7), None)):
        with pytest.raises(PolicyUnavailable, match="temperature"):
            policy.expand(request(temperature=wish), silent)


def test_a_reply_that_is_cut_at_the_token_limit_is_a_reply(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [says("half a", finish="length")]
    reply = chat().expand(request(), silent)
    assert (reply.text, reply.finish) == ("half a", "length")


def test_reasoning_may_use_up_all_tokens(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [events(chunk({"reasoning_content": "hm"}), chunk({}, "length"))]
    reply = chat().expand(request(), silent)
    assert (reply.text, reply.finish) == ("", "length")


@pytest.mark.parametrize(
    "response",
    [
        events(chunk({"refusal": "I can't help with that."}), chunk({}, "stop")),
        says("I can't help with that.", finish="content_filter"),
    ],
)
def test_a_refusal_is_a_reply_that_says_so(response: Response, chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [response]
    reply = chat().expand(request(), silent)
    assert (reply.text, reply.finish) == ("I can't help with that.", "refusal")
