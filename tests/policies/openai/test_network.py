from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from recode_core.errors import PolicyUnavailable
from recode_core.policies.openai import network
from recode_core.policies.openai.errors import too_slow
from recode_core.policies.openai.profile import Profile
from tests.policies.openai.conftest import Make, request, silent

URL = "https://api.example.invalid/v1"


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    network._tls.cache_clear()


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address that refuses connections, and is taken, so that no other test listens there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("SSL_CERT_FILE", "/nowhere/ca.pem", "the variable SSL_CERT_FILE=/nowhere/ca.pem names no file"),
        ("SSL_CERT_DIR", "/nowhere", "the variable SSL_CERT_DIR=/nowhere names no folder"),
        (
            "ALL_PROXY",
            "socks5://127.0.0.1:1",
            "ALL_PROXY=socks5://127.0.0.1:1 names a SOCKS proxy: .*socksio",
        ),
        ("all_proxy", "socks4://127.0.0.1:1", "all_proxy=socks4://127.0.0.1:1 names a proxy of an unknown"),
    ],
)
def test_a_variable_that_keeps_a_request_from_being_made_is_named(
    name: str, value: str, message: str, chat: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(PolicyUnavailable, match=message):
        chat(base_url=URL).expand(request(), silent)
    assert [each.variable for each in network.settings() if each.problem] == [name]


def test_a_file_without_certificates_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("no certificate")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    assert "without certificates" in network.problem()


def test_a_folder_without_hashed_certificates_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_DIR", f"/nowhere:{tmp_path}")
    (tmp_path / "ca.pem").touch()
    assert "names a folder without hashed certificates" in network.problem()
    (tmp_path / "0a1b2c3d.0").touch()
    assert network.problem() == ""


def test_a_folder_beside_a_file_is_not_used_and_not_blamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ca.pem").touch()
    monkeypatch.setattr(ssl, "create_default_context", lambda cafile: None)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", "/nowhere")
    assert network.problem() == ""
    assert [each.variable for each in network.settings() if each.problem] == ["SSL_CERT_DIR"]


def test_a_dead_proxy_is_named_without_its_password(
    nobody: str, chat: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:secret@{nobody}")
    with pytest.raises(PolicyUnavailable, match=f"through the proxy http://{nobody} .*HTTPS_PROXY") as failed:
        chat(base_url=URL, retries=0).expand(request(), silent)
    (setting,) = network.settings()
    assert "cannot be reached" in setting.problem
    assert "secret" not in str(failed.value) + repr(setting)


def test_a_proxy_that_is_not_used_is_not_blamed(nobody: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", nobody)
    assert network.proxy_of(URL) == network.Setting("HTTPS_PROXY", nobody)
    assert network.proxy_of("http://api.example.invalid/v1") is None
    monkeypatch.setenv("NO_PROXY", "example.invalid")
    assert network.proxy_of(URL) is None


def test_a_time_out_names_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://10.0.0.1:3128")
    fault = too_slow(Profile(URL), "connection", "connect", 10)
    assert "through the proxy http://10.0.0.1:3128 of the variable https_proxy" in str(fault)
    assert "proxy" not in str(too_slow(Profile(URL), "token", "first", 10))
