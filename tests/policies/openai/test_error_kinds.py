from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recode_core.policies.openai.errors import error_kind, of_server_error
from recode_core.policies.openai.profile import Profile
from recode_core.policies.openai.server_error import server_error_in, server_error_of

GEMINI = {
    "code": 429,
    "message": "You exceeded your current quota, please check your plan and billing details.",
    "status": "RESOURCE_EXHAUSTED",
}
MINIMAX = {"choices": None, "base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}}
ROUTER = {"message": "Provider returned error", "metadata": {"raw": '{"error": {"message": "GPU lost"}}'}}
POOR = "account balance is insufficient"
PER_MINUTE = {"violations": [{"quotaId": "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"}]}
PER_DAY = {"violations": [{"quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (429, [{"error": GEMINI | {"details": [PER_MINUTE]}}], "rate"),
        (429, [{"error": GEMINI | {"details": [PER_DAY]}}], "day"),
        (429, {"error": {"message": "check your plan and billing", "code": "insufficient_quota"}}, "credit"),
        (429, {"error": {"message": "You exceeded your current quota, check billing"}}, "quota"),
        (429, {"error": {"message": "Quota exceeded: 10 requests per minute"}}, "rate"),
        (429, {"error": {"message": "slow down"}}, "rate"),
        (429, {"error": {"message": "Insufficient balance", "type": "rate_limit_error"}}, "credit"),
        (401, {"error": {"message": "Insufficient balance", "type": "authentication_error"}}, "credit"),
        (500, {"type": "error", "error": {"type": "api_error", "message": "insufficient balance"}}, "credit"),
        (403, {"error": {"message": "no", "code": "insufficient_user_quota"}}, "credit"),
        (402, {}, "credit"),
        (400, {"code": "Arrearage", "message": "Access denied, overdue account"}, "credit"),
        (403, {"error": {"message": "Your credit balance is too low"}}, "credit"),
        (429, {"error": {"code": "1113", "message": "余额不足"}}, "credit"),
        (401, {"error": {"message": "Incorrect API key provided"}}, "key"),
        (400, {"error": {"details": [{"reason": "API_KEY_INVALID"}], "message": "not valid"}}, "key"),
        (403, "forbidden", "key"),
        (404, {"error": {"message": "no model x", "type": "api_error"}}, "model"),
        (400, {"error": {"message": "x is not a valid model ID"}}, "model"),
        (400, {"error": {"message": "maximum context length is 8192 tokens"}}, "context"),
        (
            429,
            {"error": {"message": "Request too large for m on TPM", "code": "rate_limit_exceeded"}},
            "context",
        ),
        (413, "", "context"),
        (529, {"error": {"type": "overloaded_error", "message": "Overloaded"}}, "busy"),
        (503, "<html><title>503</title></html>", "busy"),
        (400, {"error": {"message": "bad grammar"}}, "request"),
    ],
)
def test_what_an_answer_means(status: int, body: object, kind: str) -> None:
    text = body if isinstance(body, str) else json.dumps(body)
    assert error_kind(server_error_of(status, {}, text), asks_to_wait=False) == kind


def test_a_server_that_asks_to_wait_means_no_quota_that_is_used_up_for_good() -> None:
    complaint = server_error_of(429, {}, json.dumps({"error": {"message": GEMINI["message"]}}))
    assert error_kind(complaint, asks_to_wait=True) == "rate"
    complaint = server_error_of(
        429, {}, json.dumps({"error": {"code": "insufficient_quota", "message": "x"}})
    )
    assert error_kind(complaint, asks_to_wait=True) == "credit"


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        ({"error": "model crashed"}, "busy", "model crashed"),
        ({"error": {"message": "quota exceeded"}}, "quota", "quota exceeded"),
        ({"error": {"message": "x", "code": "503"}}, "busy", "x"),
        ({"object": "error", "message": "bad", "type": "BadRequestError", "code": 400}, "request", "bad"),
        ({"type": "error", "error": {"type": "overloaded_error", "message": "busy"}}, "busy", "busy"),
        ({"choices": [{"error": {"code": 429, "message": "slow"}}]}, "rate", "slow"),
        (MINIMAX, "credit", "insufficient balance"),
        ({"code": 30001, "message": "account balance is insufficient", "data": None}, "credit", POOR),
        ({"error": ROUTER}, "busy", "Provider returned error; GPU lost"),
        ({"error": {"code": "invalid_request_error", "message": "n"}}, "request", "n"),
    ],
)
def test_an_error_in_an_answer_of_status_200(body: object, kind: str, words: str) -> None:
    complaint = server_error_in(body)
    assert complaint is not None
    assert (error_kind(complaint, asks_to_wait=False), complaint.words) == (kind, words)


@pytest.mark.parametrize(
    "body",
    [
        None,
        3,
        "text",
        {},
        {"choices": [], "usage": {}},
        {"choices": [{"delta": {"content": "a"}}], "error": None},
        {"choices": [{"delta": {"content": "a"}}], "base_resp": {"status_code": 0}},
        {"type": "ping"},
        {"code": 0, "message": "ok"},
        {"message": "queued"},
    ],
)
def test_what_is_no_error(body: object) -> None:
    assert server_error_in(body) is None


def test_words_are_found_in_details() -> None:
    detail = [{"loc": ["body", "stream_options", "include_usage"], "msg": "Extra inputs are not permitted"}]
    for body in (
        {"detail": detail},
        {"message": {"detail": detail}},
        {"message": "invalid", "detail": detail},
    ):
        complaint = server_error_of(422, {}, json.dumps(body))
        assert "stream_options.include_usage: Extra inputs are not permitted" in complaint.words
        assert complaint.fields >= {"stream_options"}


def test_a_page_is_told_by_its_title() -> None:
    page = "<!DOCTYPE html>" + "<div>x</div>" * 9000 + "<title>no</title>"
    assert (
        server_error_of(502, {}, "<html><title>502 Bad Gateway</title><p>x</html>").words == "502 Bad Gateway"
    )
    assert server_error_of(502, {}, page).words.startswith("x x x")


NAMES = st.sampled_from(
    ["error", "message", "code", "detail", "details", "choices", "metadata", "headers", "retry_after", "loc"]
)
BODIES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


@given(BODIES, st.dictionaries(st.sampled_from(["retry-after", "x-ratelimit-reset"]), st.text(max_size=9)))
def test_no_body_and_no_header_does_harm(body: object, headers: dict[str, str]) -> None:
    profile = Profile("https://api.example/v1")
    for complaint in (server_error_of(429, headers, json.dumps(body)), server_error_in(body)):
        if complaint is not None:
            assert str(of_server_error(profile, "m", complaint))
