from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from recode_core.policies.openai.chat_request import remember_fields
from tests.policies.openai.endpoint import Endpoint, answer, serving

Recode = Callable[..., "CompletedProcess[str]"]

KEY = "sk-test-0123456789abcdef"


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the user's profiles are, in a place of the test's own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "ALFWORLD_DATA", "WEBSHOP_DATA"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "recode").mkdir()
    return tmp_path / "recode" / "config.toml"


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serving() as server:
        yield server


def test_doctor_tells_what_is_ready_and_what_is_missing(recode: Recode) -> None:
    ran = recode("doctor")
    assert ran.returncode == 0 and ran.stderr == ""
    assert "  household      ready" in ran.stdout
    assert "no key; set the variable OPENAI_API_KEY" in ran.stdout
    assert "config.toml (there is none; profiles of your own go there)" in ran.stdout
    assert "WEBSHOP_DATA   is not set" in ran.stdout


def test_doctor_names_keys_that_are_set_and_never_shows_them(
    recode: Recode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    shown = recode("doctor").stdout + recode("doctor", "--json").stdout
    assert "the key in OPENAI_API_KEY is set" in shown and KEY not in shown


def test_doctor_finds_the_servers_that_run(recode: Recode, endpoint: Endpoint, config: Path) -> None:
    config.write_text(f"[profiles.here]\nbase_url = '{endpoint.url}'\nlocal = true\n")
    assert f"here           {endpoint.url}: runs, with small, large" in recode("doctor").stdout
    models = {model["profile"]: model for model in json.loads(recode("doctor", "--json").stdout)["models"]}
    assert models["here"]["models"] == ["small", "large"]
    assert models["openai"]["models"] is None


def test_doctor_tells_of_a_bad_configuration_and_goes_on(recode: Recode, config: Path) -> None:
    config.write_text("[profiles.x]\nbase_url = 3\n")
    shown = recode("doctor").stdout
    assert "config.toml, line 2: `base_url` must be a text, not a whole number" in shown
    assert "openai" in shown


def test_doctor_looks_at_folders_of_data(
    recode: Recode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBSHOP_DATA", str(tmp_path / "nowhere"))
    monkeypatch.setenv("ALFWORLD_DATA", str(tmp_path))
    found = {folder["variable"]: folder for folder in json.loads(recode("doctor", "--json").stdout)["data"]}
    assert found["WEBSHOP_DATA"]["missing"] == "names no folder"
    assert found["ALFWORLD_DATA"] == {"variable": "ALFWORLD_DATA", "path": str(tmp_path), "missing": ""}


def test_control_codes_of_a_server_do_not_reach_the_terminal(
    recode: Recode, endpoint: Endpoint, config: Path
) -> None:
    endpoint.models = ["evil\x1b[2J\n[b]model"]
    config.write_text(f"[profiles.here]\nbase_url = '{endpoint.url}'\nlocal = true\n")
    shown = recode("doctor").stdout
    assert "\x1b" not in shown and "[b]model" in shown


def test_doctor_checks_the_variables_for_certificates_and_proxies(
    recode: Recode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    monkeypatch.setenv("ALL_PROXY", "socks5://user:secret@127.0.0.1:1")
    shown = recode("doctor").stdout
    assert "SSL_CERT_FILE  /nowhere/ca.pem names no file: correct or unset it" in shown
    assert "ALL_PROXY      socks5://127.0.0.1:1 names a SOCKS proxy" in shown and "secret" not in shown
    found = json.loads(recode("doctor", "--json").stdout)["network"]
    assert {each["name"] for each in found if each["problem"]} >= {"SSL_CERT_FILE", "ALL_PROXY"}


def test_doctor_names_a_folder_for_certificates_that_is_not_there(
    recode: Recode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_DIR", "/nowhere")
    assert "SSL_CERT_DIR   /nowhere names no folder: correct or unset it" in recode("doctor").stdout


def test_doctor_names_what_servers_refused(
    recode: Recode, endpoint: Endpoint, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    config.write_text(f"[profiles.here]\nbase_url = '{endpoint.url}'\n")  # on this machine: it is listed
    remember_fields(endpoint.url, "small", ["temperature", "max_tokens"])
    shown = recode("doctor").stdout
    assert f"{endpoint.url}: runs, with small, large; it refused max_tokens, temperature, left out" in shown
    models = {model["profile"]: model for model in json.loads(recode("doctor", "--json").stdout)["models"]}
    assert (models["here"]["refused"], models["openai"]["refused"]) == (["max_tokens", "temperature"], [])


def test_doctor_says_why_a_server_lists_no_models(recode: Recode, endpoint: Endpoint, config: Path) -> None:
    endpoint.listing = answer(401, {"error": "no key"})
    config.write_text(f"[profiles.here]\nbase_url = '{endpoint.url}'\nlocal = true\n")
    assert (
        "its server needs a key; set `key` in a profile to the name of its variable"
        in recode("doctor").stdout
    )


@pytest.fixture
def other_python(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a Python that has the packages of a folder, and no others."""

    def make(packages: str) -> Path:
        path = tmp_path / "python"
        path.write_text(f'#!/bin/sh\nPYTHONPATH="{packages}" exec "{sys.executable}" -S "$@"\n')
        path.chmod(0o755)
        return path

    return make


def test_doctor_asks_the_python_that_a_variable_names(
    recode: Recode, other_python: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json_2.1.1").mkdir()
    monkeypatch.setenv("ALFWORLD_DATA", str(tmp_path))
    python = other_python(str(tmp_path / "site"))
    monkeypatch.setenv("RECODE_ALFWORLD_PYTHON", str(python))
    without = recode("doctor").stdout
    assert f"  alfworld       {python} has no package alfworld; install it with" in without
    assert f"no alfworld: RECODE_ALFWORLD_PYTHON names {python}, which has no package alfworld" in without
    (tmp_path / "site" / "alfworld").mkdir(parents=True)
    about = tmp_path / "site" / "alfworld-0.4.2.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: alfworld\nVersion: 0.4.2\n")
    found = f"RECODE_ALFWORLD_PYTHON names {python}, which has alfworld 0.4.2"
    shown = recode("doctor").stdout
    assert f"  alfworld       ready; {found}" in shown and f"no alfworld: {found}" in shown
    environments = {
        each["name"]: each for each in json.loads(recode("doctor", "--json").stdout)["environments"]
    }
    assert environments["alfworld"] == {"name": "alfworld", "missing": "", "elsewhere": found}
    monkeypatch.setenv("RECODE_ALFWORLD_PYTHON", str(tmp_path / "none"))
    assert f"  alfworld       {tmp_path / 'none'} cannot be run: No such file" in recode("doctor").stdout


def test_doctor_says_where_the_tasks_of_the_paper_are(recode: Recode) -> None:
    shown = recode("doctor").stdout
    assert "alfworld       140 seen tasks: --split valid_seen, its own" in shown
    assert (
        "scienceworld   211 unseen tasks: --split FILE, with envs/sciworld/data/test_indices.json of "
        "github.com/FoundationAgents/ReCode"
    ) in shown
    assert "webshop        200 tasks: --split FILE" in shown
