"""A viewer of one full observation, as laid out by its environment or raw."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from recode_core.environments.layout import Page, as_it_is
from recode_tui.debug.dialogs.text_viewer import SearchedText, TextViewerScreen
from recode_tui.debug.observation_document import document
from recode_tui.widgets.document import Document


class ObservationScreen(TextViewerScreen):
    """A text of any length, initially wrapped. Copying always copies the raw text."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("r", "raw", "as it came")]

    def __init__(self, heading: str, text: str, page: Page | None = None) -> None:
        page = page or as_it_is(text)
        super().__init__(heading, document(page), is_wrapped=True, copied=text, copied_name="the observation")
        self.text = text
        self.kind = page.kind
        self.is_laid_out = page != as_it_is(text)

    def on_mount(self) -> None:
        self.query_one("#box").border_subtitle = self.kind

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.is_laid_out or action != "raw"

    def action_raw(self) -> None:
        shown = self.query_one(SearchedText)
        is_raw = shown.view.document is not self.document
        shown.show(self.document if is_raw else Document.of(self.text))
