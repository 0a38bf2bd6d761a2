"""An imported run on the screen: it is looked at like any recording, and nobody goes on with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from recode_core.export.published import import_results
from recode_tui import session_sources

if TYPE_CHECKING:
    from tests.tui.debug.conftest import OpenScreen


def _imported(folder: Path, **known: object) -> Path:
    nodes = {
        "r": {"code": "solve(instruction, observation)", "status": "STUB", "thought": "Find it first."},
        "a": {
            "code": "view = run('go to desk 1')\n",
            "status": "COMPLETED",
            "observations": ["You see a [b]cd[/b]."],
        },
        "b": {"code": "take(view)", "status": "STUB"},
    }
    tree = {"version": "recode.plan.v1", "root_id": "r", "nodes": nodes, "edges": [["r", "a"], ["r", "b"]]}
    (folder / "results.json").write_text(
        json.dumps({"instances": [{"success": False, "tree": tree} | known]})
    )
    return import_results(folder / "results.json", folder / "sessions").paths[0]


async def test_an_imported_run_is_looked_at_like_any_recording(
    open_screen: OpenScreen, tmp_path: Path
) -> None:
    async with open_screen(session_sources.recording(_imported(tmp_path))) as ui:
        assert "view = run('go to desk 1')" in ui.plan
        assert "take(view)" in ui.plan
        assert "Find it first." in ui.code
        await ui.press("1", "up", "2", *["right_square_bracket"] * 3)
        assert "You see a [b]cd[/b]." in ui.seen


async def test_nobody_goes_on_with_an_imported_run_on_the_screen(
    open_screen: OpenScreen, tmp_path: Path
) -> None:
    path = _imported(tmp_path)
    before = path.read_bytes()
    async with open_screen(session_sources.session(path, tmp_path / "sessions")) as ui:
        await ui.command("goto 0.0")
        await ui.command("skip")
        assert "imported" in ui.seen
    assert path.read_bytes() == before


async def test_what_the_file_counts_is_shown_of_the_whole_run(
    open_screen: OpenScreen, tmp_path: Path
) -> None:
    path = _imported(tmp_path, steps=12, cost=0.0123, reward=0.5)
    async with open_screen(session_sources.recording(path)) as ui:
        assert "12 steps in all" in ui.status
        assert "calls unknown" in ui.status
        assert "$0.0123" in ui.status
        assert "score 0.5 · 12 steps in all" in ui.seen


async def test_what_the_file_does_not_say_is_unknown_and_not_zero(
    open_screen: OpenScreen, tmp_path: Path
) -> None:
    async with open_screen(session_sources.recording(_imported(tmp_path))) as ui:
        assert "steps unknown" in ui.status
        assert "cost unknown" in ui.status
        assert "score unknown · steps unknown" in ui.seen
        assert "0 steps" not in ui.seen
