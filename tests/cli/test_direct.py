"""Commands that open the screen without a parser are those that the parser knows."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial

import pytest

from recode_tui.cli import direct

Recode = Callable[..., "subprocess.CompletedProcess[str]"]
MAIN = "import sys; from recode_tui.cli import main\ntry: main()\nfinally: print(*sys.modules)"


@pytest.mark.parametrize(
    ("arguments", "function"),
    [([], "sessions"), (["demo"], "demo"), (["debug", "last"], "debug"), (["replay", "last"], "replay")],
)
def test_a_screen_without_options_needs_no_parser(arguments: Sequence[str], function: str) -> None:
    command = direct.command_of(arguments)
    inner = command.func if isinstance(command, partial) else command
    assert inner is getattr(direct, function)


@pytest.mark.parametrize(
    "arguments",
    [
        *(
            ["--help"],
            ["demo", "--help"],
            ["replay"],
            ["replay", ""],
            ["replay", "--check"],
            ["replay", "a", "b"],
        ),
        *(["debug"], ["debug", "-h"], ["show", "last"], ["--read-only"], ["dem"], [""]),
    ],
)
def test_everything_else_is_parsed(arguments: Sequence[str]) -> None:
    assert direct.command_of(arguments) is None


@pytest.mark.parametrize("command", ["replay", "debug"])
def test_an_error_is_the_same_without_a_parser(recode: Recode, command: str) -> None:
    without, parsed = recode(command, "nope"), recode(command, "--memory-mb", "256", "nope")
    assert "nope cannot be read: No such file or session" in without.stderr
    assert (without.returncode, without.stderr) == (parsed.returncode, parsed.stderr)


def test_no_parser_is_imported() -> None:
    """It would take longer than drawing the first frame."""
    done = subprocess.run(
        [sys.executable, "-c", MAIN, "replay", "nope"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert not {"typer", "pydantic", "textual"} & set(done.stdout.split())


def test_a_shell_that_completes_asks_the_parser() -> None:
    env = os.environ | {"_RECODE_COMPLETE": "complete_bash", "COMP_WORDS": "recode de", "COMP_CWORD": "1"}
    code = "from recode_tui.cli import main; import sys; sys.argv[0] = 'recode'; main()"
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["demo", "debug"]
