"""Asking before a session is deleted."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from recode_tui.home.dialog import HomeDialog
from recode_tui.text import plain


class DeleteDialog(HomeDialog[bool]):
    """Answers whether to; no key that is pressed by habit says yes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Delete it"),
        Binding("n,escape", "answer(False)", "Keep it"),
    ]

    def __init__(self, name: str) -> None:
        super().__init__("Delete")
        self._name = name

    def compose_body(self) -> ComposeResult:
        text = f"Delete {self._name}? Its file is removed from the disk, which can't be undone."
        yield Static(plain(text), markup=False)

    def action_answer(self, is_yes: bool) -> None:
        self.dismiss(is_yes)
