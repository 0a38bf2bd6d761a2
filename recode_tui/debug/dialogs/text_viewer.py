"""A text with a search field below it, and the dialog that shows one."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from recode_tui.widgets.dialog import Dialog
from recode_tui.widgets.line_input import LineInput
from recode_tui.widgets.text_view import Document, TextView


class SearchedText(Vertical):
    """A text view with incremental search, optional wrapping and copying (of `copied`, if given).

    With `fits`, its height is that of its text.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "search"),
        Binding("full_stop", "found(1)", "next", show=False),
        Binding("comma", "found(-1)", "previous", show=False),
        Binding("w", "toggle_wrap", "wrap"),
        Binding("y", "copy", "copy"),
        Binding("escape", "end_search", "end the search", show=False),
    ]
    DEFAULT_CSS = """
    SearchedText {
        height: 1fr;
        &.-fitting { height: auto; }
        #finding { display: none; height: 1; }
        &.-searching #finding { display: block; }
        #finding > Static { width: auto; color: $quiet; }
        #finding > Input { width: 1fr; }
    }
    """

    def __init__(
        self,
        document: Document,
        *,
        is_wrapped: bool = True,
        copied: str | None = None,
        id: str | None = None,
        fits: bool = False,
    ) -> None:
        super().__init__(id=id, classes="-fitting" if fits else "")
        self._document = document
        self._is_wrapped = is_wrapped
        self._copied = copied

    def compose(self) -> ComposeResult:
        fits = self.has_class("-fitting")
        yield TextView(self._document, wrap=self._is_wrapped, classes="fits" if fits else "")
        with Horizontal(id="finding"):
            yield Static("/ ", markup=False)
            yield LineInput(compact=True)
            yield Static("", id="count", markup=False)

    @property
    def view(self) -> TextView:
        """The text view."""
        return self.query_one(TextView)

    @property
    def is_searching(self) -> bool:
        """Whether the search field is open."""
        return self.has_class("-searching")

    def show(self, document: Document) -> None:
        """Show another text and repeat the search in it."""
        self.view.show(document)
        self.view.find(self.query_one(Input).value)
        self._count()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.is_searching if action == "end_search" else True

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.view.find(event.value)
        self._count()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.view.focus()

    def action_search(self) -> None:
        self.add_class("-searching")
        self.query_one(Input).focus()

    def action_end_search(self) -> None:
        self.remove_class("-searching")
        self.query_one(Input).value = ""
        self.view.focus()

    def action_found(self, by: int) -> None:
        (self.view.find_next if by > 0 else self.view.find_previous)()
        self._count()

    def action_toggle_wrap(self) -> None:
        self.view.wrap = not self.view.wrap

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(self.view.copied() if self._copied is None else self._copied)
        self.notify("copied", timeout=2)

    def _count(self) -> None:
        view = self.view
        if not view.matches.wanted:
            text = ""
        elif view.found is None:
            text = "nowhere"
        else:
            text = f"{view.matches.number_of(view.found)} of {len(view.matches)}"
        self.query_one("#count", Static).update(text)


class TextViewerScreen(Dialog[None]):
    """A full-screen viewer of one text."""

    EXTENT = "fitting"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "back", "back")]

    def __init__(
        self, heading: str, document: Document, *, is_wrapped: bool, copied: str | None = None
    ) -> None:
        super().__init__(heading)
        self.document = document
        self.is_wrapped = is_wrapped
        self.copied = copied

    def compose_body(self) -> ComposeResult:
        yield SearchedText(self.document, is_wrapped=self.is_wrapped, copied=self.copied, fits=True)

    def action_back(self) -> None:
        self.dismiss(None)
