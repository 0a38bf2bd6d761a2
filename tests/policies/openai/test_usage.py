from __future__ import annotations

import pytest

from recode_core.policies.openai.profile import BUILTIN_PROFILES, Profile
from recode_core.policies.openai.usage import (
    add_usage,
    billed_price,
    list_price,
    price,
    uncached_price,
    with_price,
)
from recode_core.values import Usage

MILLION = Usage(prompt_tokens=1_000_000)


def test_gpt_4o_mini_costs_what_the_paper_paid() -> None:
    usage = Usage(prompt_tokens=1_000_000, completion_tokens=1_000_000)
    assert price(BUILTIN_PROFILES["openai"], "gpt-4o-mini", usage) == pytest.approx(0.15 + 0.60)


def test_cached_tokens_cost_less() -> None:
    half = Usage(prompt_tokens=1_000_000, cached_tokens=500_000)
    assert price(BUILTIN_PROFILES["openai"], "gpt-4o-mini", half) == pytest.approx(0.75 * 0.15)


@pytest.mark.parametrize("name", ["openai", "gemini", "deepseek", "deepseek-v3.1", "openrouter"])
def test_the_price_of_every_hosted_profile_is_known(name: str) -> None:
    cost = price(BUILTIN_PROFILES[name], BUILTIN_PROFILES[name].model, MILLION)
    assert cost is not None and 0 < cost < 5


def test_a_list_price_knows_no_discount() -> None:
    half = Usage(prompt_tokens=1_000_000, cached_tokens=500_000, completion_tokens=1_000_000)
    assert uncached_price(BUILTIN_PROFILES["openai"], "gpt-4o-mini", half) == pytest.approx(0.15 + 0.60)
    assert list_price("gpt-4o-mini", half) == pytest.approx(0.15 + 0.60)
    assert list_price("a-model-of-my-own", half) is None
    router = BUILTIN_PROFILES["openrouter"].base_url
    assert list_price("openai/gpt-4o-mini", half) is None
    assert list_price("openai/gpt-4o-mini", half, router) == pytest.approx(0.15 + 0.60)
    assert list_price("gpt-4o-mini", half, "http://127.0.0.1:4000/v1") == pytest.approx(0.15 + 0.60)


def test_a_model_of_ones_own_has_no_list_price() -> None:
    assert uncached_price(Profile("http://127.0.0.1:8080/v1", local=True), "qwen", MILLION) is None


def test_calls_that_are_taken_together_have_both_costs_of_each() -> None:
    one, other = Usage(10, 5, 1, cost_usd=0.5, list_usd=0.75), Usage(4, cost_usd=0.25, list_usd=0.5)
    both = add_usage(one, other)
    assert (both.cost_usd, both.list_usd) == (0.75, 1.25)
    assert add_usage(Usage(), one) == one
    assert add_usage(one, with_price(other, 0.25)).list_usd is None


def test_an_unknown_price_is_not_zero() -> None:
    assert price(BUILTIN_PROFILES["openai"], "a-model-of-my-own", MILLION) is None
    assert price(Profile("https://api.example/v1"), "gpt-4o-mini", MILLION) is None


def test_only_a_profile_that_says_that_it_is_local_costs_nothing() -> None:
    assert price(Profile("http://127.0.0.1:8080/v1", local=True), "qwen", MILLION) == 0.0
    assert price(Profile("http://127.0.0.1:8080/v1"), "qwen", MILLION) is None


@pytest.mark.parametrize(
    ("usage", "cost"),
    [
        ({"cost": 0.5}, 0.5),
        ({"cost": 0}, 0.0),
        ({"cost": "0.25"}, 0.25),
        ({"cost": {"input_tokens_cost": 0.1, "total_cost": 0.3}}, 0.3),
        ({"cost": 0.5, "cost_details": {"upstream_inference_cost": 0.5}}, 0.5),
        ({"cost": 0.5, "is_byok": True, "cost_details": {"upstream_inference_cost": 9}}, 9.5),
        ({"cost": None}, None),
        ({"cost": True}, None),
        ({"cost": -1}, None),
        ({"cost": "n/a"}, None),
        ({"cost": 1e999}, None),
        ({"prompt_tokens": 3}, None),
        ("n/a", None),
        (None, None),
    ],
)
def test_what_a_server_says_it_billed(usage: object, cost: float | None) -> None:
    assert billed_price(usage) == cost
