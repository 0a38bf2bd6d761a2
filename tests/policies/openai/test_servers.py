from __future__ import annotations

import socket

import pytest

from recode_core.errors import PolicyUnavailable
from recode_core.policies.openai.profile import Profile
from recode_core.policies.openai.servers import Listing, listing_of, listings, with_model
from tests.policies.openai.endpoint import Endpoint


def nobody() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/v1"


def test_servers_that_run_are_found_with_their_models(endpoint: Endpoint) -> None:
    profiles = {
        "here": Profile(endpoint.url, local=True),
        "gone": Profile(nobody(), local=True),
        "hosted": Profile(endpoint.url),
    }
    assert listings(profiles) == {"here": Listing(("small", "large"), 2), "gone": Listing(problem="down")}


def test_a_server_that_does_not_speak_is_not_waited_for() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        profile = Profile(f"http://127.0.0.1:{mute.getsockname()[1]}/v1", local=True)
        assert listing_of("mute", profile, seconds=0.1) == Listing(problem="slow")


def test_a_local_profile_without_a_model_takes_the_first(endpoint: Endpoint) -> None:
    assert with_model("here", Profile(endpoint.url, local=True)).model == "small"
    assert with_model("here", Profile(endpoint.url, "large", local=True)).model == "large"


def test_a_server_without_a_model_and_one_that_does_not_run_are_told_apart(endpoint: Endpoint) -> None:
    endpoint.models = []
    with pytest.raises(PolicyUnavailable, match=r"has no model: load one \(ollama pull\)"):
        with_model("here", Profile(endpoint.url, local=True, start="ollama pull"))
    with pytest.raises(PolicyUnavailable, match=r"nothing answers at .*: start the server.*--base-url"):
        with_model("gone", Profile(nobody(), local=True))
    with pytest.raises(PolicyUnavailable, match="the profile hosted names no model: choose one with --model"):
        with_model("hosted", Profile(endpoint.url))
