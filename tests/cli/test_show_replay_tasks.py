"""`recode tasks`, `recode show`, `recode replay`, and what every command keeps to."""

from __future__ import annotations

import io
import itertools
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from rich.console import Console

import recode_core
from recode_core import episode
from recode_core.debugger.breakpoints import KINDS
from recode_core.debugger.commands import COMMANDS as DEBUGGER_COMMANDS
from recode_core.log import Log
from recode_core.session import read
from recode_core.session.folder import save
from recode_tui.cli import progress
from recode_tui.cli.app import app
from recode_tui.cli.commands import COMMANDS as CLI_COMMANDS

Recode = Callable[..., "subprocess.CompletedProcess[str]"]


def test_tasks_are_listed_with_their_instructions(recode: Recode) -> None:
    done = recode("tasks", "--env", "household", "--split", "valid")
    assert done.returncode == 0
    assert done.stdout.splitlines()[0].startswith("put:100 ")
    assert len(done.stdout.splitlines()) == 120


def test_tasks_as_json_are_one_array(recode: Recode) -> None:
    rows = json.loads(recode("tasks", "--env", "household", "--json").stdout)
    assert len(rows) == 900
    assert all({"id", "instruction"} <= set(row) for row in rows)


@pytest.mark.parametrize("option", ["", "--json"])
def test_a_reader_that_leaves_early_is_no_error(option: str) -> None:
    main = "from recode_tui.cli import main; main()"
    tasks = f"{sys.executable} -c '{main}' tasks --env household {option} | head -c 10"
    done = subprocess.run(tasks, shell=True, capture_output=True, text=True)
    assert len(done.stdout) == 10
    assert done.stderr == ""


def test_a_session_is_shown_as_a_tree_with_its_result(recode: Recode, session: Path) -> None:
    lines = recode("show", session).stdout.splitlines()
    assert lines[0].startswith("household · put:7 · recode · expert")
    assert lines[1] == "put a cd in shelf."
    assert lines[2] == "✔ solve(instruction, observation)  5 acted"
    assert "├ ✔ obj_ID = find_and_take(obj, locations, seen)  3 acted" in lines
    assert "  └ · assert 'You move' in result, result" in lines
    assert lines[-1].startswith("solved · score 1 · 5 steps · 23 nodes")


def test_showing_needs_no_environment(recode: Recode, session: Path) -> None:
    session.write_bytes(session.read_bytes().replace(b'"household"', b'"gone"', 1))
    done = recode("show", session)
    assert done.returncode == 0
    assert "solved" in done.stdout


def test_a_torn_session_is_shown_with_a_notice(recode: Recode, session: Path) -> None:
    session.write_bytes(session.read_bytes()[:-3])
    done = recode("show", session)
    assert done.returncode == 0
    assert "incomplete line" in done.stderr
    assert "unfinished" in done.stdout


def test_neither_markup_nor_control_codes_from_outside_reach_the_terminal(
    recode: Recode, session: Path
) -> None:
    evil = rb"put a \u001b[31m[bold]cd[/bold] \u202ein \u009bshelf"
    session.write_bytes(session.read_bytes().replace(b"put a cd in shelf", evil))
    done = recode("show", session)
    assert "␛[31m[bold]cd[/bold] �in �shelf" in done.stdout
    assert not {"\x1b", "\x9b", "\u202e"} & set(done.stdout + done.stderr)


def test_a_check_that_agrees_exits_with_0(recode: Recode, session: Path) -> None:
    done = recode("replay", session, "--check")
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == "5 of 5 steps replayed, 0 diverged"


def test_a_check_of_a_torn_session_says_so(recode: Recode, session: Path) -> None:
    session.write_bytes(session.read_bytes()[:-3])
    done = recode("replay", session, "--check")
    assert (done.returncode, "incomplete line" in done.stderr) == (0, True)


def test_a_check_of_a_session_without_a_record_says_so(recode: Recode, session: Path) -> None:
    session.write_bytes(session.read_bytes().partition(b"\n")[0] + b"\n")
    done = recode("replay", session, "--check")
    assert (done.returncode, "holds no record yet" in done.stderr) == (0, True)


def test_a_check_that_diverges_exits_with_1_and_shows_both_sides(recode: Recode, session: Path) -> None:
    arrived = b'"action_finished","observation":{"text":"You arrive at desk 1.'
    data = session.read_bytes()
    assert data.count(arrived) == 1
    session.write_bytes(data.replace(arrived, arrived.replace(b"desk 1", b"desk 9")))
    done = recode("replay", session, "--check")
    assert done.returncode == 1
    assert "0 of 5 steps replayed, 1 diverged" in done.stdout
    assert "desk 9" in done.stdout
    assert "desk 1" in done.stdout


def chained(session: Path, count: int) -> Path:
    """A session with that many branches, each of which leaves the one before at its end."""
    log = Log(read(session).records)
    for _ in range(count - 1):
        log.fork(len(log) - 1, "edit")
    return save(session.parent, "chained", read(session).header, log.records)


