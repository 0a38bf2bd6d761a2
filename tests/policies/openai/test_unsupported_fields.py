from __future__ import annotations

from itertools import count

import pytest

from recode_core.errors import PolicyUnavailable
from recode_core.policies.openai.chat_request import unsupported_fields
from tests.policies.openai.conftest import MESSAGES, Make, request, silent
from tests.policies.openai.endpoint import USAGE, Endpoint, Response, answer, fails, says

WHOLE = {
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "a"}, "finish_reason": "stop"}],
    "usage": USAGE,
}
MODELS = (f"model-{number}" for number in count())  # what one refused is remembered in this process

DETAIL = [{"loc": ["body", "stream_options", "include_usage"], "msg": "Extra inputs are not permitted"}]


def refuses(message: str, status: int = 400, **more: object) -> Response:
    return answer(status, {"error": {"message": message, **more}})


@pytest.mark.parametrize(
    ("response", "field"),
    [
        (answer(422, {"detail": DETAIL}), "stream_options"),
        (answer(422, {"object": "error", "message": {"detail": DETAIL}}), "stream_options"),
        (refuses("include_usage is not supported"), "stream_options"),
        (answer(500, {"error": "unknown field stream_options"}), "stream_options"),
        (refuses("Only the default value is allowed", param="temperature"), "temperature"),
    ],
)
def test_a_field_is_left_out_wherever_the_server_names_it(
    response: Response, field: str, chat: Make, endpoint: Endpoint
) -> None:
    endpoint.responses = [response, says("a")]
    model = next(MODELS)
    assert chat(model=model).expand(request(), silent).text == "a"
    assert [field in body for body in endpoint.asked] == [True, False]
    chat(model=model).expand(request(), silent)  # another policy of the same profile
    assert [field in body for body in endpoint.asked] == [True, False, False]


def test_max_tokens_is_renamed_and_then_left_out(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [
        refuses("max_tokens is not supported"),
        refuses("unknown max_completion_tokens"),
        says("a"),
    ]
    assert chat(model=next(MODELS)).expand(request(), silent).text == "a"
    names = {"max_tokens", "max_completion_tokens"}
    assert [names & body.keys() for body in endpoint.asked] == [
        {"max_tokens"},
        {"max_completion_tokens"},
        set(),
    ]


def test_a_limit_that_is_too_high_is_told(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [refuses("max_tokens is too large: 4096. This model supports at most 1024")]
    with pytest.raises(PolicyUnavailable, match=r"set max_tokens in the profile \(now 4096\)"):
        chat(model=next(MODELS)).expand(request(), silent)
    assert len(endpoint.asked) == 1


def test_a_field_that_is_refused_for_ever_is_asked_without_once(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [refuses("unknown field stream_options")]
    with pytest.raises(PolicyUnavailable, match="400: unknown field stream_options"):
        chat(model=next(MODELS), extra_body={"stream_options": {}}).expand(request(), silent)
    assert len(endpoint.asked) == 2


def test_a_server_that_refuses_to_stream_is_asked_for_the_whole(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [
        refuses("Your organization must be verified to stream this model"),
        answer(200, WHOLE),
    ]
    pieces: list[str] = []
    reply = chat(model=next(MODELS), local=True).expand(request(), pieces.append)
    assert (reply.text, pieces, reply.usage.prompt_tokens) == ("a", ["a"], 100)
    assert [body["stream"] for body in endpoint.asked] == [True, False]
    assert "stream_options" not in endpoint.asked[1]


def test_a_profile_can_say_that_its_server_does_not_stream(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [answer(200, WHOLE)]
    assert chat(stream=False).expand(request(), silent).text == "a"
    assert endpoint.asked[0]["stream"] is False and "stream_options" not in endpoint.asked[0]


@pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
def test_a_json_answer_to_a_request_to_stream_is_taken(kind: str, chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [answer(200, WHOLE, kind)]
    assert chat().expand(request(), silent).text == "a"


@pytest.mark.parametrize(
    "words",
    [
        "System role not supported",
        "Conversation roles must alternate user/assistant/user/assistant/...",
        "Developer instruction is not enabled for models/gemma-3",
        "messages[0].role: 'system' is not supported",
    ],
)
def test_a_server_without_a_system_role_gets_its_words_from_the_user(
    words: str, chat: Make, endpoint: Endpoint
) -> None:
    endpoint.responses = [refuses(words), says("a")]
    assert chat(model=next(MODELS)).expand(request(), silent).text == "a"
    folded = {"role": "user", "content": f"{MESSAGES[0].content}\n\n{MESSAGES[1].content}"}
    assert endpoint.asked[1]["messages"] == [folded]


def test_a_profile_can_say_that_its_server_knows_no_system_role(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [says("a")]
    chat(system=False).expand(request(), silent)
    assert [message["role"] for message in endpoint.asked[0]["messages"]] == ["user"]


def test_a_stream_that_breaks_is_no_refusal_to_stream(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [fails(500, "unexpected end of stream"), says("a")]
    model = next(MODELS)
    policy = chat(model=model)
    assert policy.expand(request(), silent).text == "a"
    assert unsupported_fields(endpoint.url, model) == set()
