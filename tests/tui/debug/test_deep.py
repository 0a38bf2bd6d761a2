"""A plan of any depth is shown, stepped, folded and searched; nothing goes down it by recursion."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import pytest

from recode_core.events import (
    Child,
    ExpansionAccepted,
    ExpansionReplied,
    ExpansionRequested,
    Place,
    WorldReset,
)
from recode_core.log import Log
from recode_core.session import Settings, new_header
from recode_core.values import Message, Observation, Span, Usage
from recode_tui import session_sources
from tests.tui.debug.conftest import OpenScreen

LEVELS = sys.getrecursionlimit() + 300


@pytest.fixture(scope="module")
def deep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording in which each placeholder is expanded into one more."""
    path = tmp_path_factory.mktemp("deep") / "deep.jsonl"
    lines = [msgspec.json.encode(new_header("deep", Settings("doubles", "one", model="scripted")))]
    log = Log(sink=lambda record: lines.append(msgspec.json.encode(record)))
    log.append(WorldReset("go down.", Observation("You begin.")))
    prompt = (log.store(Message("user", "go down")),)
    node, text = "0", "solve(instruction, observation)"
    for level in range(LEVELS):
        code = f"go_down({level})"
        span = Span(1, 0, 1, len(code))
        place = Place(node, (), Span(1, 0, 1, len(text)))
        log.append(ExpansionRequested(place, 1, "first", text, (), prompt, "", "scripted"))
        log.append(ExpansionReplied(node, code, Usage()))
        log.append(ExpansionAccepted(node, 1, "Deeper.", code, (Child(span, "placeholder"),)))
        node, text = f"{node}.0", code
    log.append(ExpansionRequested(Place(node, (), span), 1, "first", text, (), prompt, "", "scripted"))
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


@pytest.mark.slow
async def test_a_chain_deeper_than_python_recurses_is_used_like_any_other(
    open_screen: OpenScreen, deep: Path
) -> None:
    async with open_screen(session_sources.recording(deep)) as ui:
        assert f"go_down({LEVELS - 1})" in ui.row
        assert "⋯" in ui.plan
        await ui.press("S", "S", "s")
        assert f"go_down({LEVELS - 2})" in ui.row
        await ui.press("home", "left")
        assert "go_down(0)" not in ui.plan
        await ui.press("right", "down")
        assert "go_down(0)" in ui.row
        await ui.hit("slash")
        await ui.write(f"go_down({LEVELS // 2})")
        await ui.press("enter")
        assert "go_down" in ui.row
        await ui.press("full_stop", "ampersand", "ampersand", "F")
        assert f"go_down({LEVELS - 2})" in ui.row
        await ui.press("2", "right_square_bracket", "right_square_bracket", "right_square_bracket", "1", "C")
        assert ui.at[0] == "start"
