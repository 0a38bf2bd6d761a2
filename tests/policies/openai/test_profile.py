from __future__ import annotations

from pathlib import Path

import pytest

from recode_core.config import BadConfig, config_path
from recode_core.errors import RecodeError
from recode_core.policies.openai.chat import chat_of
from recode_core.policies.openai.profile import (
    BUILTIN_PROFILES,
    Profile,
    Timeouts,
    profiles,
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)


def write(text: str) -> None:
    config_path().parent.mkdir(exist_ok=True)
    config_path().write_text(text)


def test_without_a_file_the_ready_profiles_are_there() -> None:
    assert profiles() == dict(BUILTIN_PROFILES)
    assert {"openai", "gemini", "deepseek", "openrouter", "ollama", "llamacpp", "lmstudio", "vllm"} <= set(
        BUILTIN_PROFILES
    )


def test_every_hosted_profile_has_a_key_and_a_model_and_local_ones_need_none() -> None:
    for profile in BUILTIN_PROFILES.values():
        assert bool(profile.key) != profile.local
        assert bool(profile.model) != profile.local
        assert profile.is_loopback == profile.local


def test_a_profile_of_ones_own_has_every_field() -> None:
    write("""
        [profiles.mine]
        base_url = "http://10.0.0.5:8000/v1"
        model = "qwen"
        key = "MY_KEY"
        local = true
        reasoning = true
        max_tokens = 100
        retries = 1
        headers = { X-Title = "recode" }
        [profiles.mine.extra_body]
        grammar = 'root ::= "x"'
        [profiles.mine.timeouts]
        first = 5
    """)
    assert profiles()["mine"] == Profile(
        "http://10.0.0.5:8000/v1",
        "qwen",
        "MY_KEY",
        local=True,
        reasoning=True,
        max_tokens=100,
        retries=1,
        headers={"X-Title": "recode"},
        extra_body={"grammar": 'root ::= "x"'},
        timeouts=Timeouts(first=5),
    )


def test_a_profile_may_change_a_ready_one_or_be_like_it() -> None:
    write("""
        [profiles.openai]
        model = "gpt-4o"
        [profiles.careful]
        like = "openai"
        temperature = 0.5
        timeouts = { first = 5 }
    """)
    found = profiles()
    assert (found["openai"].model, found["openai"].key) == ("gpt-4o", "OPENAI_API_KEY")
    assert (found["careful"].model, found["careful"].temperature) == ("gpt-4o", 0.5)
    assert found["careful"].timeouts == Timeouts(first=5)


def test_openai_is_where_its_own_variable_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "https://proxy.example/v1")
    assert profiles()["openai"].base_url == "https://proxy.example/v1"
    monkeypatch.setenv("OPENAI_BASE_URL", "proxy")
    with pytest.raises(BadConfig, match="OPENAI_BASE_URL: base_url is the address of an API"):
        profiles()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[profiles.x\n", r"is not TOML: .*line 1"),
        ("\n[profiles.x]\nbase_url = 3\n", "line 3: `base_url` must be a text, not a whole number"),
        ("[profiles.x]\n\nmodel = 'a'\n", "line 1: `base_url` is missing"),
        ("[profiles.x]\nbase_url = 'http://a/v1'\n\nmodell = 'a'\n", "line 4: `modell` is unknown"),
        ("[profiles.x]\nbase_url = 'localhost'\n", "line 2: base_url is the address .*'localhost'"),
        ("[profiles.x]\nbase_url = 'http://a/v1'\ntemperature = -1\n", "line 3: temperature is a number"),
        ("[profiles.x]\nbase_url = 'http://a/v1'\nmax_tokens = 0\n", "line 3: max_tokens is a whole number"),
        ("[profiles.x]\nbase_url = 'http://a/v1'\nmax_tokens = 'no'\n", "line 3: .*'no'"),
        ("[profiles.x]\nbase_url = 'http://a/v1'\nkey = 'sk-1'\n", "line 3: key is the name of an"),
        ("[profiles.x]\nbase_url = 'http://a/v1'\nkey = 'AIzaSk1'\n", "line 3: key is the name of an"),
        (
            "[profiles.x]\nbase_url = 'http://a/v1'\nheaders = {Authorization = 'sk-1'}\n",
            "line 3: headers can't",
        ),
        (
            "[profiles.x]\nlike = 'nobody'\n",
            r"line 2: like: unknown profile 'nobody' \(available: deepseek, ",
        ),
        ("[profiles.x]\nbase_url = 'http://a/v1'\n[profiles.x.timeouts]\nfirst = 0\n", "line 4: first is"),
        ("profile = 3\n", "line 1: unknown key 'profile'"),
        ("profiles = 3\n", r"a profile is a table \[profiles.NAME\]"),
    ],
)
def test_a_bad_file_is_told_with_the_line(text: str, message: str) -> None:
    write(text)
    with pytest.raises(BadConfig, match=message) as caught:
        profiles()
    assert str(config_path()) in str(caught.value)
    assert "sk-1" not in str(caught.value) and "Sk1" not in str(caught.value)


