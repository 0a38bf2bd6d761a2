"""The commands that open the screen, where there is none."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

SAMPLE = Path(__file__).parents[2] / "sessions" / "household-puttwo.jsonl"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("demo",),
        ("debug", "--env", "household", "--task", "put:7"),
        ("debug", str(SAMPLE)),
        ("replay", str(SAMPLE)),
    ],
    ids=" ".join,
)
def test_without_a_terminal_the_screen_says_what_works_there(
    recode: Callable[..., CompletedProcess[str]],
    arguments: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    done = recode(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no terminal to draw on" in done.stderr
    assert "recode run" in done.stderr
    assert not list(tmp_path.rglob("*.jsonl"))
