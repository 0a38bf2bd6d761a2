"""The three agents from the command line."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from recode_core.executor import Limits
from recode_core.session import Settings
from recode_tui.cli.options import NewRun

Recode = Callable[..., "subprocess.CompletedProcess[str]"]

NEW = ["--env", "household", "--task", "put:7"]


@pytest.mark.parametrize(
    ("agent", "loop"), [("react", "while True:"), ("codeact", "while not task_finished:")]
)
def test_an_agent_that_takes_turns_runs_is_checked_and_is_shown(
    recode: Recode, agent: str, loop: str, tmp_path: Path
) -> None:
    file = str(tmp_path / "run.jsonl")
    run = recode("run", *NEW, "--agent", agent, "--session", file)
    assert run.returncode == 0, run.stderr
    shown = recode("show", file).stdout
    assert f"household · put:7 · {agent} · expert" in shown
    assert f"✔ {loop}" in shown
    assert "prompt tokens" in shown
    assert "estimated, 4 characters a token" in shown
    assert recode("replay", "--check", file).returncode == 0


@pytest.mark.parametrize(("agent", "calls"), [("recode", 60), ("react", None), ("codeact", None)])
def test_a_new_run_has_the_limits_of_its_agent(agent: str, calls: int | None) -> None:
    """From Python as from the command line; limits that are given stay as they are."""
    settings = Settings("household", "put:7", agent=agent)
    assert settings.limits == NewRun("household", "put:7", agent=agent).settings("").limits
    assert (settings.limits.calls, settings.limits.episode_repairs) == (calls, 10)
    assert Settings("household", "put:7", agent=agent, limits=Limits()).limits.episode_repairs is None


def test_an_unknown_agent_is_answered_with_those_there_are(recode: Recode, tmp_path: Path) -> None:
    run = recode("run", *NEW, "--agent", "act", "--session", str(tmp_path / "run.jsonl"))
    assert run.returncode == 2
    assert "unknown agent 'act'; did you mean 'react'? (available: recode, react, codeact)" in run.stderr


def test_a_script_debugs_turns(recode: Recode, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text(
        "break placeholder next_action after 2 once\ncontinue\nassert episode.calls == 2\n"
        "edit 0#3.0 <<END\nrun('look')\nEND\ncontinue\nassert episode.solved\n"
    )
    done = recode("debug", "--batch", str(script), *NEW, "--agent", "react", "--sessions-dir", str(tmp_path))
    assert done.returncode == 0, done.stdout
