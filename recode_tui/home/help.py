"""The keys of a screen, as its bindings say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from recode_tui.home.dialog import HomeDialog

Legend = Sequence[tuple[str, str]]


def keys_of(screen: Screen[None]) -> list[tuple[str, str]]:
    """The keys of a screen that say what they do, each action once; Textual's own don't."""
    found: dict[str, tuple[list[str], str]] = {}
    for _, binding, _, tooltip in screen.active_bindings.values():
        if tooltip:
            keys, _ = found.setdefault(binding.action, ([], tooltip))
            keys.append(screen.app.get_key_display(binding))
    return [(" ".join(keys), text) for keys, text in found.values()]


class HelpDialog(HomeDialog[None]):
    """Shows keys, and what the glyphs stand for."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,q", "cancel", "Close")]
    DEFAULT_CSS = """
    HelpDialog > #box { height: 96%; max-height: 34; }
    HelpDialog VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
    """

    def __init__(self, keys: Legend, glyphs: Legend) -> None:
        super().__init__("Keys")
        self._keys, self._glyphs = keys, glyphs

    def compose_body(self) -> ComposeResult:
        with VerticalScroll():
            yield Static(_pairs(self._keys))
            yield Static("")
            yield Static(_pairs(self._glyphs))


def _pairs(pairs: Legend) -> Content:
    width = max((len(first) for first, _ in pairs), default=0)
    lines = [
        Content.assemble((f"{first:>{width}}", "bold $footer-key-foreground"), f"  {text}")
        for first, text in pairs
    ]
    return Content("\n").join(lines)
