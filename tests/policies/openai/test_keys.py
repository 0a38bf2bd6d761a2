from __future__ import annotations

import gc
from collections.abc import Callable

import openai
import pytest

from recode_core.errors import PolicyUnavailable
from recode_core.policies.openai.chat import Chat
from recode_core.policies.openai.profile import Profile
from tests.policies.openai.conftest import KEY, VARIABLE, request, silent
from tests.policies.openai.endpoint import Endpoint, answer, events, fails, says

Make = Callable[..., Chat]


def everything(error: BaseException | None) -> str:
    """All that a traceback could show of an error and of those that it came from."""
    shown = ""
    while error is not None:
        at = error.__traceback__
        while at is not None:
            if "recode_core" in at.tb_frame.f_code.co_filename:
                shown += repr(at.tb_frame.f_locals)
            at = at.tb_next
        shown += repr(error) + str(error) + repr(vars(error))
        error = error.__cause__ or error.__context__
    return shown


@pytest.mark.parametrize(
    "response",
    [
        fails(401, f"Incorrect API key provided: {KEY}"),
        fails(500, f"Authorization: Bearer {KEY}"),
        answer(502, f"<p>{KEY}</p>", "text/html"),
        events({"error": {"message": f"{KEY} is blocked", "code": 403}}),
        events({"choices": KEY}),
    ],
)
def test_a_key_that_a_server_repeats_is_in_no_error(
    response: Callable[..., None], chat: Make, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    endpoint.responses = [response]
    policy = chat(retries=0)
    with pytest.raises(PolicyUnavailable) as caught:
        policy.expand(request(), silent)
    assert endpoint.headers[0]["authorization"] == f"Bearer {KEY}"
    assert KEY not in everything(caught.value)
    assert KEY not in caplog.text
    assert KEY not in repr(policy) + repr(vars(policy)) + repr(policy.profile)


def test_nothing_keeps_the_key_after_a_call(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [says("a")]
    policy = chat()
    reply = policy.expand(request(), silent)
    gc.collect()
    assert KEY not in repr(reply) + repr(vars(policy)) + repr(policy.sampling)
    clients = [kept for kept in gc.get_objects() if type(kept) is openai.AsyncOpenAI]
    assert clients == []


@pytest.mark.parametrize("value", ["sk-two words", "sk-line\nbreak", "sk-ünicode"])
def test_a_value_that_is_no_key_is_refused_without_being_shown(
    value: str, chat: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, value)
    with pytest.raises(PolicyUnavailable, match=f"the value of {VARIABLE} is not a key") as caught:
        chat().expand(request(), silent)
    assert value not in everything(caught.value)


def test_blanks_around_a_key_are_no_part_of_it(
    chat: Make, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, f" {KEY}\n")
    endpoint.responses = [says("a")]
    chat().expand(request(), silent)
    assert endpoint.headers[0]["authorization"] == f"Bearer {KEY}"


def test_a_key_goes_to_its_own_endpoint_only(monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = Profile("https://collector.example/v1", "x", VARIABLE)
    with pytest.raises(
        PolicyUnavailable, match=f"the key in {VARIABLE} is sent to https://api.example/v1 only"
    ):
        Chat(foreign, "test", origin="https://api.example/v1").expand(request(), silent)


@pytest.mark.parametrize("url", ["https://user:pass@api.example/v1", "https://api.example/v1?key=sk-1"])
def test_a_base_url_holds_no_secret(url: str) -> None:
    with pytest.raises(ValueError, match="keys come from the environment") as caught:
        Profile(url)
    assert "pass" not in str(caught.value).replace("password", "") and "sk-1" not in str(caught.value)


@pytest.mark.parametrize("header", ["Authorization", "x-api-key"])
def test_headers_hold_no_key(header: str) -> None:
    with pytest.raises(ValueError, match=f"headers can't hold {header}"):
        Profile("https://api.example/v1", headers={header: "sk-1"})