def test_ctrl_c_in_a_check_prints_what_was_checked(
    recode: Recode, session: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = episode.checks

    def interrupted(*args: Any, **kwargs: Any) -> Iterator[tuple[str, Any]]:
        yield from itertools.islice(checks(*args, **kwargs), 3)
        raise KeyboardInterrupt

    monkeypatch.setattr(episode, "checks", interrupted)
    done = recode("replay", chained(session, 7), "--check")
    assert done.returncode == 130
    assert "15 of 15 steps replayed, 0 diverged on 3 branches" in done.stdout
    assert "recode: only 3 of 7 branches were checked" in done.stderr


def test_on_a_terminal_a_check_counts_its_branches(
    recode: Recode, session: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_INTERVAL", 0.0)
    shown = io.StringIO()
    terminal = Console(file=shown, force_terminal=True, width=80)
    monkeypatch.setattr(progress, "console_of", lambda is_error: terminal)
    assert recode("replay", chained(session, 3), "--check").returncode == 0
    assert [f"{n} of 3 branches checked" in shown.getvalue() for n in (1, 2, 3)] == [True] * 3


def test_a_recording_cannot_be_looked_at_without_check_yet(recode: Recode, session: Path) -> None:
    done = recode("replay", session)
    assert done.returncode == 2
    assert "recode show" in done.stderr


@pytest.mark.parametrize("content", [b"", b"hello\n", b'{"format":"recode.session","version":9}\n'])
def test_what_is_no_session_is_one_message(recode: Recode, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.jsonl"
    path.write_bytes(content)
    for command in (("show", path), ("replay", path, "--check"), ("run", "--resume", path)):
        done = recode(*command)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(f"recode: {path}")
        assert len(done.stderr.splitlines()) == 1
    assert path.read_bytes() == content


def test_the_version_is_told(recode: Recode) -> None:
    assert recode("--version").stdout == f"recode {recode_core.__version__}\n"


def test_the_help_names_every_option_and_command(recode: Recode) -> None:
    text = recode("--help").stdout
    group = typer.main.get_command(app)
    with group.context_class(group) as context:
        options = [name for parameter in group.get_params(context) for name in parameter.opts]
    assert {"--help", "--version", "--read-only"} < set(options)
    assert all(f" {name} " in text for name in (*options, *CLI_COMMANDS))
    assert max(map(len, text.splitlines())) <= 80
    assert text == recode("--read-only", "--help").stdout


def test_the_help_imports_no_library() -> None:
    """It is there at once: everything else takes several times as long to import."""
    code = "import sys; from recode_tui.cli import main; sys.argv[1:] = ['-h']\ntry: main()\n"
    code += "finally: print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = done.stdout.splitlines()[-1].split()
    assert "recode_tui.cli" in imported
    assert not {"typer", "rich", "msgspec", "textual", "asyncio"} & set(imported)


@pytest.mark.parametrize("command", CLI_COMMANDS)
def test_every_command_explains_itself(recode: Recode, command: str) -> None:
    done = recode(command, "--help")
    assert done.returncode == 0
    assert "Usage: recode" in done.stdout


def test_the_help_of_debug_explains_the_language_of_its_scripts(recode: Recode) -> None:
    said = " ".join(recode("debug", "--help").stdout.split())
    for command in DEBUGGER_COMMANDS.values():
        assert " ".join(f"{command.usage} {command.help}".split()) in said
    for word in (
        "0.7@2.0",
        "/regular expression/",
        "Ignore the first N hits",
        "probe-1",
        "scene:PATH",
        *KINDS,
    ):
        assert word in said


COMMANDS = """
import sys
from recode_tui.cli import main
try:
    main()
except SystemExit as left:
    assert not left.code, left.code
print(*{name.partition(".")[0] for name in sys.modules})
"""


@pytest.mark.parametrize(
    "command",
    [
        "run --env household --task put:7 --session OTHER",
        "tasks --env household",
        "show SESSION",
        "replay SESSION --check",
        "debug --batch SCRIPT SESSION",
    ],
)
def test_no_command_loads_what_it_does_not_use(session: Path, command: str) -> None:
    script = session.with_name("script.recode")
    script.write_text("goto 0.7\nskip\n")
    others = {"SCRIPT": str(script), "OTHER": str(session.with_name("other.jsonl"))}
    files = {"SESSION": str(session), **others}
    arguments = [files.get(word, word) for word in command.split()]
    done = subprocess.run([sys.executable, "-c", COMMANDS, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "recode_tui" in loaded
    assert not loaded & {"textual", "openai", "networkx"}


def test_a_session_is_checked_without_its_environment_where_that_is_not_there(
    recode: Recode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALFWORLD_DATA", "/nowhere")
    sample = Path(__file__).parents[2] / "sessions/kitchen-alfworld.jsonl"
    done = recode("replay", "--check", sample)
    assert done.returncode == 3
    assert "no ALFWorld games in /nowhere" in done.stderr and "--check --recorded checks" in done.stderr
    done = recode("replay", "--check", "--recorded", sample)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "6 of 6 steps replayed, 0 diverged")
    assert "The environment was not asked" in done.stdout
