from __future__ import annotations

import pytest

from recode_core.policies.openai.chat import Chat
from recode_core.policies.openai.mask import Mask, MaskedStream
from tests.policies.openai.conftest import KEY, VARIABLE, Make, request
from tests.policies.openai.endpoint import Endpoint, fails, says


@pytest.mark.parametrize("key", ["a", "the", "none", "EMPTY", "stream"])
def test_a_placeholder_garbles_no_message(key: str) -> None:
    text = "the EMPTY stream has none of a key that matters"
    assert Mask([key]).redact(text) == text
    assert Mask([key]).redact(f"Bearer {key}; api key: '{key}'") == "Bearer (the key); api key: '(the key)'"


def test_a_short_key_counts_as_a_whole_word() -> None:
    mask = Mask(["lm-studio"])
    assert mask.redact("lm-studio-7b: lm-studio, xlm-studio") == "lm-studio-7b: (the key), xlm-studio"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (KEY, "(the key)"),
        (f"x{KEY}{KEY}y", "x(the key)(the key)y"),
        (KEY[:12], "(the key)"),
        (f"{KEY[:15]}***", "(the key)***"),
        (KEY[:8] + "***", KEY[:8] + "***"),
    ],
)
def test_a_key_is_masked_with_its_beginnings(said: str, shown: str) -> None:
    assert Mask([KEY]).redact(said) == shown


def test_a_key_with_odd_characters_is_masked_as_urls_spell_it() -> None:
    assert Mask(["sk/0123456789+abc="]).redact("?key=sk%2F0123456789%2Babc%3D") == "?key=(the key)"


@pytest.mark.parametrize("size", [1, 2, 5, 11, 1000])
def test_a_key_spread_over_pieces_is_masked(size: int) -> None:
    pieces: list[str] = []
    stream = MaskedStream(Mask([KEY]), pieces.append)
    text = f"sk-test is no key, {KEY} is; and {KEY[:14]}... s"
    for at in range(0, len(text), size):
        stream.put(text[at : at + size])
    stream.flush()
    assert "".join(pieces) == "sk-test is no key, (the key) is; and (the key)... s"


def test_a_key_in_a_reply_reaches_nobody(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [says(*(f"note = '{KEY}'"[at : at + 3] for at in range(0, len(KEY) + 9, 3)))]
    pieces: list[str] = []
    assert chat().expand(request(), pieces.append).text == "note = '(the key)'"
    assert "".join(pieces) == "note = '(the key)'"


def test_a_secret_header_is_masked_and_a_public_one_is_not(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [says("gw-0123456789 my project here")]
    headers = {"X-Gateway-Auth": "gw-0123456789", "X-Title": "my project here"}
    assert chat(headers=headers).expand(request(), lambda piece: None).text == "(the key) my project here"


def test_the_beginning_of_a_key_is_in_no_error(chat: Make, endpoint: Endpoint) -> None:
    endpoint.responses = [fails(400, f"bad key {KEY[:12]}*****")]
    with pytest.raises(Exception, match=r"bad key \(the key\)\*\*\*\*\*"):
        chat().expand(request(), lambda piece: None)


def test_a_secret_header_stays_with_its_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    from recode_core.policies.openai.profile import Profile

    monkeypatch.delenv(VARIABLE, raising=False)
    profile = Profile("https://collector.example/v1", "x", headers={"X-Gateway-Auth": "gw-0123456789"})
    with pytest.raises(Exception, match=r"the profile sends X-Gateway-Auth to https://api\.example/v1 only"):
        Chat(profile, "test", origin="https://api.example/v1").expand(request(), lambda piece: None)
