"""The help of a screen: its active keys, the commands of the debugger, and glyphs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input

from recode_tui.widgets.dialog import Dialog
from recode_tui.widgets.line_input import LineInput
from recode_tui.widgets.look import Look, Tone
from recode_tui.widgets.text_view import Document, TextView

if TYPE_CHECKING:
    from recode_core.debugger.commands import BaseCommand

_KEYS_WIDTH = 18
_NO_LETTERS = ("q", "question_mark", "slash", "colon")
_COLOURS: dict[Tone, str] = {
    "now": "$accent",
    "failure": "$error",
    "good": "$success",
    "plain": "$foreground",
    "quiet": "$quiet",
    "faint": "$faint",
    "link": "$foreground",
    "chosen": "$accent",
}


@dataclass(frozen=True, slots=True)
class HelpEntry:
    """A line of the help in its group; `more` is appended to the text."""

    group: str
    name: str
    text: str
    more: str = ""
    tone: Tone = "plain"

    def has(self, wanted: str) -> bool:
        """Return whether the entry contains a text."""
        return wanted.casefold() in f"{self.group} {self.name} {self.text} {self.more}".casefold()


class _Field(LineInput):
    """The search field. While it is empty, the keys that leave the help are not consumed."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return super().check_consume_key(key, character) and (bool(self.value) or key not in _NO_LETTERS)


class HelpScreen(Dialog[None]):
    """The help with search as you type.

    `bindings` are a screen's active ones, `groups` their order, and `legend` is what its glyphs mean.
    """

    EXTENT = "large"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "back", priority=True),
        Binding("q,question_mark", "close", "close", show=False, priority=True),
        Binding("slash", "begin", "search", show=False, priority=True),
        Binding("up", "scroll('move', -1)", "up", show=False, priority=True),
        Binding("down", "scroll('move', 1)", "down", show=False, priority=True),
        Binding("pageup", "scroll('page', -1)", "page up", show=False, priority=True),
        Binding("pagedown", "scroll('page', 1)", "page down", show=False, priority=True),
        Binding("ctrl+home", "scroll('edge', 0)", "first", show=False, priority=True),
        Binding("ctrl+end", "scroll('edge', 1)", "last", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    HelpScreen {
        Input { margin-bottom: 1; }
        TextView { height: 1fr; }
    }
    """

    def __init__(
        self,
        bindings: Mapping[str, ActiveBinding],
        legend: Sequence[tuple[str, Look]],
        groups: Sequence[str] = (),
        commands: Iterable[type[BaseCommand]] = (),
    ) -> None:
        super().__init__("Help")
        self._active = bindings
        self._groups = groups
        self._command_types = tuple(commands)
        self._legend = legend
        self.entries: tuple[HelpEntry, ...] = ()

    def compose_body(self) -> ComposeResult:
        yield _Field(placeholder="type to search", compact=True)
        yield TextView()

    def on_mount(self) -> None:
        keys = _keys(self._active, self._groups, self.app)
        self.entries = (*keys, *_commands(self._command_types), *_glyphs(self._legend))
        self.query_one(TextView).can_focus = False

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    @on(Input.Changed)
    def _show(self) -> None:
        view, wanted = self.query_one(TextView), self.query_one(Input).value.strip()
        found = [entry for entry in self.entries if entry.has(wanted)]
        lines = tuple(_lines(found, view.text_width - _KEYS_WIDTH - 2))
        view.show(Document(lines or (f"nothing is called {wanted!r}",)))

    def action_scroll(self, how: str, by: int) -> None:
        view = self.query_one(TextView)
        {"move": view.action_move, "page": view.action_page, "edge": view.action_edge}[how](by)

    def action_begin(self) -> None:
        self.query_one(Input).focus()

    def action_close(self) -> None:
        self.dismiss(None)

    def action_back(self) -> None:
        if self.query_one(Input).value:
            self.query_one(Input).value = ""
        else:
            self.action_close()


def _keys(
    bindings: Mapping[str, ActiveBinding], groups: Sequence[str], app: App[object]
) -> Iterator[HelpEntry]:
    """Yield an entry for each binding description, combining the keys that share it."""
    found: dict[tuple[str, str], list[str]] = {}
    for active in bindings.values():
        binding = active.binding
        if active.enabled and binding.description and not binding.key.startswith("super+"):
            keys = found.setdefault((_group(active), binding.description), [])
            keys.append(app.get_key_display(binding))
    order = {group: n for n, group in enumerate(dict.fromkeys((*groups, *(group for group, _ in found))))}
    for group, text in sorted(found, key=lambda item: order[item[0]]):
        yield HelpEntry(group, " ".join(dict.fromkeys(found[group, text])), text)


def _group(active: ActiveBinding) -> str:
    group = active.binding.group
    if group is not None:
        return group.description
    if isinstance(active.node, App):
        return "Everywhere"
    return "Screen" if isinstance(active.node, Screen) else "Where the focus is"


def _commands(commands: Iterable[type[BaseCommand]]) -> Iterator[HelpEntry]:
    for command in commands:
        undo = {"": "", "inverse": "undo takes it back"}.get(command.undo, f"undo: {command.undo}")
        yield HelpEntry("Commands, after a colon or in a script", command.usage, command.help, undo)


def _glyphs(legend: Sequence[tuple[str, Look]]) -> Iterator[HelpEntry]:
    for meaning, symbol in legend:
        yield HelpEntry("Glyphs", symbol.glyph, meaning, tone=symbol.tone)


def _lines(entries: Iterable[HelpEntry], width: int) -> Iterator[Content]:
    """Yield the entries under their group headings; the text of a long name begins below it."""
    group = ""
    for entry in entries:
        if entry.group != group:
            if group:
                yield Content("")
            group = entry.group
            yield Content(group).stylize("$quiet bold")
        text = entry.text + (f" · {entry.more}" if entry.more else "")
        lines = [Content(line).stylize("$quiet") for line in wrap(text, max(20, width))]
        name = Content(f"  {entry.name:<{_KEYS_WIDTH}}").stylize(_COLOURS[entry.tone])
        if len(entry.name) < _KEYS_WIDTH:
            yield name + lines.pop(0) if lines else name
        else:
            yield name
        for line in lines:
            yield Content(" " * (_KEYS_WIDTH + 2)) + line
