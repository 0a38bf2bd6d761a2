"""An editor of one text: code validated by the engine's rules, a reply, or a manual expansion."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static
from textual.widgets.text_area import Document

from recode_tui.debug.dialogs.editing import EditingScreen
from recode_tui.text import plain
from recode_tui.widgets.fault import Check, accept_all
from recode_tui.widgets.text_box import Language


class EditorScreen(EditingScreen[str | None]):
    """Return the accepted text, which may be unchanged, or None.

    `note` is shown above the text. `draft` is the `draft` of an earlier editor.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2", "note", "note")]
    DEFAULT_CSS = """
    EditorScreen #note {
        height: auto;
        max-height: 30%;
        margin-bottom: 1;
        color: $quiet;
        &:focus { background: $row-blurred; }
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
    ) -> None:
        super().__init__(title, language, check)
        self.original = text
        self.note = note
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
        yield self.text_box(self._start)
        yield self.status_line()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "note":
            return bool(self.note)
        return super().check_action(action, parameters)

    def action_note(self) -> None:
        """Move the focus to the note, to scroll it, and back."""
        self.focus_next()
