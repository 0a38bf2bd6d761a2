"""The help of a screen: concepts, its active keys, glyphs, and the commands of the debugger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby, zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

import msgspec
from textual import on
from textual.app import App, ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Input, TextArea

from recode_tui.widgets.dialog import Dialog
from recode_tui.widgets.glyph import Glyph, Tone
from recode_tui.widgets.line_input import LineInput
from recode_tui.widgets.text_view import Document, TextView

if TYPE_CHECKING:
    from recode_core.debugger.commands import BaseCommand

_WIDE = 100  # columns of a terminal from which on the help has two columns
_GAP = 3  # cells between them
_KEYS, _USAGE, _INDENT = 12, 18, 2  # cells of names beside their texts; the last has no room for any
_SIDEWAYS = ("scroll_left", "scroll_right", "page_left", "page_right")
_CONCEPTS = "Concepts"
_FOCUSED, _FIELD, _TYPING = "Focused panel", "Text field", "While typing"
_COMMANDS = "Commands, after a colon or in a script"
_FIELD_ACTIONS = {each.action for each in (*Input.BINDINGS, *TextArea.BINDINGS) if isinstance(each, Binding)}
_LEAST_NAME = 4  # letters of a name that is found by longer words
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


class HelpEntry(msgspec.Struct, frozen=True):
    """A line of the help in its group; `more` is appended to the text. `active` is the binding of a key."""

    group: str
    name: str
    text: str
    more: str = ""
    tone: Tone = "plain"
    active: ActiveBinding | None = None

    def has(self, wanted: str) -> bool:
        """Return whether the entry contains all words of a text, in any order.

        A name is also found by longer words: the command `break` by "breakpoint".
        """
        text = f"{self.group} {self.name} {self.text} {self.more}".casefold()
        names = tuple(name for name in self.name.casefold().split() if len(name) >= _LEAST_NAME)
        return all(word in text or word.startswith(names) for word in wanted.casefold().split())


class _Field(LineInput):
    """The search field. While it is empty, the keys that leave the help are not consumed."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return super().check_consume_key(key, character) and (bool(self.value) or key not in _NO_LETTERS)


