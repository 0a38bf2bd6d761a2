"""A text box for code with completion: tab after the beginning of a name, or in `run('`, shows what fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Key
from textual.message import Message
from textual.widgets import TextArea

from recode_tui.debug.action_line import Suggestions
from recode_tui.debug.code_completion import GIVEN, Completion, complete, words_of
from recode_tui.text import one_line
from recode_tui.widgets.row_list import RowList, fitted
from recode_tui.widgets.row_strips import Part
from recode_tui.widgets.text_box import TextBox

_MOST = 7  # rows of the popup
_WIDEST = 48  # cells of the popup
_FORCED = ("ctrl+space", "ctrl+@")  # two names of one key, by terminal


class CodeBox(TextBox):
    """A text box that gives each key to `take_key` first, which returns whether it has used it."""

    take_key: Callable[[Key], bool] = staticmethod(lambda event: False)

    def on_key(self, event: Key) -> None:
        if self.take_key(event):
            event.stop()
            event.prevent_default()


class CompletionList(RowList, can_focus=False):
    """The options of a completion, one of them selected, or a message why there are none."""

    DEFAULT_CSS = """
    CompletionList {
        layer: popup;
        display: none;
        background: $panel;
        border-left: thick $border;
        padding: 0 1;
        scrollbar-size: 0 1;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.options: tuple[str, ...] = ()
        self.message = ""

    @property
    def chosen(self) -> str | None:
        """The selected option, None if there is none."""
        return self.options[self.cursor] if self.cursor < len(self.options) else None

    def fill(self, options: tuple[str, ...], message: str) -> None:
        """Show options, or a message if there are none."""
        self.options, self.message = options, message
        longest = max((len(option) for option in options), default=len(message))
        self.styles.width = min(_WIDEST, longest + 6)
        self.styles.height = min(_MOST, self.count())
        self.select(0)
        self.refresh()

    def count(self) -> int:
        return max(1, len(self.options))

    def parts(self, row: int, width: int) -> Iterator[Part]:
        if self.options:
            is_chosen = row == self.cursor
            text = f"{'▸' if is_chosen else ' '} {one_line(self.options[row], 200)}"
            yield fitted(text, width), "now" if is_chosen else "plain"
        else:
            yield fitted(self.message, width), "quiet"


class CodeArea(Container):
    """A code box with a popup of completions. It completes `words` and `suggestions`."""

    DEFAULT_CSS = """
    CodeArea { layers: text popup; width: 1fr; height: 1fr; }
    """

    @dataclass
    class ActionsWanted(Message):
        """Posted when actions are to be completed, and they are not known yet."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: tuple[str, ...] = GIVEN
        self.suggestions: Suggestions | None = None
        self._text = text
        self._completion: Completion | None = None
        self._is_forced = False
        self._row = 0

    def compose(self) -> ComposeResult:
        box = CodeBox(self._text, "python")
        box.take_key = self._take_key
        yield box
        yield CompletionList()

    @property
    def box(self) -> CodeBox:
        return self.query_one(CodeBox)

    @property
    def _popup(self) -> CompletionList:
        return self.query_one(CompletionList)

    @property
    def is_open(self) -> bool:
        """Whether the popup is open."""
        return self._completion is not None

    def complete(self) -> None:
        """Open the popup, for all names if there is no beginning of one."""
        self._open(is_forced=True)

    def close(self) -> None:
        """Close the popup."""
        self._completion = None
        self._popup.display = False

    def show_actions(self, suggestions: Suggestions) -> None:
        """Complete these actions from now on."""
        self.suggestions = suggestions
        if self.is_open:
            self._update()

    def _take_key(self, event: Key) -> bool:
        if self.is_open and event.key in ("up", "down"):
            self._popup.select(self._popup.cursor + (1 if event.key == "down" else -1))
        elif self.is_open and event.key in ("tab", "enter"):
            self._insert()
        elif event.key in _FORCED or (event.key == "tab" and self.box.selection.is_empty):
            return self._open(is_forced=event.key != "tab") or event.key != "tab"
        else:
            return False
        return True

    def _find(self) -> Completion | None:
        row, column = self.box.cursor_location
        actions = self.suggestions.actions if self.suggestions is not None else ()
        words = (*self.words, *words_of(self.box.text))
        return complete(self.box.document.get_line(row), column, words, actions, self._is_forced)

    def _open(self, is_forced: bool) -> bool:
        """Open the popup, or take the only option. Returns whether there is anything to complete."""
        self._is_forced, self._row = is_forced, self.box.cursor_location[0]
        found = self._completion = self._find()
        if found is None:
            return False
        if len(found.options) == 1:
            self._popup.fill(found.options, "")
            self._insert()
            return True
        if found.is_action and (self.suggestions is None or self.suggestions.state != "here"):
            self.post_message(self.ActionsWanted())
        self._update()
        return True

    def _update(self) -> None:
        """Show what there is to complete now, or close the popup."""
        found = self._completion = self._find()
        if found is None or (not found.options and not found.is_action):
            self.close()
            return
        suggestions = self.suggestions
        message = "no action has this in it"
        if suggestions is None or suggestions.state != "here":
            message = suggestions.reason if suggestions is not None else "asking…"
        self._popup.fill(found.options, message)
        self._popup.display = True
        self._place(found)

    def _place(self, found: Completion) -> None:
        """Move the popup below the text that it completes, or above it where there is no room."""
        box, width, height = self.box, self._popup.styles.width, self._popup.styles.height
        assert width is not None and height is not None
        cursor, column = box.cursor_screen_offset - box.region.offset, box.cursor_location[1]
        x = max(0, min(cursor.x - (column - found.start), box.size.width - int(width.value)))
        is_below = cursor.y + 1 + height.value <= box.size.height
        self._popup.styles.offset = (x, cursor.y + 1 if is_below else max(0, cursor.y - int(height.value)))

    def _insert(self) -> None:
        found, option = self._completion, self._popup.chosen
        self.close()
        if found is not None and option is not None:
            row = self.box.cursor_location[0]
            text = found.text(option)
            self.box.replace(text, (row, found.start), (row, found.end), maintain_selection_offset=False)

    def on_text_area_changed(self) -> None:
        if self.is_open:
            self._update()

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        found, (row, column) = self._completion, event.selection.end
        if found is not None and (row != self._row or column < found.start):
            self.close()

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        event.stop()
        self._insert()
