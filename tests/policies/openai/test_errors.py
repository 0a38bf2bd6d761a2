from __future__ import annotations

import socket
import time
from collections.abc import Callable
from email.utils import formatdate

import pytest

from recode_core.errors import PolicyUnavailable
from recode_core.policies.openai.chat import Chat
from recode_core.policies.openai.profile import Timeouts
from recode_core.values import Usage
from tests.policies.openai.conftest import KEY, VARIABLE, request, silent
from tests.policies.openai.endpoint import (
    USAGE,
    Endpoint,
    Response,
    answer,
    breaks_off,
    chunk,
    events,
    fails,
    hangs,
    says,
)
from tests.support.waiting import PATIENCE

Make = Callable[..., Chat]

OVERLOADED = {"error": {"message": "overloaded", "code": 503}}

LONG = "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens."


@pytest.mark.parametrize(
    ("response", "message", "tries"),
    [
        (fails(401, "Incorrect API key"), "401: Incorrect API key; check the key in RECODE_TEST_KEY", 1),
        (fails(403), "check the key", 1),
        (fails(402, "Insufficient Balance"), "no credit left", 1),
        (fails(404, "The model `x` does not exist"), "choose another model than 'gpt-4o-mini'", 1),
        (fails(400, LONG, "context_length_exceeded"), "does not fit gpt-4o-mini", 1),
        (fails(400, "the request exceeds the available context size"), "does not fit gpt-4o-mini", 1),
        (fails(413), "does not fit gpt-4o-mini", 1),
        (fails(400, "bad grammar"), "400: bad grammar; check model and fields of the profile", 1),
        (fails(429, "You exceeded your quota", "insufficient_quota"), "no credit left", 1),
        (fails(429, "slow down"), r"wait a while, or send fewer requests at once \(tried 3 times\)", 3),
        (fails(429, "slow down", retry_after="3600"), "asks to wait for 3600 s", 1),
        (fails(500), r"500: no; try again later \(tried 3 times\)", 3),
        (answer(502, "<html>Bad gateway</html>", "text/html"), r"502.*try again later \(tried 3", 3),
        (breaks_off(), r"ended the reply early, after 0 characters: try again \(tried 3 times\)", 3),
        (breaks_off("half"), r"ended the reply early, after 4 characters: try again \(tried 3 times\)", 3),
        (says(), r"returned an empty reply.*\(tried 3 times\)", 3),
        (says("  \n"), "returned an empty reply", 3),
        (events({"error": {"message": "overloaded", "code": 503}}), "503: overloaded; try again later", 3),
        (events({"error": {"message": "odd"}}), "odd; try again later", 3),
        (events("{not json"), "is not a chat reply", 1),
        (events({"choices": "none"}), "is not a chat reply", 1),
        (answer(200, {"choices": []}), "not with a stream of events", 1),
        (answer(200, "<html>log in</html>", "text/html"), "answers with text/html.*mostly ends in /v1", 1),
    ],
)
def test_a_fault_says_what_to_do_and_is_tried_again_where_that_may_help(
    response: Response, message: str, tries: int, chat: Make, endpoint: Endpoint
) -> None:
    endpoint.responses = [response]
    with pytest.raises(PolicyUnavailable, match=message):
        chat().expand(request(), silent)
    assert len(endpoint.asked) == tries