class HelpScreen(Dialog[None]):
    """The help with search as you type.

    `bindings` are a screen's active ones, `groups` their order after those of the focused panel or field;
    the keys that Textual gives to every text field come last. `legend` is what the glyphs mean, `words` are
    the counts and `concepts` the concepts with definitions. A wide terminal shows two columns. Enter runs a
    key's action if it is the only key that the search finds.
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
        legend: Sequence[tuple[str, Glyph]],
        groups: Sequence[str] = (),
        commands: Iterable[type[BaseCommand]] = (),
        words: Sequence[tuple[str, str]] = (),
        concepts: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__("Help")
        self._active = bindings
        self._groups = groups
        self._command_types = tuple(commands)
        self._legend = legend
        self._words = words
        self._concepts = concepts
        self.entries: tuple[HelpEntry, ...] = ()

    def compose_body(self) -> ComposeResult:
        yield _Field(placeholder="type to search", compact=True)
        yield TextView()

    def on_mount(self) -> None:
        keys = _keys(self._active, self._groups, self.app)
        words = (HelpEntry("Counts", name, text) for name, text in self._words)
        concepts = (HelpEntry(_CONCEPTS, name, text) for name, text in self._concepts)
        self.entries = (*concepts, *keys, *_glyphs(self._legend), *words, *_commands(self._command_types))
        self.query_one(TextView).can_focus = False

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    @on(Input.Changed)
    def _show(self) -> None:
        view, wanted, found = self.query_one(TextView), self._wanted, self._found
        box = self.query_one("#box", Vertical)
        concepts = [entry for entry in found if entry.group == _CONCEPTS]
        commands = [entry for entry in found if entry.group == _COMMANDS]
        others = [entry for entry in found if entry.group not in (_CONCEPTS, _COMMANDS)]
        box.border_subtitle = f"{len(found)} of {len(self.entries)} found" if wanted else ""
        width = view.text_width
        if self.size.width >= _WIDE:
            lines = [*_two_columns(others, _KEYS, width), *_two_columns(commands, _INDENT, width)]
        else:
            lines = [*_one_column(others, _KEYS, width), *_one_column(commands, _USAGE, width)]
        lines = [*_one_column(concepts, _KEYS, width), *lines]
        view.show(Document(lines[:-1] or (f"nothing is called {wanted!r}",)))

    @on(Input.Submitted)
    def _run_only_key(self) -> None:
        match [entry.active for entry in self._found if entry.active is not None]:
            case [only]:
                self.action_close()
                self.app.call_later(self.app.run_action, only.binding.action, only.node)

    @property
    def _wanted(self) -> str:
        return self.query_one(Input).value.strip()

    @property
    def _found(self) -> list[HelpEntry]:
        return [entry for entry in self.entries if entry.has(self._wanted)]

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
    """Yield an entry for each text of bindings, combining the keys that share it."""
    found: dict[tuple[str, str], list[str]] = {}
    first: dict[tuple[str, str], ActiveBinding] = {}
    for active in bindings.values():
        binding = active.binding
        is_key = not binding.key.startswith("super+") and not _is_idle(active)
        if active.enabled and (text := _text(binding)) and is_key:
            item = _group(active), text
            found.setdefault(item, []).append(app.get_key_display(binding))
            first.setdefault(item, active)
    named = dict.fromkeys((_FOCUSED, _FIELD, *groups, *(group for group, _ in found)))
    order = {group: number for number, group in enumerate(named)} | {_TYPING: len(named)}
    for group, text in sorted(found, key=lambda item: order[item[0]]):
        names = " ".join(dict.fromkeys(found[group, text]))
        yield HelpEntry(group, names, text, active=first[group, text])


def _text(binding: Binding) -> str:
    """The effect of a key: the tooltip of its binding, which has more words than the description."""
    return f"{binding.tooltip[:1].lower()}{binding.tooltip[1:]}" if binding.tooltip else binding.description


def _is_idle(active: ActiveBinding) -> bool:
    """Whether a binding scrolls sideways what is not wider than its widget."""
    is_wide = isinstance(active.node, Widget) and active.node.allow_horizontal_scroll
    return active.binding.action in _SIDEWAYS and not is_wide


def _group(active: ActiveBinding) -> str:
    group = active.binding.group
    if group is not None:
        return group.description
    if isinstance(active.node, App):
        return "Everywhere"
    if isinstance(active.node, Screen):
        return "Dialog" if isinstance(active.node, ModalScreen) else "Screen"
    if isinstance(active.node, Input | TextArea):
        return _TYPING if active.binding.action in _FIELD_ACTIONS else _FIELD
    return _FOCUSED


def _commands(commands: Iterable[type[BaseCommand]]) -> Iterator[HelpEntry]:
    for command in commands:
        undo = {"": "", "inverse": "undo takes it back"}.get(command.undo, f"undo: {command.undo}")
        yield HelpEntry(_COMMANDS, command.usage, command.help, undo)


def _glyphs(legend: Sequence[tuple[str, Glyph]]) -> Iterator[HelpEntry]:
    for meaning, symbol in legend:
        yield HelpEntry("Glyphs", symbol.text, meaning, tone=symbol.tone)


def _one_column(entries: Sequence[HelpEntry], names: int, width: int) -> Iterator[Content]:
    for group in _by_group(entries):
        yield _heading(group[0])
        for entry in group:
            yield from _lines(entry, names, width)
        yield Content("")


def _two_columns(entries: Sequence[HelpEntry], names: int, width: int) -> Iterator[Content]:
    """Yield the groups in two columns of about the same height; a single group is itself divided."""
    groups, half = _by_group(entries), (width - _GAP) // 2
    pieces = [[*_one_column(group, names, half)] for group in groups]
    if len(groups) == 1:
        yield _heading(groups[0][0])
        pieces = [[*_lines(entry, names, half)] for entry in groups[0]]
    left, right = _balanced(pieces)
    for one, other in zip_longest(left, right, fillvalue=Content("")):
        yield one + " " * (half + _GAP - one.cell_length) + other if other else one
    if len(groups) == 1:
        yield Content("")


def _balanced(pieces: Sequence[list[Content]]) -> tuple[list[Content], list[Content]]:
    """Divide pieces of text into two columns, so that the longer one is as short as possible."""
    cuts = [
        ([*chain.from_iterable(pieces[:cut])], [*chain.from_iterable(pieces[cut:])])
        for cut in range(len(pieces), -1, -1)
    ]
    return min(cuts, key=lambda columns: max(map(len, columns)))


def _by_group(entries: Iterable[HelpEntry]) -> list[list[HelpEntry]]:
    return [list(group) for _, group in groupby(entries, key=lambda entry: entry.group)]


def _heading(entry: HelpEntry) -> Content:
    return Content(entry.group).stylize("$quiet bold")


def _lines(entry: HelpEntry, names: int, width: int) -> Iterator[Content]:
    """Yield the lines of an entry; its text begins below its name if this is long."""
    text = entry.text + (f" · {entry.more}" if entry.more else "")
    lines = [Content(line).stylize("$quiet") for line in wrap(text, max(20, width - names - 2))]
    first, *others = wrap(entry.name, max(20, width - 2)) or [""]
    name = Content(f"  {first:<{names}}").stylize(_COLOURS[entry.tone])
    if len(entry.name) < names and lines:
        yield name + lines.pop(0)
    else:
        yield name
    for other in others:
        yield Content(f"  {other}").stylize(_COLOURS[entry.tone])
    for line in lines:
        yield Content(" " * (names + 2)) + line
