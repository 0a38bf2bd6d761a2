from __future__ import annotations

from email.utils import formatdate
from typing import Any

import pytest

from recode_core.policies.openai.server_error import reset_in, server_error_of, wait_in

NOW = 1_800_000_000.0


def wait(text: str = "", **headers: str) -> float | None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    complaint = server_error_of(429, named, text)
    return wait_in(complaint, NOW) or reset_in(complaint, NOW)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "7"}, 7),
        ({"Retry_After": "1.5"}, 1.5),
        ({"retry_after": "7m12s"}, 432),
        ({"retry_after": formatdate(NOW + 90, usegmt=True)}, 90),
        ({"retry_after": formatdate(NOW - 90, usegmt=True)}, None),
        ({"retry_after_ms": "400", "retry_after": "1"}, 0.4),
        ({"x_ratelimit_reset_requests": "1.8s"}, 1.8),
        ({"x_ratelimit_reset_tokens": "6m0s"}, 360),
        ({"x_ratelimit_reset_requests": "120ms"}, 0.12),
        ({"x_ratelimit_reset": str(int(NOW) + 30)}, 30),
        ({"x_ratelimit_reset": str((int(NOW) + 30) * 1000)}, 30),
        ({"x_ratelimit_reset": "20"}, 20),
        ({"ratelimit_reset": "20"}, 20),
        ({"anthropic_ratelimit_requests_reset": "2027-01-15T08:01:00Z"}, 60),
        ({"retry_after": "5", "x_ratelimit_reset_requests": "60s"}, 5),
        ({"retry_after": "0", "x_ratelimit_reset_requests": "60s"}, 60),
        ({"retry_after": "soon"}, None),
        ({"retry_after": "-3"}, None),
        ({"retry_after": "9" * 400}, None),
        ({"retry_after": "nan"}, None),
        ({"x_ratelimit_reset": "[]"}, None),
    ],
)
def test_a_wait_in_headers(headers: dict[str, str], seconds: float | None) -> None:
    assert wait(**headers) == (None if seconds is None else pytest.approx(seconds))


def test_only_counters_that_are_used_up_decide() -> None:
    headers = {
        "x_ratelimit_remaining_requests": "12",
        "x_ratelimit_reset_requests": "8h0m0s",
        "x_ratelimit_remaining_tokens": "0",
        "x_ratelimit_reset_tokens": "2.5s",
    }
    assert wait(**headers) == 2.5
    headers["x_ratelimit_remaining_tokens"] = "7"  # too few for this request
    assert wait(**headers) == 2.5


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("Rate limit reached. Limit 100000. Please try again in 7m12s.", 432),
        ("Please try again in 1h2m3.5s", 3723.5),
        ("Please try again in 20ms.", 0.02),
        ("* limit: 10\nPlease retry in 2.5s.", 2.5),
        ("Please retry after 26 seconds.", 26),
        ("Retry after 30", 30),
        ("Please wait 1 minute and 30 seconds before the next request", 90),
        ("Try again in 2 hours", 7200),
        ("Too many requests: 3 in 60 seconds", None),
        ("Please try again later. Limit 30s", None),
        ("wait " * 4000, None),
    ],
)
def test_a_wait_in_words(words: str, seconds: float | None) -> None:
    assert wait(words) == seconds


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ('[{"error": {"details": [{"@type": "x.RetryInfo", "retryDelay": "2s"}]}}]', 2),
        ('{"error": {"details": [{"retryDelay": {"seconds": 12}}]}}', 12),
        ('{"error": {"message": "slow"}, "retry_after": 4.5}', 4.5),
        ('{"retry_after_ms": 250}', 0.25),
        ('{"error": {"metadata": {"headers": {"X-RateLimit-Reset": "1800000007000"}}}}', 7),
        ('{"error": {"metadata": {"headers": {"Retry-After": 3}}}}', 3),
        ('{"error": {"retryDelay": null}}', None),
        ('{"a": ' * 60 + "1" + "}" * 60, None),
    ],
)
def test_a_wait_in_a_body(body: str, seconds: Any) -> None:
    assert wait(body) == seconds
