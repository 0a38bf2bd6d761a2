"""What a server refused is remembered from one process to the next."""

from __future__ import annotations

import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from recode_core.policies.openai.chat_request import remember_fields, remembered_fields, unsupported_fields
from recode_core.testing import reply
from tests.policies.openai.conftest import KEY, Make, request, silent
from tests.policies.openai.endpoint import Endpoint, fails, says, write_profile

URL = "https://llm.example.org/v1"
DAY = 86_400


def a_process(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120, capture_output=True)


def test_another_process_leaves_out_what_was_refused(
    endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    write_profile(tmp_path, endpoint.url)
    endpoint.responses = [
        fails(400, "unknown field stream_options"),
        fails(400, "max_tokens is not supported"),
        fails(400, "Only the default temperature is supported"),
        says(reply("run('look')")),
    ]
    run = "import sys; from recode_tui.cli import main; sys.argv[1:] = {}; main()"
    arguments = ["run", "--env", "household", "--task", "put:7", "--policy", "mine", "--json"]
    for asked in (4, 5):
        ran = subprocess.run(
            [sys.executable, "-c", run.format(arguments)], timeout=120, capture_output=True, text=True
        )
        assert (ran.returncode, len(endpoint.asked)) == (1, asked), ran.stderr
        assert endpoint.asked[-1].keys() == {"model", "messages", "stream", "max_completion_tokens"}
    text = cache.read_text()
    assert stat.S_IMODE(cache.stat().st_mode) == 0o600
    assert not [word for word in (KEY, "127.0.0.1", "gpt-4o-mini", "RECODE_TEST_KEY") if word in text]


def test_only_what_the_server_then_takes_is_remembered(chat: Make, endpoint: Endpoint, cache: Path) -> None:
    endpoint.responses = [fails(400, "unknown field stream_options"), fails(401)]
    with pytest.raises(Exception, match="401"):
        chat(model="never-taken").expand(request(), silent)
    assert not cache.exists()
    endpoint.responses = [says("a")]
    chat(model="never-taken").expand(request(), silent)
    assert not remembered_fields(endpoint.url, "never-taken")


def test_what_was_refused_belongs_to_a_base_url_and_a_model() -> None:
    remember_fields(URL, "one", ["temperature"])
    assert remembered_fields(f"{URL}/", "one") == {"temperature"}
    assert remembered_fields(URL, "two") == remembered_fields("https://other.example.org/v1", "one") == set()


def test_what_was_refused_is_tried_again_after_four_weeks(monkeypatch: pytest.MonkeyPatch) -> None:
    remember_fields(URL, "one", ["temperature"])
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 27 * DAY)
    assert remembered_fields(URL, "one") == {"temperature"}
    monkeypatch.setattr(time, "time", lambda: now + 29 * DAY)
    assert remembered_fields(URL, "one") == set()
    remember_fields(URL, "one", ["temperature"])
    assert remembered_fields(URL, "one") == {"temperature"}
    monkeypatch.setattr(time, "time", lambda: now - DAY)  # a clock that was wrong
    assert remembered_fields(URL, "one") == set()


@pytest.mark.parametrize(
    "damage",
    [b"\x00\xff" * 50, b"[" * 100_000, b'{"profile": 1}\n', b'{"profile": "x", "field": "y", "ti', b"\n\n{}"],
    ids=len,
)
def test_a_damaged_file_is_passed_over_and_added_to(damage: bytes, cache: Path) -> None:
    remember_fields(URL, "one", ["temperature"])
    with cache.open("ab") as file:
        file.write(damage)
    remember_fields(URL, "two", ["stream"])
    assert remembered_fields(URL, "one") == {"temperature"}
    assert remembered_fields(URL, "two") == {"stream"}


def test_a_file_that_has_grown_too_long_is_begun_anew(cache: Path) -> None:
    cache.parent.mkdir(parents=True)
    cache.write_bytes(b"x" * 300_000)
    remember_fields(URL, "one", ["temperature"])
    assert remembered_fields(URL, "one") == {"temperature"}
    assert cache.stat().st_size < 1000


def test_where_nothing_can_be_written_nothing_is_remembered(cache: Path) -> None:
    cache.parent.parent.mkdir()
    cache.parent.write_text("no folder")
    remember_fields(URL, "one", ["temperature"])
    assert remembered_fields(URL, "one") == set()


def test_a_field_of_another_version_is_not_left_out() -> None:
    remember_fields(URL, "of-another-version", ["top_k", "temperature"])
    assert unsupported_fields(URL, "of-another-version") == {"temperature"}


def test_several_processes_lose_nothing_of_each_other() -> None:
    code = (
        "from recode_core.policies.openai.chat_request import remember_fields\n"
        f"for n in range(50): remember_fields({URL!r}, f'{{}}-{{n}}', ['stream', 'temperature'])"
    )
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(a_process, (code.replace("{}", name) for name in ("a", "b"))))
    for name in ("a", "b"):
        for number in range(50):
            assert remembered_fields(URL, f"{name}-{number}") == {"stream", "temperature"}
