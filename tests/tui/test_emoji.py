"""Emoji sequences leave no stray cells, in tmux as well."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

from recode_tui.app import RecodeApp
from recode_tui.emoji import simplify
from recode_tui.emoji_filter import EmojiFilter
from tests.support.waiting import PATIENCE
from tests.tui.themed import shown

HEART, ASTRONAUT, RAINBOW, KEYCAP = "❤️", "👩‍🚀", "🏳️‍🌈", "1️⃣"
THUMB, FLAG, ENGLAND = "👍🏽", "🇩🇪", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
ALL = " ".join((HEART, ASTRONAUT, RAINBOW, KEYCAP, THUMB, FLAG, ENGLAND))
SAMPLE = Path(__file__).parents[2] / "sessions" / "household-mended.jsonl"

PARTS = st.sampled_from(
    ["a", "❤", "👩", "🚀", "🏳", "日", "\u0301", *"\u200d\ufe0f\ufe0e\u20e3🏽🇩🇪\U000e0067"]
)


@given(st.lists(PARTS).map("".join) | st.text())
def test_a_simple_text_takes_the_same_cells_whoever_counts(text: str) -> None:
    simple = simplify(text)
    assert cell_len(simple) == cell_len(text)
    assert sum(map(cell_len, simple)) == cell_len(simple)  # as a terminal counts that knows no sequences
    assert simplify(simple) == simple


@pytest.mark.parametrize(
    ("sequence", "shown"),
    [
        (HEART, "❤ "),
        (ASTRONAUT, "👩"),
        (RAINBOW, "🏳 "),
        (KEYCAP, "1 "),
        (THUMB, "👍"),
        (FLAG, "DE"),
        (ENGLAND, "🏴"),
    ],
)
def test_a_sequence_is_shown_as_its_first_character(sequence: str, shown: str) -> None:
    assert simplify(f"a {sequence} b") == f"a {shown} b"


def test_other_text_is_left_alone() -> None:
    for text in ("plain", "üß 🧼 日本", "e\u0301", "├ ✔ ▶"):
        assert simplify(text) is text


def test_a_sequence_that_two_styles_divide_leaves_nothing() -> None:
    segments = EmojiFilter().apply([Segment("❤"), Segment("\ufe0f x"), Segment("plain")], Color(0, 0, 0))
    assert [segment.text for segment in segments] == ["❤", " x", "plain"]


async def test_the_app_draws_no_sequence(tmp_path: Path) -> None:
    async with (
        asyncio.timeout(PATIENCE),
        RecodeApp(tmp_path).run_test(size=(80, 24), notifications=True) as pilot,
    ):
        while "No sessions yet" not in shown(pilot.app.screen):  # until then it has no place for a message
            await pilot.pause(0.01)
        pilot.app.notify(f"seen: {ALL}", markup=False, timeout=600)
        while "seen: " not in (seen := shown(pilot.app.screen)):
            await pilot.pause(0.01)
        assert "seen: ❤  👩" in seen
        assert simplify(seen) == seen


Tmux = Callable[..., str]


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    """Runs commands of a tmux server of the test."""
    program = shutil.which("tmux")
    if program is None:
        pytest.skip("tmux is not installed")
    socket = str(tmp_path / "tmux")

    def run(*arguments: str) -> str:
        command = [program, "-u", "-S", socket, "-f", os.devnull, *arguments]
        return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout

    yield run
    subprocess.run([program, "-S", socket, "kill-server"], capture_output=True, check=False)


@pytest.mark.slow
def test_no_cell_is_left_behind_in_tmux(tmux: Tmux, tmp_path: Path) -> None:
    """What is seen after moving through a session is what is seen once all of it is drawn anew."""
    file = tmp_path / "emoji.jsonl"
    file.write_text(SAMPLE.read_text("utf-8").replace("You arrive at", f"{ALL} at"), "utf-8")
    env = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("DATA", "STATE", "CONFIG")}
    variables = [f"{name}={value}" for name, value in env.items()]
    command = [sys.executable, "-c", "from recode_tui.cli import main; main()", "replay", str(file)]
    tmux(
        "new-session",
        "-d",
        "-x",
        "100",
        "-y",
        "40",
        "env",
        "-u",
        "COLUMNS",
        "-u",
        "LINES",
        *variables,
        *command,
    )

    def seen() -> str:
        return tmux("capture-pane", "-p")

    def until(holds: Callable[[str], bool]) -> str:
        end = time.monotonic() + PATIENCE
        while not holds(text := seen()):
            assert time.monotonic() < end, text
            time.sleep(0.05)
        return text

    def rested() -> str:
        last = ""
        while (now := seen()) != last:
            last = now
            time.sleep(0.3)
        return now

    until(lambda text: "1 Plan" in text and "❤" in text)
    for key in ("3", "Up", "Up", "Up", "Down", "S", "S", "S", "s", "1", "Down", "Down", "3", "End"):
        tmux("send-keys", key)
        rested()
    moved = rested()
    assert "❤" in moved
    tmux("resize-window", "-x", "99", "-y", "40")
    until(lambda text: all(cell_len(line) <= 99 for line in text.splitlines()) and "❤" in text)
    rested()
    tmux("resize-window", "-x", "100", "-y", "40")
    until(lambda text: any(cell_len(line) == 100 for line in text.splitlines()) and "❤" in text)
    assert rested() == moved
