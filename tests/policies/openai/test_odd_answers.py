from __future__ import annotations

import json

import pytest

from recode_core.errors import PolicyUnavailable
from recode_core.values import Usage
from tests.policies.openai.conftest import Make, request, silent
from tests.policies.openai.endpoint import (
    USAGE,
    Endpoint,
    Response,
    _Handler,
    answer,
    chunk,
    events,
    fails,
    says,
)

CONTEXT = {
    "object": "error",
    "message": "maximum context length is 4096",
    "type": "BadRequestError",
    "code": 400,
}


def raw(*parts: str) -> Response:
    """A stream of these very bytes."""

    def response(handler: _Handler) -> None:
        handler.begin()
        handler.wfile.write("".join(parts).encode())

    return response


def data(event: object) -> str:
    return f"data: {json.dumps(event)}\n\n"


HALF = data(chunk({"content": "half"}))
WHOLE = data(chunk({"content": "a"})) + data(chunk({}, "stop"))


@pytest.mark.parametrize(
    ("response", "message", "tries"),
    [
        (events(CONTEXT), "does not fit gpt-4o-mini: .* answers 400: maximum context", 1),
        (raw("event: error\n", data({"message": "no such grammar", "code": 422})), "422: no such grammar", 1),
        (raw("event: error\ndata: GPU lost\n\n"), "with an error: GPU lost; try again later", 3),
        (raw(HALF, '{"error": {"message": "invalid n", "code": 400}}'), "400: invalid n; check model", 1),
        (raw(HALF, "Internal Server Error\n"), "after 4 characters, and says: Internal Server Error;", 3),
        (raw("upstream connect error"), "after 0 characters, and says: upstream connect error;", 3),
        (events({"error": {"message": "quota exceeded"}}), "its quota is used up", 1),
        (events({"error": "model crashed"}), r"model crashed; try again later \(tried 3 times\)", 3),
        (answer(200, {"error": {"message": "Insufficient balance"}}), "no credit left", 1),
        (answer(200, {"detail": "Not authenticated"}), "Not authenticated; check the key", 1),
        (answer(200, "<title>Log in</title>", "text/html"), r"answers with text/html \(Log in\)", 1),
        (fails(500, "insufficient balance (1008)"), "no credit left", 1),
        (answer(500, ""), r"answers 500; try again later", 3),
        (fails(429, "Insufficient balance", x_ratelimit_reset="30"), "no credit left", 1),
        (fails(500, x_ratelimit_reset_tokens="6m0s"), r"try again later \(tried 3 times\)$", 3),
        (fails(429, "Please try again in 7m12s"), "wait for 432 s, more than the 120 s of max_wait", 1),
    ],
)
def test_the_servers_own_words_are_told_and_decide(
    response: Response, message: str, tries: int, chat: Make, endpoint: Endpoint
) -> None:
    endpoint.responses = [response]
    with pytest.raises(PolicyUnavailable, match=message):
        chat().expand(request(), silent)
    assert len(endpoint.asked) == tries


@pytest.mark.parametrize(
    "response",
    [
        raw("\ufeff", WHOLE, "data: [DONE]\n\n"),
        raw(WHOLE.replace("\n\n", "\r\n\r\n")),
        raw(WHOLE.replace("\n\n", "\r\r")),
        raw("data: : PROCESSING\n\n: keep-alive\n\n", WHOLE),
        raw(WHOLE.replace('"a"', '"\\u0061"').replace("data: ", "data:")),
        raw(WHOLE.rstrip("\n")),
    ],
)
def test_events_are_read_however_they_are_separated(
    response: Response, chat: Make, endpoint: Endpoint
) -> None:
    endpoint.responses = [response]
    assert chat().expand(request(), silent).text == "a"


def test_separators_of_lines_inside_of_json_are_text(chat: Make, endpoint: Endpoint) -> None:
    text = "one\u2028two\u0085three"
    event = json.dumps(chunk({"content": text}, "stop"), ensure_ascii=False)
    endpoint.responses = [raw(f"data: {event}\n\n")]
    assert chat().expand(request(), silent).text == text


def test_what_nobody_worked_for_is_not_counted(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [events(chunk({"role": "assistant", "content": ""}), {"error": "busy"}), says("a")]
    assert chat(local=True).expand(request(), silent).usage == Usage(100, 0, 7)


def test_what_a_server_billed_goes_before_any_price(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [says("a", usage={**USAGE, "cost": 0.00123})]
    assert chat().expand(request(), silent).usage.cost_usd == 0.00123


def test_a_secret_header_does_not_follow_a_redirect(chat: Make, endpoint: Endpoint) -> None:
    from tests.policies.openai.endpoint import serving

    with serving() as other:
        other.responses = [says("a")]
        location = f"{other.url}/chat/completions"
        endpoint.responses = [answer(307, "", location=location), answer(307, "", location=location)]
        policy = chat(headers={"X-Gateway-Auth": "gw-0123456789", "X-Title": "recode"})
        assert policy.expand(request(), silent).text == "a"
    assert endpoint.headers[0]["x-gateway-auth"] == "gw-0123456789"
    assert not {"authorization", "x-gateway-auth"} & other.headers[0].keys()
    assert other.headers[0]["x-title"] == "recode"