def test_a_file_that_is_no_text_is_told() -> None:
    config_path().parent.mkdir(exist_ok=True)
    config_path().write_bytes(b"\xff\xfe")
    with pytest.raises(BadConfig, match="not UTF-8 text"):
        profiles()


def test_a_profile_may_ask_for_no_limit_of_a_reply() -> None:
    write("[profiles.x]\nbase_url = 'http://127.0.0.1:9/v1'\nmodel = 'a'\nmax_tokens = 'none'\n")
    chat = chat_of("x", "", {})
    assert chat is not None and chat.sampling["max_tokens"] == "none"


def test_a_run_may_say_model_temperature_and_endpoint_of_its_own() -> None:
    chat = chat_of("openai", "gpt-4o", {"temperature": 0.3, "base_url": "http://127.0.0.1:9/v1"})
    assert chat is not None and chat.model == "gpt-4o"
    assert chat.sampling == {"temperature": 0.3, "base_url": "http://127.0.0.1:9/v1", "max_tokens": 4096}


def test_a_recorded_run_is_asked_as_it_was_whatever_the_profile_says_now() -> None:
    write("[profiles.x]\nbase_url = 'http://127.0.0.1:9/v1'\nmodel = 'a'\nextra_body = {grammar = 'g'}\n")
    first = chat_of("x", "", {})
    assert first is not None
    write(
        "[profiles.x]\nbase_url = 'http://127.0.0.1:8/v1'\nmodel = 'b'\n"
        "temperature = 1\nextra_body = {top_k = 1}\n"
    )
    again = chat_of("x", first.model, first.sampling)
    assert again is not None
    assert (again.model, again.sampling) == (first.model, first.sampling)
    assert again.profile.extra_body == {"grammar": "g"}


def test_reuse_does_not_cross_endpoints() -> None:
    one = chat_of("openai", "", {"base_url": "http://127.0.0.1:1/v1"})
    other = chat_of("openai", "", {"base_url": "http://127.0.0.1:2/v1"})
    assert one is not None and other is not None and one.sampling != other.sampling


def test_a_name_that_is_no_profile_is_nobody() -> None:
    assert chat_of("nobody", "", {}) is None


@pytest.mark.parametrize(
    ("sampling", "message"),
    [
        ({"base_url": "localhost:8080"}, "base_url is the address of an API"),
        ({"temperature": -1.0}, "temperature is a number from 0"),
        ({"max_tokens": 5, "extra_body": "[1"}, "invalid settings for the policy openai"),
    ],
)
def test_what_cannot_be_asked_is_refused(sampling: dict[str, str | float | int], message: str) -> None:
    with pytest.raises(RecodeError, match=message):
        chat_of("openai", "", sampling)


def test_a_temperature_for_a_model_that_takes_none_is_refused() -> None:
    with pytest.raises(RecodeError, match="o3 is a reasoning model"):
        chat_of("openai", "o3", {"temperature": 0.5})


def test_the_profiles_of_the_documentation_are_profiles() -> None:
    page = (Path(__file__).parents[3] / "docs" / "models.md").read_text("utf-8")
    write(page.partition("<!-- profiles-example -->\n```toml\n")[2].partition("```")[0])
    found = profiles()
    assert (found["lab"].key, found["lab"].timeouts) == ("LAB_API_KEY", Timeouts())
    assert (
        found["small"].base_url == BUILTIN_PROFILES["llamacpp"].base_url
        and "grammar" in found["small"].extra_body
    )