@pytest.mark.parametrize("response", [fails(429), fails(500), fails(503), says(), breaks_off()])
def test_a_fault_that_passes_is_not_noticed(response: Response, chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [response, says("a")]
    assert chat().expand(request(), silent).text == "a"


def test_a_reply_that_was_cut_off_is_asked_again_and_paid_twice(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [breaks_off("x" * 40), says("whole")]
    pieces: list[str] = []
    reply = chat(local=True).expand(request(), pieces.append)
    assert reply.text == "whole"
    assert "ended the reply early, after 40 characters" in pieces[1] and pieces[2:] == ["whole"]
    assert (reply.usage.prompt_tokens, reply.usage.completion_tokens) == (105, 17)


@pytest.mark.slow_variants
@pytest.mark.parametrize(
    ("response", "prompt", "completion"),
    [
        (breaks_off("x" * 40), 3 * 5, 3 * 10),
        (events(chunk({"content": "x" * 40}, usage=USAGE), OVERLOADED), 3 * 100, 3 * 7),
        (says(), 3 * 100, 3 * 7),
        (events(chunk({"content": "half"}), {"error": {"message": "odd", "code": 400}}), 5, 1),
        (hangs("x" * 40), 5, 10),
        (hangs(is_begun=False), 5, 0),
        (fails(500), 0, 0),
        (fails(401), 0, 0),
        (breaks_off(), 0, 0),
        (answer(200, "<html>log in</html>", "text/html"), 0, 0),
    ],
)
def test_what_was_paid_for_a_call_that_fails_for_good_is_told_with_its_price(
    response: Response, prompt: int, completion: int, chat: Make, endpoint: Endpoint
) -> None:
    endpoint.responses = [response]
    with pytest.raises(PolicyUnavailable) as failed:
        chat(timeouts=Timeouts(first=1.5, between=1.5)).expand(request(), silent)
    usage = failed.value.usage
    assert (usage.prompt_tokens, usage.completion_tokens) == (prompt, completion)
    assert usage.cost_usd == (None if prompt else 0)  # nobody knows the price of a server in a test


@pytest.mark.slow
def test_what_arrived_before_all_of_it_took_too_long_is_paid(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [breaks_off("x" * 40), hangs("x" * 20)]
    with pytest.raises(PolicyUnavailable, match="no whole reply") as failed:
        chat(local=True, timeouts=Timeouts(whole=2)).expand(request(), silent)
    assert failed.value.usage == Usage(prompt_tokens=5 + 5, completion_tokens=10 + 5)


def test_a_call_that_failed_is_not_paid(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [fails(500), says("a")]
    assert chat().expand(request(), silent).usage.prompt_tokens == 100


@pytest.mark.parametrize("headers", [{"retry_after": "0.4"}, {"retry_after_ms": "400"}])
def test_the_servers_wish_to_wait_is_honoured(
    headers: dict[str, str], chat: Make, endpoint: Endpoint, waits: list[float]
) -> None:
    endpoint.responses = [fails(429, **headers), says("a")]
    chat().expand(request(), silent)
    assert waits == [0.4]


@pytest.mark.slow
def test_a_long_wait_is_told_while_it_lasts_and_is_no_part_of_the_reply(
    chat: Make, endpoint: Endpoint
) -> None:
    endpoint.responses = [fails(429, f"slow down, {KEY}", retry_after="1"), says("a")]
    pieces: list[str] = []
    assert chat().expand(request(), pieces.append).text == "a"
    assert "429: slow down, (the key)" in pieces[0] and "trying again in 1 s" in pieces[0]
    assert pieces[1:] == ["a"]


def test_a_wish_to_wait_may_be_a_date(chat: Make, endpoint: Endpoint) -> None:
    date = formatdate(time.time() + 900, usegmt=True)
    endpoint.responses = [fails(503, retry_after=date)]
    with pytest.raises(PolicyUnavailable, match=r"asks to wait for (899|900) s"):
        chat().expand(request(), silent)


def test_waits_grow(chat: Make, endpoint: Endpoint, waits: list[float]) -> None:
    endpoint.responses = [fails(500), fails(500), fails(500), says("a")]
    chat(retries=3, retry_wait=0.1).expand(request(), silent)
    assert all(most / 2 <= wait <= most for wait, most in zip(waits, (0.1, 0.2, 0.4), strict=True))


def test_without_a_key_nothing_is_asked(
    chat: Make, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(PolicyUnavailable, match=f"test needs a key: .* variable {VARIABLE}"):
        chat(base_url="https://api.example.com/v1").expand(request(), silent)


def test_a_server_that_does_not_run_is_named_with_how_to_start_it(chat: Make) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        with pytest.raises(
            PolicyUnavailable, match=f"nothing answers at {url}: start the server .ollama serve"
        ):
            chat(base_url=url, local=True, start="ollama serve").expand(request(), silent)


def test_a_host_that_is_not_found_is_named(chat: Make) -> None:
    policy = chat(base_url="http://no-such-host.invalid/v1", key="", retries=0)
    with pytest.raises(PolicyUnavailable, match=r"no-such-host\.invalid (is not found|cannot be reached)"):
        policy.expand(request(), silent)


@pytest.mark.slow_variants
@pytest.mark.parametrize(
    ("response", "timeouts", "message"),
    [
        (hangs(is_begun=False), Timeouts(first=0.2), r"no token in 0\.2 s.*timeouts\.first"),
        (hangs(), Timeouts(first=0.2), r"no token in 0\.2 s.*timeouts\.first"),
        (hangs("a"), Timeouts(between=0.2), r"no token in 0\.2 s.*timeouts\.between"),
        (hangs("a"), Timeouts(whole=0.4), r"no whole reply in 0\.4 s.*timeouts\.whole"),
        (fails(500), Timeouts(whole=0.4), "no whole reply"),
    ],
)
def test_a_reply_that_takes_too_long_is_given_up(
    response: Response, timeouts: Timeouts, message: str, chat: Make, endpoint: Endpoint
) -> None:
    endpoint.responses = [response]
    with pytest.raises(PolicyUnavailable, match=message):
        chat(timeouts=timeouts, retries=20, retry_wait=0.1).expand(request(), silent)
    if not message.endswith("reply"):
        assert endpoint.left.acquire(timeout=PATIENCE)  # nothing goes on behind our back


def test_a_connection_that_does_not_come_about_is_given_up(chat: Make) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/v1"
        full = [socket.socket() for _ in range(4)]
        try:
            for one in full:
                one.setblocking(False)
                one.connect_ex(deaf.getsockname())
            with pytest.raises(PolicyUnavailable, match=r"no (connection|token) in 0\.3 s"):
                policy = chat(base_url=url, timeouts=Timeouts(connect=0.3, first=0.6), retries=0)
                policy.expand(request(), silent)
        finally:
            for one in full:
                one.close()


def test_an_error_inside_a_stream_comes_after_text(chat: Make, endpoint: Endpoint) -> None:
    late = {"error": {"message": "overloaded", "code": 503}}
    endpoint.responses = [events(chunk({"content": "half"}), late), says("whole")]
    assert chat().expand(request(), silent).text == "whole"
