"""The base of all editors: validation while typing, a diff before accepting, and kept drafts."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static
from textual.widgets.text_area import Document

from recode_tui.debug.dialogs.confirm import DraftDecision, DraftDecisionScreen
from recode_tui.debug.dialogs.diff_confirm import DiffConfirmScreen
from recode_tui.debug.dialogs.external_editor import edited_outside
from recode_tui.text import plain
from recode_tui.user_editor import EditorFailed
from recode_tui.widgets.dialog import Dialog, Result
from recode_tui.widgets.fault import Check, Fault, accept_all
from recode_tui.widgets.text_box import Language, TextBox

_PAUSE = 0.15
"""Delay in seconds between the last key and the validation."""


class EditingScreen(Dialog[Result]):
    """An editor with one text box, whose text becomes the `Result`.

    Escape returns None; an edit that the user keeps for later is then in `draft`.
    """

    EXTENT = "large"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "accept", "accept", priority=True, tooltip="Check the text, and accept it"),
        Binding("escape", "back", "back", priority=True, tooltip="Leave; a changed text is kept if you like"),
        Binding("ctrl+o", "outside", "$EDITOR", priority=True, tooltip="Edit the text in $EDITOR"),
        Binding("f8", "fault", "to the fault", tooltip="To what is wrong in the text"),
        Binding("f1", "app.help", "help", tooltip="Show the keys of what is on top"),
    ]
    DEFAULT_CSS = """
    EditingScreen {
        TextBox { height: 1fr; min-height: 3; }
        #status { height: auto; max-height: 3; color: $quiet; &.fault { color: $error; } }
    }
    """

    def __init__(self, title: str, language: Language, check: Check = accept_all) -> None:
        super().__init__(title)
        self.language: Language = language
        self.check = check
        self.draft: Result | None = None

    @property
    def box(self) -> TextBox:
        return self.query_one(TextBox)

    @property
    @abstractmethod
    def is_changed(self) -> bool:
        """Whether anything was edited."""

    @abstractmethod
    def result(self) -> Result:
        """Return the accepted value."""

    @abstractmethod
    def compared(self) -> tuple[str, str]:
        """Return the texts before and after the edit; the first is empty if nothing is replaced."""

    def text_box(self, text: str, is_numbered: bool = True) -> TextBox:
        """Return the text box, for use in `compose_body`."""
        return TextBox(text, self.language, is_numbered)

    def status_line(self) -> Static:
        """Return the line that shows validation errors, for use in `compose_body`."""
        return Static(id="status", markup=False)

    def on_mount(self) -> None:
        self.box.focus()
        self._check_soon()

    def on_text_area_changed(self) -> None:
        self._check_soon()

    @work(exclusive=True, group="check")
    async def _check_soon(self) -> None:
        await asyncio.sleep(_PAUSE)
        if self.is_dismissed:
            return
        text = self.box.text
        fault = await asyncio.to_thread(self.check, text) if text.strip() else None
        if not self.is_dismissed and fault != self.box.fault:
            self._show_fault(fault)
        await self.after_check(text)

    async def after_check(self, text: str) -> None:
        """Called when a text has been checked and not edited since."""

    def _show_fault(self, fault: Fault | None) -> None:
        self.box.fault = fault
        self.show_status(str(fault) if fault else "", is_fault=fault is not None)
        self.refresh_bindings()

    def show_status(self, text: str, is_fault: bool = False) -> None:
        """Show a message below the text."""
        status = self.query_one("#status", Static)
        status.update(Content(plain(text)))
        status.set_class(is_fault, "fault")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "fault" or not self.is_mounted or self.box.fault is not None

    @work(exclusive=True, group="accept")
    async def action_accept(self) -> None:
        fault = await asyncio.to_thread(self.check, self.box.text)
        self._show_fault(fault)
        if fault is not None:
            self.show_status(f"not accepted: {fault}", is_fault=True)
            self.box.go_to_fault()
            return
        before, after = self.compared()
        if before.strip() and self.is_changed:
            is_code = self.language == "python"
            if not await self.app.push_screen_wait(DiffConfirmScreen(before, after, is_code=is_code)):
                return
        self.dismiss(self.result())

    def action_back(self) -> None:
        self._leave()

    @work(exclusive=True, group="leave")
    async def _leave(self) -> None:
        decision: DraftDecision = "drop"
        if self.is_changed:
            decision = await self.app.push_screen_wait(DraftDecisionScreen())
        if decision != "stay":
            self.draft = self.result() if decision == "keep" else None
            self.dismiss(None)

    def action_outside(self) -> None:
        text = self.box.text
        try:
            edited = edited_outside(self.app, text, ".py" if self.language == "python" else ".txt")
        except EditorFailed as error:
            self.show_status(str(error), is_fault=True)
            return
        if Document(edited).text == text:
            self.show_status(
                "the editor changed nothing; one with a window must wait, as in EDITOR='code -w'"
            )
        else:
            self.box.replace_all(edited)

    def action_fault(self) -> None:
        self.box.go_to_fault()

    def action_leave(self) -> None:
        """Leave the editor, not the program: its text would be lost."""
        if self.is_current:
            self._leave()
