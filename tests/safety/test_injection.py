"""Texts from outside steer neither the terminal nor the toolkit nor a browser, wherever they are shown."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest

from recode_tui import session_sources
from recode_tui.app import RecodeApp
from recode_tui.cli import main
from recode_tui.debug.screen import DebugScreen
from tests.safety.hostile_texts import HOSTILE_TEXTS, MARK
from tests.safety.poisoned import poisoned
from tests.support.markers import first_quick
from tests.tui.debug.debugger_pilot import DebuggerPilot
from tests.tui.home.home_pilot import open_home
from tests.tui.terminal import Terminal

HIDDEN = re.compile("[\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")
FLOOD = re.compile("[\u0300-\u036f\u0489\u20dd]{9}")


def poisoned_by(name: str, folder: Path) -> Path:
    """A session full of a hostile text, in a file that is named by it."""
    text = HOSTILE_TEXTS[name]
    stem = re.sub("[/\0\ud800-\udc7f\udd00-\udfff]", "", text)[:40]
    folder.mkdir(exist_ok=True)
    plain = poisoned(folder / "plain.jsonl", text)
    path = folder / f"{stem}.jsonl"
    return plain.rename(path)


def check_text(text: str, may: str = "\n") -> None:
    """Nothing in a text steers a terminal or hides, and no markup was taken for it."""
    found = {
        character
        for character in text
        if character not in may and unicodedata.category(character) in ("Cc", "Cs")
    }
    assert not found, (found, text)
    assert not HIDDEN.search(text), text
    assert text.startswith(("[", "{", "<")) or not FLOOD.search(text), text  # data stays as it is


# What commands print


@pytest.fixture
def said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """What a command prints, on both streams."""
    for name in ("DATA", "STATE", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))

    def run(*arguments: object) -> str:
        monkeypatch.setattr(sys, "argv", ["recode", *map(str, arguments)])
        with pytest.raises(SystemExit):
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return out + err

    return run


@pytest.mark.parametrize("name", first_quick(HOSTILE_TEXTS, 3))
def test_commands_print_no_control_code(name: str, said: Callable[..., str], tmp_path: Path) -> None:
    path = poisoned_by(name, tmp_path / "sessions")
    text = HOSTILE_TEXTS[name]
    out = said("show", path)
    assert MARK in out
    check_text(out)
    (tmp_path / "script").write_text("where\nvars\nbreaks\nbranches\nprint x\nwatch x\nhistory x\n", "utf-8")
    for arguments in (
        ("sessions", "--sessions-dir", path.parent),
        ("sessions", "--json", "--sessions-dir", path.parent),
        ("report", path),
        ("report", path, "--json"),
        ("replay", "--check", "--recorded", path),
        ("replay", "--check", path),
        ("run", "--resume", path),
        ("debug", "--batch", tmp_path / "script", path),
        ("import", "--sessions-dir", tmp_path / "in", path),
        ("export", "--to", "json", path),
        ("export", "--to", "graphml", path),
        ("show", path.with_name(path.name + "x")),
        ("show", path, "--branch", text.replace("\0", "")),
        ("run", "--env", text.replace("\0", ""), "--task", "x"),
        ("run", "--env", "household", "--task", text.replace("\0", "")),
        ("run", "--env", "household", "--task", "put:7", "--policy", text.replace("\0", "")),
        ("tasks", "--env", text.replace("\0", "")),
        (text.replace("\0", ""),),
    ):
        check_text(said(*arguments), may="\n\t")


# Pages and files for other programs

TAGS = {
    *("a", "nav", "input", "output", "section", "path", "script"),
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "h1",
        "h2",
        "h3",
        "p",
        "strong",
        "small",
        "b",
        "i",
        "br",
    ),
    *("code", "pre", "span", "div", "details", "summary", "a", "table", "thead", "tbody", "tr", "th", "td"),
    *("ul", "li", "svg", "line", "circle", "text", "g", "rect", "footer"),
}
ATTRIBUTES = {
    *("tabindex", "autocomplete", "placeholder", "type", "for", "d"),
    *("lang", "charset", "http-equiv", "content", "name", "class", "id", "open", "href", "title", "viewbox"),
    *(
        "role",
        "aria-label",
        "aria-hidden",
        "x",
        "y",
        "x1",
        "x2",
        "y1",
        "y2",
        "cx",
        "cy",
        "r",
        "width",
        "height",
    ),
    "text-anchor",
}


OWN_SCRIPT = files("recode_core.export.page").joinpath("script.js").read_text("utf-8")


class Page(HTMLParser):
    """What a browser would see of a page: its elements, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.comments: list[str] = []
        self.scripts: list[str] = []
        self._is_script = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        assert tag != "script" or not attrs
        self._is_script = tag == "script"
        for name, value in attrs:
            assert name in ATTRIBUTES, (tag, name)
            assert name != "href" or (value or "").startswith("#"), value
            assert name not in ("class", "id", "href", "http-equiv") or not re.search(
                r"[\s<>\"']{2}", value or ""
            )

    def handle_endtag(self, tag: str) -> None:
        self._is_script = False

    def handle_data(self, data: str) -> None:
        (self.scripts if self._is_script else self.text).append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


