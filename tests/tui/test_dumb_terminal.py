"""A terminal that understands no control sequences: it is told so, and gets plain lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.terminal import Terminal
from tests.tui.test_terminal import COMMAND

SAMPLE = Path(__file__).parents[2] / "sessions" / "household-puttwo.jsonl"
TASK = ("--env", "household", "--task", "put:7")


def output(tmp_path: Path, term: str, *arguments: str) -> tuple[int, str]:
    """Run `recode` on a terminal of that type; returns the exit code and all that was written."""
    env = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("DATA", "STATE", "CONFIG")}
    with Terminal([*COMMAND, *arguments], env={**env, "TERM": term}) as terminal:
        return terminal.wait_for_exit(), terminal.written.decode().replace("\r\n", "\n")


@pytest.mark.slow_variants
@pytest.mark.parametrize(
    ("term", "arguments"),
    [
        ("dumb", ("demo",)),
        ("dumb", ()),
        ("", ()),
        ("dumb", ("debug", *TASK)),
        ("dumb", ("replay", str(SAMPLE))),
    ],
)
def test_the_screen_is_refused_in_one_line(tmp_path: Path, term: str, arguments: tuple[str, ...]) -> None:
    code, text = output(tmp_path, term, *arguments)
    assert code == 2
    assert text.count("\n") == 1
    assert "cannot be drawn on" in text
    assert "TERM=dumb" in text if term else "TERM is not set" in text
    assert all(command in text for command in ("recode run", "recode show", "--batch"))
    assert "\x1b" not in text
    assert not list(tmp_path.rglob("*.jsonl"))


def test_a_run_prints_plain_lines(tmp_path: Path) -> None:
    code, text = output(tmp_path, "dumb", "run", *TASK)
    assert code == 0
    assert "\x1b" not in text and "\r" not in text
    assert " > go to" in text
    assert "solved · score 1" in text
