from __future__ import annotations

import socket

import pytest

from recode_core.errors import PolicyUnavailable
from recode_core.policies.openai.models import (
    ModelList,
    list_local_models,
    list_models,
    non_chat_kind,
    with_model,
)
from recode_core.policies.openai.profile import Profile
from tests.policies.openai.conftest import KEY, VARIABLE, Make, request, silent
from tests.policies.openai.endpoint import Endpoint, Response, answer, fails, serving


def nobody() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/v1"


def test_servers_that_run_are_found_with_their_models(endpoint: Endpoint) -> None:
    profiles = {
        "here": Profile(endpoint.url, local=True),
        "gone": Profile(nobody(), local=True),
        "mine": Profile(endpoint.url),  # on this machine, too
        "hosted": Profile("https://llm.example.invalid/v1"),
    }
    here = ModelList(("small", "large"), 2)
    assert list_local_models(profiles) == {"here": here, "gone": ModelList(problem="down"), "mine": here}


def test_a_server_that_does_not_speak_is_not_waited_for() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        profile = Profile(f"http://127.0.0.1:{mute.getsockname()[1]}/v1", local=True)
        assert list_models("mute", profile, seconds=0.1) == ModelList(problem="slow")


def test_a_local_profile_without_a_model_takes_the_first(endpoint: Endpoint) -> None:
    assert with_model("here", Profile(endpoint.url, local=True)).model == "small"
    assert with_model("mine", Profile(endpoint.url)).model == "small"
    assert with_model("here", Profile(endpoint.url, "large", local=True)).model == "large"


def test_a_server_without_a_model_and_one_that_does_not_run_are_told_apart(endpoint: Endpoint) -> None:
    endpoint.models = []
    with pytest.raises(PolicyUnavailable, match=r"has no model: load one \(ollama pull\)"):
        with_model("here", Profile(endpoint.url, local=True, start="ollama pull"))
    with pytest.raises(PolicyUnavailable, match=r"nothing answers at .*: start the server.*--base-url"):
        with_model("gone", Profile(nobody(), local=True))
    with pytest.raises(PolicyUnavailable, match="the profile hosted names no model: choose one with --model"):
        with_model("hosted", Profile("https://llm.example.invalid/v1"))


def test_a_model_of_another_kind_is_told_with_those_that_can_chat(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [fails(400, "Model is not llm")]
    endpoint.models = ["nomic-embed-text", "m1", "m2", "m3", "m4", "m5", "m6"]
    with pytest.raises(PolicyUnavailable) as failed:
        chat(model="nomic-embed-text").expand(request(), silent)
    assert str(failed.value).endswith(
        "400: Model is not llm; nomic-embed-text is an embedding model: choose a chat model with --model; "
        "chat models of its server: m1, m2, m3, m4, m5, …"
    )
    endpoint.listing = answer(404, "no")
    with pytest.raises(PolicyUnavailable, match=r"is a speech model: choose a chat model with --model$"):
        chat(model="whisper-1").expand(request(), silent)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("text-embedding-3-small", "an embedding model"),
        ("BAAI/bge-m3", "an embedding model"),
        ("bge-reranker-v2", "a reranking model"),
        ("gpt-4o-transcribe", "a speech model"),
        ("omni-moderation-latest", "a moderation model"),
        ("dall-e-3", "an image model"),
        ("embedded-coder-7b", ""),
        ("qwen2.5-coder", ""),
    ],
)
def test_what_a_model_is_made_for_is_known_by_its_name(name: str, kind: str) -> None:
    assert non_chat_kind(name) == kind


def test_a_model_that_can_chat_is_taken(endpoint: Endpoint) -> None:
    endpoint.models = ["text-embedding-nomic-v1.5", "bge-reranker", "qwen2.5-coder"]
    profile = Profile(endpoint.url, local=True, start="lms load")
    assert with_model("here", profile).model == "qwen2.5-coder"
    assert list_models("here", profile).models[0] == "qwen2.5-coder"
    endpoint.models = ["text-embedding-nomic-v1.5"]
    with pytest.raises(
        PolicyUnavailable, match=r"no model that can chat \(text-embedding-nomic-v1\.5\): load"
    ):
        with_model("here", profile)


@pytest.mark.parametrize(
    ("listed", "models"),
    [
        ([{"id": "m"}], ("m",)),
        ({"models": [{"name": "m"}, {"model": "n"}]}, ("m", "n")),
        ({"data": ["m", None, {"id": 3}]}, ("m",)),
        ({"data": [{"id": "v", "type": "embeddings"}, {"id": "m", "type": "llm"}]}, ("m", "v")),
        ({"data": []}, ()),
    ],
)
def test_lists_of_other_shapes_are_read(listed: object, models: tuple[str, ...], endpoint: Endpoint) -> None:
    endpoint.listing = answer(200, listed)
    listing = list_models("here", Profile(endpoint.url, local=True))
    assert (listing.models, listing.problem) == (models, "")


@pytest.mark.parametrize(
    ("response", "message"),
    [
        (answer(401, {"error": "no key"}), "needs a key: name its variable with key in a profile"),
        (answer(404, "no"), "returned no list of models: name a model with --model"),
        (answer(200, "<html>", "text/html"), "returned no list of models"),
        (answer(200, "[" * 100_000), "returned no list of models"),
    ],
)
def test_why_there_is_no_list_is_told(response: Response, message: str, endpoint: Endpoint) -> None:
    endpoint.listing = response
    with pytest.raises(PolicyUnavailable, match=message):
        with_model("here", Profile(endpoint.url, local=True))


def test_a_key_is_sent_for_the_list_to_its_own_endpoint_only(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    list_models("here", Profile(endpoint.url, key=VARIABLE, local=True))
    assert endpoint.headers[0]["authorization"] == f"Bearer {KEY}"
    with serving() as other:
        endpoint.listing = answer(307, "", location=f"{other.url}/models")
        profile = Profile(endpoint.url, key=VARIABLE, local=True, headers={"X-Gateway-Auth": "secret"})
        list_models("here", profile)
        assert not {"authorization", "x-gateway-auth"} & other.headers[0].keys()
