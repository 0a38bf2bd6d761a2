"""An editor of one text: code validated by the engine's rules, a reply, or a manual expansion."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.widgets import Static
from textual.widgets.text_area import Document

from recode_tui.debug.action_line import Suggestions
from recode_tui.debug.code_completion import insertion
from recode_tui.debug.dialogs.action_pane import ActionPane
from recode_tui.debug.dialogs.code_area import CodeArea
from recode_tui.debug.dialogs.code_help import CodeHelp
from recode_tui.debug.dialogs.editing import EditingScreen
from recode_tui.statuses import UNEXPANDED
from recode_tui.text import plain
from recode_tui.widgets.fault import Check, accept_all
from recode_tui.widgets.text_box import Language


class EditorScreen(EditingScreen[str | None]):
    """Return the accepted text, which may be unchanged, or None.

    `note` is shown above the text. `draft` is the `draft` of an earlier editor. With `help` names and actions
    are completed, the environment's actions are listed, and lines with placeholders are marked.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "actions", "actions", tooltip="To the possible actions, and back to the text"),
        Binding("f4", "note", "what is known", tooltip="To the text above, to scroll it, and back"),
        Binding("tab", "complete", "complete", tooltip="Complete a name, or inside run(' an action"),
    ]
    DEFAULT_CSS = """
    EditorScreen {
        #note {
            height: auto;
            max-height: 30%;
            margin-bottom: 1;
            color: $quiet;
            &:focus { background: $row; }
        }
        #columns { height: 1fr; layout: horizontal; }
    }
    EditorScreen.-narrow {
        #columns { layout: vertical; }
        ActionPane { display: none; width: 100%; height: 9; }
        &.-actions ActionPane { display: block; }
    }
    """

    def __init__(
        self,
        title: str,
        text: str,
        *,
        language: Language = "python",
        check: Check = accept_all,
        note: str = "",
        draft: str | None = None,
        help: CodeHelp | None = None,
    ) -> None:
        super().__init__(title, language, check)
        self.original = text
        self.note = note
        self.help = help
        self._start = text if draft is None else draft

    @property
    def is_changed(self) -> bool:
        return self.box.text != Document(self.original).text

    def result(self) -> str:
        return self.box.text if self.is_changed else self.original

    def compared(self) -> tuple[str, str]:
        return self.original, self.box.text

    def compose_body(self) -> ComposeResult:
        if self.note:
            with VerticalScroll(id="note"):
                yield Static(plain(self.note), markup=False)
        if self.help is None:
            yield self.text_box(self._start)
        else:
            with Container(id="columns"):
                yield CodeArea(self._start)
                yield ActionPane()
        yield self.status_line()

    def on_mount(self) -> None:
        if self.help is not None:
            self.run_in_background(self._find_words, self.help)
            self.help.ask_actions(self, False)

    async def _find_words(self, help: CodeHelp) -> None:
        words = await asyncio.to_thread(help.words)
        if not self.is_dismissed:
            self.query_one(CodeArea).words = words

    async def after_check(self, text: str) -> None:
        """Mark the lines with placeholders; while they are unknown, the earlier marks stay."""
        if self.help is None:
            return
        lines = await asyncio.to_thread(self.help.placeholders, text)
        if self.is_dismissed or self.box.text != text:
            return
        if lines is not None:
            self.box.marks = dict.fromkeys(lines, UNEXPANDED.text)
        elif self.box.document.line_count < max(self.box.marks, default=0):
            self.box.marks = {}

    # actions

    def show_actions(self, suggestions: Suggestions) -> None:
        """Show the actions that are possible, or the reason why there are none."""
        if not self.is_dismissed:
            self.query_one(ActionPane).show(suggestions)
            self.query_one(CodeArea).show_actions(suggestions)

    @on(CodeArea.ActionsWanted)
    def _ask_actions(self) -> None:
        if self.help is not None and self.query_one(ActionPane).suggestions.state in ("failed", "elsewhere"):
            self.help.ask_actions(self, True)

    @on(ActionPane.ActionInserted)
    def _action_inserted(self, message: ActionPane.ActionInserted) -> None:
        box = self.box
        row, column = box.cursor_location
        start, end, text = insertion(box.document.get_line(row), column, message.action)
        box.replace(text, (row, start), (row, end), maintain_selection_offset=False)
        self._leave_actions()

    def _leave_actions(self) -> None:
        self.remove_class("-actions")
        self.box.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "note":
            return bool(self.note)
        if action in ("actions", "complete"):
            return self.help is not None
        return super().check_action(action, parameters)

    def action_actions(self) -> None:
        """Move the focus to the actions, and back."""
        if self.query("ActionPane:focus-within"):
            self._leave_actions()
            return
        self.add_class("-actions")
        self.query_one("ActionPane Input").focus()
        self._ask_actions()

    def action_complete(self) -> None:
        """Complete what is before the cursor; outside the text, move the focus."""
        if self.box.has_focus:
            self.query_one(CodeArea).complete()
        else:
            self.focus_next()

    def action_note(self) -> None:
        """Move the focus to the note, to scroll it, and back."""
        (self.box if self.query("#note:focus") else self.query_one("#note")).focus()

    def action_back(self) -> None:
        if self.help is not None and self.query_one(CodeArea).is_open:
            self.query_one(CodeArea).close()
        elif self.query("ActionPane:focus-within"):
            self._leave_actions()
        else:
            super().action_back()
