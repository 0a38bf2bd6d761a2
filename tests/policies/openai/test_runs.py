"""Whole runs of the command with a model: what is recorded of it, and what a resumed run is asked with."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recode_core import episode
from recode_core.debugger import debug_session
from recode_core.errors import PolicyUnavailable, RecodeError
from recode_core.events import CallFailed, ExpansionReplied
from recode_core.executor import Limits
from recode_core.report.runs import gather
from recode_core.session import Settings, read
from recode_core.testing import reply
from recode_core.timeline import Timeline
from recode_tui.cli import main
from tests.policies.openai.conftest import KEY, VARIABLE
from tests.policies.openai.endpoint import Endpoint, Response, breaks_off, fails, says

CONFIG = """
[profiles.mine]
base_url = "{url}"
model = "gpt-4o-mini"
key = "RECODE_TEST_KEY"
retries = 0
"""
Command = Callable[..., "subprocess.CompletedProcess[str]"]
LOOK = reply("run('look')", "look around")


@pytest.fixture(autouse=True)
def home(endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    configure(CONFIG.format(url=endpoint.url), tmp_path)
    yield tmp_path


def configure(text: str, home: Path) -> None:
    file = home / "config" / "recode" / "config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def settings(**fields: object) -> Settings:
    return Settings("household", "put:7", "mine", **fields)  # type: ignore[arg-type]


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr("sys.argv", ["recode", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        return subprocess.CompletedProcess([], int(left.value.code or 0), *capfd.readouterr())

    yield run


def test_a_run_with_a_model_is_recorded_with_all_that_it_was_asked_with(
    endpoint: Endpoint, home: Path
) -> None:
    endpoint.responses = [says(LOOK)]
    with episode.start(settings(sampling={"temperature": 0.3}), home / "a.jsonl") as run:
        run.run()
        assert (run.result.calls, run.result.tokens, run.result.cost_usd) == (1, 107, None)
    recorded = read(home / "a.jsonl").header.settings
    assert (recorded.policy, recorded.model) == ("mine", "gpt-4o-mini")
    assert recorded.sampling == {"base_url": endpoint.url, "temperature": 0.3, "max_tokens": 4096}


def test_a_resumed_run_is_asked_as_it_was_though_the_profile_has_changed(
    endpoint: Endpoint, home: Path
) -> None:
    endpoint.responses = [fails(500), says(LOOK)]
    path = home / "a.jsonl"
    with episode.start(settings(), path) as run, pytest.raises(PolicyUnavailable, match="500"):
        run.run()
    changed = CONFIG.replace("gpt-4o-mini", "gpt-4o") + "temperature = 1\n"
    configure(changed.format(url=endpoint.url), home)
    with episode.resume(path) as run:
        run.run()
    assert [(body["model"], body["temperature"]) for body in endpoint.asked] == [("gpt-4o-mini", 0.0)] * 2


@pytest.mark.parametrize(
    ("response", "said"),
    [
        (fails(401, "Incorrect API key"), "check the key in RECODE_TEST_KEY"),
        (fails(404, "no such model"), "choose another model than 'gpt-4o-mini' with --model"),
        (fails(429, "slow down", retry_after="3600"), "it asks to wait for 3600 s"),
        (fails(500), "try again later"),
        (breaks_off("half"), "ended the reply early, after 4 characters: try again"),
        (says(), "returned an empty reply"),
        (fails(400, "too long", "context_length_exceeded"), "the prompt does not fit gpt-4o-mini"),
    ],
)
def test_a_run_that_a_fault_ends_says_what_to_do_and_how_to_go_on_and_does(
    response: Response, said: str, command: Command, endpoint: Endpoint, home: Path
) -> None:
    endpoint.responses = [response, says(LOOK)]
    path = home / "a.jsonl"
    task = ("--env", "household", "--task", "put:7", "--policy", "mine", "--session", path)
    ran = command("run", *task)
    assert ran.returncode == 3
    assert said in ran.stderr and f"--resume {path}" in ran.stderr
    assert command("run", "--resume", path).returncode == 1  # it only looks around
    assert read(path).timeline().end.outcome == "finished"
    assert len(endpoint.asked) == 2


@pytest.mark.parametrize("finish", ["content_filter", "length"])
def test_a_refusal_and_a_reply_that_is_cut_are_replies_that_are_asked_for_anew_and_counted(
    finish: str, command: Command, endpoint: Endpoint, home: Path
) -> None:
    endpoint.responses = [says("I can't", finish=finish), says(LOOK)]
    path = home / "a.jsonl"
    task = ("--env", "household", "--task", "put:7", "--policy", "mine", "--session", path)
    assert command("run", *task).returncode == 1
    replies = [record.event for record in read(path).records if isinstance(record.event, ExpansionReplied)]
    assert [reply.finish for reply in replies] == [{"content_filter": "refusal"}.get(finish, finish), "stop"]
    assert read(path).timeline().end.nodes["0"].tokens == 2 * 107


@pytest.mark.parametrize(
    ("finish", "said", "counted"),
    [
        ("length", "max_tokens in the policy", "reply cut at the token limit"),
        (
            "content_filter",
            "A filter of the server ended the reply",
            "reply refused by the model or a filter",
        ),
        ("error", "The server ended the reply for the reason", "reply that ended too early"),
        ("stop", "ends inside its code", "refused reply"),
    ],
)
def test_why_a_reply_was_refused_is_shown_reported_and_exported(
    finish: str, said: str, counted: str, command: Command, endpoint: Endpoint, home: Path
) -> None:
    half = LOOK.removesuffix("</execute>") if finish == "stop" else LOOK
    endpoint.responses = [says(half, finish=finish), says(LOOK)]
    path, page = home / "a.jsonl", home / "page.html"
    task = ("--env", "household", "--task", "put:7", "--policy", "mine", "--session", path)
    ran = command("run", *task)
    assert "0 refused: " in ran.stdout and said in ran.stdout
    assert len(read(path).timeline().end.root.children) == 1  # type: ignore[union-attr]
    assert said in endpoint.asked[1]["messages"][-1]["content"]
    assert said in command("show", path).stdout
    (run,) = gather([path]).runs
    assert run.errors == {counted: 1}
    assert counted in command("report", path).stdout
    assert command("export", path, "--to", "html", "-o", page).returncode == 0
    assert said in page.read_text()
    assert command("replay", "--check", path).returncode == 0


def test_what_a_call_took_that_failed_for_good_is_in_the_log_and_in_all_that_counts(
    endpoint: Endpoint, home: Path, command: Command
) -> None:
    endpoint.responses = [breaks_off("x" * 40), says(LOOK)]
    path = home / "a.jsonl"
    task = ("--env", "household", "--task", "put:7", "--policy", "mine", "--session", path)
    assert command("run", *task).returncode == 3
    (failed,) = [record.event for record in read(path).records if isinstance(record.event, CallFailed)]
    lost = failed.usage.prompt_tokens + failed.usage.completion_tokens
    assert failed.usage.completion_tokens == 10 and failed.usage.prompt_tokens > 100
    assert (failed.usage.cost_usd, failed.by) == (None, "policy")
    assert f"0 calls · {lost:,} tokens · cost unknown" in command("show", path).stdout
    assert command("run", "--resume", path, "--json").returncode == 1
    session = read(path)
    assert session.timeline().end.nodes["0"].tokens == lost + 107
    assert (session.timeline().end.nodes["0"].calls, session.timeline().end.nodes["0"].cost_usd) == (1, None)
    (run,) = gather([path]).runs
    assert (run.result.calls, run.result.tokens) == (1, lost + 107)


def test_what_a_failed_call_took_counts_against_limits_after_it_and_when_the_run_is_taken_up(
    endpoint: Endpoint, home: Path
) -> None:
    endpoint.responses = [breaks_off("x" * 40)]
    path = home / "a.jsonl"
    with debug_session.start(settings(limits=Limits(tokens=50)), path) as opened:
        debugger = opened.debugger
        debugger.step()
        with pytest.raises(PolicyUnavailable, match="ended the reply early"):
            debugger.step()
        lost = debugger.moment.nodes["0"].tokens
        assert lost > 50 and debugger.evaluate("episode.tokens") == str(lost)
        assert Timeline(debugger.timeline.records).usage.at(debugger.cursor).tokens == lost
    with episode.resume(path) as run:
        assert run.executor.run.spent.tokens == lost
    with debug_session.open_live(path) as opened:
        assert opened.debugger.step().kind == "limit"
    assert len(endpoint.asked) == 1


def test_a_run_whose_profile_is_gone_is_not_gone_on_with_but_can_be_looked_at(
    endpoint: Endpoint, home: Path
) -> None:
    endpoint.responses = [says(LOOK)]
    path = home / "a.jsonl"
    with episode.start(settings(), path) as run:
        run.run()
    configure("", home)
    for go_on in (episode.resume, debug_session.open_live):
        with pytest.raises(RecodeError, match=r"unknown policy 'mine'.*add profiles in .*config\.toml"):
            go_on(path)
    assert episode.check(path).diverged == 0
    with debug_session.open_readonly(path) as opened:
        assert opened.result.calls == 1


def test_a_run_can_be_gone_on_with_by_hand_where_the_key_is_missing(
    endpoint: Endpoint, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(CONFIG.format(url="https://api.example.com/v1"), home)
    path = home / "a.jsonl"
    with episode.start(settings(), path, keep_empty=True):
        pass
    monkeypatch.delenv(VARIABLE)
    with (
        debug_session.open_live(path) as opened,
        pytest.raises(PolicyUnavailable, match=f"variable {VARIABLE}"),
    ):
        opened.debugger.step()
        opened.debugger.step()
    with pytest.raises(PolicyUnavailable, match=f"variable {VARIABLE}"):
        episode.start(settings(), home / "b.jsonl")
    assert not (home / "b.jsonl").exists()


def test_a_strangers_session_gets_no_key(
    endpoint: Endpoint, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home / "a.jsonl"
    with episode.start(settings(), path, keep_empty=True):
        pass
    path.write_text(path.read_text().replace(endpoint.url, "https://collector.example/v1"))
    with (
        episode.resume(path) as run,
        pytest.raises(PolicyUnavailable, match=r"is sent to http://127\.0\.0\.1.* only"),
    ):
        run.run()


def test_a_rerun_has_the_same_model_and_sampling(endpoint: Endpoint, home: Path) -> None:
    endpoint.responses = [says(LOOK)]
    with debug_session.start(
        settings(model="gpt-4o", sampling={"temperature": 0.3}), home / "a.jsonl"
    ) as opened:
        before = opened.header.settings
        opened.rerun()
        assert opened.header.settings == before


@pytest.mark.parametrize("response", [says(LOOK), fails(401, f"Incorrect API key provided: {KEY}")])
def test_no_byte_that_is_written_or_printed_has_the_key(
    response: Response, command: Command, endpoint: Endpoint, home: Path
) -> None:
    endpoint.responses = [response]
    script = home / "script"
    script.write_text("continue\nwhere\nprompt 0\nvars\nbranches\n")
    task = ("--env", "household", "--task", "put:7", "--policy", "mine")
    printed = ""
    for arguments in (
        ("run", *task),
        ("run", *task, "--json"),
        ("debug", "--batch", script, *task),
        ("doctor",),
    ):
        ran = command(*arguments)
        printed += ran.stdout + ran.stderr
    assert endpoint.headers[0]["authorization"] == f"Bearer {KEY}"
    written = b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())
    assert b"gpt-4o-mini" in written and "put:7" in printed + str(written)
    assert KEY not in printed and KEY.encode() not in written


def test_options_of_a_model_go_over_the_profile(command: Command, endpoint: Endpoint, home: Path) -> None:
    endpoint.responses = [says(LOOK)]
    ran = command(
        *("run", "--env", "household", "--task", "put:7", "--policy", "openai", "--model", "small"),
        *("--temperature", "0.7", "--base-url", endpoint.url, "--json"),
    )
    assert ran.returncode == 1
    assert (endpoint.asked[0]["model"], endpoint.asked[0]["temperature"]) == ("small", 0.7)
    assert '"cost_usd":null' in ran.stdout


@pytest.mark.parametrize("option", [("--model", "x"), ("--temperature", "1"), ("--base-url", "http://a/v1")])
def test_options_of_a_model_are_refused_where_none_is_asked(
    option: tuple[str, str], command: Command, home: Path
) -> None:
    ran = command("run", "--env", "household", "--task", "put:7", *option)
    assert ran.returncode == 2 and "expert is not a model" in ran.stderr
