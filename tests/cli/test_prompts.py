"""`recode prompts`, and `--prompts` of the commands that start runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recode_core.session import read
from tests.cli.conftest import Recode


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with actions of its own."""
    place = tmp_path / "mine" / "household"
    place.mkdir(parents=True)
    (place / "actions.md").write_text("- my actions\n", "utf-8")
    return place.parent


def test_our_prompts_are_exported_and_shown_as_the_users(recode: Recode, tmp_path: Path) -> None:
    ours, task = tmp_path / "ours", ("--env", "household", "--task", "puttwo:3")
    exported = recode("prompts", "export", ours, "--env", "household")
    assert exported.returncode == 0
    assert str(ours / "household" / "examples" / "puttwo.md") in exported.stdout.split("\n")
    shown = recode("prompts", "show", *task, "--prompts", ours).stdout
    assert "household/examples/puttwo.md" in shown and "bundled" not in shown
    found = [recode("prompts", "show", *task, "--json", *more) for more in ((), ("--prompts", ours))]
    assert len({json.loads(each.stdout)["digest"] for each in found}) == 1


def test_what_comes_from_where_is_shown_and_the_text_too(recode: Recode, folder: Path) -> None:
    shown = recode("prompts", "show", "--env", "household", "--prompts", folder, "--text").stdout
    rows = {row.split()[0]: row.split()[1] for row in shown.split("\n\n")[0].split("\n")[1:]}
    assert (rows["rules"], rows["actions"]) == ("bundled", "household/actions.md")
    assert rows["examples/examine"] == "bundled"
    assert "# Actions\n- my actions\n" in shown


def test_a_run_and_a_batch_have_the_prompts_of_a_folder(recode: Recode, folder: Path, tmp_path: Path) -> None:
    new = ("--env", "household", "--prompts", folder)
    assert recode("run", *new, "--task", "put:7", "--session", tmp_path / "run.jsonl").returncode == 0
    assert recode("batch", *new, "--tasks", "heat:3,examine:3", "--out", tmp_path / "out").returncode == 0
    paths = [tmp_path / "run.jsonl", *sorted((tmp_path / "out").glob("*.jsonl"))]
    systems = [read(path).system for path in paths]
    assert len(systems) == 3 and len(set(systems)) == 3
    assert all("# Actions\n- my actions\n" in system for system in systems)
    assert "prompts mine (" in recode("show", paths[0]).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("prompts", "show", "--env", "kitchen"), "unknown environment 'kitchen'"),
        (("prompts", "show", "--env", "household", "--agent", "planner"), "unknown agent 'planner'"),
        (("prompts", "show", "--env", "household", "--prompts", "nowhere"), "nowhere cannot be read"),
        (("run", "--env", "household", "--task", "put:7", "--prompts", "nowhere"), "nowhere cannot be read"),
    ],
)
def test_what_cannot_be_had_is_said(recode: Recode, arguments: tuple[str, ...], said: str) -> None:
    done = recode(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_session_has_its_own_prompts(recode: Recode, session: Path, folder: Path) -> None:
    done = recode("run", "--resume", session, "--prompts", folder)
    assert done.returncode == 2
    assert "leave out --prompts" in done.stderr