@pytest.mark.parametrize("name", first_quick(HOSTILE_TEXTS, 3))
def test_pages_hold_no_other_script_and_other_files_can_be_read(
    name: str, said: Callable[..., str], tmp_path: Path
) -> None:
    path = poisoned_by(name, tmp_path / "sessions")
    said("export", "--to", "html", path, "-o", tmp_path / "page.html")
    said("report", path, "--html", tmp_path / "report.html", "--csv", tmp_path / "report.csv", "--paper")
    for page in (tmp_path / "page.html", tmp_path / "report.html"):
        markup = page.read_text("utf-8")
        check_text(markup, may="\n\t\u0301\u0489\u20dd")
        seen = Page(markup)
        assert not seen.comments
        assert "".join(seen.scripts) in ("", OWN_SCRIPT)
        assert MARK in "".join(seen.text)
        assert "default-src 'none'" in markup
    said("export", "--to", "json", path, "-o", tmp_path / "graph.json")
    assert MARK in json.dumps(json.loads((tmp_path / "graph.json").read_bytes()))
    said("export", "--to", "graphml", path, "-o", tmp_path / "graph.xml")
    ElementTree.parse(tmp_path / "graph.xml")
    cells = (tmp_path / "report.csv").read_text("utf-8")
    assert not re.search(r"(?m)(^|,)[\"']?[=+@\t]", cells)


# The screen

TOUR = (
    *("end", "M", "escape", "home", "enter", "escape", "down", "M", "escape", "y"),
    *("2", "right_square_bracket", "end", "right_square_bracket", "end", "right_square_bracket", "end"),
    *("3", "home", "enter", "escape", "end", "enter", "escape", "b", "y"),
    *("4", "home", "enter", "tab", "escape", "down", "enter", "t", "escape", "escape", "w"),
    *("5", "home", "enter", "end", "down", "enter", "6", "escape"),
    *("1", "T", "down", "enter", "escape", "escape", "B", "down", "enter", "escape", "escape"),
    *("exclamation_mark", "question_mark", "escape", "S", "N", "C", "plus", "2", "3", "4", "5", "plus"),
)
"""Keys that open every panel, tab and dialog of a recording."""
CHANGES = (
    *(
        "1",
        "home",
        "e",
        "escape",
        "escape",
        "g",
        "tab",
        "tab",
        "escape",
        "escape",
        "v",
        "escape",
        "a",
        "escape",
    ),
    *("2", "right_square_bracket", "e", "escape", "escape", "right_square_bracket", "e", "escape", "escape"),
    *("3", "end", "a", "tab", "escape", "escape", "m", "escape"),
)
"""Keys that open the dialogs that change something."""


@pytest.mark.parametrize("size", [(120, 40), pytest.param((80, 24), marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize("name", first_quick(HOSTILE_TEXTS, 0, slow=4))
async def test_no_panel_and_no_dialog_draws_a_control_code(
    name: str, size: tuple[int, int], tmp_path: Path
) -> None:
    path = poisoned_by(name, tmp_path / "sessions")
    app = RecodeApp(path.parent, session_sources.recording(path))
    async with app.run_test(size=size) as pilot:
        ui = DebuggerPilot(app, pilot)
        await ui.until(lambda: isinstance(app.screen, DebugScreen))
        screen = ui.screen
        try:
            await ui.settle()
            marks = 0
            for key in (*TOUR, *CHANGES):
                await ui.press(key)
                assert not ui.is_over, key
                check_text(ui.seen)
                check_markup(name, ui.seen)
                check_text(f"{app.title}{app.sub_title}")
                marks += MARK in ui.seen
            assert marks > 20
        finally:
            screen.engine.close()


def check_markup(name: str, seen: str) -> None:
    """Markup stands as it is: what is before the mark is not taken away."""
    before = {"rich": r"\[bold red\]|\[link=\S+\]", "textual": r"\[@click=app.quit\]|\[\$error\]|\[on red\]"}
    if name in before:
        for found in re.finditer(MARK, seen):
            line = seen[: found.start()].rpartition("\n")[2]
            head = line.rstrip()[-1:]
            assert re.search(rf"(?:{before[name]})$", line) or not head.isalpha(), line


@pytest.mark.parametrize("name", first_quick(HOSTILE_TEXTS))
async def test_home_lists_hostile_sessions_literally(name: str, tmp_path: Path) -> None:
    path = poisoned_by(name, tmp_path / "sessions")
    async with open_home(path.parent, size=(160, 40)) as ui:
        shown = "\n".join([*ui.rows(), ui.detail])
        check_text(shown)
        assert MARK in shown
        for key in ("r", "escape", "d", "escape", "slash", "escape"):
            await ui.press(key)
            check_text("\n".join(ui.rows()))


# The bytes that a real terminal gets

SEQUENCES = re.compile(
    rb"\x1b\[[?>=<]?[0-9;:]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP[^\x1b]*\x1b\\"
    rb"|\x1b[()][0-9A-Za-z]|\x1b[@-Z\\^_=>78c]"
)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Starts a command in a terminal."""
    env = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("DATA", "STATE", "CONFIG", "CACHE")}

    def start(*arguments: object) -> Terminal:
        argv = (sys.executable, "-c", "from recode_tui.cli import main; main()", *map(str, arguments))
        return Terminal(argv, size=(120, 40), env=env)

    yield start


@pytest.mark.parametrize("name", first_quick(HOSTILE_TEXTS, 2))
def test_commands_in_a_terminal_write_no_control_code(
    name: str, terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    path = poisoned_by(name, tmp_path / "sessions")
    for command in (("show", path), ("export", "--to", "json", path), ("export", "--to", "graphml", path)):
        with terminal(*command) as opened:
            opened.wait_for_exit()
            check_text(SEQUENCES.sub(b"", opened.written).decode(), may="\r\n\t")
