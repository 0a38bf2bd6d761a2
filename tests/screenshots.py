"""The pictures in screenshots/: the real app, driven by keys over recorded sessions and a run of its own.

python -m tests.screenshots [NAME ...]
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from textual.widgets import Input, Static, TextArea

from recode_core.debugger.debug_session import start
from recode_core.environments.household.expert import HouseholdExpert
from recode_core.session import Settings
from recode_core.testing import reply
from recode_tui import session_sources
from recode_tui.app import RecodeApp
from recode_tui.debug.dialogs.candidate import CandidateView
from recode_tui.debug.dialogs.candidates import CandidatesScreen
from recode_tui.debug.dialogs.price import PriceScreen
from recode_tui.debug.screen import DebugScreen
from recode_tui.demo.bar import TourBar
from recode_tui.session_sources import Open
from recode_tui.themes import DARK, LIGHT
from recode_tui.widgets.row_list import RowList
from tests.tui.debug.debugger_pilot import DebuggerPilot
from tests.tui.debug.side_by_side import SideBySide, timeless

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "screenshots"
SESSIONS = ROOT / "sessions"
LARGE, SMALL = (120, 40), (80, 24)
SIZES = (LARGE, SMALL)
THEMES = {"dark": DARK.name, "light": LIGHT.name}

_REPLIES = (
    reply("run('go to desk 1')\nrun(f'move {obj_ID} to desk 1')", "The desk is near, and holds a cd."),
    reply(
        "view = run(f'go to {place}')\n"
        "if 'is closed' in view:\n"
        "    run(f'open {place}')\n"
        "result = run(f'move {obj_ID} to {place}')\n"
        "assert 'You move' in result, result",
        "The shelf may be closed, as I was told: I look, and open it if it is.",
    ),
    reply(
        "def put(obj_ID, place):\n    return run(f'put {obj_ID} in {place}')\nput(obj_ID, place)",
        "A function of my own does it.",
    ),
)

_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.S)
_ID = re.compile(r"terminal-\d+")
_MADE_BY = re.compile(r" *<!--.*?-->\n", re.S)


@dataclass(frozen=True, slots=True)
class Scene:
    """What is opened, in a folder of its own (nothing: home), and what is then done."""

    open: Callable[[Path], Open] | None
    act: Callable[[DebuggerPilot], Awaitable[None]]


# what is opened


def _demo(folder: Path) -> Open:
    return session_sources.new_run(Settings("household", "put:7"), folder / "demo.jsonl")


def _failed_demo(folder: Path) -> Open:
    return session_sources.demo(folder / "demo.jsonl")


def _modelled(folder: Path) -> Open:
    policy = SideBySide(HouseholdExpert(), _REPLIES)
    return lambda: start(Settings("household", "put:7", "openai"), folder / "run.jsonl", policy)


def _recording(name: str) -> Callable[[Path], Open]:
    return lambda folder: session_sources.recording(SESSIONS / f"{name}.jsonl")


# what is done


async def _look(ui: DebuggerPilot) -> None:
    """Nothing."""


async def _at_home(ui: DebuggerPilot) -> None:
    await ui.until(lambda: ui.seen.count("✔") >= 2)


async def _paused(ui: DebuggerPilot) -> None:
    await ui.press("s", "s", "s", "s", "s")


async def _in_loop(ui: DebuggerPilot) -> None:
    await ui.command("break action *sidetable*")
    await ui.press("c")


async def _offered(ui: DebuggerPilot) -> None:
    await _in_loop(ui)
    await ui.hit("a", *["backspace"] * len('sidetable 1"'), "tab")
    await ui.until(lambda: "possible here" in ui.seen)
    await ui.hit("down", "down")


async def _watched(ui: DebuggerPilot) -> None:
    await _in_loop(ui)
    await ui.press("2", "b", "4")
    for expression in ("len(seen)", "obj in str(seen)"):
        await ui.command(f"watch {expression}")
        if ui.has_dialog:
            await ui.press("escape")
    await ui.until(lambda: ui.panel("variables").count("⊙") == 2)


async def _failed(ui: DebuggerPilot) -> None:
    await ui.command("break placeholder put_object once")
    await ui.press("c")
    await ui.command("set place = 'shelf 9'")
    await ui.press("c")


async def _prompt(ui: DebuggerPilot) -> None:
    await ui.command("goto 0.8")
    await ui.press("2", "right_square_bracket", "end")


async def _reply(ui: DebuggerPilot) -> None:
    await ui.command("goto 0.8.0.0")
    await ui.press("2", "right_square_bracket", "right_square_bracket")


async def _finished(ui: DebuggerPilot) -> None:
    await ui.press("c")


def _read(row: int) -> Callable[[DebuggerPilot], Awaitable[None]]:
    async def read(ui: DebuggerPilot) -> None:
        await ui.press("3", "home", *["down"] * row)
        await _open_dialog(ui, "enter")

    return read


async def _branches(ui: DebuggerPilot) -> None:
    await _open_dialog(ui, "T")


async def _compare(ui: DebuggerPilot) -> None:
    await _open_dialog(ui, "T")
    branches = ui.app.screen
    await ui.hit("up", "c", "down", "c")
    await ui.until(lambda: ui.app.screen is not branches)
    await ui.settle()


async def _breakpoints(ui: DebuggerPilot) -> None:
    await ui.command("break placeholder put_object")
    await ui.command("break action go* after 2")
    await ui.command("break variable obj_ID log")
    await _open_dialog(ui, "B")


async def _editor(ui: DebuggerPilot) -> None:
    await _in_loop(ui)
    await ui.press("2")
    await _open_dialog(ui, "e")


async def _regenerate(ui: DebuggerPilot) -> None:
    await _in_loop(ui)
    await _open_dialog(ui, "g")
    price = ui.app.screen.query_one("#estimate", Static)
    await ui.until(lambda: str(price.content) != "…")


async def _regenerate_some(ui: DebuggerPilot) -> None:
    await ui.press("c")
    await ui.until(lambda: "solved" in ui.status)
    await ui.command("goto 0.8")
    await _open_dialog(ui, "g")
    await ui.write("the shelf may be closed")
    await ui.hit("down", "down", "down", "backspace")
    await ui.write("3")
    await ui.until(lambda: not ui.app.screen.query(Input).last().disabled)
    await ui.hit("down", "backspace")
    await ui.write("end")
    price = ui.app.screen.query_one("#estimate", Static)
    await ui.until(lambda: "6 calls" in str(price.content))


async def _candidates(ui: DebuggerPilot) -> None:
    await _regenerate_some(ui)
    ui.screen.plan.follow = False  # what is drawn behind the dialog stays where it is
    await ui.hit("enter")
    await ui.until(lambda: isinstance(ui.app.screen, PriceScreen))
    await ui.hit("y")
    await ui.until(lambda: isinstance(ui.app.screen, CandidatesScreen))
    await ui.until(lambda: sum(view.streamed_length > 0 for view in ui.app.screen.query(CandidateView)) == 3)
    await ui.until(lambda: "◐" in ui.status)
    known = len(ui.frame.log)
    await ui.until(lambda: ui.frame.known == known)


async def _compared(ui: DebuggerPilot) -> None:
    await _candidates(ui)
    debugger = ui.screen.engine._debugger
    assert debugger is not None
    debugger.parts.live_run().executor.run.policy.abort()  # which lets its replies go on
    await ui.until(lambda: "tried in" in ui.seen)
    await ui.settle()


async def _demo_offered(ui: DebuggerPilot) -> None:
    await ui.until(lambda: "starts a tour" in ui.seen)


async def _demo_blamed(ui: DebuggerPilot) -> None:
    await ui.press("ctrl+t")
    await _at_step(ui, 1)
    await ui.press("3")
    await _at_step(ui, 2)
    await ui.command("blame 1")
    await _at_step(ui, 3)


async def _demo_back(ui: DebuggerPilot) -> None:
    await _demo_blamed(ui)
    await ui.press("4", "down", "down", "o")
    await _at_step(ui, 4)
    await ui.command("goto 0.8")
    await _at_step(ui, 5)
    await ui.press("escape", "2", "right_square_bracket")
    await _at_step(ui, 6)


async def _demo_solved(ui: DebuggerPilot) -> None:
    await _demo_back(ui)
    await _open_dialog(ui, "g")
    await ui.press("enter")
    await _at_step(ui, 7)
    await ui.press("left_square_bracket", "c")
    await _at_step(ui, 8)


async def _demo_compared(ui: DebuggerPilot) -> None:
    await _demo_solved(ui)
    await _open_dialog(ui, "T")
    branches = ui.app.screen
    await ui.hit("c", "home", "c")
    await ui.until(lambda: ui.app.screen not in (branches, ui.screen))
    await ui.settle()


async def _at_step(ui: DebuggerPilot, number: int) -> None:
    """Wait for a step of the tour."""
    bar = ui.screen.query_one(TourBar)
    await ui.until(lambda: bar.shown is not None and bar.shown[0].startswith(f"{number}/"))
    await ui.settle()


async def _help(ui: DebuggerPilot) -> None:
    await _open_dialog(ui, "question_mark")


async def _open_dialog(ui: DebuggerPilot, key: str) -> None:
    await ui.hit(key)
    await ui.until(lambda: ui.has_dialog)
    await ui.settle()


SCENES: dict[str, Scene] = {
    "home": Scene(None, _at_home),
    "demo": Scene(_failed_demo, _demo_offered),
    "demo-blame": Scene(_failed_demo, _demo_blamed),
    "demo-back": Scene(_failed_demo, _demo_back),
    "demo-solved": Scene(_failed_demo, _demo_solved),
    "demo-compare": Scene(_failed_demo, _demo_compared),
    "paused": Scene(_demo, _paused),
    "loop": Scene(_demo, _in_loop),
    "offers": Scene(_demo, _offered),
    "watches": Scene(_demo, _watched),
    "failure": Scene(_demo, _failed),
    "prompt": Scene(_recording("household-puttwo"), _prompt),
    "reply": Scene(_recording("household-puttwo"), _reply),
    "finished": Scene(_demo, _finished),
    "recording": Scene(_recording("household-puttwo"), _look),
    "read-household": Scene(_recording("household-puttwo"), _read(0)),
    "read-scienceworld": Scene(_recording("scienceworld-thermometer"), _read(2)),
    "read-webshop": Scene(_recording("webshop-flavour"), _read(1)),
    "read-product": Scene(_recording("webshop-flavour"), _read(3)),
    "branches": Scene(_recording("household-mended"), _branches),
    "compare": Scene(_recording("household-mended"), _compare),
    "breakpoints": Scene(_demo, _breakpoints),
    "editor": Scene(_demo, _editor),
    "regenerate": Scene(_demo, _regenerate),
    "regenerate-some": Scene(_modelled, _regenerate_some),
    "candidates": Scene(_modelled, _candidates),
    "candidates-over": Scene(_modelled, _compared),
    "help": Scene(_demo, _help),
}


@contextlib.asynccontextmanager
async def staged(name: str, size: tuple[int, int]) -> AsyncIterator[DebuggerPilot]:
    """The app as a scene shows it."""
    scene = SCENES[name]
    with _nowhere() as folder:
        _save_some(folder / "sessions")
        app = RecodeApp(folder / "sessions", scene.open(folder) if scene.open is not None else None)
        async with app.run_test(size=size) as pilot:
            ui = DebuggerPilot(app, pilot)
            if scene.open is not None:
                await ui.until(lambda: isinstance(app.screen, DebugScreen))
                await ui.settle()
            await scene.act(ui)
            if scene.open is not None:
                _scroll_anew(ui.screen)
            for field in app.screen.query(Input).results():
                field.cursor_blink = False
            for text in app.screen.query(TextArea).results():
                text.cursor_blink = False
            yield ui
            if scene.open is not None:
                ui.screen.engine.close()


async def use_theme(ui: DebuggerPilot, theme: str) -> None:
    """Draw everything in a theme."""
    ui.app.theme = theme
    await ui.taken()
    await asyncio.sleep(0.1)
    await ui.taken()


async def draw(
    name: str, size: tuple[int, int], look: Callable[[RecodeApp], None] = lambda app: None
) -> dict[str, str]:
    """The picture of a scene in each theme, as SVG, by the name of its file; `look` may look at it, too."""
    pictures = {}
    async with staged(name, size) as ui:
        for theme, chosen in THEMES.items():
            await use_theme(ui, chosen)
            look(ui.app)
            pictures[file_of(name, size, theme)] = plain_svg(ui.app.export_screenshot(title="recode"))
    return pictures


def _scroll_anew(screen: DebugScreen) -> None:
    """Forget which moments of a run were drawn on the way: that is not the same twice."""
    for lines in screen.query(RowList).results():
        lines.scroll_to(y=0, animate=False, immediate=True, force=True)
        lines.select(lines.cursor)
    page = screen.code.page
    page.scroll_to(y=0, animate=False, immediate=True, force=True)
    page.reveal(page.cursor)


def file_of(name: str, size: tuple[int, int], theme: str) -> str:
    """How a picture is called."""
    return f"{name}-{size[0]}x{size[1]}-{theme}.svg"


def plain_svg(svg: str) -> str:
    """Without what is fetched from elsewhere, and with an id that is always the same."""
    return _MADE_BY.sub("", _ID.sub("terminal", _FONTS.sub("", svg)))


@contextlib.contextmanager
def _nowhere() -> Iterator[Path]:
    """A folder in which nothing is remembered, at a time that is always the same."""
    with (
        tempfile.TemporaryDirectory() as name,
        patch.dict(os.environ),
        patch("recode_tui.debug.hints.HINTS", ()),  # they are shown once, and go
    ):
        for kind in ("STATE", "DATA", "CONFIG"):
            os.environ[f"XDG_{kind}_HOME"] = name
        with patch("recode_tui.home.columns.format_time", _day), timeless():
            yield Path(name)


def _day(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%d %b %Y}"


def _save_some(folder: Path) -> None:
    folder.mkdir()
    for sample in sorted(SESSIONS.glob("household-*.jsonl")):
        shutil.copy(sample, folder / sample.name.replace("household-", "my-"))


async def main(names: list[str]) -> None:
    """Write the pictures of these scenes, or of all."""
    PICTURES.mkdir(exist_ok=True)
    for name in names or SCENES:
        for size in SIZES:
            for file, svg in (await draw(name, size)).items():
                (PICTURES / file).write_text(svg, encoding="utf-8")
                print(file)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
