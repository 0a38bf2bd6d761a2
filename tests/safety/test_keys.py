"""Keys and passwords are found in no file that the program writes, and on no screen, whatever servers say.

Each of them is a canary of its own. Real servers on this machine repeat what they were sent, in every part
of an answer.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from recode_core.policies.openai.profile import Profile
from recode_core.session import Settings
from recode_core.testing import reply
from recode_tui import session_sources
from recode_tui.app import RecodeApp
from recode_tui.cli import main
from recode_tui.debug.screen import DebugScreen
from tests.policies.openai.endpoint import (
    Endpoint,
    Response,
    answer,
    breaks_off,
    chunk,
    events,
    fails,
    says,
    serving,
)
from tests.support.markers import first_quick
from tests.tui.debug.debugger_pilot import DebuggerPilot

KEY = "sk-canary-key-0123456789abcdef"
HEADER = "canary-header-0123456789"
PASSWORD = "canary-password-0123456789"
PROXY = f"user:{PASSWORD}"
EXTRA = "canary-extra-0123456789"
CANARIES = (KEY, HEADER, PASSWORD, EXTRA)
SPELLED = (
    *(canary[:14].encode() for canary in CANARIES),
    *(base64.b64encode(canary.encode())[:20] for canary in (*CANARIES, PROXY)),
)
"""What is looked for: the beginnings of canaries, as they are and as headers spell them."""
CONFIG = """
[profiles.mine]
base_url = "{url}"
model = "{model}"
key = "CANARY_KEY"
retries = 1
retry_wait = 0.001
local = {local}
headers = {{ X-Gateway-Auth = "Bearer {header}" }}
"""
MODEL = "gpt-4o-mini"


def told() -> str:
    """What servers repeat: the key as it was sent, and the header, with and without its scheme."""
    return f"Bearer {KEY}; {KEY} ({quote(KEY)}) Bearer {HEADER}, {HEADER}"


def hangs_up(handler: Any) -> None:
    """The request's headers stand where the answer's should."""
    handler.wfile.write(f"Authorization: Bearer {KEY}\r\n\r\n{told()}".encode())


ECHOES: dict[str, Callable[[str], Response]] = {
    "message": lambda url: fails(401, told()),
    "message-and-code": lambda url: fails(400, told(), code=KEY),
    "model-not-found": lambda url: fails(404, f"the model {told()} does not exist"),
    "busy": lambda url: fails(503, told()),
    "rate": lambda url: fails(429, f"{told()}: try again in 1ms"),
    "wait-too-long": lambda url: fails(429, f"{told()}: try again in 900 s"),
    "page": lambda url: answer(500, f"<html><title>{told()}</title>{told()}</html>", "text/html"),
    "text": lambda url: answer(403, told(), "text/plain"),
    "list": lambda url: answer(422, {"detail": [{"loc": ["body", KEY], "msg": told(), "input": told()}]}),
    "deep": lambda url: answer(400, {"error": {"metadata": {"raw": json.dumps({"message": told()})}}}),
    "headers": lambda url: fails(400, "no", x_request_id=KEY, retry_after=KEY),
    "no-stream": lambda url: answer(200, told(), "text/html"),
    "not-json": lambda url: events("{" + told()),
    "error-in-a-stream": lambda url: events({"error": {"message": told(), "code": 500}}),
    "cut": lambda url: breaks_off(told()),
    "reply": lambda url: says(reply(f"x = '{told()}'\nprint(x)\nrun(x)\n1 / 0", told())),
    "reply-in-pieces": lambda url: says(*reply(f"x = '{told()}'\nrun(x)", told())),
    "no-code": lambda url: says(told()),
    "bad-code": lambda url: says(reply(f"import {KEY} {HEADER}")),
    "too-long": lambda url: says(told(), finish="length"),
    "filtered": lambda url: says(told(), finish=f"content_filter {KEY}"),
    "odd-finish": lambda url: says(told(), finish=KEY),
    "refusal": lambda url: events(chunk({"refusal": told()}), chunk({}, "stop")),
    "tool": lambda url: events(
        chunk({"tool_calls": [{"index": 0, "function": {"name": KEY, "arguments": told()}}]}),
        chunk({}, "tool_calls"),
    ),
    "usage": lambda url: says(reply("pass"), usage={"prompt_tokens": KEY, KEY: KEY, "cost": KEY}),
    "redirect": lambda url: answer(307, "", location=f"{url}/elsewhere?key={KEY}&h={HEADER}"),
    "redirect-to-a-user": lambda url: answer(
        307, "", location=f"http://{KEY}:{HEADER}@127.0.0.1:1/{KEY}?{HEADER}"
    ),
    "no-http": lambda url: hangs_up,
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user with keys, and nothing of anybody else's."""
    for name in ("DATA", "STATE", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("CANARY_KEY", KEY)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serving() as server:
        server.models = [MODEL, f"model-{KEY}", HEADER]
        yield server


def configure(home: Path, url: str, model: str = MODEL, local: str = "true") -> None:
    file = home / "config" / "recode" / "config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(CONFIG.format(url=url, header=HEADER, model=model, local=local))


@pytest.fixture
def said(
    home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """What a command says, on both streams; after each no canary is anywhere."""

    def run(*arguments: object) -> str:
        monkeypatch.setattr("sys.argv", ["recode", *map(str, arguments)])
        with pytest.raises(SystemExit):
            main()
        out, err = capfd.readouterr()
        check_text(out + err)
        check_files(home)
        return out + err

    return run


def check_text(text: str) -> None:
    """No canary is in a text."""
    found = [canary for canary in SPELLED if canary in text.encode()]
    assert not found, text


def check_files(home: Path) -> None:
    """No canary is in a file that the program wrote, nor in the name of one."""
    for path in home.rglob("*"):
        check_text(str(path.relative_to(home)))
        if path.is_file() and path.name != "config.toml":
            found = [canary for canary in SPELLED if canary in path.read_bytes()]
            assert not found, (path, path.read_bytes())


@pytest.mark.parametrize("echo", first_quick(ECHOES, 4))
def test_what_a_server_repeats_is_in_no_file_and_on_no_screen(
    echo: str, endpoint: Endpoint, home: Path, said: Callable[..., str]
) -> None:
    configure(home, endpoint.url)
    endpoint.responses = [ECHOES[echo](endpoint.url)]
    session = home / "run.jsonl"
    new = ("--env", "household", "--task", "put:7", "--policy", "mine", "--max-calls", 3, "--max-seconds", 20)
    said("run", *new, "--session", session, "--json")
    assert len(endpoint.asked) >= 1
    said("show", session)
    said("report", session, "--html", "report.html", "--csv", "report.csv")
    said("export", session, "--to", "html", "-o", "page.html")
    said("export", session, "--to", "json")
    said("run", "--resume", session)


@pytest.mark.slow
@pytest.mark.parametrize("echo", ECHOES)
def test_a_batch_and_a_script_repeat_no_key(
    echo: str, endpoint: Endpoint, home: Path, said: Callable[..., str]
) -> None:
    configure(home, endpoint.url)
    endpoint.responses = [ECHOES[echo](endpoint.url)]
    (home / "script").write_text("step\nstep\nstep\nwhere\nvars\ncontinue\n")
    new = ("--env", "household", "--policy", "mine", "--max-calls", 2)
    said("batch", *new, "--tasks", "put:7,put:8", "--out", home / "batch")
    said("debug", *new, "--task", "put:7", "--batch", home / "script", "--session", home / "script.jsonl")


@pytest.mark.slow_variants
@pytest.mark.parametrize("echo", ECHOES)
async def test_the_screen_shows_no_key(echo: str, endpoint: Endpoint, home: Path) -> None:
    configure(home, endpoint.url)
    endpoint.responses = [ECHOES[echo](endpoint.url)]
    settings = Settings("household", "put:7", "mine")
    app = RecodeApp(home / "sessions", session_sources.new_run(settings, home / "run.jsonl"))
    async with app.run_test(size=(200, 60)) as pilot:
        ui = DebuggerPilot(app, pilot)
        await ui.until(lambda: isinstance(app.screen, DebugScreen))
        screen = ui.screen
        try:
            await ui.settle()
            await ui.press("s", "s", "s")
            for key in (
                "2",
                "right_square_bracket",
                "right_square_bracket",
                "right_square_bracket",
                "3",
                "4",
                "5",
            ):
                await ui.press(key)
                check_text(ui.seen)
            await ui.hit("M")
            await ui.pilot.pause(0.05)
            check_text(ui.seen)
        finally:
            screen.engine.close()
    check_files(home)


@pytest.mark.parametrize("listing", ["names", "only-odd-names", "refused", "error"])
def test_a_list_of_models_names_no_key(
    listing: str, endpoint: Endpoint, home: Path, said: Callable[..., str]
) -> None:
    configure(home, endpoint.url, model="")
    endpoint.responses = [fails(404, told())]
    if listing == "only-odd-names":
        endpoint.models = [f"{KEY}-embedding", f"{HEADER}-whisper"]
    if listing in ("refused", "error"):
        endpoint.listing = fails(401 if listing == "refused" else 500, told())
    said("doctor")
    said("doctor", "--json")
    said("run", "--env", "household", "--task", "put:7", "--policy", "mine", "--session", home / "run.jsonl")


class _Proxy(BaseHTTPRequestHandler):
    """A proxy that repeats what it was sent."""

    def _repeat(self) -> None:
        text = f"{self.headers.get('proxy-authorization')} {PROXY} {PASSWORD}".encode()
        self.send_response(407, f"no {PASSWORD}")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_POST = do_GET = do_CONNECT = _repeat

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def proxy() -> Iterator[str]:
    """The address of a proxy."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Proxy) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.slow_variants
@pytest.mark.parametrize("url", ["http://server.invalid/v1", "https://server.invalid/v1"])
@pytest.mark.parametrize(
    "spelled",
    [
        "http://{user}@{at}",
        "{user}@{at}",
        "http://{user}@127.0.0.1:1",
        "http://user:{password}/x@{at}",
        "http://{user}@{at}:x",
        "odd://{user}@{at}",
        "socks5://{user}@{at}",
        "http://[{user}@{at}",
    ],
)
def test_the_password_of_a_proxy_is_in_no_file_and_on_no_screen(
    url: str, spelled: str, proxy: str, home: Path, said: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(home, url, local="false")
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, spelled.format(user=PROXY, password=PASSWORD, at=proxy))
    said("doctor")
    session = home / "run.jsonl"
    said("run", "--env", "household", "--task", "put:7", "--policy", "mine", "--session", session)


@pytest.mark.slow_variants
@pytest.mark.parametrize(
    "url",
    [
        f"http://user:{PASSWORD}@127.0.0.1:1/v1",
        f"http://127.0.0.1:1/v1?key={PASSWORD}",
        f"http://127.0.0.1:1/v1#{PASSWORD}",
        f"ftp://user:{PASSWORD}@127.0.0.1/v1",
        f"user:{PASSWORD}@127.0.0.1/v1",
        f"http://user:{PASSWORD}/x@127.0.0.1/v1",
        f"http://user:{PASSWORD}@127.0.0.1:99999/v1",
        f"//127.0.0.1/v1?key={PASSWORD}",
    ],
)
def test_a_password_in_an_address_is_refused_and_not_repeated(
    url: str, home: Path, said: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    new = ("run", "--env", "household", "--task", "put:7", "--session", home / "run.jsonl", "--policy")
    assert "base_url" in said(*new, "openai", "--base-url", url)
    configure(home, url)
    assert "base_url" in said(*new, "mine")
    (home / "config" / "recode" / "config.toml").unlink()
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    assert "base_url" in said(*new, "openai")
    said("doctor")
    assert not (home / "run.jsonl").exists()


@pytest.mark.slow_variants
@pytest.mark.parametrize(
    "line",
    [
        f'key = "{KEY}"',
        f'headers = {{ Authorization = "{KEY}" }}',
        f'headers = {{ x-api-key = "{KEY}" }}',
        f'extra_body = {{ api_key = "{EXTRA}" }}',
        f'extra_body = {{ provider = {{ options = [{{ "API-Key" = "{EXTRA}" }}] }} }}',
        f'extra_body = {{ password = "{EXTRA}" }}',
        f'extra_body = {{ metadata = {{ auth_token = "{EXTRA}" }} }}',
        f'extra_body = {{ note = "Bearer {KEY}" }}',
    ],
)
def test_a_key_in_a_profile_is_refused_and_not_repeated(
    line: str, home: Path, said: Callable[..., str], endpoint: Endpoint
) -> None:
    file = home / "config" / "recode" / "config.toml"
    file.parent.mkdir(parents=True)
    key = "" if line.startswith("key") else 'key = "CANARY_KEY"\n'
    file.write_text(f'[profiles.mine]\nbase_url = "{endpoint.url}"\nmodel = "m"\n{key}{line}\n')
    endpoint.responses, endpoint.models = [fails(400, told())], []
    said("doctor")
    session = home / "run.jsonl"
    text = said("run", "--env", "household", "--task", "put:7", "--policy", "mine", "--session", session)
    assert "environment" in text
    assert not endpoint.asked
    assert not session.exists()


def test_what_looks_like_a_key_and_is_none_stays_allowed() -> None:
    extra = {"prompt_cache_key": "a", "stop_token": "b", "max_tokens": 3, "thinking": {"type": "disabled"}}
    assert Profile("http://127.0.0.1:1/v1", extra_body=extra).extra_body == extra
